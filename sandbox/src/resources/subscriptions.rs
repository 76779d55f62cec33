//! What customers pay again and again. There are no invoices: nothing is charged. <https://docs.stripe.com/api/subscriptions>

use serde_json::{Value, json};

use super::customers::{self, CUSTOMER};
use super::payment_methods::{self, PAYMENT_METHOD};
use super::subscription_items::{self, ITEM, ITEM_CHANGE};
use super::subscription_times::{self as times, DAY_SECS};
use super::{Resource, prices};
use crate::call::{Call, as_object, is, nulls, text};
use crate::cards::Outcome;
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, Params, field, required};
use crate::store::Object;

pub(crate) static SUBSCRIPTION: Resource = Resource {
    links: &[("customer", &CUSTOMER), ("default_payment_method", &PAYMENT_METHOD)],
    indexed: &["customer"],
    ..Resource::new("subscription", ("sub_1", 23))
};

const SHORT: Kind = Kind::Text(5000);
const TIME: Kind = Kind::Integer(0, i64::MAX);
const PRORATION: Field = field("proration_behavior", Kind::Choice(&["always_invoice", "create_prorations", "none"]));
const BEHAVIOR: Field = field(
    "payment_behavior",
    Kind::Choice(&["allow_incomplete", "default_incomplete", "error_if_incomplete", "pending_if_incomplete"]),
);

pub(crate) const CREATE: &[Field] = &[
    required("customer", SHORT),
    required("items", Kind::List(&Kind::Hash(ITEM))),
    BEHAVIOR,
    PRORATION,
    field("cancel_at", TIME),
    field("cancel_at_period_end", Kind::Bool),
    field("collection_method", Kind::Choice(&["charge_automatically", "send_invoice"])),
    field("currency", Kind::Currency),
    field("days_until_due", Kind::Integer(0, 3650)),
    field("default_payment_method", SHORT),
    field("description", Kind::Text(500)),
    field("metadata", Kind::Metadata),
    field("off_session", Kind::Bool),
    field("trial_end", TIME),
    field("trial_period_days", Kind::Integer(0, 730)),
];

pub(crate) const UPDATE: &[Field] = &[
    BEHAVIOR,
    PRORATION,
    field("cancel_at", TIME).clearable(),
    field("cancel_at_period_end", Kind::Bool),
    field("default_payment_method", SHORT).clearable(),
    field("description", Kind::Text(500)).clearable(),
    field("items", Kind::List(&Kind::Hash(ITEM_CHANGE))),
    field("metadata", Kind::Metadata).clearable(),
    field("off_session", Kind::Bool),
    field(
        "pause_collection",
        Kind::Hash(&[
            required("behavior", Kind::Choice(&["keep_as_draft", "mark_uncollectible", "void"])),
            field("resumes_at", TIME),
        ]),
    )
    .clearable(),
    field("proration_date", TIME),
    field("trial_end", Kind::TimeOrNow),
];

pub(crate) const CANCEL: &[Field] = &[
    field(
        "cancellation_details",
        Kind::Hash(&[field("comment", SHORT).clearable(), field("feedback", Kind::Text(100)).clearable()]),
    ),
    field("invoice_now", Kind::Bool),
    field("prorate", Kind::Bool),
];

pub(crate) const LIST: &[Field] = &[
    field("collection_method", Kind::Choice(&["charge_automatically", "send_invoice"])),
    field("created", Kind::Range),
    field("customer", SHORT),
    field("price", SHORT),
    field(
        "status",
        Kind::Choice(&[
            "active",
            "all",
            "canceled",
            "ended",
            "incomplete",
            "incomplete_expired",
            "past_due",
            "paused",
            "trialing",
            "unpaid",
        ]),
    ),
];

/// What nothing sets here.
const UNSET: &[&str] = &[
    "application",
    "application_fee_percent",
    "billing_cycle_anchor_config",
    "billing_thresholds",
    "cancel_at",
    "canceled_at",
    "customer_account",
    "days_until_due",
    "default_payment_method",
    "default_source",
    "description",
    "ended_at",
    "latest_invoice",
    "managed_payments",
    "next_pending_invoice_item_invoice",
    "on_behalf_of",
    "pause_collection",
    "pending_invoice_item_interval",
    "pending_setup_intent",
    "pending_update",
    "schedule",
    "test_clock",
    "transfer_data",
];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let customer = customers::referred(call, params.text("customer").unwrap_or_default(), "customer")?;
    let id = call.new_id(&SUBSCRIPTION);
    let trial_days =
        params.integer("trial_period_days").filter(|days| *days > 0).map(|days| call.now + days * DAY_SECS);
    let trial_end = params.integer("trial_end").or(trial_days);
    let mut items = Vec::new();
    for (index, item) in params.hashes("items").iter().enumerate() {
        let item = subscription_items::make(call, &id, item, &format!("items[{index}]"))?;
        items.push(item);
    }
    subscription_items::check(&items)?;
    let mut subscription = as_object(json!({
        "id": id, "object": "subscription",
        "automatic_tax": { "disabled_reason": null, "enabled": false, "liability": null },
        "billing_cycle_anchor": trial_end.unwrap_or(call.now), "billing_mode": { "type": "classic", "flexible": null },
        "billing_schedules": [], "cancel_at_period_end": false,
        "cancellation_details": { "comment": null, "feedback": null, "reason": null },
        "collection_method": params.or("collection_method", "charge_automatically"), "created": call.now,
        "currency": items[0]["price"]["currency"], "customer": text(&customer, "id"), "default_tax_rates": [],
        "discounts": [],
        "invoice_settings": {
            "account_tax_ids": null, "custom_fields": null, "description": null, "footer": null,
            "issuer": { "type": "self" },
        },
        "items": subscription_items::list(&id, items), "livemode": false, "metadata": call.new_metadata()?,
        "payment_settings": {
            "payment_method_options": null, "payment_method_types": null, "save_default_payment_method": "off",
        },
        "start_date": call.now, "status": "active", "trial_end": trial_end,
        "trial_settings": { "end_behavior": { "missing_payment_method": "create_invoice" } },
        "trial_start": trial_end.map(|_| call.now),
    }));
    subscription.extend(nulls(UNSET));
    params.copy_to(&mut subscription, &["days_until_due"]);
    write(call, &mut subscription, &params)?;
    let status = match trial_end {
        Some(_) => "trialing",
        None => first_status(call, &subscription, &customer)?,
    };
    subscription.insert("status".to_owned(), json!(status));
    times::begin_period(&mut subscription, call.now);
    call.create(&SUBSCRIPTION, Value::Object(subscription), "customer.subscription.created")
}

/// Whether the first payment would come through.
fn first_status(call: &Call<'_>, subscription: &Object, customer: &Object) -> Result<&'static str, Failure> {
    if text(subscription, "collection_method") == "send_invoice" {
        return Ok("active");
    }
    let of_customer = customer.get("invoice_settings").and_then(|settings| settings["default_payment_method"].as_str());
    let own = subscription.get("default_payment_method").and_then(Value::as_str);
    let method = own.or(of_customer).and_then(|id| call.state.store.get(&PAYMENT_METHOD, id));
    let behavior = call.params.text("payment_behavior").unwrap_or("allow_incomplete");
    match (method, behavior) {
        (_, "default_incomplete") => Ok("incomplete"),
        (None, _) => {
            let message = "This customer has no attached payment source or default payment method. Please consider \
                           adding a default payment method. For more information, visit \
                           https://stripe.com/docs/billing/subscriptions/payment-methods-setting.";
            Err(Failure::invalid(message).code("resource_missing"))
        }
        (Some(method), _) => match (payment_methods::outcome(method), behavior) {
            (Outcome::Paid, _) => Ok("active"),
            (Outcome::Declined(code, decline_code), "error_if_incomplete") => {
                Err(Failure::declined(code, decline_code))
            }
            _ => Ok("incomplete"),
        },
    }
}

/// Writes what create and update have in common.
fn write(call: &mut Call<'_>, subscription: &mut Object, params: &Params) -> Result<(), Failure> {
    if let Some(method) = params.text("default_payment_method") {
        let method = call.referred(&PAYMENT_METHOD, method, "default_payment_method")?;
        if text(&method, "customer") != text(subscription, "customer") {
            let message = "The payment method must be attached to the customer of the subscription.";
            return Err(Failure::invalid(message).param("default_payment_method"));
        }
    }
    params.copy_to(subscription, &["cancel_at", "cancel_at_period_end", "default_payment_method", "description"]);
    if params.has("cancel_at_period_end") {
        let at = params.is("cancel_at_period_end");
        let end = if at { json!(times::period_end(subscription)) } else { Value::Null };
        subscription.insert("cancel_at".to_owned(), end);
        subscription.insert("canceled_at".to_owned(), if at { json!(call.now) } else { Value::Null });
    }
    Ok(())
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let mut subscription = living(call)?;
    call.merge_metadata(&mut subscription)?;
    if params.has("items") {
        subscription_items::change(call, &mut subscription, &params.hashes("items"))?;
    }
    if params.has("trial_end") {
        let end = params.integer("trial_end").filter(|end| *end > call.now);
        subscription.insert("trial_end".to_owned(), json!(end.unwrap_or(call.now)));
        subscription.insert("status".to_owned(), json!(if end.is_some() { "trialing" } else { "active" }));
        times::begin_period(&mut subscription, call.now);
    }
    if params.has("pause_collection") {
        let pause = params
            .hash("pause_collection")
            .map(|pause| json!({ "behavior": pause.value("behavior"), "resumes_at": pause.value("resumes_at") }));
        subscription.insert("pause_collection".to_owned(), json!(pause));
    }
    write(call, &mut subscription, &params)?;
    call.update(&SUBSCRIPTION, subscription, "customer.subscription.updated")
}

pub(crate) fn cancel(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut subscription = living(call)?;
    let details = call.params.hash("cancellation_details").unwrap_or_default();
    let details = json!({
        "comment": details.value("comment"), "feedback": details.value("feedback"), "reason": "cancellation_requested",
    });
    subscription.insert("cancellation_details".to_owned(), details);
    times::end(&mut subscription, call.now);
    call.update(&SUBSCRIPTION, subscription, "customer.subscription.deleted")
}

/// The subscription of the address as it is at the moment, unless it has ended.
fn living(call: &Call<'_>) -> Result<Object, Failure> {
    let found = call.found(&SUBSCRIPTION)?;
    check_living(at(call, found))
}

/// Whether a subscription can still be changed.
pub(super) fn check_living(subscription: Object) -> Result<Object, Failure> {
    match text(&subscription, "status") {
        "canceled" | "incomplete_expired" => {
            let message = "A canceled subscription can only update its cancellation_details and metadata.";
            Err(Failure::invalid(message))
        }
        _ => Ok(subscription),
    }
}

/// The subscription as it is at the moment, with its prices as they are.
pub(super) fn at(call: &Call<'_>, mut subscription: Object) -> Object {
    times::follow(&mut subscription, call.now);
    for item in subscription_items::of(&mut subscription) {
        let id = item["price"]["id"].as_str().unwrap_or_default();
        if let Some(price) = call.state.store.get(&prices::PRICE, id) {
            item["price"] = Value::Object(price.clone());
        }
    }
    subscription
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    let found = call.found(&SUBSCRIPTION)?;
    Ok(Value::Object(at(call, found)))
}

/// Ended ones are listed only where their status is asked for.
pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let filters = [Filter::Equals("customer"), Filter::Equals("collection_method"), Filter::Within("created")];
    let (price, status) = (call.params.text("price"), call.params.text("status"));
    let mut list = call.list_where(&SUBSCRIPTION, |subscription| {
        let mut now = subscription.clone();
        times::follow(&mut now, call.now);
        let own = text(&now, "status").to_owned();
        let has_ended = own == "canceled" || own == "incomplete_expired";
        let is_meant = match status {
            Some("all") => true,
            Some("ended") => has_ended,
            Some(status) => own == status,
            None => own != "canceled",
        };
        let has_price = |price: &str| subscription_items::of(&mut now).any(|item| item["price"]["id"] == price);
        is_meant && price.is_none_or(has_price) && filters.iter().all(|filter| filter.passes(call, subscription))
    })?;
    if let Some(data) = list["data"].as_array_mut() {
        *data = std::mem::take(data).into_iter().map(|found| Value::Object(at(call, as_object(found)))).collect();
    }
    Ok(list)
}

/// Whether it goes at the end of its period.
pub(super) fn ends_with_its_period(subscription: &Object) -> bool {
    is(subscription, "cancel_at_period_end")
}
