//! What time does to a subscription: trials end, a period follows the other, an end comes.

use serde_json::{Value, json};

use super::super::events;
use super::super::invoices::{self, INVOICE, steps};
use super::{SUBSCRIPTION, billing, ending, pausing, times, usage};
use crate::call::{Call, number, set, text};
use crate::failure::Failure;
use crate::store::Object;

/// How long a first payment may be missing.
const INCOMPLETE_SECS: i64 = 23 * 60 * 60;
/// How long before its end a trial is told to end.
const WARNING_SECS: i64 = 3 * times::DAY_SECS;

/// When time does something to the subscription.
pub(super) fn due(subscription: &Object) -> Option<i64> {
    let at = |name: &str| subscription.get(name).and_then(Value::as_i64);
    let status = text(subscription, "status");
    match status {
        "incomplete" => return Some(number(subscription, "created") + INCOMPLETE_SECS),
        "canceled" | "incomplete_expired" => return None,
        _ => {}
    }
    let resumes = subscription.get("pause_collection").and_then(|pause| pause["resumes_at"].as_i64());
    let cycle = (status != "paused").then(|| times::period(subscription).1);
    [at("cancel_at"), resumes, cycle, warning(subscription)].into_iter().flatten().min()
}

/// When the end of a trial is told, unless it was.
fn warning(subscription: &Object) -> Option<i64> {
    let end = subscription.get("trial_end").and_then(Value::as_i64)?;
    let is_told = subscription.get("trial_end_told") == Some(&json!(end));
    let is_due = text(subscription, "status") == "trialing" && !is_told;
    is_due.then(|| (end - WARNING_SECS).max(number(subscription, "trial_start")))
}

/// Lets happen what is due first. At one moment an end comes before a new period.
pub(super) fn follow(call: &mut Call<'_>, mut subscription: Object) -> Result<(), Failure> {
    let is_due = |at: Option<i64>| at.is_some_and(|at| at <= call.now);
    let at = |name: &str| subscription.get(name).and_then(Value::as_i64);
    if text(&subscription, "status") == "incomplete" {
        return expire(call, subscription);
    }
    if is_due(at("cancel_at")) {
        return ending::end_of_period(call, subscription);
    }
    if is_due(subscription["pause_collection"]["resumes_at"].as_i64()) {
        set(&mut subscription, "pause_collection", Value::Null);
        return super::keep(call, subscription, "customer.subscription.updated").map(drop);
    }
    if is_due(warning(&subscription)) {
        let end = subscription["trial_end"].clone();
        set(&mut subscription, "trial_end_told", end);
        call.keep_quietly(&SUBSCRIPTION, Value::Object(subscription.clone()))?;
        return events::record(call, "customer.subscription.trial_will_end", subscription, None);
    }
    cycle(call, subscription)
}

/// Nobody has paid the first invoice in time.
fn expire(call: &mut Call<'_>, mut subscription: Object) -> Result<(), Failure> {
    set(&mut subscription, "status", "incomplete_expired");
    set(&mut subscription, "ended_at", call.now);
    let invoice = call.state.store.get(&INVOICE, text(&subscription, "latest_invoice")).cloned();
    super::keep(call, subscription, "customer.subscription.updated")?;
    match invoice.filter(|invoice| text(invoice, "status") == "open") {
        Some(invoice) => steps::void(call, invoice).map(drop),
        None => Ok(()),
    }
}

/// A new period begins, with the invoice for it and for what was used in the one before.
pub(super) fn cycle(call: &mut Call<'_>, mut subscription: Object) -> Result<(), Failure> {
    let was_trial = text(&subscription, "status") == "trialing";
    if was_trial && pausing::stops_at_trial_end(call, &subscription) {
        return pausing::stop(call, subscription);
    }
    let mut lines = if was_trial { Vec::new() } else { usage::lines(call, &subscription, call.now) };
    times::next_period(&mut subscription);
    if was_trial {
        set(&mut subscription, "status", "active");
    }
    lines.extend(billing::lines(call, &subscription, billing::Stage::Whole));
    let (mut invoice, bill) = billing::draw_up(call, &subscription, "subscription_cycle", lines)?;
    set(&mut subscription, "latest_invoice", text(&invoice, "id"));
    billing::write_pause(&mut invoice, &subscription);
    super::keep(call, subscription, "customer.subscription.updated")?;
    invoices::keep(call, invoice, &bill).map(drop)
}
