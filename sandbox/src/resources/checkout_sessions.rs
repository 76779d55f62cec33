//! Pages on which customers pay. <https://docs.stripe.com/api/checkout/sessions>

use serde_json::{Value, json};

use super::checkout_items::{self, ITEM_FIELDS};
use super::customers::{self, CUSTOMER};
use super::invoices::INVOICE;
use super::payment_intents::PAYMENT_INTENT;
use super::subscriptions::SUBSCRIPTION;
use super::{Clock, Resource};
use crate::call::{Call, as_object, nulls, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, Params, field};
use crate::store::Object;

pub(crate) static SESSION: Resource = Resource {
    noun: "checkout.session",
    links: &[
        ("customer", &CUSTOMER),
        ("invoice", &INVOICE),
        ("payment_intent", &PAYMENT_INTENT),
        ("subscription", &SUBSCRIPTION),
    ],
    on_request: &["line_items"],
    hidden: &["payment_intent_data", "subscription_data"],
    clock: Some(Clock { due, follow }),
    ..Resource::new("checkout.session", ("cs_test_", 58))
};

const SHORT: Kind = Kind::Text(5000);
const PAYMENT_INTENT_DATA: &[Field] = &[
    field("capture_method", Kind::Choice(&["automatic", "automatic_async", "manual"])),
    field("description", Kind::Text(1000)),
    field("metadata", Kind::Metadata),
    field("receipt_email", SHORT),
    field("setup_future_usage", Kind::Choice(&["off_session", "on_session"])),
    field("statement_descriptor", Kind::Text(22)),
    field("statement_descriptor_suffix", Kind::Text(22)),
];
const SUBSCRIPTION_DATA: &[Field] = &[
    field("description", Kind::Text(500)),
    field("metadata", Kind::Metadata),
    field("trial_end", Kind::Integer(0, i64::MAX)),
    field("trial_period_days", Kind::Integer(1, 730)),
];

pub(crate) const CREATE: &[Field] = &[
    field("allow_promotion_codes", Kind::Bool),
    field("billing_address_collection", Kind::Choice(&["auto", "required"])),
    field("cancel_url", SHORT),
    field("client_reference_id", Kind::Text(200)),
    field("customer", SHORT),
    field("customer_creation", Kind::Choice(&["always", "if_required"])),
    field("customer_email", Kind::Text(800)),
    field("discounts", Kind::List(&Kind::Hash(&[field("coupon", SHORT), field("promotion_code", SHORT)]))),
    field("expires_at", Kind::Integer(0, i64::MAX)),
    field("line_items", Kind::List(&Kind::Hash(ITEM_FIELDS))),
    field("locale", Kind::Text(10)),
    field("metadata", Kind::Metadata),
    field("mode", Kind::Choice(&["payment", "subscription"])),
    field("payment_intent_data", Kind::Hash(PAYMENT_INTENT_DATA)),
    field("payment_method_collection", Kind::Choice(&["always", "if_required"])),
    field("payment_method_types", Kind::List(&SHORT)),
    field("return_url", SHORT),
    field("submit_type", Kind::Choice(&["auto", "book", "donate", "pay", "subscribe"])),
    field("subscription_data", Kind::Hash(SUBSCRIPTION_DATA)),
    field("success_url", SHORT),
    field("ui_mode", Kind::Choice(&["elements", "embedded_page", "form", "hosted_page"])),
];

pub(crate) const LIST: &[Field] = &[
    field("created", Kind::Range),
    field("customer", SHORT),
    field("payment_intent", SHORT),
    field("status", Kind::Choice(&["complete", "expired", "open"])),
];

const DAY_SECS: i64 = 24 * 60 * 60;
const LEAST_SECS: i64 = 30 * 60;

/// What is null in a session of which nothing more was asked.
const UNSET: &[&str] = &[
    "after_expiration",
    "client_secret",
    "collected_information",
    "consent",
    "consent_collection",
    "currency_conversion",
    "customer_account",
    "customer_details",
    "integration_identifier",
    "invoice",
    "managed_payments",
    "origin_context",
    "payment_intent",
    "payment_link",
    "payment_method_configuration_details",
    "permissions",
    "recovered_from",
    "saved_payment_method_options",
    "setup_intent",
    "shipping_address_collection",
    "shipping_cost",
    "subscription",
    "wallet_options",
];
/// What is shown as it was sent.
const SENT: [&str; 14] = [
    "allow_promotion_codes",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer",
    "customer_creation",
    "customer_email",
    "discounts",
    "locale",
    "payment_intent_data",
    "payment_method_collection",
    "submit_type",
    "subscription_data",
    "success_url",
];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    check(call, &params)?;
    let id = call.new_id(&SESSION);
    let priced = checkout_items::price(call, &params)?;
    let is_hosted = params.text("ui_mode").unwrap_or("hosted_page") == "hosted_page";
    let mut session = as_object(json!({
        "id": id, "object": "checkout.session",
        "adaptive_pricing": { "enabled": false }, "amount_subtotal": priced.subtotal,
        "amount_total": priced.subtotal - priced.discount,
        "automatic_tax": { "enabled": false, "liability": null, "provider": null, "status": null },
        "created": call.now, "currency": priced.currency, "custom_fields": [],
        "custom_text": {
            "after_submit": null, "shipping_address": null, "submit": null, "terms_of_service_acceptance": null,
        },
        "expires_at": params.or("expires_at", call.now + DAY_SECS),
        "invoice_creation": { "enabled": false, "invoice_data": {
            "account_tax_ids": null, "custom_fields": null, "description": null, "footer": null, "issuer": null,
            "metadata": {}, "rendering_options": null,
        } },
        "livemode": false, "metadata": call.new_metadata()?, "mode": params.or("mode", "payment"),
        "payment_method_options": {}, "payment_method_types": params.or("payment_method_types", json!(["card"])),
        "payment_status": "unpaid", "phone_number_collection": { "enabled": false }, "shipping_options": [],
        "status": "open",
        "total_details": { "amount_discount": priced.discount, "amount_shipping": 0, "amount_tax": 0 },
        "ui_mode": params.or("ui_mode", "hosted_page"),
        "url": is_hosted.then(|| format!("{}/_sandbox/pages/checkout/{id}", call.state.base)),
    }));
    session.extend(nulls(UNSET));
    session.extend(nulls(&SENT).filter(|(name, _)| !name.ends_with("_data")));
    params.copy_to(&mut session, &SENT);
    session.insert("line_items".to_owned(), checkout_items::list(&id, priced.items));
    call.keep_quietly(&SESSION, Value::Object(session))
}

fn check(call: &Call<'_>, params: &Params) -> Result<(), Failure> {
    let is_hosted = params.text("ui_mode").unwrap_or("hosted_page") == "hosted_page";
    if is_hosted && !params.has("success_url") {
        return Err(Failure::missing("success_url"));
    }
    if !params.has("mode") {
        return Err(Failure::missing("mode"));
    }
    if let Some(customer) = params.text("customer") {
        customers::referred(call, customer, "customer")?;
        if params.has("customer_email") {
            return Err(Failure::exclusive("customer", "customer_email"));
        }
    }
    if params.has("discounts") && params.has("allow_promotion_codes") {
        return Err(Failure::exclusive("allow_promotion_codes", "discounts"));
    }
    for (data, mode) in [("payment_intent_data", "payment"), ("subscription_data", "subscription")] {
        if params.has(data) && params.text("mode") != Some(mode) {
            let message = format!("You can not pass `{data}` unless the mode is `{mode}`.");
            return Err(Failure::invalid(message).param(data));
        }
    }
    let until = params.integer("expires_at").unwrap_or(call.now + DAY_SECS);
    if until < call.now + LEAST_SECS || until > call.now + DAY_SECS {
        let message = "The `expires_at` timestamp must be between 30 minutes and 24 hours after the Checkout Session is \
                       created.";
        return Err(Failure::invalid(message).param("expires_at"));
    }
    Ok(())
}

fn due(session: &Object) -> Option<i64> {
    session.get("expires_at").and_then(Value::as_i64).filter(|_| text(session, "status") == "open")
}

/// Its time is over.
fn follow(call: &mut Call<'_>, mut session: Object) -> Result<(), Failure> {
    end(&mut session, "expired");
    call.update(&SESSION, session, "checkout.session.expired").map(drop)
}

fn end(session: &mut Object, status: &str) {
    session.insert("status".to_owned(), json!(status));
    session.insert("url".to_owned(), Value::Null);
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&SESSION).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let filters = [Filter::Within("created"), Filter::Equals("customer"), Filter::Equals("payment_intent")];
    call.list(&SESSION, &[&filters[..], &[Filter::Equals("status")]].concat())
}

pub(crate) fn list_items(call: &mut Call<'_>) -> Result<Value, Failure> {
    let session = call.found(&SESSION)?;
    Ok(session.get("line_items").cloned().unwrap_or_default())
}

pub(crate) fn expire(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut session = open(call)?;
    end(&mut session, "expired");
    call.update(&SESSION, session, "checkout.session.expired")
}

/// The session of the address, which must be open.
pub(super) fn open(call: &Call<'_>) -> Result<Object, Failure> {
    let session = call.found(&SESSION)?;
    if text(&session, "status") != "open" {
        let message = format!(
            "Only Checkout Sessions with a status in [\"open\"] can be used. This one is {}.",
            text(&session, "status")
        );
        return Err(Failure::invalid(message));
    }
    Ok(session)
}

/// Keeps a session that was paid.
pub(super) fn complete(call: &mut Call<'_>, mut session: Object) -> Result<Value, Failure> {
    end(&mut session, "complete");
    call.update(&SESSION, session, "checkout.session.completed")
}
