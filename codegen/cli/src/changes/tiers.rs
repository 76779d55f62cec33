//! Tiers in words, and what a change of them does to quantities.

use pricebook_model::catalog::{CurrencyAmount, Tier};
use pricebook_types::TierMode;
use rust_decimal::Decimal;

use super::cost::{Cost, Spread};
use super::{Amount, What};

/// The change from one table to another, if they differ.
pub(super) fn change(from: Cost<'_>, to: Cost<'_>, announced: impl FnOnce() -> Option<String>) -> Option<What> {
    if from.amount == to.amount && from.mode == to.mode {
        return None;
    }
    let Spread { raise, cut, no_longer_free } = from.spread(&to);
    let (before, now) = in_words(from, to);
    Some(What::Tiers {
        currency: to.amount.currency,
        from: before,
        to: now,
        from_count: from.amount.tiers.len(),
        to_count: to.amount.tiers.len(),
        raise,
        cut,
        no_longer_free,
        on: None,
        again: false,
        announced: announced(),
    })
}

/// What is announced for a day, if it is not what was announced for it before; `held` until then.
pub(super) fn announced(held: Cost<'_>, was: Option<Cost<'_>>, to: Cost<'_>, day: String) -> Option<What> {
    let mut what = change(was.unwrap_or(held), to, || None)?;
    if let What::Tiers { on, again, raise, cut, no_longer_free, .. } = &mut what {
        let spread = held.spread(&to);
        (*on, *again) = (Some(day), was.is_some());
        (*raise, *cut) = (raise.and(spread.raise), cut.and(spread.cut));
        *no_longer_free &= spread.no_longer_free;
    }
    Some(what)
}

/// Both tables; where they end alike and count alike, only the tiers that differ.
fn in_words(from: Cost<'_>, to: Cost<'_>) -> (String, String) {
    let ends = |cost: Cost<'_>| cost.amount.tiers.iter().map(|tier| tier.up_to).collect::<Vec<_>>();
    if from.mode != to.mode || ends(from) != ends(to) {
        return (table(from), table(to));
    }
    let pairs = from.amount.tiers.iter().zip(&to.amount.tiers).filter(|(before, now)| before != now);
    let words = pairs.map(|(before, now)| (tier(before, from.amount), tier(now, to.amount)));
    let (before, now): (Vec<_>, Vec<_>) = words.unzip();
    (before.join(", "), now.join(", "))
}

fn table(cost: Cost<'_>) -> String {
    if let Some(minor) = cost.amount.unit_amount {
        return format!("{} each", Amount::new(minor, cost.amount.currency).major());
    }
    let tiers: Vec<String> = cost.amount.tiers.iter().map(|tier| self::tier(tier, cost.amount)).collect();
    let mode = if cost.mode == Some(TierMode::Volume) { "volume" } else { "graduated" };
    format!("{mode}, {}", tiers.join(", "))
}

/// `up to 1000: 0.002 each 5.00 flat`.
fn tier(tier: &Tier, of: &CurrencyAmount) -> String {
    let amount = |minor: Option<Decimal>| minor.map(|minor| Amount::new(minor, of.currency).major());
    let up_to = tier.up_to.map_or_else(|| "above".to_owned(), |last| format!("up to {last}"));
    let unit = amount(tier.unit_amount).map_or(String::new(), |unit| format!(" {unit} each"));
    let flat = amount(tier.flat_amount).map_or(String::new(), |flat| format!(" {flat} flat"));
    format!("{up_to}:{unit}{flat}")
}
