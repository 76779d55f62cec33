//! What something costs otherwise than it did, in words.

use rust_decimal::Decimal;

use super::{Amount, What};

/// Behind the name of what it is about: ` 29.00 → 35.00 USD (+20.7 %)`; nothing for a change of anything else.
pub(super) fn of(what: &What) -> String {
    match what {
        What::Amount { from, to, percent, announced } => {
            format!(" {}{}", step(from, to, *percent), as_announced(announced))
        }
        What::Announced { on, from, to, percent, was: None } => format!(" {} from {on}", step(from, to, *percent)),
        What::Announced { on, to, percent, was: Some(was), .. } => {
            let then = percent.map_or(String::new(), |share| format!(" ({} on that day)", self::percent(share)));
            format!(" announced for {on}: {} → {to}{then}", was.major())
        }
        What::Moved { from, to, amounts, raise, cut, no_longer_free } => {
            let moved = moved(*raise, *cut, *no_longer_free, " between these days");
            format!(": announced change to {amounts} moved from {from} to {to}{moved}")
        }
        What::Withdrawn { on } => format!(" does not change on {on} any more"),
        What::Tiers { currency, from, to, raise, cut, no_longer_free, on: Some(on), again: true, .. } => {
            let (currency, moved) =
                (currency.code().to_uppercase(), moved(*raise, *cut, *no_longer_free, " on that day"));
            format!(" in {currency} announced for {on}: {from} → {to}{moved}")
        }
        What::Tiers { currency, from, to, raise, cut, no_longer_free, on, announced, .. } => {
            let day = on.as_ref().map_or(String::new(), |on| format!(" from {on}"));
            let (currency, moved) = (currency.code().to_uppercase(), moved(*raise, *cut, *no_longer_free, ""));
            format!(" in {currency}: {from} → {to}{moved}{day}{}", as_announced(announced))
        }
        _ => String::new(),
    }
}

/// `29.00 → 35.00 USD (+20.7 %)`.
fn step(from: &Amount, to: &Amount, share: Option<Decimal>) -> String {
    let share = share.filter(|share| !share.is_zero()).map_or(String::new(), |share| format!(" ({})", percent(share)));
    format!("{} → {to}{share}", from.major())
}

/// How far quantities moved that moved most, and when: ` (at most +20.7 %)`, ` (-5.0 % to +20.7 % on that day)`, ` (some no
/// longer free, others at most +20.7 %)`; what rises from nothing rises by no share.
fn moved(raise: Option<Decimal>, cut: Option<Decimal>, no_longer_free: bool, when: &str) -> String {
    let shares = match (raise.map(percent), cut.map(percent)) {
        (Some(raise), Some(cut)) => Some(format!("{cut} to {raise}")),
        (Some(most), None) | (None, Some(most)) => Some(format!("at most {most}")),
        (None, None) => None,
    };
    match (no_longer_free, shares) {
        (true, Some(shares)) => format!(" (some no longer free, others {shares}{when})"),
        (true, None) => format!(" (some no longer free{when})"),
        (false, Some(shares)) => format!(" ({shares}{when})"),
        (false, None) => String::new(),
    }
}

fn as_announced(day: &Option<String>) -> String {
    day.as_ref().map_or(String::new(), |day| format!(", as announced for {day}"))
}

/// `+20.7 %`; with as many more digits as it takes to tell a small share from none: `+0.01 %`.
pub(super) fn percent(share: Decimal) -> String {
    const MOST_DIGITS: u32 = 6;
    let rounded = |digits| share.round_dp_with_strategy(digits, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    let digits = (1..MOST_DIGITS).find(|digits| !rounded(*digits).is_zero() || share.is_zero()).unwrap_or(MOST_DIGITS);
    format!("{:+.*} %", digits as usize, rounded(digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_told_from_none_however_small_it_is() {
        let share = |text: &str| percent(Decimal::from_str_exact(text).expect("a number"));
        assert_eq!(share("20.6896"), "+20.7 %");
        assert_eq!(share("-5"), "-5.0 %");
        assert_eq!(share("0.05"), "+0.1 %");
        assert_eq!(share("0.005025"), "+0.01 %");
        assert_eq!(share("-0.0004"), "-0.0004 %");
        assert_eq!(share("0"), "+0.0 %");
    }
}
