//! The end of a subscription: at once, or with its period.

use serde_json::{Value, json};

use super::super::invoices;
use super::{SUBSCRIPTION, billing, items, living, prorations, usage};
use crate::call::{Call, set, text};
use crate::failure::Failure;
use crate::store::Object;

/// Ends it at once; what is paid for time to come goes back where that is asked for.
pub(crate) fn cancel(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut subscription = living(call)?;
    let details = call.params.hash("cancellation_details").unwrap_or_default();
    subscription["cancellation_details"]["comment"] = details.value("comment");
    subscription["cancellation_details"]["feedback"] = details.value("feedback");
    let is_paid = ["active", "past_due"].contains(&text(&subscription, "status"));
    if call.params.is("prorate") && is_paid {
        let changes: Vec<_> = items::in_order(&subscription).iter().map(|item| (Some(item.clone()), None)).collect();
        prorations::make(call, &subscription, &changes, call.now)?;
    }
    let is_billed = call.params.is("invoice_now") && is_paid;
    // What was told in this very second counts: there is no later period for it.
    let last = is_billed.then(|| usage::lines(call, &subscription, call.now + 1));
    finish(call, subscription, "cancellation_requested", last)
}

/// Its time is over: what was used is still to be paid.
pub(super) fn end_of_period(call: &mut Call<'_>, subscription: Object) -> Result<(), Failure> {
    let reason = subscription["cancellation_details"]["reason"].as_str().unwrap_or("cancellation_requested").to_owned();
    let is_paid = ["active", "past_due"].contains(&text(&subscription, "status"));
    let used = if is_paid { usage::lines(call, &subscription, call.now) } else { Vec::new() };
    finish(call, subscription, &reason, Some(used)).map(drop)
}

/// Ends all that a customer has who goes, and asks them for nothing more.
pub(in crate::resources) fn end_all(call: &mut Call<'_>, customer: &str) -> Result<(), Failure> {
    let own: Vec<Object> = call.state.store.all_with(&SUBSCRIPTION, "customer", customer).cloned().collect();
    for subscription in own {
        if super::check_living(subscription.clone()).is_ok() {
            end(call, subscription, "cancellation_requested")?;
        }
    }
    billing::stop_collecting(call, ("customer", customer))
}

/// Ends it without a last invoice.
pub(super) fn end(call: &mut Call<'_>, subscription: Object, reason: &str) -> Result<(), Failure> {
    finish(call, subscription, reason, None).map(drop)
}

fn finish(
    call: &mut Call<'_>,
    mut subscription: Object,
    reason: &str,
    last: Option<Vec<Value>>,
) -> Result<Value, Failure> {
    let id = text(&subscription, "id").to_owned();
    let bill = match last {
        None => None,
        Some(lines) => {
            let (invoice, bill) = billing::draw_up(call, &subscription, "subscription_update", lines)?;
            (!invoice["lines"]["data"].as_array().is_none_or(Vec::is_empty)).then_some((invoice, bill))
        }
    };
    if let Some((invoice, _)) = &bill {
        set(&mut subscription, "latest_invoice", text(invoice, "id"));
    }
    subscription["cancellation_details"]["reason"] = json!(reason);
    set(&mut subscription, "status", "canceled");
    set(&mut subscription, "ended_at", call.now);
    if subscription["canceled_at"].is_null() {
        set(&mut subscription, "canceled_at", call.now);
    }
    super::keep(call, subscription, "customer.subscription.deleted")?;
    billing::stop_collecting(call, ("subscription", &id))?;
    if let Some((invoice, bill)) = bill {
        let invoice = invoices::keep(call, invoice, &bill)?;
        billing::collect(call, invoice, true)?;
    }
    super::kept(call, &id)
}
