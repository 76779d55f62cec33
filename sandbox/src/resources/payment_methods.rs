//! What customers pay with: cards, and of these the test cards only. <https://docs.stripe.com/api/payment_methods>

use serde_json::{Value, json};

use super::Resource;
use super::addresses::{BILLING, billing_details};
use super::customers::{self, CUSTOMER};
use crate::call::{Call, text};
use crate::cards::{self, Card, Outcome};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, Params, field, required};
use crate::store::Object;

pub(crate) static PAYMENT_METHOD: Resource = Resource {
    noun: "PaymentMethod",
    links: &[("customer", &CUSTOMER)],
    indexed: &["customer"],
    ..Resource::new("payment_method", ("pm_1", 23))
};

const TYPE: Kind = Kind::Choice(&["card"]);
const EXPIRY: &[Field] = &[field("exp_month", Kind::Integer(1, 12)), field("exp_year", Kind::Integer(2000, 2100))];
const DISPLAY: Kind = Kind::Choice(&["always", "limited", "unspecified"]);

pub(crate) const CREATE: &[Field] = &[
    required("type", TYPE),
    field("allow_redisplay", DISPLAY),
    field("billing_details", Kind::Hash(BILLING)),
    field(
        "card",
        Kind::Hash(&[
            field("cvc", Kind::Text(4)),
            field("exp_month", Kind::Integer(1, 12)),
            field("exp_year", Kind::Integer(0, 2100)),
            field("number", Kind::Text(25)),
            field("token", Kind::Text(5000)),
        ]),
    ),
    field("metadata", Kind::Metadata),
];

pub(crate) const UPDATE: &[Field] = &[
    field("allow_redisplay", DISPLAY),
    field("billing_details", Kind::Hash(BILLING)),
    field("card", Kind::Hash(EXPIRY)),
    field("metadata", Kind::Metadata).clearable(),
];

pub(crate) const ATTACH: &[Field] = &[required("customer", Kind::Text(5000))];

pub(crate) const LIST: &[Field] = &[field("customer", Kind::Text(5000)), field("type", TYPE)];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let card = params.hash("card").ok_or_else(|| Failure::missing("card"))?;
    let found = match (card.text("token"), card.text("number")) {
        (Some(token), _) => cards::named(token).ok_or_else(|| Failure::no_such("token", token, "card[token]"))?,
        (None, Some(number)) => cards::numbered(number)
            .ok_or_else(|| Failure::card("Your card number is incorrect.", "incorrect_number").param("card[number]"))?,
        (None, None) => return Err(Failure::missing("card[number]")),
    };
    let mut method = of_card(call, found);
    method["billing_details"] = billing_details(params.hash("billing_details").as_ref());
    method["metadata"] = call.new_metadata()?;
    method["allow_redisplay"] = params.or("allow_redisplay", "unspecified");
    for name in ["exp_month", "exp_year"] {
        method["card"][name] = card.or(name, method["card"][name].clone());
    }
    call.keep_quietly(&PAYMENT_METHOD, method)
}

/// A method of nobody yet.
fn of_card(call: &mut Call<'_>, card: &Card) -> Value {
    json!({
        "id": call.new_id(&PAYMENT_METHOD), "object": "payment_method",
        "allow_redisplay": "unspecified", "billing_details": billing_details(None),
        "card": {
            "brand": card.brand,
            "checks": { "address_line1_check": null, "address_postal_code_check": null, "cvc_check": "pass" },
            "country": "US", "display_brand": card.brand, "exp_month": 12, "exp_year": 2034,
            "fingerprint": call.state.ids.next("", 16), "funding": card.funding, "generated_from": null,
            "last4": card.last4(), "networks": { "available": [card.brand], "preferred": null },
            "regulated_status": "unregulated", "three_d_secure_usage": { "supported": true }, "wallet": null,
        },
        "created": call.now, "customer": null, "customer_account": null, "livemode": false, "metadata": {},
        "type": "card",
    })
}

/// The method that a parameter names; `pm_card_visa` and its like are made when they are named.
pub(crate) fn named(call: &mut Call<'_>, id: &str, param: &str) -> Result<Object, Failure> {
    match cards::named(id).filter(|_| id.starts_with("pm_")) {
        Some(card) => {
            let method = of_card(call, card);
            call.keep_quietly(&PAYMENT_METHOD, method).map(crate::call::as_object)
        }
        None => call.referred(&PAYMENT_METHOD, id, param),
    }
}

/// What comes of paying with it.
pub(crate) fn outcome(method: &Object) -> Outcome {
    let last4 = method.get("card").and_then(|card| card.get("last4")).and_then(Value::as_str).unwrap_or_default();
    cards::ending(last4).map_or(Outcome::Paid, |card| card.outcome)
}

/// Why a payment with it is disputed, if it is.
pub(super) fn dispute_reason(method: &Object) -> Option<&'static str> {
    let last4 = method.get("card").and_then(|card| card.get("last4")).and_then(Value::as_str).unwrap_or_default();
    cards::ending(last4).and_then(|card| card.dispute)
}

pub(crate) fn attach(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.ids.first().cloned().unwrap_or_default();
    let customer = call.params.text("customer").unwrap_or_default().to_owned();
    attach_to(call, &id, &customer, "payment_method").map(Value::Object)
}

pub(crate) fn attach_to(call: &mut Call<'_>, id: &str, customer: &str, param: &str) -> Result<Object, Failure> {
    customers::referred(call, customer, "customer")?;
    let mut method = named(call, id, param)?;
    let owner = text(&method, "customer");
    if !owner.is_empty() {
        if owner == customer {
            return Ok(method);
        }
        let message = "The payment method you provided has already been attached to a customer.";
        return Err(Failure::invalid(message).code("payment_method_unexpected_state"));
    }
    let last4 = method.get("card").and_then(|card| card.get("last4")).and_then(Value::as_str).unwrap_or_default();
    if let Some(card) = cards::ending(last4).filter(|card| card.is_refused_at_once)
        && let Outcome::Declined(code, decline_code) = card.outcome
    {
        return Err(Failure::declined(code, decline_code));
    }
    method.insert("customer".to_owned(), json!(customer));
    call.update(&PAYMENT_METHOD, method.clone(), "payment_method.attached")?;
    Ok(method)
}

pub(crate) fn detach(call: &mut Call<'_>) -> Result<Value, Failure> {
    let method = call.found(&PAYMENT_METHOD)?;
    if text(&method, "customer").is_empty() {
        let message = "The payment method you provided is not attached to a customer so detachment is impossible.";
        return Err(Failure::invalid(message));
    }
    detach_one(call, method)
}

fn detach_one(call: &mut Call<'_>, mut method: Object) -> Result<Value, Failure> {
    method.insert("customer".to_owned(), Value::Null);
    call.update(&PAYMENT_METHOD, method, "payment_method.detached")
}

/// Takes every method of a customer who goes.
pub(crate) fn detach_all(call: &mut Call<'_>, customer: &str) -> Result<(), Failure> {
    let methods: Vec<Object> = call.state.store.all_with(&PAYMENT_METHOD, "customer", customer).cloned().collect();
    methods.into_iter().try_for_each(|method| detach_one(call, method).map(drop))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut method = call.found(&PAYMENT_METHOD)?;
    if text(&method, "customer").is_empty() {
        let message = "You must save this PaymentMethod to a customer before you can update it.";
        return Err(Failure::invalid(message));
    }
    call.params.copy_to(&mut method, &["allow_redisplay"]);
    if let (Some(sent), Some(Value::Object(card))) = (call.params.hash("card"), method.get_mut("card")) {
        sent.copy_to(card, &["exp_month", "exp_year"]);
    }
    if let (Some(sent), Some(Value::Object(billing))) =
        (call.params.hash("billing_details"), method.get_mut("billing_details"))
    {
        write_billing(&sent, billing);
    }
    call.merge_metadata(&mut method)?;
    call.update(&PAYMENT_METHOD, method, "payment_method.updated")
}

fn write_billing(sent: &Params, billing: &mut Object) {
    sent.copy_to(billing, &["email", "name", "phone", "tax_id"]);
    if let (Some(lines), Some(Value::Object(address))) = (sent.hash("address"), billing.get_mut("address")) {
        lines.copy_to(address, &["city", "country", "line1", "line2", "postal_code", "state"]);
    }
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&PAYMENT_METHOD).map(Value::Object)
}

/// Those of a customer; without one there is nothing to list.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let customer = call.params.text("customer").unwrap_or_default();
    call.list_where(&PAYMENT_METHOD, |method| {
        !customer.is_empty() && text(method, "customer") == customer && Filter::Equals("type").passes(call, method)
    })
}

pub(crate) fn list_of_customer(call: &mut Call<'_>) -> Result<Value, Failure> {
    let customer = customers::living(call)?;
    call.list_where(&PAYMENT_METHOD, |method| {
        text(method, "customer") == text(&customer, "id") && Filter::Equals("type").passes(call, method)
    })
}
