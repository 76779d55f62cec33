//! The course of a schedule: one phase follows the other, and after the last one the subscription goes on or ends.

use serde_json::{Value, json};

use super::super::subscriptions::{self, SUBSCRIPTION, items};
use super::SCHEDULE;
use crate::call::{Call, as_object, set, text};
use crate::failure::Failure;
use crate::store::Object;

/// When time does something to the schedule.
pub(super) fn due(schedule: &Object) -> Option<i64> {
    match text(schedule, "status") {
        "not_started" => schedule["phases"][0]["start_date"].as_i64(),
        "active" => schedule["current_phase"]["end_date"].as_i64(),
        _ => None,
    }
}

pub(super) fn follow(call: &mut Call<'_>, schedule: Object) -> Result<(), Failure> {
    if text(&schedule, "status") == "not_started" {
        let (mark, deliveries) = (call.state.store.mark(), call.state.deliveries.len());
        return begin(call, schedule.clone()).or_else(|_| {
            // Nobody is there to be told why it cannot begin.
            call.state.store.roll_back_to(mark);
            call.state.deliveries.truncate(deliveries);
            abort(call, schedule)
        });
    }
    let subscription = call.state.store.get(&SUBSCRIPTION, text(&schedule, "subscription"));
    let has_ended = |found: &Object| ["canceled", "incomplete_expired"].contains(&text(found, "status"));
    if subscription.is_none_or(has_ended) {
        return abort(call, schedule);
    }
    let end = schedule["current_phase"]["end_date"].clone();
    let phases = schedule["phases"].as_array().cloned().unwrap_or_default();
    match phases.into_iter().find(|phase| phase["start_date"] == end) {
        Some(phase) => enter(call, schedule, &phase),
        None if text(&schedule, "end_behavior") == "cancel" => {
            let schedule = as_object(finish(call, schedule, "completed")?);
            end_subscription(call, text(&schedule, "subscription"))
        }
        None => release(call, schedule).map(drop),
    }
}

/// Makes the subscription of the first phase.
pub(super) fn begin(call: &mut Call<'_>, mut schedule: Object) -> Result<(), Failure> {
    let phase = schedule["phases"][0].clone();
    let sold: Vec<Value> = phase["items"].as_array().into_iter().flatten().map(|item| as_sold(call, item)).collect();
    let params = json!({
        "customer": schedule["customer"], "description": phase["description"], "discounts": phase["discounts"],
        "items": sold, "metadata": phase["metadata"], "trial_end": phase["trial_end"],
    });
    let made = call.with(params, subscriptions::create)?;
    let mut subscription = call.referred(&SUBSCRIPTION, made["id"].as_str().unwrap_or_default(), "subscription")?;
    set(&mut subscription, "schedule", text(&schedule, "id"));
    call.update(&SUBSCRIPTION, subscription, "customer.subscription.updated")?;
    set(&mut schedule, "status", "active");
    set(&mut schedule, "subscription", made["id"].clone());
    set(&mut schedule, "current_phase", bounds(&phase));
    call.update(&SCHEDULE, schedule, "subscription_schedule.updated").map(drop)
}

fn bounds(phase: &Value) -> Value {
    json!({ "end_date": phase["end_date"], "start_date": phase["start_date"] })
}

/// An item of a phase as a subscription takes it.
fn as_sold(call: &Call<'_>, item: &Value) -> Value {
    let mut sold = json!({ "metadata": item["metadata"], "price": item["price"] });
    let price = call.state.store.get(&super::super::prices::PRICE, item["price"].as_str().unwrap_or_default());
    let is_metered = price.is_some_and(|price| price["recurring"]["usage_type"] == "metered");
    if !is_metered {
        sold["quantity"] = item["quantity"].clone();
    }
    sold
}

/// Lets the subscription be what a phase says.
fn enter(call: &mut Call<'_>, mut schedule: Object, phase: &Value) -> Result<(), Failure> {
    set(&mut schedule, "current_phase", bounds(phase));
    let subscription = text(&schedule, "subscription").to_owned();
    call.update(&SCHEDULE, schedule, "subscription_schedule.updated")?;
    let found = call.referred(&SUBSCRIPTION, &subscription, "subscription")?;
    let mut changes = Vec::new();
    let mut kept = Vec::new();
    for item in phase["items"].as_array().into_iter().flatten() {
        let mut sold = as_sold(call, item);
        if let Some(own) = items::in_order(&found).iter().find(|own| own["price"]["id"] == item["price"]) {
            sold["id"] = own["id"].clone();
            kept.push(own["id"].clone());
        }
        changes.push(sold);
    }
    let gone = items::in_order(&found).iter().filter(|own| !kept.contains(&own["id"]));
    changes.extend(gone.map(|own| json!({ "id": own["id"], "deleted": true })));
    let mut params = json!({
        "items": changes, "proration_behavior": phase["proration_behavior"], "trial_end": phase["trial_end"],
    });
    for name in ["description", "metadata"] {
        if phase[name].as_object().is_none_or(|fields| !fields.is_empty()) {
            params[name] = phase[name].clone();
        }
    }
    if phase["discounts"].as_array().is_some_and(|discounts| !discounts.is_empty()) {
        params["discounts"] = phase["discounts"].clone();
    }
    let own = std::mem::replace(&mut call.ids, vec![subscription]);
    let entered = call.with(params, subscriptions::update);
    call.ids = own;
    entered.map(drop)
}

/// After the phases were rewritten: what holds now is applied at once.
pub(super) fn apply_present(call: &mut Call<'_>, schedule: Object) -> Result<(), Failure> {
    let phases = schedule["phases"].as_array().cloned().unwrap_or_default();
    let holds =
        |phase: &Value| phase["start_date"].as_i64() <= Some(call.now) && phase["end_date"].as_i64() > Some(call.now);
    match phases.iter().find(|phase| holds(phase)) {
        Some(phase) => enter(call, schedule, phase),
        None => {
            let message = "The phases must include one that holds at the moment.";
            Err(Failure::invalid(message).param("phases"))
        }
    }
}

/// The subscription goes on without the schedule.
pub(super) fn release(call: &mut Call<'_>, mut schedule: Object) -> Result<Value, Failure> {
    let id = text(&schedule, "subscription").to_owned();
    if let Some(mut subscription) = call.state.store.get(&SUBSCRIPTION, &id).cloned() {
        set(&mut subscription, "schedule", Value::Null);
        call.update(&SUBSCRIPTION, subscription, "customer.subscription.updated")?;
    }
    if !id.is_empty() {
        set(&mut schedule, "released_subscription", id);
        set(&mut schedule, "subscription", Value::Null);
    }
    finish(call, schedule, "released")
}

/// There is no subscription any more, or none could be made.
fn abort(call: &mut Call<'_>, mut schedule: Object) -> Result<(), Failure> {
    set(&mut schedule, "status", "canceled");
    set(&mut schedule, "canceled_at", call.now);
    set(&mut schedule, "current_phase", Value::Null);
    call.update(&SCHEDULE, schedule, "subscription_schedule.aborted").map(drop)
}

/// The subscription ends with the schedule.
pub(super) fn cancel(call: &mut Call<'_>, schedule: Object) -> Result<Value, Failure> {
    let id = text(&schedule, "subscription").to_owned();
    let schedule = finish(call, schedule, "canceled")?;
    if !id.is_empty() {
        end_subscription(call, &id)?;
    }
    Ok(schedule)
}

fn end_subscription(call: &mut Call<'_>, id: &str) -> Result<(), Failure> {
    let how = json!({ "invoice_now": call.params.value("invoice_now"), "prorate": call.params.value("prorate") });
    let own = std::mem::replace(&mut call.ids, vec![id.to_owned()]);
    let ended = call.with(how, subscriptions::cancel);
    call.ids = own;
    ended.map(drop)
}

fn finish(call: &mut Call<'_>, mut schedule: Object, status: &str) -> Result<Value, Failure> {
    set(&mut schedule, "status", status);
    set(&mut schedule, "current_phase", Value::Null);
    let moment = format!("{status}_at");
    if schedule.contains_key(&moment) {
        set(&mut schedule, &moment, call.now);
    }
    call.update(&SCHEDULE, schedule, &format!("subscription_schedule.{status}"))
}
