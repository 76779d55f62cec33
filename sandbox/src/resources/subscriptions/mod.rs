//! What customers pay again and again. <https://docs.stripe.com/api/subscriptions>

mod billing;
mod change;
mod clock;
mod ending;
pub(crate) mod items;
mod pausing;
mod prorations;
mod settling;
mod starting;
mod times;
mod usage;

use serde_json::Value;

pub(crate) use change::update;
pub(crate) use ending::cancel;
pub(super) use ending::end_all;
pub(crate) use pausing::resume;
pub(super) use settling::{payment_failed, payment_succeeded};
pub(crate) use starting::create;

use super::customers::CUSTOMER;
use super::discounts::{self, DISCOUNT};
use super::entitlements;
use super::invoices::INVOICE;
use super::payment_methods::PAYMENT_METHOD;
use super::schedules::SCHEDULE;
use super::{Clock, Resource, prices};
use crate::call::{Call, as_object, set, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, Params, field, required};
use crate::store::Object;
use items::{ITEM, ITEM_CHANGE};

pub(crate) static SUBSCRIPTION: Resource = Resource {
    links: &[
        ("customer", &CUSTOMER),
        ("default_payment_method", &PAYMENT_METHOD),
        ("discounts", &DISCOUNT),
        ("latest_invoice", &INVOICE),
        ("schedule", &SCHEDULE),
    ],
    hidden: &["trial_end_told"],
    indexed: &["customer"],
    clock: Some(Clock { due: clock::due, follow: clock::follow }),
    ..Resource::new("subscription", ("sub_1", 23))
};

const SHORT: Kind = Kind::Text(5000);
const TIME: Kind = Kind::Integer(0, i64::MAX);
pub(super) const PRORATION: Field =
    field("proration_behavior", Kind::Choice(&["always_invoice", "create_prorations", "none"]));
/// Updates that wait for their payment are not among them.
const BEHAVIOR: Field =
    field("payment_behavior", Kind::Choice(&["allow_incomplete", "default_incomplete", "error_if_incomplete"]));
const AUTOMATIC_TAX: Field = field("automatic_tax", Kind::Hash(&[required("enabled", Kind::Bool)]));
const ADD_INVOICE_ITEMS: Field = field(
    "add_invoice_items",
    Kind::List(&Kind::Hash(&[required("price", SHORT), field("quantity", Kind::Integer(0, 999_999))])),
);
const PAYMENT_SETTINGS: Field = field(
    "payment_settings",
    Kind::Hash(&[
        field("payment_method_types", Kind::List(&SHORT)).clearable(),
        field("save_default_payment_method", Kind::Choice(&["off", "on_subscription"])),
    ]),
);
const TRIAL_SETTINGS: Field = field(
    "trial_settings",
    Kind::Hash(&[required(
        "end_behavior",
        Kind::Hash(&[required("missing_payment_method", Kind::Choice(&["cancel", "create_invoice", "pause"]))]),
    )]),
);
const COLLECTION: Field = field("collection_method", Kind::Choice(&["charge_automatically", "send_invoice"]));

pub(crate) const CREATE: &[Field] = &[
    required("customer", SHORT),
    required("items", Kind::List(&Kind::Hash(ITEM))),
    ADD_INVOICE_ITEMS,
    AUTOMATIC_TAX,
    BEHAVIOR,
    PRORATION,
    PAYMENT_SETTINGS,
    TRIAL_SETTINGS,
    COLLECTION,
    field("billing_cycle_anchor", TIME),
    field("cancel_at", TIME),
    field("cancel_at_period_end", Kind::Bool),
    field("currency", Kind::Currency),
    field("days_until_due", Kind::Integer(0, 3650)),
    field("default_payment_method", SHORT),
    field("description", Kind::Text(500)),
    discounts::FIELD,
    field("metadata", Kind::Metadata),
    field("off_session", Kind::Bool),
    field("trial_end", Kind::TimeOrNow),
    field("trial_period_days", Kind::Integer(0, 730)),
];

pub(crate) const UPDATE: &[Field] = &[
    ADD_INVOICE_ITEMS,
    AUTOMATIC_TAX,
    BEHAVIOR,
    PRORATION,
    PAYMENT_SETTINGS,
    TRIAL_SETTINGS,
    COLLECTION,
    field("billing_cycle_anchor", Kind::Choice(&["now", "unchanged"])),
    field("cancel_at", TIME).clearable(),
    field("cancel_at_period_end", Kind::Bool),
    field("days_until_due", Kind::Integer(0, 3650)),
    field("default_payment_method", SHORT).clearable(),
    field("description", Kind::Text(500)).clearable(),
    discounts::FIELD,
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

pub(crate) const RESUME: &[Field] =
    &[field("billing_cycle_anchor", Kind::Choice(&["now", "unchanged"])), PRORATION, field("proration_date", TIME)];

pub(crate) const LIST: &[Field] = &[
    COLLECTION,
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

/// Writes what create and update have in common.
fn write(call: &mut Call<'_>, subscription: &mut Object, params: &Params) -> Result<(), Failure> {
    if let Some(method) = params.text("default_payment_method") {
        let method = call.referred(&PAYMENT_METHOD, method, "default_payment_method")?;
        if text(&method, "customer") != text(subscription, "customer") {
            let message = "The payment method must be attached to the customer of the subscription.";
            return Err(Failure::invalid(message).param("default_payment_method"));
        }
    }
    let plain = [
        "cancel_at",
        "cancel_at_period_end",
        "collection_method",
        "days_until_due",
        "default_payment_method",
        "description",
    ];
    params.copy_to(subscription, &plain);
    let is_sent = text(subscription, "collection_method") == "send_invoice";
    if is_sent && subscription.get("days_until_due").is_none_or(Value::is_null) {
        return Err(Failure::missing("days_until_due"));
    }
    if let Some(settings) = params.hash("payment_settings") {
        for (name, value) in settings.entries() {
            subscription["payment_settings"][name] = value.clone();
        }
    }
    if let Some(settings) = params.hash("trial_settings") {
        subscription["trial_settings"]["end_behavior"] = settings.value("end_behavior");
    }
    if let Some(tax) = params.hash("automatic_tax") {
        subscription["automatic_tax"]["enabled"] = tax.value("enabled");
    }
    if params.has("cancel_at_period_end") {
        let at = params.is("cancel_at_period_end");
        set(subscription, "cancel_at", at.then(|| times::period(subscription).1));
        set(subscription, "canceled_at", at.then_some(call.now));
    } else if params.has("cancel_at") {
        set(subscription, "cancel_at_period_end", false);
        set(
            subscription,
            "canceled_at",
            params.has("cancel_at").then_some(call.now).filter(|_| !params.value("cancel_at").is_null()),
        );
    }
    if params.has("cancel_at_period_end") || params.has("cancel_at") {
        let reason = if subscription["cancel_at"].is_null() { Value::Null } else { "cancellation_requested".into() };
        subscription["cancellation_details"]["reason"] = reason;
    }
    Ok(())
}

/// The subscription of the address, unless it has ended.
fn living(call: &Call<'_>) -> Result<Object, Failure> {
    check_living(call.found(&SUBSCRIPTION)?)
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

/// The subscription with its prices as they are.
pub(super) fn at(call: &Call<'_>, mut subscription: Object) -> Object {
    for item in items::of(&mut subscription) {
        let id = item["price"]["id"].as_str().unwrap_or_default();
        if let Some(price) = call.state.store.get(&prices::PRICE, id) {
            item["price"] = Value::Object(price.clone());
        }
    }
    subscription
}

/// When the next period is billed, if there is one to come.
pub(super) fn next_billing(subscription: &Object) -> Option<i64> {
    let end = times::period(subscription).1;
    let is_living = ["active", "past_due", "trialing", "unpaid"].contains(&text(subscription, "status"));
    (is_living && subscription["cancel_at"].as_i64().is_none_or(|at| at > end)).then_some(end)
}

/// Bills the next period, whenever that is.
pub(super) fn bill_period(call: &mut Call<'_>, subscription: Object) -> Result<(), Failure> {
    clock::cycle(call, subscription)
}

/// Keeps what a subscription has become, with what its customer may use by it.
fn keep(call: &mut Call<'_>, subscription: Object, event: &str) -> Result<Value, Failure> {
    let customer = text(&subscription, "customer").to_owned();
    let kept = call.update(&SUBSCRIPTION, subscription, event)?;
    entitlements::refresh(call, &customer)?;
    Ok(kept)
}

/// When a period of such a length is over that begins at a moment.
pub(super) fn period_after(start: i64, recurring: &Value) -> i64 {
    times::after(start, start, recurring)
}

/// The subscription as it is kept now.
fn kept(call: &Call<'_>, id: &str) -> Result<Value, Failure> {
    let found = call.referred(&SUBSCRIPTION, id, "subscription")?;
    Ok(Value::Object(at(call, found)))
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
        let own = text(subscription, "status");
        let has_ended = own == "canceled" || own == "incomplete_expired";
        let is_meant = match status {
            Some("all") => true,
            Some("ended") => has_ended,
            Some(status) => own == status,
            None => own != "canceled",
        };
        let has_price = |price: &str| items::in_order(subscription).iter().any(|item| item["price"]["id"] == price);
        is_meant && price.is_none_or(has_price) && filters.iter().all(|filter| filter.passes(call, subscription))
    })?;
    if let Some(data) = list["data"].as_array_mut() {
        *data = std::mem::take(data).into_iter().map(|found| Value::Object(at(call, as_object(found)))).collect();
    }
    Ok(list)
}
