//! A page on which a customer pays for prices of the catalog. <https://docs.stripe.com/api/checkout/sessions>
//!
//! Which price stands for which of the catalog, our database says. Whether it was right, Stripe says in its answer: a page that
//! sells anything else than what was reviewed is closed before anybody has its address.

use std::collections::BTreeMap;

use pricebook_types::stripe::owned;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::{key_of, pair};
use crate::stripe::StripeClient;
use crate::stripe::client::{ErrorObject, StripeError};

/// What is sold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutOrder {
    /// Our id of the attempt. Asked for again with the same id, there is no second page.
    pub attempt_id: String,
    /// The catalog's name, which stands on what is its own.
    pub catalog: String,
    /// What is sold, at most ten.
    pub lines: Vec<CheckoutLine>,
    /// Whether any of it is paid again and again.
    pub is_subscription: bool,
    /// `cus_…`, where it is known who buys.
    pub customer: Option<String>,
    /// What is taken off.
    pub discount: Option<Discount>,
    /// Days before the first payment.
    pub trial_days: u16,
    /// Where Stripe leads those who paid.
    pub success_url: String,
    /// Where it leads those who did not.
    pub cancel_url: String,
    /// What we want to find again there.
    pub metadata: Vec<(&'static str, String)>,
}

/// So much of one price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutLine {
    /// The price's id in the catalog.
    pub lookup_key: String,
    /// `price_…`
    pub stripe_price_id: String,
    /// The hash of the reviewed price, which stands on Stripe's.
    pub content_hash: String,
    /// `None` for what is billed by use.
    pub quantity: Option<u32>,
}

/// What is taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Discount {
    /// A coupon's id.
    Coupon(String),
    /// What the customer types.
    PromotionCode(String),
}

/// A page that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckoutSession {
    /// `cs_…`
    pub id: String,
    /// Its address.
    pub url: String,
}

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckoutError {
    /// The discount is not given, or not for this.
    #[error("the discount is not taken: {0}")]
    Discount(String),
    /// A price is not sold there, or is not the one that was reviewed.
    #[error("the price of {price} is not the reviewed one: {why}")]
    Price {
        /// Its id in the catalog.
        price: String,
        /// What it is instead.
        why: String,
    },
    /// Somebody deleted the customer there.
    #[error("the customer is not there any more")]
    CustomerGone,
    /// It will never take this.
    #[error("the payment was refused: {message}")]
    Refused {
        /// Its code, such as `amount_too_small`.
        code: String,
        /// Its words.
        message: String,
    },
    /// It gave no usable answer.
    #[error("the payment service does not answer: {0}")]
    Unavailable(String),
}

/// The fields that we use.
#[derive(Deserialize)]
struct Session {
    id: String,
    url: Option<String>,
    line_items: Items,
}

#[derive(Deserialize)]
struct Items {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    price: Price,
    quantity: Option<u32>,
}

#[derive(Deserialize)]
struct Price {
    id: String,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct PromotionCodes {
    data: Vec<PromotionCode>,
}

#[derive(Deserialize)]
struct PromotionCode {
    id: String,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

pub(super) async fn make(client: &StripeClient, order: &CheckoutOrder) -> Result<CheckoutSession, CheckoutError> {
    let mut form = form(order);
    match &order.discount {
        None => {}
        Some(Discount::Coupon(id)) => form.push(pair("discounts[0][coupon]", id)),
        Some(Discount::PromotionCode(code)) => {
            form.push(pair("discounts[0][promotion_code]", promotion_code(client, order, code).await?));
        }
    }
    let key = key_of(&order.attempt_id, &form);
    let session: Session =
        client.post("/v1/checkout/sessions", &form, &key).await.map_err(|error| refusal(error, order))?;
    if let Some(line) = session.sells_otherwise(order) {
        close(client, &session.id).await;
        let (price, why) = (line.lookup_key.clone(), format!("{} is another one", line.stripe_price_id));
        return Err(CheckoutError::Price { price, why });
    }
    match session.url {
        Some(url) => Ok(CheckoutSession { id: session.id, url }),
        None => Err(CheckoutError::Unavailable(format!("{} has no address", session.id))),
    }
}

/// The id of a code of the catalog that is active there.
async fn promotion_code(client: &StripeClient, order: &CheckoutOrder, code: &str) -> Result<String, CheckoutError> {
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("code", code)
        .append_pair("active", "true")
        .finish();
    let found: PromotionCodes =
        client.get(&format!("/v1/promotion_codes?{query}")).await.map_err(|error| refusal(error, order))?;
    let mut ours = found.data.into_iter().filter(|code| code.metadata.get(owned::CATALOG) == Some(&order.catalog));
    ours.next().map(|code| code.id).ok_or_else(|| CheckoutError::Discount(format!("{code} is not active")))
}

fn form(order: &CheckoutOrder) -> Vec<(String, String)> {
    let mode = if order.is_subscription { "subscription" } else { "payment" };
    let mut form = vec![
        pair("mode", mode),
        pair("client_reference_id", &order.attempt_id),
        pair("success_url", &order.success_url),
        pair("cancel_url", &order.cancel_url),
        pair("expand[]", "line_items"),
    ];
    for (index, line) in order.lines.iter().enumerate() {
        form.push(pair(format!("line_items[{index}][price]"), &line.stripe_price_id));
        if let Some(quantity) = line.quantity {
            form.push(pair(format!("line_items[{index}][quantity]"), quantity.to_string()));
        }
    }
    form.extend(order.customer.iter().map(|customer| pair("customer", customer)));
    let data = if order.is_subscription { "subscription_data" } else { "payment_intent_data" };
    for (key, value) in &order.metadata {
        form.push(pair(format!("metadata[{key}]"), value));
        form.push(pair(format!("{data}[metadata][{key}]"), value));
    }
    if order.is_subscription && order.trial_days > 0 {
        form.push(pair("subscription_data[trial_period_days]", order.trial_days.to_string()));
    }
    form
}

impl Session {
    /// A line that it does not sell as it was ordered.
    fn sells_otherwise<'o>(&self, order: &'o CheckoutOrder) -> Option<&'o CheckoutLine> {
        let is_right = |line: &CheckoutLine, item: &Item| {
            item.price.id == line.stripe_price_id
                && item.price.metadata.get(owned::HASH) == Some(&line.content_hash)
                && line.quantity.is_none_or(|quantity| item.quantity == Some(quantity))
        };
        let sold = &self.line_items.data;
        let wrong = order.lines.iter().find(|line| !sold.iter().any(|item| is_right(line, item)));
        // Something more than was ordered is no line of ours.
        wrong.or_else(|| order.lines.first().filter(|_| sold.len() != order.lines.len()))
    }
}

/// So that nobody can pay there.
async fn close(client: &StripeClient, id: &str) {
    let path = format!("/v1/checkout/sessions/{id}/expire");
    if let Err(error) = client.post::<IgnoredAny>(&path, &[], &format!("expire-{id}")).await {
        tracing::warn!(session = id, %error, "a page that sells what was not reviewed, and whose address nobody has, is still open");
    }
}

/// Errors that lie in the payment and not in us; their words are for the customer.
const OF_THE_PAYMENT: [&str; 3] = ["amount_too_small", "amount_too_large", "currency_not_supported"];

fn refusal(error: StripeError, order: &CheckoutOrder) -> CheckoutError {
    let StripeError::Refused { status, error } = error else { return CheckoutError::Unavailable(error.to_string()) };
    let ErrorObject { kind, code, message, param } = &error;
    let (code, param) = (code.as_deref().unwrap_or_default(), param.as_deref().unwrap_or_default());
    let is_of = |name: &str| kind == "invalid_request_error" && param.starts_with(name);
    match () {
        () if error.is_of_missing("customer") => CheckoutError::CustomerGone,
        () if OF_THE_PAYMENT.contains(&code) => {
            CheckoutError::Refused { code: code.to_owned(), message: message.clone() }
        }
        () if is_of("discounts") => CheckoutError::Discount(message.clone()),
        () if is_of("line_items") => CheckoutError::Price { price: line_of(param, order), why: message.clone() },
        () => CheckoutError::Unavailable(StripeError::Refused { status, error }.to_string()),
    }
}

/// The price that `line_items[2][price]` means.
fn line_of(param: &str, order: &CheckoutOrder) -> String {
    let index = param.split(['[', ']']).nth(1).and_then(|index| index.parse::<usize>().ok()).unwrap_or_default();
    order.lines.get(index).map(|line| line.lookup_key.clone()).unwrap_or_default()
}
