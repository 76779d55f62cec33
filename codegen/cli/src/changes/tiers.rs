//! Tiers in words, and what a change of them does to quantities.

use pricebook_model::catalog::{CurrencyAmount, Tier};
use pricebook_types::TierMode;
use rust_decimal::Decimal;

use super::cost::{Cost, Spread};
use super::{Amount, What, asked};

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
    if let (Some(before), Some(now)) = (from.amount.custom, to.amount.custom) {
        let words = |custom, amount: &CurrencyAmount| {
            asked::bounds(custom, amount.currency).unwrap_or_else(|| "any amount".to_owned())
        };
        return (format!("customers choose {}", words(before, from.amount)), words(now, to.amount));
    }
    let chosen = from.amount.custom.is_some() || to.amount.custom.is_some();
    if chosen || from.mode != to.mode || ends(from) != ends(to) {
        return (table(from), table(to));
    }
    let pairs = from.amount.tiers.iter().zip(&to.amount.tiers).filter(|(before, now)| before != now);
    let words = pairs.map(|(before, now)| (tier(before, from.amount), tier(now, to.amount)));
    let (before, now): (Vec<_>, Vec<_>) = words.unzip();
    (before.join(", "), now.join(", "))
}

/// Everything that a price costs in a currency: `29.00 USD`, `USD graduated, up to 1000: 0.002 each`.
pub(super) fn whole(cost: Cost<'_>) -> String {
    let currency = cost.amount.currency;
    match cost.amount.unit_amount {
        Some(minor) => Amount::new(minor, currency).to_string(),
        None => format!("{} {}", currency.code().to_uppercase(), table(cost)),
    }
}

fn table(cost: Cost<'_>) -> String {
    if let Some(minor) = cost.amount.unit_amount {
        return format!("{} each", Amount::new(minor, cost.amount.currency).major());
    }
    if let Some(custom) = cost.amount.custom {
        let bounds = asked::bounds(custom, cost.amount.currency);
        return bounds
            .map_or_else(|| "chosen by customers".to_owned(), |bounds| format!("chosen by customers {bounds}"));
    }
    let tiers: Vec<String> = cost.amount.tiers.iter().map(|tier| self::tier(tier, cost.amount)).collect();
    let mode = if cost.mode == Some(TierMode::Volume) { "volume" } else { "graduated" };
    format!("{mode}, {}", tiers.join(", "))
}

/// `up to 1000: 0.002 each 5.00 flat`.
fn tier(tier: &Tier, of: &CurrencyAmount) -> String {
    let amount = |minor: Option<Decimal>| minor.map(|minor| Amount::new(minor, of.currency).major());
    let up_to = match tier.up_to {
        Some(last) => format!("up to {last}"),
        None if of.tiers.len() == 1 => "any quantity".to_owned(),
        None => "above".to_owned(),
    };
    let unit = amount(tier.unit_amount).map_or(String::new(), |unit| format!(" {unit} each"));
    let flat = amount(tier.flat_amount).map_or(String::new(), |flat| format!(" {flat} flat"));
    format!("{up_to}:{unit}{flat}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use pricebook_model::catalog::CustomAmount;
    use pricebook_types::Currency;

    fn custom(minimum: Option<i64>, maximum: Option<i64>) -> CurrencyAmount {
        let custom = Some(CustomAmount { minimum, maximum, preset: None });
        CurrencyAmount { currency: Currency::Usd, unit_amount: None, tiers: Vec::new(), custom }
    }

    fn told(from: &CurrencyAmount, to: &CurrencyAmount) -> Option<(String, String, Option<Decimal>, Option<Decimal>)> {
        let cost = |amount| Cost { amount, mode: None };
        match change(cost(from), cost(to), || None)? {
            What::Tiers { from, to, raise, cut, .. } => Some((from, to, raise, cut)),
            _ => None,
        }
    }

    #[test]
    fn what_customers_may_choose_is_told_and_the_least_is_what_rises() {
        let (before, dearer) = (custom(Some(500), None), custom(Some(1000), None));
        let words = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let (from, to) = words("customers choose from 5.00", "from 10.00");
        assert_eq!(told(&before, &dearer), Some((from, to, Some(Decimal::ONE_HUNDRED), None)));
        let (from, to) = words("customers choose from 5.00", "from 5.00 to 50.00");
        assert_eq!(told(&before, &custom(Some(500), Some(5000))), Some((from, to, None, None)));
        let (from, to) = words("customers choose any amount", "from 1.00");
        assert_eq!(
            told(&custom(None, None), &custom(Some(100), None)),
            Some((from, to, Some(Decimal::ONE_HUNDRED), None))
        );
        assert_eq!(told(&before, &before), None);
    }
}
