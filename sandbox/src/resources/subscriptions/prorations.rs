//! What a change in the middle of a period gives back and costs, to the second.
//! <https://docs.stripe.com/billing/subscriptions/prorations>

use serde_json::Value;

use super::super::discounts;
use super::super::invoices::items::{self as invoice_items, NewItem};
use super::super::invoices::lines;
use super::{items, times};
use crate::call::{Call, as_object, text};
use crate::failure::Failure;
use crate::pricing;
use crate::store::Object;

/// An item before and after a change.
pub(super) type Change = (Option<Value>, Option<Value>);

/// Makes the invoice items of changes at a moment within the period that the subscription is in.
pub(super) fn make(call: &mut Call<'_>, subscription: &Object, changes: &[Change], at: i64) -> Result<bool, Failure> {
    let mut has_any = false;
    for (old, new) in changes {
        for (item, is_credit) in [(old, true), (new, false)] {
            if let Some(item) = item.as_ref().filter(|item| !items::is_metered(item)) {
                has_any |= make_one(call, subscription, item, (at, is_credit))?;
            }
        }
    }
    Ok(has_any)
}

fn make_one(
    call: &mut Call<'_>,
    subscription: &Object,
    item: &Value,
    (at, is_credit): (i64, bool),
) -> Result<bool, Failure> {
    let (start, end) = times::period(subscription);
    let quantity = item["quantity"].as_i64().unwrap_or_default();
    let whole = pricing::amount(&as_object(item["price"].clone()), quantity);
    let whole = discounts::after_percentages(call, &subscription["discounts"], &item["price"], whole);
    let share = pricing::share(whole, end - at, end - start);
    if share == 0 {
        return Ok(false);
    }
    let name = lines::product_name(call, &item["price"]);
    let what = if quantity == 1 { name } else { format!("{quantity} × {name}") };
    let kind = if is_credit { "Unused" } else { "Remaining" };
    let new = NewItem {
        customer: text(subscription, "customer"),
        currency: text(subscription, "currency"),
        amount: if is_credit { -share } else { share },
        description: format!("{kind} time on {what} after {}", lines::day(at)),
        period: (at, end),
        quantity,
        pricing: lines::pricing(&item["price"]),
        of: Some((text(subscription, "id"), item["id"].as_str())),
        is_proration: true,
    };
    invoice_items::make(call, &new)?;
    Ok(true)
}

/// The moment from which a change counts.
pub(super) fn moment(call: &Call<'_>, subscription: &Object) -> Result<i64, Failure> {
    let (start, end) = times::period(subscription);
    match call.params.integer("proration_date") {
        Some(at) if at < start || at > end => {
            let message = "Cannot specify `proration_date` outside of the current period of the subscription.";
            Err(Failure::invalid(message).param("proration_date"))
        }
        Some(at) => Ok(at),
        None => Ok(call.now.clamp(start, end)),
    }
}
