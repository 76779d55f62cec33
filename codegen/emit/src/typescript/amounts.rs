//! Amounts as TypeScript values: whole minor units as numbers, anything finer as exact text.

use pricebook_model::catalog::{CurrencyAmount, Deposit, Price, Tier, whole};
use pricebook_types::{Currency, Money, TierMode};
use rust_decimal::Decimal;

use super::literal::{Object, list, object, string};

/// Whether a price is a `UnitPrice`: one whole amount for a unit in every currency, today and as announced.
pub(super) fn is_whole(price: &Price) -> bool {
    let announced = price.changes.iter().flat_map(|change| &change.amounts);
    price.tier_mode.is_none()
        && !price.amounts.is_empty()
        && price.amounts.iter().chain(announced).all(|amount| amount.unit_amount.and_then(whole).is_some())
}

/// The fields in which a `UnitPrice` and a `TieredPrice` differ.
pub(super) fn fields(price: &Price, out: &mut Object) {
    if is_whole(price) {
        out.field("scheme", "'per_unit'");
        if let (Some(minor), Some(first)) = (price.amount_minor(), price.amounts.first()) {
            out.field("amount", &money(minor, first.currency));
        }
        out.field("amounts", &amounts(&price.amounts));
    } else {
        let mode = match price.tier_mode {
            Some(TierMode::Volume) => "'volume'",
            Some(TierMode::Graduated) | None => "'graduated'",
        };
        out.field("scheme", "'tiered'").field("tierMode", mode);
        if let Some(first) = price.amounts.first() {
            out.field("currency", &string(first.currency.code()));
        }
        out.field("tiers", &tiers(&price.amounts));
    }
    let changes = price.changes.iter().map(|change| {
        let (name, value) =
            if is_whole(price) { ("amounts", amounts(&change.amounts)) } else { ("tiers", tiers(&change.amounts)) };
        object([("on", string(&change.on)), (name, value)])
    });
    out.field("changes", &list(changes));
}

/// `{ minor: 2900, currency: 'usd' }`
pub(super) fn money(minor: i64, currency: Currency) -> String {
    object([("minor", minor.to_string()), ("currency", string(currency.code()))])
}

/// What must be paid first: its kind and its amounts.
pub(super) fn deposit(deposit: &Deposit, kind: &str) -> String {
    let due = deposit.amount();
    let amounts =
        |amounts: &[Money]| object(amounts.iter().map(|amount| (amount.currency().code(), amount.minor().to_string())));
    let changes = deposit.changes.iter();
    let changes = changes.map(|change| object([("on", string(&change.on)), ("amounts", amounts(&change.amounts))]));
    object([
        ("kind", string(kind)),
        ("value", string(&deposit.value.normalize().to_string())),
        ("amount", money(due.minor(), due.currency())),
        ("amounts", amounts(&deposit.amounts)),
        ("changes", list(changes)),
    ])
}

fn amounts(amounts: &[CurrencyAmount]) -> String {
    object(amounts.iter().filter_map(|amount| {
        let minor = amount.unit_amount.and_then(whole)?;
        Some((amount.currency.code(), minor.to_string()))
    }))
}

fn tiers(amounts: &[CurrencyAmount]) -> String {
    object(amounts.iter().map(|amount| {
        let open = Tier { up_to: None, unit_amount: amount.unit_amount, flat_amount: None };
        let steps = match amount.unit_amount {
            Some(_) => std::slice::from_ref(&open),
            None => &amount.tiers,
        };
        (amount.currency.code(), list(steps.iter().map(tier)))
    }))
}

fn tier(tier: &Tier) -> String {
    let decimal = |amount: Option<Decimal>| {
        amount.map_or_else(|| "null".to_owned(), |amount| string(&amount.normalize().to_string()))
    };
    object([
        ("upTo", tier.up_to.map_or_else(|| "null".to_owned(), |last| last.to_string())),
        ("unitAmount", decimal(tier.unit_amount)),
        ("flatAmount", decimal(tier.flat_amount)),
    ])
}

/// Minor units in major units, without trailing zeros.
pub(super) fn major(minor: Decimal, currency: Currency) -> String {
    (minor / Decimal::from(10_u64.pow(currency.minor_digits()))).normalize().to_string()
}
