//! Subscriptions whose changes are planned ahead. <https://docs.stripe.com/api/subscription_schedules>

mod course;
mod phases;

use serde_json::{Value, json};

use super::customers::{self, CUSTOMER};
use super::subscriptions::{self, SUBSCRIPTION};
use super::{Clock, Resource};
use crate::call::{Call, as_object, nulls, set, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field};
use crate::store::Object;

pub(crate) static SCHEDULE: Resource = Resource {
    noun: "subscription schedule",
    links: &[("customer", &CUSTOMER), ("subscription", &SUBSCRIPTION)],
    clock: Some(Clock { due: course::due, follow: course::follow }),
    ..Resource::new("subscription_schedule", ("sub_sched_1", 23))
};

const SHORT: Kind = Kind::Text(5000);
const END: Field = field("end_behavior", Kind::Choice(&["cancel", "release"]));

pub(crate) const CREATE: &[Field] = &[
    END,
    field("customer", SHORT),
    field("from_subscription", SHORT),
    field("metadata", Kind::Metadata).clearable(),
    field("phases", Kind::List(&Kind::Hash(phases::FIELDS))),
    field("start_date", Kind::TimeOrNow),
];

pub(crate) const UPDATE: &[Field] = &[
    END,
    field("metadata", Kind::Metadata).clearable(),
    field("phases", Kind::List(&Kind::Hash(phases::FIELDS))),
    subscriptions::PRORATION,
];

pub(crate) const CANCEL: &[Field] = &[field("invoice_now", Kind::Bool), field("prorate", Kind::Bool)];
pub(crate) const RELEASE: &[Field] = &[field("preserve_cancel_date", Kind::Bool)];
pub(crate) const LIST: &[Field] =
    &[field("created", Kind::Range), field("customer", SHORT), field("scheduled", Kind::Bool)];

/// What nothing sets here, or not at first.
const UNSET: &[&str] = &[
    "application",
    "canceled_at",
    "completed_at",
    "current_phase",
    "customer_account",
    "released_at",
    "released_subscription",
    "subscription",
    "test_clock",
];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let id = call.new_id(&SCHEDULE);
    if let Some(subscription) = params.text("from_subscription") {
        if let Some(other) = ["customer", "phases", "start_date"].into_iter().find(|name| params.has(name)) {
            return Err(Failure::exclusive("from_subscription", other));
        }
        return take_over(call, &id, subscription);
    }
    let Some(customer) = params.text("customer") else { return Err(Failure::missing("customer")) };
    customers::referred(call, customer, "customer")?;
    let start = params.integer("start_date").unwrap_or(call.now);
    let phases = phases::make(call, &params.hashes("phases"), start)?;
    let schedule = blank(call, &id, customer, phases)?;
    let schedule = as_object(call.create(&SCHEDULE, Value::Object(schedule), "subscription_schedule.created")?);
    if start <= call.now {
        course::begin(call, schedule)?;
    }
    call.referred(&SCHEDULE, &id, "id").map(Value::Object)
}

fn blank(call: &Call<'_>, id: &str, customer: &str, phases: Vec<Value>) -> Result<Object, Failure> {
    let settings = json!({
        "application_fee_percent": null,
        "automatic_tax": { "disabled_reason": null, "enabled": false, "liability": null },
        "billing_cycle_anchor": "automatic", "billing_thresholds": null, "collection_method": "charge_automatically",
        "default_payment_method": null, "description": null,
        "invoice_settings": {
            "account_tax_ids": null, "custom_fields": null, "days_until_due": null, "description": null,
            "footer": null, "issuer": { "type": "self" },
        },
        "on_behalf_of": null, "transfer_data": null,
    });
    let mut schedule = as_object(json!({
        "id": id, "object": "subscription_schedule",
        "billing_mode": { "type": "classic", "flexible": null }, "created": call.now, "customer": customer,
        "default_settings": settings, "end_behavior": call.params.or("end_behavior", "release"), "livemode": false,
        "metadata": call.new_metadata()?, "phases": phases, "status": "not_started",
    }));
    schedule.extend(nulls(UNSET));
    Ok(schedule)
}

/// A schedule for a subscription that there is: its present period is the first phase.
fn take_over(call: &mut Call<'_>, id: &str, subscription: &str) -> Result<Value, Failure> {
    let found = call.referred(&SUBSCRIPTION, subscription, "from_subscription")?;
    let mut found = subscriptions::check_living(found)?;
    if !text(&found, "schedule").is_empty() {
        let message = format!(
            "You cannot migrate a subscription that is already attached to a schedule: {subscription} is of {}.",
            text(&found, "schedule")
        );
        return Err(Failure::invalid(message).param("from_subscription"));
    }
    let phase = phases::present(&found);
    let current = json!({ "end_date": phase["end_date"], "start_date": phase["start_date"] });
    let mut schedule = blank(call, id, text(&found, "customer"), vec![phase])?;
    set(&mut schedule, "status", "active");
    set(&mut schedule, "subscription", subscription);
    set(&mut schedule, "current_phase", current);
    set(&mut found, "schedule", id);
    call.update(&SUBSCRIPTION, found, "customer.subscription.updated")?;
    call.create(&SCHEDULE, Value::Object(schedule), "subscription_schedule.created")
}

/// The schedule of the address, as long as something is still to come of it.
fn running(call: &Call<'_>, what: &str) -> Result<Object, Failure> {
    let schedule = call.found(&SCHEDULE)?;
    match text(&schedule, "status") {
        "active" | "not_started" => Ok(schedule),
        status => {
            let message = format!(
                "You cannot {what} a subscription schedule that is currently in the `{status}` status. It must be \
                 `not_started` or `active`."
            );
            Err(Failure::invalid(message))
        }
    }
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut schedule = running(call, "update")?;
    let params = call.params.clone();
    call.merge_metadata(&mut schedule)?;
    params.copy_to(&mut schedule, &["end_behavior"]);
    if !params.has("phases") {
        return call.update(&SCHEDULE, schedule, "subscription_schedule.updated");
    }
    let start = schedule["phases"][0]["start_date"].as_i64().unwrap_or(call.now);
    let phases = phases::make(call, &params.hashes("phases"), start)?;
    set(&mut schedule, "phases", phases);
    let id = text(&schedule, "id").to_owned();
    let is_active = text(&schedule, "status") == "active";
    call.update(&SCHEDULE, schedule.clone(), "subscription_schedule.updated")?;
    if is_active {
        course::apply_present(call, schedule)?;
    }
    call.referred(&SCHEDULE, &id, "id").map(Value::Object)
}

/// The subscription goes on by itself.
pub(crate) fn release(call: &mut Call<'_>) -> Result<Value, Failure> {
    let schedule = running(call, "release")?;
    course::release(call, schedule)
}

/// The subscription ends with its schedule.
pub(crate) fn cancel(call: &mut Call<'_>) -> Result<Value, Failure> {
    let schedule = running(call, "cancel")?;
    course::cancel(call, schedule)
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&SCHEDULE).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let filters = [Filter::Equals("customer"), Filter::Within("created")];
    let is_scheduled = call.params.bool("scheduled");
    call.list_where(&SCHEDULE, |schedule| {
        is_scheduled.is_none_or(|wanted| (text(schedule, "status") == "not_started") == wanted)
            && filters.iter().all(|filter| filter.passes(call, schedule))
    })
}
