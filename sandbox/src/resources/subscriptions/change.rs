//! Changes of a subscription: other prices and quantities, trials, pauses, and what they are billed.

use serde_json::{Value, json};

use super::super::discounts;
use super::super::invoices;
use super::super::payment_methods::{self, PAYMENT_METHOD};
use super::items::Changed;
use super::{billing, items, living, pausing, prorations, times, usage, write};
use crate::call::{Call, as_object, number, set, text};
use crate::cards::Outcome;
use crate::failure::Failure;
use crate::params::Params;
use crate::store::Object;

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let before = living(call)?;
    let mut subscription = before.clone();
    call.merge_metadata(&mut subscription)?;
    write(call, &mut subscription, &params)?;
    if params.has("discounts") {
        replace_discounts(call, &mut subscription)?;
    }
    if params.has("pause_collection") {
        let pause = params
            .hash("pause_collection")
            .map(|pause| json!({ "behavior": pause.value("behavior"), "resumes_at": pause.value("resumes_at") }));
        set(&mut subscription, "pause_collection", json!(pause));
    }
    let changed = items::change(call, &mut subscription, &params.hashes("items"))?;
    let trial = write_trial(call, &mut subscription, &params);
    if trial == Trial::Ends && pausing::stops_at_trial_end(call, &subscription) {
        let id = text(&subscription, "id").to_owned();
        pausing::stop(call, subscription)?;
        return super::kept(call, &id);
    }
    let plan = plan(call, &before, &mut subscription, (changed, trial))?;
    billing::add_once(call, &subscription, &params)?;
    let id = text(&subscription, "id").to_owned();
    match plan {
        None => drop(super::keep(call, subscription, "customer.subscription.updated")?),
        Some(lines) => bill(call, subscription, lines)?,
    }
    super::kept(call, &id)
}

/// The new discounts take the place of the old ones, but for those that are named again.
fn replace_discounts(call: &mut Call<'_>, subscription: &mut Object) -> Result<(), Failure> {
    discounts::check_least(call, billing::worth(subscription), text(subscription, "currency"))?;
    let old = subscription["discounts"].as_array().cloned().unwrap_or_default();
    let (id, customer) = (text(subscription, "id").to_owned(), text(subscription, "customer").to_owned());
    let new = discounts::redeem(call, &customer, ("subscription", &id), call.now)?;
    for gone in old.iter().filter(|id| !new.as_array().is_some_and(|new| new.contains(id))) {
        if let Some(discount) = call.state.store.get(&discounts::DISCOUNT, gone.as_str().unwrap_or_default()).cloned() {
            discounts::end(call, discount)?;
        }
    }
    set(subscription, "discounts", new);
    Ok(())
}

/// What a change does to a trial.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trial {
    Same,
    Begins,
    Ends,
}

fn write_trial(call: &Call<'_>, subscription: &mut Object, params: &Params) -> Trial {
    let was_trial = text(subscription, "status") == "trialing";
    match params.integer("trial_end").filter(|end| *end > call.now) {
        _ if !params.has("trial_end") => Trial::Same,
        None if !was_trial => Trial::Same,
        None => {
            set(subscription, "trial_end", call.now);
            set(subscription, "status", "active");
            Trial::Ends
        }
        Some(end) => {
            let start = if was_trial { number(subscription, "trial_start") } else { call.now };
            set(subscription, "trial_end", end);
            set(subscription, "trial_start", start);
            set(subscription, "status", "trialing");
            times::begin_period(subscription, start);
            if was_trial { Trial::Same } else { Trial::Begins }
        }
    }
}

/// Makes the prorations of a change and says what is billed at once: these lines, and what waits. None is nothing.
fn plan(
    call: &mut Call<'_>,
    before: &Object,
    subscription: &mut Object,
    (changed, trial): (Changed, Trial),
) -> Result<Option<Vec<Value>>, Failure> {
    let behavior = call.params.text("proration_behavior").unwrap_or("create_prorations").to_owned();
    let is_paid = ["active", "past_due", "unpaid"].contains(&text(before, "status"));
    let is_bought = is_paid && billing::worth(before) == 0 && billing::worth(subscription) > 0;
    let is_asked = call.params.text("billing_cycle_anchor") == Some("now");
    // Within a trial there is no other period than the trial's own.
    let restarts = trial == Trial::Ends || is_paid && (changed.has_other_interval || is_asked || is_bought);
    let is_everything = restarts || trial == Trial::Begins;
    let mut has_prorations = false;
    if behavior != "none" && is_paid {
        let at = if is_everything { call.now } else { prorations::moment(call, before)? };
        let all = items::in_order(before).iter().map(|item| (Some(item.clone()), None)).collect();
        let changes = if is_everything { all } else { changed.items };
        has_prorations = prorations::make(call, before, &changes, at)?;
    }
    if trial == Trial::Begins {
        return Ok(Some(billing::lines(call, subscription, billing::Stage::Trial)));
    }
    if restarts {
        let used = if is_paid { usage::lines(call, before, call.now) } else { Vec::new() };
        times::begin_period(subscription, call.now);
        return Ok(Some([used, billing::lines(call, subscription, billing::Stage::Whole)].concat()));
    }
    Ok((behavior == "always_invoice" && has_prorations).then(Vec::new))
}

/// Keeps the change, with an invoice that is collected at once.
fn bill(call: &mut Call<'_>, mut subscription: Object, lines: Vec<Value>) -> Result<(), Failure> {
    let (invoice, bill) = billing::draw_up(call, &subscription, "subscription_update", lines)?;
    let behavior = call.params.text("payment_behavior").unwrap_or("allow_incomplete").to_owned();
    if behavior == "error_if_incomplete" && number(&invoice, "amount_due") > 0 && !call.is_preview {
        check_payable(call, &invoice)?;
    }
    set(&mut subscription, "latest_invoice", text(&invoice, "id"));
    super::keep(call, subscription, "customer.subscription.updated").map(as_object)?;
    let invoice = invoices::keep(call, invoice, &bill)?;
    billing::collect(call, invoice, behavior != "default_incomplete")
}

/// Refuses what could not be paid, before anything is charged.
fn check_payable(call: &Call<'_>, invoice: &Object) -> Result<(), Failure> {
    let method = invoices::collection::method_of(call, invoice);
    let method = method.and_then(|id| call.state.store.get(&PAYMENT_METHOD, &id));
    match method.map(payment_methods::outcome) {
        Some(Outcome::Paid) => Ok(()),
        Some(Outcome::Declined(code, decline_code)) => Err(Failure::declined(code, decline_code)),
        Some(Outcome::Authentication) => Err(Failure::declined("authentication_required", "authentication_required")),
        None => Err(invoices::collection::no_method()),
    }
}
