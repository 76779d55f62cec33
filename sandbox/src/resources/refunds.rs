//! Money that goes back. <https://docs.stripe.com/api/refunds>

use serde_json::{Value, json};

use super::Resource;
use super::balance_transactions::{self, BALANCE_TRANSACTION};
use super::charges::CHARGE;
use super::payment_intents::PAYMENT_INTENT;
use crate::call::{Call, is, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field};
use crate::store::Object;

pub(crate) static REFUND: Resource = Resource {
    links: &[("balance_transaction", &BALANCE_TRANSACTION), ("charge", &CHARGE), ("payment_intent", &PAYMENT_INTENT)],
    ..Resource::new("refund", ("re_3", 23))
};

pub(crate) const CREATE: &[Field] = &[
    field("amount", Kind::Integer(1, 999_999_999_999)),
    field("charge", Kind::Text(5000)),
    field("metadata", Kind::Metadata).clearable(),
    field("payment_intent", Kind::Text(5000)),
    field("reason", Kind::Choice(&["duplicate", "fraudulent", "requested_by_customer"])),
];

pub(crate) const UPDATE: &[Field] = &[field("metadata", Kind::Metadata).clearable()];

pub(crate) const LIST: &[Field] =
    &[field("charge", Kind::Text(5000)), field("created", Kind::Range), field("payment_intent", Kind::Text(5000))];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut charge = charge_of(call)?;
    let number = |name: &str| charge.get(name).and_then(Value::as_i64).unwrap_or_default();
    let (left, captured) = (number("amount_captured") - number("amount_refunded"), is(&charge, "captured"));
    let id = text(&charge, "id").to_owned();
    if !captured || text(&charge, "status") != "succeeded" {
        return Err(Failure::invalid(format!("Charge {id} was not captured, and cannot be refunded.")));
    }
    if left <= 0 {
        let message = format!("Charge {id} has already been refunded.");
        return Err(Failure::invalid(message).code("charge_already_refunded"));
    }
    let amount = call.params.integer("amount").unwrap_or(left);
    if amount > left {
        let message = format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})");
        return Err(Failure::invalid(message).param("amount"));
    }
    let refund_id = call.new_id(&REFUND);
    let currency = text(&charge, "currency").to_owned();
    let transaction = balance_transactions::make(call, "refund", -amount, &currency, &refund_id)?;
    let refund = json!({
        "id": refund_id, "object": "refund",
        "amount": amount, "balance_transaction": transaction, "charge": id, "created": call.now, "currency": currency,
        "customer": null, "customer_account": null,
        "destination_details": { "card": { "type": "refund" }, "type": "card" }, "metadata": call.new_metadata()?,
        "payment_intent": charge.get("payment_intent"), "payment_method": charge.get("payment_method"),
        "reason": call.params.value("reason"), "receipt_number": null, "source_transfer_reversal": null,
        "status": "succeeded", "transfer_reversal": null,
    });
    let refunded = number("amount_refunded") + amount;
    charge.insert("amount_refunded".to_owned(), json!(refunded));
    charge.insert("refunded".to_owned(), json!(left == amount));
    call.update(&CHARGE, charge, "charge.refunded")?;
    call.create(&REFUND, refund, "refund.created")
}

fn charge_of(call: &Call<'_>) -> Result<Object, Failure> {
    match (call.params.text("charge"), call.params.text("payment_intent")) {
        (Some(charge), _) => call.referred(&CHARGE, charge, "charge"),
        (None, Some(id)) => {
            let intent = call.referred(&PAYMENT_INTENT, id, "payment_intent")?;
            let charge = call.state.store.get(&CHARGE, text(&intent, "latest_charge")).cloned();
            charge.ok_or_else(|| {
                let message = format!("This PaymentIntent ({id}) does not have a successful charge to refund.");
                Failure::invalid(message).param("payment_intent")
            })
        }
        (None, None) => {
            let message = "One of the following params should be provided for this request: payment_intent or charge.";
            Err(Failure::invalid(message).code("parameter_missing").param("charge"))
        }
    }
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut refund = call.found(&REFUND)?;
    call.merge_metadata(&mut refund)?;
    call.update(&REFUND, refund, "refund.updated")
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&REFUND).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let equal = ["charge", "payment_intent"].map(Filter::Equals);
    call.list(&REFUND, &[&equal[..], &[Filter::Within("created")]].concat())
}
