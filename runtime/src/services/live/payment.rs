//! Whether payments would go through: each product is asked for a payment that must be refused for its amount, and for
//! nothing else. Nothing can be charged: one cent is below the deposit, and below what Stripe takes at all.

use pricebook_types::validation::{Payment, PriceRule, Sale, Validation};
use pricebook_types::{Artifacts, Currency, Money};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::value::RawValue;

use super::fetch::{Body, LiveApi};
use super::{LiveError, shown};
use crate::services::major::decimal;
use crate::services::major_units;

/// Products that are tested at once, so that a sync of thousands does not run into the limits of the API.
const MOST: usize = 20;

/// What became of one test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaymentTest {
    /// The kind's id.
    pub kind: String,
    /// The product's id.
    pub id: String,
    /// Whether the API refused as it must.
    pub passed: bool,
    /// What was seen.
    pub message: String,
}

/// The tests that were done, and how many products are left over.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PaymentTests {
    /// One for each product.
    pub tests: Vec<PaymentTest>,
    /// Beyond the first 20.
    pub left_out: usize,
}

/// What the API must say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// It is sold, and this is less than the deposit.
    Deposit,
    /// It is sold at its price only.
    FullPrice,
    /// It is not sold.
    NotFound,
}

/// Asks for a payment for each of the products, one after the other.
pub async fn test_payments(
    api: &LiveApi,
    artifacts: &Artifacts,
    validation: &Validation<'_>,
    products: &[(String, String)],
    day: &str,
) -> PaymentTests {
    let first_kind = artifacts.kinds.first().map_or("", |kind| kind.id);
    let rules = validation
        .payments
        .iter()
        .filter(|rule| products.iter().any(|(kind, id)| *kind == *rule.kind && *id == *rule.id));
    let testable: Vec<_> = rules.filter_map(|rule| Some((rule, least(rule, day)?))).collect();
    let mut done = PaymentTests { tests: Vec::new(), left_out: testable.len().saturating_sub(MOST) };
    for (rule, (amount, expected)) in testable.into_iter().take(MOST) {
        let kind = (rule.kind != first_kind).then_some(&*rule.kind);
        let answer = api.post("/create-payment", request(rule, kind, amount)).await;
        let (passed, message) = judge(answer, expected, amount);
        done.tests.push(PaymentTest { kind: rule.kind.to_string(), id: rule.id.to_string(), passed, message });
    }
    done
}

/// The least amount in the product's own currency, and what must be said to it; `None` where it could be paid, or where
/// there is nothing to pay.
fn least(rule: &Payment<'_>, day: &str) -> Option<(Money, Expected)> {
    let price = rule.prices.first()?;
    let currency = price.amounts_on(day).first()?.currency;
    let least = Money::new(currency.step_minor(), currency);
    let expected = match rule.sale {
        Sale::Free => return None,
        Sale::ComingSoon | Sale::Inactive => Expected::NotFound,
        Sale::Sold => sold(rule, price, currency, day)?,
    };
    Some((least, expected))
}

fn sold(rule: &Payment<'_>, price: &PriceRule<'_>, currency: Currency, day: &str) -> Option<Expected> {
    let amount = price.amounts_on(day).first()?.unit_amount.as_ref().and_then(decimal)?;
    let (minimum, expected) = match &rule.deposit {
        Some(deposit) => (Decimal::from(*deposit.minimum_on(day).get(&currency)?), Expected::Deposit),
        None => (amount, Expected::FullPrice),
    };
    (minimum > Decimal::from(currency.step_minor())).then_some(expected)
}

/// What is asked for. The amount is a JSON number with all its digits: other APIs may know no amounts as texts.
#[derive(Serialize)]
struct Request<'a> {
    service: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    amount: Option<Box<RawValue>>,
    currency: Currency,
}

fn request(rule: &Payment<'_>, kind: Option<&str>, amount: Money) -> String {
    let digits = Decimal::new(amount.minor(), amount.currency().minor_digits()).to_string();
    let amount_of = RawValue::from_string(digits).ok();
    let request = Request { service: &rule.id, kind, amount: amount_of, currency: amount.currency() };
    // What is put here has texts for keys, which is all that could fail.
    serde_json::to_string(&request).unwrap_or_default()
}

fn judge(answer: Result<(reqwest::StatusCode, Body), LiveError>, expected: Expected, amount: Money) -> (bool, String) {
    let (status, body) = match answer {
        Ok(answer) => answer,
        Err(error) => return (false, error.to_string()),
    };
    let asked = shown::money(&major_units(amount), amount.currency());
    if status.is_success() {
        let message = format!("a payment of {asked} was accepted; cancel it in Stripe, nobody was charged");
        return (false, message);
    }
    let text = String::from_utf8_lossy(&body.bytes);
    let says = |words: &str| text.contains(words);
    let (words, passed) = match expected {
        Expected::Deposit => ("Minimum deposit required", says("Minimum deposit required")),
        Expected::FullPrice => {
            ("a full price required", says("full_price_required") || says("Minimum deposit required"))
        }
        Expected::NotFound => ("not found or inactive", says("not found or inactive")),
    };
    match passed {
        true => (true, format!("{asked} is refused: {words}")),
        false => (false, format!("{asked} should be refused with \"{words}\", but {status}: {}", shown::text(&text))),
    }
}
