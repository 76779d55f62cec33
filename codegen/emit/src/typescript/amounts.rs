//! Amounts as TypeScript values: whole minor units as numbers, anything finer as exact text.

use pricebook_model::catalog::{CurrencyAmount, CustomAmount, Deposit, Price, Tier, whole};
use pricebook_types::{Currency, Money, TierMode};
use rust_decimal::Decimal;

use super::literal::{Object, list, object, string};
use super::today;

/// The three ways in which a price says what it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Form {
    /// One whole amount for a unit in every currency, today and as announced.
    Unit,
    /// Anything finer, or by quantity.
    Tiered,
    /// Customers choose.
    Custom,
}

impl Form {
    pub(super) const ALL: [Self; 3] = [Self::Unit, Self::Tiered, Self::Custom];

    pub(super) fn of(price: &Price) -> Self {
        let announced = price.changes.iter().flat_map(|change| &change.amounts);
        let mut amounts = price.amounts.iter().chain(announced).peekable();
        if price.amounts.first().is_some_and(|amount| amount.custom.is_some()) {
            Self::Custom
        } else if price.tier_mode.is_none()
            && amounts.peek().is_some()
            && amounts.all(|amount| amount.unit_amount.and_then(whole).is_some())
        {
            Self::Unit
        } else {
            Self::Tiered
        }
    }

    /// The interface in TypeScript.
    pub(super) fn interface(self) -> &'static str {
        match self {
            Self::Unit => "UnitPrice",
            Self::Tiered => "TieredPrice",
            Self::Custom => "CustomPrice",
        }
    }

    /// The field that holds the amounts, and how they are written there.
    fn amounts(self) -> (&'static str, fn(&[CurrencyAmount]) -> String) {
        match self {
            Self::Unit => ("amounts", amounts),
            Self::Tiered => ("tiers", tiers),
            Self::Custom => ("bounds", bounds),
        }
    }
}

/// The fields in which the forms of prices differ.
pub(super) fn fields(price: &Price, out: &mut Object<'_>) {
    let form = Form::of(price);
    match form {
        Form::Unit => {
            out.field("scheme", "'per_unit'");
            let announced = price.changes.iter().filter_map(|change| Some((&*change.on, first_of(&change.amounts)?.0)));
            if let Some(first) = first_of(&price.amounts) {
                today::money(out, "amount", first, announced);
            }
        }
        Form::Tiered => {
            let mode = match price.tier_mode {
                Some(TierMode::Volume) => "'volume'",
                Some(TierMode::Graduated) | None => "'graduated'",
            };
            out.field("scheme", "'tiered'").field("tierMode", mode);
            default_currency(price, out);
        }
        Form::Custom => {
            out.field("scheme", "'custom'");
            default_currency(price, out);
        }
    }
    let (name, literal) = form.amounts();
    in_currencies(price, name, literal, out);
}

fn default_currency(price: &Price, out: &mut Object<'_>) {
    if let Some(first) = price.amounts.first() {
        out.field("currency", &string(first.currency.code()));
    }
}

/// What a price costs today, before any announced change, and from each day on.
fn in_currencies(price: &Price, name: &str, literal: fn(&[CurrencyAmount]) -> String, out: &mut Object<'_>) {
    let changes: Vec<_> = price.changes.iter().map(|change| (change.on.as_str(), literal(&change.amounts))).collect();
    with_changes(out, name, &literal(&price.amounts), &changes);
}

/// A value for each currency as it stands today, and where changes are announced what stands before them, and the changes.
fn with_changes(out: &mut Object<'_>, name: &str, before: &str, changes: &[(&str, String)]) {
    today::field(out, name, before, changes.iter().cloned());
    if !changes.is_empty() {
        out.field(&format!("{name}BeforeChanges"), before);
    }
    let listed = changes.iter().map(|(on, value)| object([("on", string(on)), (name, value.clone())]));
    out.field("changes", &list(listed));
}

/// The amount in the default currency, in minor units.
fn first_of(amounts: &[CurrencyAmount]) -> Option<(i64, Currency)> {
    let first = amounts.first()?;
    Some((first.unit_amount.and_then(whole)?, first.currency))
}

/// The fields of what must be paid first: its kind and its amounts.
pub(super) fn deposit(deposit: &Deposit, kind: &str, out: &mut Object<'_>) {
    let due = deposit.amount();
    let amounts =
        |amounts: &[Money]| object(amounts.iter().map(|amount| (amount.currency().code(), amount.minor().to_string())));
    let announced = deposit.changes.iter().filter_map(|change| Some((&*change.on, change.amounts.first()?.minor())));
    let changes: Vec<_> = deposit.changes.iter().map(|change| (change.on.as_str(), amounts(&change.amounts))).collect();
    out.string("kind", kind).field("value", &string(&deposit.value.normalize().to_string()));
    today::money(out, "amount", (due.minor(), due.currency()), announced);
    with_changes(out, "amounts", &amounts(&deposit.amounts), &changes);
}

fn amounts(amounts: &[CurrencyAmount]) -> String {
    object(amounts.iter().filter_map(|amount| {
        let minor = amount.unit_amount.and_then(whole)?;
        Some((amount.currency.code(), minor.to_string()))
    }))
}

fn bounds(amounts: &[CurrencyAmount]) -> String {
    let minor = |minor: Option<i64>| minor.map_or_else(|| "null".to_owned(), |minor| minor.to_string());
    object(amounts.iter().filter_map(|amount| {
        let CustomAmount { minimum, maximum, preset } = amount.custom?;
        let bounds = [("minimum", minor(minimum)), ("maximum", minor(maximum)), ("preset", minor(preset))];
        Some((amount.currency.code(), object(bounds)))
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
