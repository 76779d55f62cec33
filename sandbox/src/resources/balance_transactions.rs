//! What moves the account's balance. <https://docs.stripe.com/api/balance_transactions>

use serde_json::{Value, json};

use super::Resource;
use crate::call::Call;
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field};

pub(crate) static BALANCE_TRANSACTION: Resource =
    Resource { noun: "balance transaction", ..Resource::new("balance_transaction", ("txn_3", 23)) };

pub(crate) const LIST: &[Field] = &[
    field("created", Kind::Range),
    field("currency", Kind::Currency),
    field("source", Kind::Text(5000)),
    field("type", Kind::Text(100)),
];

/// Two days until money is at hand.
const AVAILABLE_SECS: i64 = 2 * 24 * 60 * 60;
/// Stripe's price in the United States: 2.9 % and 30 cents.
const FEE_PER_MILLE: i64 = 29;
const FEE: i64 = 30;

/// Books an amount, negative where it goes out, and returns the id.
pub(super) fn make(
    call: &mut Call<'_>,
    kind: &str,
    amount: i64,
    currency: &str,
    source: &str,
) -> Result<String, Failure> {
    // What is paid back does not bring the fee back.
    let fee = if amount > 0 { (amount * FEE_PER_MILLE + 500) / 1000 + FEE } else { 0 };
    book(call, (kind, kind), (amount, fee, "Stripe processing fees"), currency, source)
        .map(|booked| booked["id"].as_str().unwrap_or_default().to_owned())
}

/// Books what a dispute takes, or gives back, with its own fee.
pub(super) fn make_dispute(
    call: &mut Call<'_>,
    amount: i64,
    fee: i64,
    currency: &str,
    source: &str,
) -> Result<Value, Failure> {
    book(call, ("adjustment", "dispute"), (amount, fee, "Dispute fee"), currency, source)
}

fn book(
    call: &mut Call<'_>,
    (kind, category): (&str, &str),
    (amount, fee, what_for): (i64, i64, &str),
    currency: &str,
    source: &str,
) -> Result<Value, Failure> {
    let id = call.new_id(&BALANCE_TRANSACTION);
    let details = match fee {
        0 => json!([]),
        _ => json!([{
            "amount": fee, "application": null, "currency": currency, "description": what_for, "type": "stripe_fee",
        }]),
    };
    let transaction = json!({
        "id": id, "object": "balance_transaction",
        "amount": amount, "available_on": call.now + AVAILABLE_SECS, "balance_type": "payments", "created": call.now,
        "currency": currency, "description": null, "exchange_rate": null, "fee": fee, "fee_details": details,
        "net": amount - fee, "reporting_category": category, "source": source, "status": "pending", "type": kind,
    });
    call.keep_quietly(&BALANCE_TRANSACTION, transaction)
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&BALANCE_TRANSACTION).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let equal = ["currency", "source", "type"].map(Filter::Equals);
    call.list(&BALANCE_TRANSACTION, &[&equal[..], &[Filter::Within("created")]].concat())
}
