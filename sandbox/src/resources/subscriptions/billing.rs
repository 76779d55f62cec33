//! What a period of a subscription costs, and the invoice for it.

use serde_json::{Value, json};

use super::super::customers::CUSTOMER;
use super::super::discounts;
use super::super::invoices::items::{self as invoice_items, NewItem};
use super::super::invoices::lines::{self, Billed};
use super::super::invoices::{self, Bill, INVOICE, collection, steps};
use super::super::prices::PRICE;
use super::{items, times};
use crate::call::{Call, as_object, set, text};
use crate::failure::Failure;
use crate::params::Params;
use crate::pricing;
use crate::store::Object;

/// How much of a period is paid.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Whole,
    /// The time until the day on which periods begin.
    Part,
    /// That time, for nothing.
    Free,
    Trial,
}

/// The lines for the period that a subscription is in. What is metered is billed at its end.
pub(super) fn lines(call: &mut Call<'_>, subscription: &Object, stage: Stage) -> Vec<Value> {
    let period = times::period(subscription);
    let mut made = Vec::new();
    for item in items::in_order(subscription).iter().filter(|item| !items::is_metered(item)) {
        let quantity = item["quantity"].as_i64().unwrap_or_default();
        let whole = pricing::amount(&as_object(item["price"].clone()), quantity);
        let name = lines::product_name(call, &item["price"]);
        let amount = match stage {
            Stage::Whole => whole,
            Stage::Trial | Stage::Free => 0,
            Stage::Part => {
                let full = period.1 - times::before(period.1, &item["price"]["recurring"]);
                pricing::share(whole, period.1 - period.0, full)
            }
        };
        let description = match stage {
            Stage::Trial => format!("Trial period for {name}"),
            _ => format!("{quantity} × {name}{}", at_price(&item["price"])),
        };
        let decimal = quantity.to_string();
        let billed = Billed { amount, description, period, quantity: Some(quantity), quantity_decimal: decimal, item };
        made.push(lines::of_subscription(call, &billed));
    }
    made
}

/// ` (at $10.00 / month)`; of tiers there is no one price.
pub(super) fn at_price(price: &Value) -> String {
    let (Some(unit), Some(code)) = (price["unit_amount"].as_i64(), price["currency"].as_str()) else {
        return String::new();
    };
    let currency = pricebook_types::Currency::ALL.iter().copied().find(|currency| currency.code() == code);
    let every = match price["recurring"]["interval_count"].as_i64() {
        Some(count) if count > 1 => {
            format!("every {count} {}s", price["recurring"]["interval"].as_str().unwrap_or_default())
        }
        _ => format!("/ {}", price["recurring"]["interval"].as_str().unwrap_or_default()),
    };
    currency
        .map_or_else(String::new, |currency| format!(" (at {} {every})", pricebook_types::Money::new(unit, currency)))
}

/// What a period costs before anything is taken off.
pub(super) fn worth(subscription: &Object) -> i64 {
    let amounts = items::in_order(subscription)
        .iter()
        .filter(|item| !items::is_metered(item))
        .map(|item| pricing::amount(&as_object(item["price"].clone()), item["quantity"].as_i64().unwrap_or_default()));
    amounts.fold(0, i64::saturating_add)
}

/// What is sold once beside a subscription waits for its next invoice.
pub(super) fn add_once(call: &mut Call<'_>, subscription: &Object, params: &Params) -> Result<(), Failure> {
    for (index, sold) in params.hashes("add_invoice_items").iter().enumerate() {
        let param = format!("add_invoice_items[{index}][price]");
        let price = call.referred(&PRICE, sold.text("price").unwrap_or_default(), &param)?;
        if text(&price, "type") != "one_time" {
            let message = "The price specified is set to `type=recurring` but this field only accepts prices with \
                           `type=one_time`.";
            return Err(Failure::invalid(message).param(param));
        }
        let quantity = sold.integer("quantity").unwrap_or(1);
        let amount = pricing::amount(&price, quantity);
        let price = Value::Object(price);
        let item = NewItem {
            customer: text(subscription, "customer"),
            currency: text(subscription, "currency"),
            amount,
            description: lines::product_name(call, &price),
            period: (call.now, call.now),
            quantity,
            pricing: lines::pricing(&price),
            of: Some((text(subscription, "id"), None)),
            is_proration: false,
        };
        invoice_items::make(call, &item)?;
    }
    Ok(())
}

/// The draft of an invoice with these lines and all that waits for one.
pub(super) fn draw_up(
    call: &mut Call<'_>,
    subscription: &Object,
    reason: &'static str,
    lines: Vec<Value>,
) -> Result<(Object, Bill), Failure> {
    let customer = call.referred(&CUSTOMER, text(subscription, "customer"), "customer")?;
    let pending = invoice_items::pending(call, text(&customer, "id"), Some(text(subscription, "id")));
    let mut bill = Bill::new(customer, Some(subscription.clone()), reason, times::period(subscription));
    bill.lines = lines;
    bill.pending = pending.into_iter().filter(|item| text(item, "currency") == bill.currency).collect();
    bill.discounts = discounts::holding(call, &subscription["discounts"]);
    let invoice = invoices::draw_up(call, &mut bill)?;
    Ok((invoice, bill))
}

/// Finalizes an invoice at once, and charges it unless the customer is to confirm it. One that is sent stays a draft.
pub(super) fn collect(call: &mut Call<'_>, mut invoice: Object, may_charge: bool) -> Result<(), Failure> {
    if call.is_preview || text(&invoice, "collection_method") == "send_invoice" {
        return Ok(());
    }
    set(&mut invoice, "next_payment_attempt", Value::Null);
    let invoice = steps::finalize(call, invoice)?;
    if text(&invoice, "status") == "open" && may_charge {
        collection::charge(call, &invoice)?;
    }
    Ok(())
}

/// Holds an invoice back where its subscription is paused or unpaid, or says what is to become of it.
pub(super) fn write_pause(invoice: &mut Object, subscription: &Object) {
    let is_unpaid = text(subscription, "status") == "unpaid";
    match subscription["pause_collection"]["behavior"].as_str() {
        _ if is_unpaid => hold(invoice),
        Some("keep_as_draft") => hold(invoice),
        Some(behavior) => set(invoice, "on_finalization", behavior),
        None => {}
    }
}

fn hold(invoice: &mut Object) {
    for (name, value) in [
        ("auto_advance", json!(false)),
        ("automatically_finalizes_at", Value::Null),
        ("next_payment_attempt", Value::Null),
    ] {
        set(invoice, name, value);
    }
}

/// Lets go of the invoices that nobody has paid, of what has ended: a `subscription`, or all of a `customer`.
pub(super) fn stop_collecting(call: &mut Call<'_>, (field, id): (&str, &str)) -> Result<(), Failure> {
    let open: Vec<Object> = call
        .state
        .store
        .all_with(&INVOICE, field, id)
        .filter(|invoice| ["draft", "open"].contains(&text(invoice, "status")) && invoice["auto_advance"] == true)
        .cloned()
        .collect();
    for mut invoice in open {
        hold(&mut invoice);
        call.update(&INVOICE, invoice, "invoice.updated")?;
    }
    Ok(())
}
