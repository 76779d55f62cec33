//! What must be paid first, exactly.

use pricebook_types::DepositKind;
use rust_decimal::{Decimal, RoundingStrategy};

use super::amounts::{Finest, minor};
use crate::catalog::{Deposit, Price, whole};
use crate::decl::{DepositDecl, Rounding};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;

/// The deposit on the first price; `None` inside where that has no single amount, which a rule reports.
pub(super) fn deposit(
    decl: &Spanned<DepositDecl>,
    prices: &[Price],
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Option<Deposit>> {
    let first = prices.first().filter(|price| price.grandfathered.is_none());
    let Some((price, amount_minor)) = first.and_then(|price| Some((price, price.amount_minor()?))) else {
        return Some(None);
    };
    let currency = price.amounts[0].currency;
    let deposit = match &decl.value {
        DepositDecl::Full => Deposit { kind: DepositKind::Full, value: Decimal::ONE_HUNDRED, amount_minor, currency },
        DepositDecl::Amount(amount) => {
            let amount_minor = whole(minor(amount, currency, Finest::Minor, diagnostics)?)?;
            Deposit { kind: DepositKind::Fixed, value: amount.value.normalize(), amount_minor, currency }
        }
        DepositDecl::Percent { percent, rounding } => {
            let amount_minor = share(amount_minor, percent, rounding.as_ref(), currency, diagnostics)?;
            Deposit { kind: DepositKind::Percentage, value: percent.value.normalize(), amount_minor, currency }
        }
    };
    Some(Some(deposit))
}

fn share(
    amount_minor: i64,
    percent: &Spanned<Decimal>,
    rounding: Option<&Spanned<Rounding>>,
    currency: pricebook_types::Currency,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<i64> {
    let exact = Decimal::from(amount_minor).checked_mul(percent.value).map(|share| share / Decimal::ONE_HUNDRED);
    let Some(exact) = exact else {
        let message = "this share cannot be computed exactly".to_owned();
        diagnostics.push(Diagnostic::error("amount-out-of-range", percent.span, message));
        return None;
    };
    if let Some(share) = whole(exact) {
        return Some(share);
    }
    let strategy = match rounding.map(|rounding| rounding.value) {
        Some(Rounding::Up) => RoundingStrategy::AwayFromZero,
        Some(Rounding::Down) => RoundingStrategy::ToZero,
        Some(Rounding::HalfEven) => RoundingStrategy::MidpointNearestEven,
        None => {
            let price = super::money::major(Decimal::from(amount_minor), currency);
            let share = super::money::major(exact, currency);
            let message = format!("{} % of {price} {currency} is {share}, no whole amount", percent.value.normalize());
            diagnostics.push(
                Diagnostic::error("deposit-not-whole", percent.span, message)
                    .help("say how it is rounded: `rounding: up` (or down, half_even)"),
            );
            return None;
        }
    };
    whole(exact.round_dp_with_strategy(0, strategy))
}
