//! What was used of metered prices, billed at the end of a period.

use serde_json::Value;

use super::super::invoices::lines::{self, Billed};
use super::super::meter_events;
use super::super::meters::METER;
use super::{billing, items, times};
use crate::call::{Call, as_object, text};
use crate::pricing;
use crate::store::Object;

/// The lines for what was used in the period that a subscription is in, before a moment.
pub(super) fn lines(call: &mut Call<'_>, subscription: &Object, before: i64) -> Vec<Value> {
    let period = times::period(subscription);
    let until = period.1.min(before);
    let mut made = Vec::new();
    for item in items::in_order(subscription).iter().filter(|item| items::is_metered(item)) {
        let meter = item["price"]["recurring"]["meter"].as_str().unwrap_or_default();
        let Some(meter) = call.state.store.get(&METER, meter).cloned() else { continue };
        let (used, _) = meter_events::used(call, &meter, text(subscription, "customer"), (period.0, until));
        let amount = pricing::usage_amount(&as_object(item["price"].clone()), used);
        let used = used.normalize();
        let name = lines::product_name(call, &item["price"]);
        let billed = Billed {
            amount,
            description: format!("{used} × {name}{}", billing::at_price(&item["price"])),
            period: (period.0, until),
            quantity: used.to_string().parse().ok(),
            quantity_decimal: used.to_string(),
            item,
        };
        made.push(lines::of_subscription(call, &billed));
    }
    made
}
