//! What a payment, or the lack of one, makes of the subscription that it is for.

use serde_json::Value;

use super::super::events;
use super::super::invoices::payments;
use super::{SUBSCRIPTION, ending};
use crate::call::{Call, set, text};
use crate::failure::Failure;
use crate::store::Object;

/// The subscription of an invoice, if it is the one that decides.
fn subscription_of(call: &Call<'_>, invoice: &Object) -> Option<Object> {
    let subscription = call.state.store.get(&SUBSCRIPTION, text(invoice, "subscription"))?;
    (subscription.get("latest_invoice") == invoice.get("id")).then(|| subscription.clone())
}

/// The newest invoice is paid: whatever was wrong is well again.
pub(in crate::resources) fn payment_succeeded(call: &mut Call<'_>, invoice: &Object) -> Result<(), Failure> {
    let Some(mut subscription) = subscription_of(call, invoice) else { return Ok(()) };
    if !["incomplete", "past_due", "unpaid"].contains(&text(&subscription, "status")) {
        return Ok(());
    }
    set(&mut subscription, "status", "active");
    if subscription["payment_settings"]["save_default_payment_method"] == "on_subscription"
        && let Some(intent) = payments::intent_of(call, text(invoice, "id"))
    {
        set(&mut subscription, "default_payment_method", intent["payment_method"].clone());
    }
    super::keep(call, subscription, "customer.subscription.updated").map(drop)
}

/// A payment has failed. After the last try the account's own rule decides.
pub(in crate::resources) fn payment_failed(
    call: &mut Call<'_>,
    invoice: &Object,
    was_last: bool,
) -> Result<(), Failure> {
    let found = call.state.store.get(&SUBSCRIPTION, text(invoice, "subscription")).cloned();
    let Some(mut subscription) = found else { return Ok(()) };
    let is_known = ["active", "past_due", "trialing"].contains(&text(&subscription, "status"));
    if !is_known {
        return Ok(());
    }
    match (was_last, call.state.after_retries.as_str()) {
        (true, "unpaid") => set(&mut subscription, "status", "unpaid"),
        (true, "canceled") => {
            subscription["cancellation_details"]["reason"] = Value::from("payment_failed");
            return ending::end(call, subscription, "payment_failed");
        }
        _ => set(&mut subscription, "status", "past_due"),
    }
    super::keep(call, subscription, "customer.subscription.updated").map(drop)
}

/// Tells of something that is no change of a field.
pub(super) fn tell(call: &mut Call<'_>, event: &str, subscription: &Object) -> Result<(), Failure> {
    events::record(call, event, subscription.clone(), None)
}
