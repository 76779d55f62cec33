//! Written amounts to [`CurrencyAmount`]s.

use pricebook_types::Currency;
use rust_decimal::Decimal;

use super::money;
use crate::catalog::{self, CurrencyAmount, CustomAmount, Tier};
use crate::decl::{AmountsDecl, BoundsDecl, StepDecl};
use crate::diagnostic::Diagnostic;
use crate::equal_reports::DEFAULT_CURRENCY;
use crate::source::{Span, Spanned};

/// Whether amounts may be finer than a minor unit: where they are for one of many units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Finest {
    /// Whole cents.
    Minor,
    /// Whole cents, as the price says of no unit that it is for.
    MinorOfPrice,
    /// Fractions of a cent.
    Fraction,
}

/// The default currency first, then the others by their codes.
pub(super) fn amounts(
    decl: &AmountsDecl,
    declared: &Spanned<Currency>,
    finest: Finest,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<CurrencyAmount>> {
    let currency = declared.value;
    let mut others: Vec<(&Spanned<Currency>, Option<CurrencyAmount>)> = Vec::new();
    let first = if let Some(custom) = &decl.custom {
        for (other, bounds) in &custom.currencies {
            others.push((other, chosen(bounds, other.value, diagnostics)));
        }
        chosen(&custom.bounds, currency, diagnostics)
    } else if let Some(tiers) = &decl.tiers {
        for (other, steps) in &tiers.currencies {
            others.push((other, tiered(steps, other.value, diagnostics)));
        }
        tiered(&tiers.steps, currency, diagnostics)
    } else {
        for (other, amount) in &decl.currencies {
            others.push((other, flat(amount, other.value, finest, diagnostics)));
        }
        flat(decl.amount.as_ref()?, currency, finest, diagnostics)
    };
    let before = diagnostics.len();
    others.sort_by_key(|(other, _)| other.value.code());
    if let Some((again, _)) = others.iter().find(|(other, _)| other.value == currency) {
        diagnostics.push(
            again_in_default(again.span, decl.span, currency, "price")
                .also(declared.span, DEFAULT_CURRENCY)
                .help("or, where the default currency is wrong, mend that"),
        );
    }
    let others: Option<Vec<CurrencyAmount>> = others.into_iter().map(|(_, amount)| amount).collect();
    let (first, others) = (first?, others?);
    (diagnostics.len() == before).then(|| std::iter::once(first).chain(others).collect())
}

/// `currencies:` of a `price`, `deposit` or `coupon` names its default currency once more.
pub(super) fn again_in_default(again: Span, first: Span, currency: Currency, of: &str) -> Diagnostic {
    Diagnostic::error("duplicate-currency", again, format!("the {of} already has an amount in {currency}"))
        .also(first, "in the default currency")
        .help("remove it, or name another currency")
}

fn flat(
    amount: &Spanned<Decimal>,
    currency: Currency,
    finest: Finest,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<CurrencyAmount> {
    let unit_amount = Some(minor(amount, currency, finest, diagnostics)?);
    Some(CurrencyAmount { currency, unit_amount, tiers: Vec::new(), custom: None })
}

/// Between whole minor units: what is chosen is charged as it stands.
fn chosen(bounds: &BoundsDecl, currency: Currency, diagnostics: &mut Vec<Diagnostic>) -> Option<CurrencyAmount> {
    let mut whole = |amount: &Option<Spanned<Decimal>>| match amount {
        None => Some(None),
        Some(amount) => minor(amount, currency, Finest::Minor, diagnostics).and_then(catalog::whole).map(Some),
    };
    let (minimum, maximum, preset) = (whole(&bounds.minimum), whole(&bounds.maximum), whole(&bounds.preset));
    let custom = Some(CustomAmount { minimum: minimum?, maximum: maximum?, preset: preset? });
    Some(CurrencyAmount { currency, unit_amount: None, tiers: Vec::new(), custom })
}

fn tiered(steps: &[StepDecl], currency: Currency, diagnostics: &mut Vec<Diagnostic>) -> Option<CurrencyAmount> {
    let mut amount = |amount: &Option<Spanned<Decimal>>, finest| match amount {
        None => Some(None),
        Some(amount) => minor(amount, currency, finest, diagnostics).map(Some),
    };
    let tiers: Option<Vec<Tier>> = steps
        .iter()
        .map(|step| {
            let unit_amount = amount(&step.unit_amount, Finest::Fraction);
            let flat_amount = amount(&step.flat_amount, Finest::Fraction)?;
            Some(Tier { up_to: step.up_to.value, unit_amount: unit_amount?, flat_amount })
        })
        .collect();
    Some(CurrencyAmount { currency, unit_amount: None, tiers: tiers?, custom: None })
}

/// An amount in minor units, or a report at its place.
pub(super) fn minor(
    amount: &Spanned<Decimal>,
    currency: Currency,
    finest: Finest,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Decimal> {
    let Some(minor) = money::minor(amount.value, currency) else {
        let message = format!("{} {currency} cannot be kept exactly in minor units", amount.value);
        diagnostics.push(
            Diagnostic::error("amount-out-of-range", amount.span, message)
                .help("amounts have at most 64 bits, and 12 places below the minor unit"),
        );
        return None;
    };
    let digits = currency.minor_digits();
    let too_fine = amount.value.scale() > digits;
    // Nobody writes a zero behind the cents: `1.490` is 1,490 to half of the world.
    let ends_in_zero = too_fine && amount.value.normalize().scale() < amount.value.scale();
    if ends_in_zero || finest != Finest::Fraction && too_fine {
        let message = match digits {
            0 => format!("{currency} has no digits after the point"),
            _ => format!("{currency} has {digits} digits after the point"),
        };
        diagnostics.push(
            Diagnostic::error("amount-too-fine", amount.span, message)
                .label(format!("this has {}", amount.value.scale()))
                .help(help(amount.value, currency, finest)),
        );
        return None;
    }
    Some(minor)
}

fn help(amount: Decimal, currency: Currency, finest: Finest) -> String {
    let (whole, scale) = (amount.normalize(), amount.scale());
    let mut rounded = amount.trunc_with_scale(currency.minor_digits());
    rounded.rescale(currency.minor_digits());
    let mut help = match (rounded == whole, finest) {
        (true, _) | (false, Finest::Minor) => format!("write `{rounded}`"),
        // Refused for the zeros behind it alone.
        (false, Finest::Fraction) => format!("write `{whole}`"),
        (false, Finest::MinorOfPrice) => {
            format!("write `{rounded}`; only the price of one of many units may be finer, with a `unit:` or tiers")
        }
    };
    // Half of the world separates thousands with a point.
    if scale == 3 && amount.abs() >= Decimal::ONE {
        help = format!("{help}, or `{}` where thousands are meant", (amount * Decimal::ONE_THOUSAND).trunc());
    }
    help
}
