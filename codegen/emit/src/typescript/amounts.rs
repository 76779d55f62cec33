//! Amounts as TypeScript values: whole minor units as numbers, anything finer as exact text.

use pricebook_model::catalog::{CurrencyAmount, CustomAmount, Deposit, Price, Tier, whole};
use pricebook_types::{Currency, Money, TierMode};
use rust_decimal::Decimal;

use super::literal::{Object, list, object, string};

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

    /// The field that holds the amounts, and their value.
    fn amounts(self, of: &[CurrencyAmount]) -> (&'static str, String) {
        match self {
            Self::Unit => ("amounts", amounts(of)),
            Self::Tiered => ("tiers", tiers(of)),
            Self::Custom => ("bounds", bounds(of)),
        }
    }
}

/// The fields in which the forms of prices differ.
pub(super) fn fields(price: &Price, out: &mut Object) {
    let form = Form::of(price);
    match form {
        Form::Unit => {
            out.field("scheme", "'per_unit'");
            if let (Some(minor), Some(first)) = (price.amount_minor(), price.amounts.first()) {
                out.field("amount", &money(minor, first.currency));
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
    let (name, value) = form.amounts(&price.amounts);
    out.field(name, &value);
    let changes =
        price.changes.iter().map(|change| object([("on", string(&change.on)), form.amounts(&change.amounts)]));
    out.field("changes", &list(changes));
}

fn default_currency(price: &Price, out: &mut Object) {
    if let Some(first) = price.amounts.first() {
        out.field("currency", &string(first.currency.code()));
    }
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
