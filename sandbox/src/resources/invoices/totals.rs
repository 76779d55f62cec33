//! What the lines of a draft add up to.

use serde_json::{Value, json};

use super::super::discounts;
use super::steps;
use crate::call::{Call, number, set};
use crate::failure::Failure;
use crate::store::Object;

/// Stripe charges nothing beyond eight digits; an invoice of more cannot be paid.
const MOST: i64 = 999_999_999_999;

/// Adds up anew, with the discounts of the invoice.
pub(super) fn write(call: &Call<'_>, invoice: &mut Object) -> Result<(), Failure> {
    let ids = invoice.get("discounts").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut lines = super::lines::of(invoice).to_vec();
    let taken = discounts::spread(call, &ids, &mut lines);
    let subtotal = sum(lines.iter().map(|line| line["amount"].as_i64().unwrap_or_default()))?;
    let discount = sum(taken.iter().map(|(_, amount)| *amount))?;
    let total = subtotal - discount;
    if total.abs() > MOST {
        return Err(too_large());
    }
    if let Some(list) = invoice.get_mut("lines") {
        list["data"] = Value::Array(lines);
    }
    for name in ["subtotal", "subtotal_excluding_tax"] {
        set(invoice, name, subtotal);
    }
    for name in ["total", "total_excluding_tax"] {
        set(invoice, name, total);
    }
    let amounts: Vec<Value> = taken.iter().map(|(id, amount)| json!({ "amount": amount, "discount": id })).collect();
    let credits: Vec<Value> =
        taken.iter().map(|(id, amount)| json!({ "amount": amount, "discount": id, "type": "discount" })).collect();
    set(invoice, "total_discount_amounts", amounts);
    set(invoice, "total_pretax_credit_amounts", credits);
    let due = steps::due_after_balance(total, number(invoice, "starting_balance")).0;
    set(invoice, "amount_due", due);
    set(invoice, "amount_remaining", due);
    Ok(())
}

fn sum(amounts: impl Iterator<Item = i64>) -> Result<i64, Failure> {
    amounts.into_iter().try_fold(0_i64, i64::checked_add).ok_or_else(too_large)
}

fn too_large() -> Failure {
    Failure::invalid("The amount of the invoice is more than can be paid.").code("amount_too_large")
}
