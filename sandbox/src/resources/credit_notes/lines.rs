//! The lines of credit notes: of the invoice's own, or free ones.

use serde_json::{Value, json};

use super::super::invoices::lines;
use crate::call::Call;
use crate::failure::Failure;
use crate::params::{Field, Kind, Params, field, required};
use crate::store::Object;

const AMOUNT: Kind = Kind::Integer(0, 999_999_999_999);

pub(super) const FIELDS: &[Field] = &[
    required("type", Kind::Choice(&["custom_line_item", "invoice_line_item"])),
    field("amount", AMOUNT),
    field("description", Kind::Text(5000)),
    field("invoice_line_item", Kind::Text(5000)),
    field("metadata", Kind::Metadata),
    field("quantity", Kind::Integer(1, 999_999)),
    field("unit_amount", AMOUNT),
];

/// The lines that are asked for; without any, the amount is one line of its own.
pub(super) fn make(call: &mut Call<'_>, invoice: &Object, params: &Params) -> Result<Vec<Value>, Failure> {
    let mut made = Vec::new();
    for (index, wanted) in params.hashes("lines").iter().enumerate() {
        made.push(make_one(call, invoice, wanted, &format!("lines[{index}]"))?);
    }
    if made.is_empty()
        && let Some(amount) = params.integer("amount")
    {
        made.push(line(call, &Params::default(), amount, (Value::Null, json!("Credit"))));
    }
    Ok(made)
}

fn make_one(call: &mut Call<'_>, invoice: &Object, wanted: &Params, place: &str) -> Result<Value, Failure> {
    let quantity = wanted.integer("quantity").unwrap_or(1);
    let Some(id) = wanted.text("invoice_line_item") else {
        let Some(unit) = wanted.integer("unit_amount") else {
            return Err(Failure::missing(&format!("{place}[unit_amount]")));
        };
        let amount = unit.checked_mul(quantity);
        let amount =
            amount.ok_or_else(|| Failure::invalid("The amount is too large.").param(format!("{place}[quantity]")))?;
        return Ok(line(call, wanted, amount, (Value::Null, wanted.value("description"))));
    };
    let found = lines::of(invoice).iter().find(|line| line["id"] == id).cloned();
    let found =
        found.ok_or_else(|| Failure::no_such("invoice line item", id, &format!("{place}[invoice_line_item]")))?;
    let discount =
        found["discount_amounts"].as_array().into_iter().flatten().filter_map(|taken| taken["amount"].as_i64());
    let whole = found["amount"].as_i64().unwrap_or_default() - discount.sum::<i64>();
    let of_quantity = || match found["quantity"].as_i64() {
        Some(all) if wanted.has("quantity") => crate::pricing::share(whole, quantity, all),
        _ => whole,
    };
    let amount = wanted.integer("amount").unwrap_or_else(of_quantity);
    if amount > whole {
        let message = format!("The amount ({amount}) is greater than that of the invoice's line ({whole}).");
        return Err(Failure::invalid(message).param(format!("{place}[amount]")));
    }
    Ok(line(call, wanted, amount, (json!(id), found["description"].clone())))
}

fn line(call: &mut Call<'_>, wanted: &Params, amount: i64, (of, description): (Value, Value)) -> Value {
    let kind = if of.is_null() { "custom_line_item" } else { "invoice_line_item" };
    let unit = if of.is_null() { wanted.or("unit_amount", amount) } else { Value::Null };
    let mut line = json!({
        "id": call.state.ids.next("cnli_1", 23), "object": "credit_note_line_item",
        "amount": amount, "description": description, "discount_amount": 0, "discount_amounts": [], "livemode": false,
        "metadata": wanted.or("metadata", json!({})), "pretax_credit_amounts": [], "quantity": wanted.or("quantity", 1),
        "tax_rates": [], "taxes": [], "type": kind, "unit_amount": unit,
        "unit_amount_decimal": unit.as_i64().map(|unit| unit.to_string()),
    });
    if !of.is_null() {
        line["invoice_line_item"] = of;
    }
    line
}
