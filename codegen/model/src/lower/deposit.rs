//! What must be paid first, exactly: the declared share of every amount that the first price has or will have.

use pricebook_types::{Currency, DepositKind, Money, UsageType};
use rust_decimal::Decimal;

use super::amounts::{Finest, again_in_default, minor};
use super::money;
use crate::catalog::{CurrencyAmount, Deposit, DepositChange, Price, whole};
use crate::decl::{AmountsDecl, DepositDecl, FixedDecl, PriceDecl, Rounding};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};

/// An amount of the first price.
struct Part {
    money: Money,
    /// Where it stands.
    span: Span,
}

/// The amounts of the first price from a day on, `None` for those before any announced change.
type Stage<'a> = (Option<&'a str>, Vec<Part>);

/// What a deposit is a part of.
pub(super) struct FirstPrice<'a> {
    pub(super) decl: &'a PriceDecl,
    pub(super) price: &'a Price,
    /// Whether the kind's table holds whole major units.
    pub(super) table_is_in_major: bool,
    /// Whether the price itself stands in that table.
    pub(super) is_in_table: bool,
}

/// The deposit on the first price; `None` inside where a rule reports what makes it impossible.
pub(super) fn deposit(
    decl: &Spanned<DepositDecl>,
    first: Option<FirstPrice<'_>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Option<Deposit>> {
    let Some(first) = first else { return Some(None) };
    let Some(stages) = stages(first.decl, first.price) else { return Some(None) };
    let wholes = |parts: &[Part]| Some(parts.iter().map(|part| part.money).collect());
    match &decl.value {
        DepositDecl::Full => due(DepositKind::Full, Decimal::ONE_HUNDRED, &stages, wholes).map(Some),
        DepositDecl::Amount(fixed) => {
            let amounts = self::fixed(fixed, &stages[0].1, diagnostics)?;
            let value = fixed.amount.value.normalize();
            Some(Some(Deposit { kind: DepositKind::Fixed, value, amounts, changes: Vec::new() }))
        }
        DepositDecl::Percent { percent, rounding } => {
            if percent.value <= Decimal::ZERO || percent.value > Decimal::ONE_HUNDRED {
                return Some(None);
            }
            let mut in_default = stages.iter().filter_map(|(_, parts)| parts.first());
            if first.table_is_in_major && first.is_in_table && in_default.any(|part| !is_whole_major(part.money)) {
                return Some(None);
            }
            let rounding = rounding.as_ref().map(|rounding| rounding.value);
            if let Some(problem) = unrounded(percent, rounding, &stages, first.table_is_in_major) {
                diagnostics.push(problem);
                return None;
            }
            let shares = |parts: &[Part]| {
                parts.iter().map(|part| Share::of(part.money, percent.value)?.rounded(rounding)).collect()
            };
            due(DepositKind::Percentage, percent.value.normalize(), &stages, shares).map(Some)
        }
    }
}

fn due(
    kind: DepositKind,
    value: Decimal,
    stages: &[Stage<'_>],
    amounts: impl Fn(&[Part]) -> Option<Vec<Money>>,
) -> Option<Deposit> {
    let change = |(on, parts): &Stage<'_>| Some(DepositChange { on: (*on)?.to_owned(), amounts: amounts(parts)? });
    let changes = stages[1..].iter().map(change).collect::<Option<_>>()?;
    Some(Deposit { kind, value, amounts: amounts(&stages[0].1)?, changes })
}

/// The amounts now and from the day of each announced change; `None` where one is no whole number of minor units, or is for
/// what was used.
fn stages<'a>(decl: &PriceDecl, price: &'a Price) -> Option<Vec<Stage<'a>>> {
    if price.usage == UsageType::Metered {
        return None;
    }
    let now = (None, parts(&decl.amounts, &price.amounts)?);
    let announced = decl.changes.iter().zip(&price.changes);
    let announced = announced.map(|(decl, change)| Some((Some(&*change.on), parts(&decl.amounts, &change.amounts)?)));
    std::iter::once(Some(now)).chain(announced).collect()
}

fn parts(decl: &AmountsDecl, amounts: &[CurrencyAmount]) -> Option<Vec<Part>> {
    let part = |amount: &CurrencyAmount| {
        let minor = whole(amount.unit_amount?).filter(|minor| *minor >= 0)?;
        let other = decl.currencies.iter().find(|(currency, _)| currency.value == amount.currency);
        let span = other.map(|(_, amount)| amount).or(decl.amount.as_ref())?.span;
        Some(Part { money: Money::new(minor, amount.currency), span })
    };
    amounts.iter().map(part).collect()
}

/// The default currency first, then the others by their codes.
fn fixed(decl: &FixedDecl, parts: &[Part], diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Money>> {
    let default = parts.first()?.money.currency();
    let mut amount = |amount: &Spanned<Decimal>, currency: Currency| {
        let minor = whole(minor(amount, currency, Finest::Minor, diagnostics)?)?;
        Some(Money::new(minor, currency))
    };
    let own = amount(&decl.amount, default);
    let others: Vec<_> = decl.currencies.iter().map(|(currency, other)| amount(other, currency.value)).collect();
    if let Some((again, _)) = decl.currencies.iter().find(|(currency, _)| currency.value == default) {
        diagnostics.push(again_in_default(again.span, decl.amount.span, default, "deposit"));
        return None;
    }
    let mut others: Vec<Money> = others.into_iter().collect::<Option<_>>()?;
    others.sort_by_key(|money| money.currency().code());
    Some(std::iter::once(own?).chain(others).collect())
}

fn is_whole_major(money: Money) -> bool {
    money.minor() % 10_i64.pow(money.currency().minor_digits()) == 0
}

/// One report for all amounts of which the percentage is no whole one, unless its rounding is declared.
fn unrounded(
    percent: &Spanned<Decimal>,
    rounding: Option<Rounding>,
    stages: &[Stage<'_>],
    table_is_in_major: bool,
) -> Option<Diagnostic> {
    let mut in_default = stages.iter().filter_map(|(_, parts)| Some(parts.first()?.money));
    let is_fraction = |money: Money| {
        let share = exact_share(money, percent.value);
        !money::major(share, money.currency()).is_integer()
    };
    let help = match table_is_in_major && in_default.any(is_fraction) {
        true => {
            "write a percentage that comes to a whole amount, or the deposit itself, `{ amount: … }`: the kind's table \
             has no place for parts of one"
        }
        false => "say how it is rounded: `rounding: up` (or down, half_even)",
    };
    let mut problem: Option<Diagnostic> = None;
    for Part { money: whole, span } in stages.iter().flat_map(|(_, parts)| parts) {
        let Some(share) = Share::of(*whole, percent.value) else {
            let message = format!("{} % of {whole} cannot be computed exactly", percent.value);
            return Some(
                Diagnostic::error("amount-out-of-range", percent.span, message)
                    .also(*span, "this amount")
                    .help("write the percentage with fewer digits, or an amount: `{ amount: … }`"),
            );
        };
        if share.rounded(rounding).is_some() {
            continue;
        }
        let exact = exact_share(*whole, percent.value);
        let exact = format!("{} {}", money::major(exact, whole.currency()), whole.currency());
        let report = problem.unwrap_or_else(|| {
            let message = format!("{} % of {whole} is {exact}, no whole amount", percent.value.normalize());
            Diagnostic::error("deposit-not-whole", percent.span, message).help(help)
        });
        problem = Some(report.also(*span, format!("{exact} of this")));
    }
    problem
}

/// In minor units, as far as a decimal can hold it.
fn exact_share(money: Money, percent: Decimal) -> Decimal {
    Decimal::from(money.minor()).saturating_mul(percent) / Decimal::ONE_HUNDRED
}

/// A share of an amount as an exact fraction: `whole + rest / divisor` minor units.
struct Share {
    whole: i128,
    rest: i128,
    divisor: i128,
    currency: Currency,
}

impl Share {
    /// `None` beyond 128 bits.
    fn of(money: Money, percent: Decimal) -> Option<Self> {
        let divisor = 10_i128.checked_pow(percent.scale() + 2)?;
        let dividend = i128::from(money.minor()).checked_mul(percent.mantissa())?;
        Some(Self { whole: dividend / divisor, rest: dividend % divisor, divisor, currency: money.currency() })
    }

    /// `None` where it would have to be rounded and nothing says how.
    fn rounded(&self, rounding: Option<Rounding>) -> Option<Money> {
        let up = match (self.rest, rounding) {
            (0, _) | (_, Some(Rounding::Down)) => false,
            (_, Some(Rounding::Up)) => true,
            (rest, Some(Rounding::HalfEven)) => (rest * 2, self.whole % 2) >= (self.divisor, 1),
            (_, None) => return None,
        };
        Some(Money::new(i64::try_from(self.whole + i128::from(up)).ok()?, self.currency))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_as_declared_and_never_by_themselves() {
        let share = |minor, percent: &str, rounding| {
            let percent = Decimal::from_str_exact(percent).expect("a number");
            Share::of(Money::new(minor, Currency::Usd), percent)?.rounded(rounding).map(|money| money.minor())
        };
        let all = |minor, percent| {
            [Rounding::Up, Rounding::Down, Rounding::HalfEven].map(|rounding| share(minor, percent, Some(rounding)))
        };
        assert_eq!(share(1495, "20", None), Some(299));
        assert_eq!(share(1495, "33.3", None), None);
        assert_eq!(all(1495, "33.3"), [Some(498), Some(497), Some(498)]);
        assert_eq!(all(5, "50"), [Some(3), Some(2), Some(2)], "a half goes to the even neighbour");
        assert_eq!(all(7, "50"), [Some(4), Some(3), Some(4)], "a half goes to the even neighbour");
        assert_eq!(all(1, "50.0000000000000000000001"), [Some(1), Some(0), Some(1)], "more than a half");
        assert_eq!(share(i64::MAX, "100", None), Some(i64::MAX));
        assert_eq!(share(i64::MAX, "33.33333333333333333333333333", Some(Rounding::Up)), None, "beyond 128 bits");
    }
}
