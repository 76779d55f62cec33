//! Subscriptions that wait for a payment method after their trial. <https://docs.stripe.com/billing/subscriptions/trials>

use serde_json::Value;

use super::super::customers::CUSTOMER;
use super::super::invoices;
use super::{billing, ending, living, settling, times};
use crate::call::{Call, as_object, set, text};
use crate::failure::Failure;
use crate::store::Object;

/// Whether there is anything to pay with.
fn has_method(call: &Call<'_>, subscription: &Object) -> bool {
    let customer = call.state.store.get(&CUSTOMER, text(subscription, "customer"));
    let of_customer = customer.and_then(|found| found.get("invoice_settings")?["default_payment_method"].as_str());
    !subscription["default_payment_method"].is_null() || of_customer.is_some()
}

/// Whether a subscription is agreed to stop after its trial, for nobody has said how to pay.
pub(super) fn stops_at_trial_end(call: &Call<'_>, subscription: &Object) -> bool {
    end_behavior(subscription) != "create_invoice" && !has_method(call, subscription)
}

fn end_behavior(subscription: &Object) -> &str {
    subscription["trial_settings"]["end_behavior"]["missing_payment_method"].as_str().unwrap_or("create_invoice")
}

/// Ends a subscription after its trial, or lets it wait.
pub(super) fn stop(call: &mut Call<'_>, subscription: Object) -> Result<(), Failure> {
    match end_behavior(&subscription) {
        "cancel" => ending::end(call, subscription, "cancellation_requested"),
        _ => pause(call, subscription),
    }
}

/// No period follows until somebody resumes it.
fn pause(call: &mut Call<'_>, mut subscription: Object) -> Result<(), Failure> {
    set(&mut subscription, "status", "paused");
    let paused = super::keep(call, subscription, "customer.subscription.updated").map(as_object)?;
    settling::tell(call, "customer.subscription.paused", &paused)
}

/// A paused subscription goes on with a new period, which is paid at once.
pub(crate) fn resume(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut subscription = living(call)?;
    if text(&subscription, "status") != "paused" {
        let message = format!(
            "This subscription cannot be resumed because its status is `{}`. Only paused subscriptions can be resumed.",
            text(&subscription, "status")
        );
        return Err(Failure::invalid(message));
    }
    set(&mut subscription, "status", "active");
    times::begin_period(&mut subscription, call.now);
    let lines = billing::lines(call, &subscription, billing::Stage::Whole);
    let (invoice, bill) = billing::draw_up(call, &subscription, "subscription_update", lines)?;
    set(&mut subscription, "latest_invoice", text(&invoice, "id"));
    let resumed = super::keep(call, subscription, "customer.subscription.updated").map(as_object)?;
    settling::tell(call, "customer.subscription.resumed", &resumed)?;
    let invoice = invoices::keep(call, invoice, &bill)?;
    billing::collect(call, invoice, true)?;
    super::kept(call, text(&resumed, "id"))
}
