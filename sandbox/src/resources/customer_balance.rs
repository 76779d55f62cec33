//! What a customer has left over with us, or still owes. <https://docs.stripe.com/api/customer_balance_transactions>

use serde_json::{Value, json};

use super::Resource;
use super::customers::{self, CUSTOMER};
use super::invoices::INVOICE;
use crate::call::{Call, as_object, number, set, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, field, required};
use crate::store::Object;

pub(crate) static BALANCE_CHANGE: Resource = Resource {
    noun: "customer balance transaction",
    links: &[("customer", &CUSTOMER), ("invoice", &INVOICE)],
    ..Resource::new("customer_balance_transaction", ("cbtxn_1", 23))
};

const AMOUNT: Kind = Kind::Integer(-999_999_999_999, 999_999_999_999);

pub(crate) const CREATE: &[Field] = &[
    required("amount", AMOUNT),
    required("currency", Kind::Currency),
    field("description", Kind::Text(350)),
    field("metadata", Kind::Metadata).clearable(),
];

/// Why a balance moves, and for what.
pub(super) struct Reason<'a> {
    /// `adjustment`, `applied_to_invoice` …
    pub(super) kind: &'static str,
    pub(super) invoice: Option<&'a str>,
    pub(super) credit_note: Option<&'a str>,
}

/// Moves a customer's balance, negative in their favour, and returns the movement.
pub(super) fn book(
    call: &mut Call<'_>,
    mut customer: Object,
    amount: i64,
    currency: &str,
    reason: &Reason<'_>,
) -> Result<Value, Failure> {
    let balance = number(&customer, "balance").checked_add(amount);
    let balance = balance.ok_or_else(|| Failure::invalid("The balance would be too large.").param("amount"))?;
    let change = json!({
        "id": call.new_id(&BALANCE_CHANGE), "object": "customer_balance_transaction",
        "amount": amount, "checkout_session": null, "created": call.now, "credit_note": reason.credit_note,
        "currency": currency, "customer": text(&customer, "id"), "customer_account": null, "description": null,
        "ending_balance": balance, "invoice": reason.invoice, "livemode": false, "metadata": {}, "type": reason.kind,
    });
    set(&mut customer, "balance", balance);
    call.update(&CUSTOMER, customer, "customer.updated")?;
    call.keep_quietly(&BALANCE_CHANGE, change)
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let customer = customers::living(call)?;
    let amount = call.params.integer("amount").unwrap_or_default();
    let currency = call.params.text("currency").unwrap_or_default().to_owned();
    let reason = Reason { kind: "adjustment", invoice: None, credit_note: None };
    let mut change = as_object(book(call, customer, amount, &currency, &reason)?);
    call.params.copy_to(&mut change, &["description"]);
    call.merge_metadata(&mut change)?;
    call.keep_quietly(&BALANCE_CHANGE, Value::Object(change))
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found_as(&BALANCE_CHANGE, 1).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let customer = customers::living(call)?;
    call.list_where(&BALANCE_CHANGE, |change| text(change, "customer") == text(&customer, "id"))
}
