//! Payments on their way. <https://docs.stripe.com/api/payment_intents>

use serde_json::{Value, json};

use super::addresses::{SHIPPING, shipping};
use super::charges::CHARGE;
use super::customers::{self, CUSTOMER};
use super::payment_methods::{self, PAYMENT_METHOD};
use super::{Resource, payment_steps};
use crate::call::{Call, as_object, nulls, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field, required};
use crate::store::Object;

pub(crate) static PAYMENT_INTENT: Resource = Resource {
    links: &[("customer", &CUSTOMER), ("latest_charge", &CHARGE), ("payment_method", &PAYMENT_METHOD)],
    ..Resource::new("payment_intent", ("pi_3", 23))
};

const SHORT: Kind = Kind::Text(5000);
const AMOUNT: Field = field("amount", Kind::Integer(1, 99_999_999));
const DESCRIPTION: Field = field("description", Kind::Text(1000));
const FUTURE_USAGE: Kind = Kind::Choice(&["off_session", "on_session"]);

pub(crate) const CREATE: &[Field] = &[
    required("amount", AMOUNT.kind),
    required("currency", Kind::Currency),
    field(
        "automatic_payment_methods",
        Kind::Hash(&[required("enabled", Kind::Bool), field("allow_redirects", Kind::Choice(&["always", "never"]))]),
    ),
    field("capture_method", Kind::Choice(&["automatic", "automatic_async", "manual"])),
    field("confirm", Kind::Bool),
    field("confirmation_method", Kind::Choice(&["automatic", "manual"])),
    field("customer", SHORT),
    DESCRIPTION,
    field("error_on_requires_action", Kind::Bool),
    field("metadata", Kind::Metadata),
    field("off_session", Kind::Bool),
    field("payment_method", SHORT),
    field("payment_method_types", Kind::List(&SHORT)),
    field("receipt_email", SHORT),
    field("return_url", SHORT),
    field("setup_future_usage", FUTURE_USAGE),
    field("shipping", Kind::Hash(SHIPPING)),
    field("statement_descriptor", Kind::Text(22)),
    field("statement_descriptor_suffix", Kind::Text(22)),
];

pub(crate) const UPDATE: &[Field] = &[
    AMOUNT,
    field("currency", Kind::Currency),
    field("customer", SHORT),
    DESCRIPTION,
    field("metadata", Kind::Metadata).clearable(),
    field("payment_method", SHORT),
    field("receipt_email", SHORT).clearable(),
    field("setup_future_usage", FUTURE_USAGE).clearable(),
    field("shipping", Kind::Hash(SHIPPING)).clearable(),
    field("statement_descriptor", Kind::Text(22)),
    field("statement_descriptor_suffix", Kind::Text(22)),
];

pub(crate) const RETRIEVE: &[Field] = &[field("client_secret", SHORT)];

pub(crate) const CONFIRM: &[Field] = &[
    field("client_secret", SHORT),
    field("error_on_requires_action", Kind::Bool),
    field("off_session", Kind::Bool),
    field("payment_method", SHORT),
    field("receipt_email", SHORT).clearable(),
    field("return_url", SHORT),
    field("setup_future_usage", FUTURE_USAGE).clearable(),
    field("shipping", Kind::Hash(SHIPPING)).clearable(),
];

pub(crate) const CAPTURE: &[Field] = &[
    field("amount_to_capture", Kind::Integer(1, 99_999_999)),
    field("metadata", Kind::Metadata).clearable(),
    field("statement_descriptor", Kind::Text(22)),
    field("statement_descriptor_suffix", Kind::Text(22)),
];

pub(crate) const CANCEL: &[Field] =
    &[field("cancellation_reason", Kind::Choice(&["abandoned", "duplicate", "fraudulent", "requested_by_customer"]))];

pub(crate) const LIST: &[Field] = &[field("created", Kind::Range), field("customer", SHORT)];

/// What a payment does not have at first.
const UNSET: [&str; 26] = [
    "application",
    "application_fee_amount",
    "canceled_at",
    "cancellation_reason",
    "currency",
    "customer",
    "customer_account",
    "description",
    "excluded_payment_method_types",
    "last_payment_error",
    "latest_charge",
    "managed_payments",
    "next_action",
    "on_behalf_of",
    "payment_method",
    "payment_method_configuration_details",
    "processing",
    "receipt_email",
    "review",
    "setup_future_usage",
    "shipping",
    "source",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
    "transfer_group",
];

/// Below the worth of this many cents nothing is charged; what other currencies are worth is left out of account.
const LEAST: i64 = 50;

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let id = call.new_id(&PAYMENT_INTENT);
    if params.has("return_url") && !params.is("confirm") {
        let message = "The parameter `return_url` may only be passed with `confirm=true`.";
        return Err(Failure::invalid(message).param("return_url"));
    }
    let automatic = params.hash("automatic_payment_methods").filter(|automatic| automatic.is("enabled"));
    if automatic.is_some() && params.has("payment_method_types") {
        return Err(Failure::exclusive("automatic_payment_methods", "payment_method_types"));
    }
    let mut automatic_shown = Value::Null;
    if params.has("payment_method_types") || automatic.is_some() || params.has("automatic_payment_methods") {
        automatic_shown = automatic.map_or(Value::Null, |automatic| {
            // Only what was sent is shown, as Stripe does it.
            Value::Object(automatic.entries().map(|(name, value)| (name.to_owned(), value.clone())).collect())
        });
    }
    let mut intent = as_object(json!({
        "id": id, "object": "payment_intent",
        "amount": 0, "amount_capturable": 0, "amount_details": { "tip": {} }, "amount_received": 0,
        "automatic_payment_methods": automatic_shown, "capture_method": params.or("capture_method", "automatic_async"),
        "client_secret": call.state.ids.next(&format!("{id}_secret_"), 25),
        "confirmation_method": params.or("confirmation_method", "automatic"), "created": call.now, "livemode": false,
        "metadata": {}, "payment_method_options": {},
        "payment_method_types": params.or("payment_method_types", json!(["card"])), "status": "requires_payment_method",
    }));
    intent.extend(nulls(&UNSET));
    write(call, &mut intent)?;
    call.create(&PAYMENT_INTENT, Value::Object(intent.clone()), "payment_intent.created")?;
    if params.is("confirm") { payment_steps::confirm(call, intent) } else { Ok(Value::Object(intent)) }
}

/// Writes what was sent of what can be changed until a payment is made.
fn write(call: &mut Call<'_>, intent: &mut Object) -> Result<(), Failure> {
    let params = call.params.clone();
    if let Some(amount) = params.integer("amount").filter(|amount| *amount < LEAST) {
        let message =
            format!("Amount must be at least {LEAST} of the smallest unit of the currency; {amount} is less.");
        return Err(Failure::invalid(message).code("amount_too_small").param("amount"));
    }
    if let Some(customer) = params.text("customer") {
        customers::referred(call, customer, "customer")?;
    }
    if let Some(method) = params.text("payment_method") {
        let method = payment_methods::named(call, method, "payment_method")?;
        let (owner, payer) = (text(&method, "customer"), params.text("customer").unwrap_or(text(intent, "customer")));
        if !owner.is_empty() && owner != payer {
            let message = "The provided PaymentMethod belongs to another customer, or the PaymentIntent has none.";
            return Err(Failure::invalid(message).param("payment_method"));
        }
        intent.insert("payment_method".to_owned(), json!(text(&method, "id")));
        if text(intent, "status") == "requires_payment_method" {
            intent.insert("status".to_owned(), json!("requires_confirmation"));
        }
    }
    let plain = [
        "amount",
        "currency",
        "customer",
        "description",
        "receipt_email",
        "setup_future_usage",
        "statement_descriptor",
        "statement_descriptor_suffix",
    ];
    params.copy_to(intent, &plain);
    if params.has("shipping") {
        intent.insert("shipping".to_owned(), shipping(params.hash("shipping").as_ref()));
    }
    call.merge_metadata(intent)
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut intent = call.found(&PAYMENT_INTENT)?;
    let is_open =
        ["requires_payment_method", "requires_confirmation", "requires_action"].contains(&text(&intent, "status"));
    if !is_open && ["amount", "currency", "customer", "payment_method"].iter().any(|name| call.params.has(name)) {
        return Err(payment_steps::unexpected_state(&intent, "updated"));
    }
    write(call, &mut intent)?;
    call.keep_quietly(&PAYMENT_INTENT, Value::Object(intent))
}

pub(crate) fn confirm(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut intent = call.found(&PAYMENT_INTENT)?;
    must_have_this_secret(call, &intent)?;
    if !["requires_payment_method", "requires_confirmation"].contains(&text(&intent, "status")) {
        return Err(payment_steps::unexpected_state(&intent, "confirmed"));
    }
    write(call, &mut intent)?;
    payment_steps::confirm(call, intent)
}

pub(crate) fn capture(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut intent = call.found(&PAYMENT_INTENT)?;
    if text(&intent, "status") != "requires_capture" {
        return Err(payment_steps::unexpected_state(&intent, "captured"));
    }
    call.merge_metadata(&mut intent)?;
    payment_steps::capture(call, intent)
}

pub(crate) fn cancel(call: &mut Call<'_>) -> Result<Value, Failure> {
    let intent = call.found(&PAYMENT_INTENT)?;
    if ["succeeded", "canceled"].contains(&text(&intent, "status")) {
        return Err(payment_steps::unexpected_state(&intent, "canceled"));
    }
    payment_steps::cancel(call, intent)
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    let intent = call.found(&PAYMENT_INTENT)?;
    must_have_this_secret(call, &intent)?;
    Ok(Value::Object(intent))
}

/// The secret that a customer's page holds is of one payment.
fn must_have_this_secret(call: &Call<'_>, intent: &Object) -> Result<(), Failure> {
    match call.params.text("client_secret") {
        Some(secret) if secret != text(intent, "client_secret") => {
            let message =
                "The client_secret provided does not match the client_secret associated with the PaymentIntent.";
            Err(Failure::invalid(message).param("client_secret"))
        }
        _ => Ok(()),
    }
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.list(&PAYMENT_INTENT, &[Filter::Equals("customer"), Filter::Within("created")])
}
