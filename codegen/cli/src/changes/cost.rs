//! What quantities cost by an amount or by tiers, and how far that moved from one to another.

use std::collections::BTreeSet;

use pricebook_model::catalog::{CurrencyAmount, Tier};
use pricebook_types::TierMode;
use rust_decimal::Decimal;

use super::asked::least;
use super::share;

/// What a price costs in one currency, with the way in which its tiers count.
#[derive(Clone, Copy)]
pub(super) struct Cost<'a> {
    pub(super) amount: &'a CurrencyAmount,
    pub(super) mode: Option<TierMode>,
}

/// How far what quantities cost moved: over all of them, the most in each direction.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Spread {
    /// In percent; `None` where nothing rises from more than 0.
    pub(super) raise: Option<Decimal>,
    /// In percent, below 0; `None` where nothing falls.
    pub(super) cut: Option<Decimal>,
    /// Some quantity cost nothing, or some further unit did, and no longer does.
    pub(super) no_longer_free: bool,
}

impl Cost<'_> {
    /// How far what quantities cost moves from here to `to`.
    ///
    /// Between two ends of tiers both costs are linear, so that their ratio is largest at the first or at the last quantity;
    /// behind the last end it runs towards the ratio of what a further unit costs.
    pub(super) fn spread(&self, to: &Self) -> Spread {
        let mut spread = Spread::default();
        for quantity in self.ends().chain(to.ends()).collect::<BTreeSet<u64>>() {
            if let (Some(before), Some(now)) = (self.of(quantity), to.of(quantity)) {
                spread.add(before, now);
            }
        }
        spread.add(self.of_further_unit(), to.of_further_unit());
        spread
    }

    /// The first quantity, and those on both sides of each tier's end.
    fn ends(&self) -> impl Iterator<Item = u64> {
        let ends = self.amount.tiers.iter().filter_map(|tier| tier.up_to);
        std::iter::once(1).chain(ends.flat_map(|end| [end, end.saturating_add(1)])).filter(|quantity| *quantity > 0)
    }

    /// What so many units cost, in minor units, at least where customers choose; `None` beyond 28 digits.
    fn of(&self, quantity: u64) -> Option<Decimal> {
        if let Some(unit) = self.amount.unit_amount {
            return unit.checked_mul(quantity.into());
        }
        if let Some(custom) = self.amount.custom {
            return least(custom, self.amount.currency).checked_mul(quantity.into());
        }
        let tiers = &self.amount.tiers;
        let last = tiers.iter().position(|tier| tier.up_to.is_none_or(|end| quantity <= end))?;
        if self.mode == Some(TierMode::Volume) {
            return of_tier(&tiers[last], quantity);
        }
        let mut before = 0;
        let mut sum = Decimal::ZERO;
        for tier in &tiers[..=last] {
            let end = tier.up_to.map_or(quantity, |end| end.min(quantity));
            sum = sum.checked_add(of_tier(tier, end.saturating_sub(before))?)?;
            before = end;
        }
        Some(sum)
    }

    /// What one unit more costs where there are very many.
    fn of_further_unit(&self) -> Decimal {
        let last = self.amount.tiers.last().and_then(|tier| tier.unit_amount);
        let least = self.amount.custom.map(|custom| least(custom, self.amount.currency));
        self.amount.unit_amount.or(least).or(last).unwrap_or_default()
    }
}

fn of_tier(tier: &Tier, units: u64) -> Option<Decimal> {
    let units = tier.unit_amount.unwrap_or_default().checked_mul(units.into())?;
    units.checked_add(tier.flat_amount.unwrap_or_default())
}

impl Spread {
    /// Over what `other` is about, too.
    pub(super) fn widen(&mut self, other: Self) {
        self.raise = self.raise.max(other.raise);
        self.cut = [self.cut, other.cut].into_iter().flatten().min();
        self.no_longer_free |= other.no_longer_free;
    }

    fn add(&mut self, before: Decimal, now: Decimal) {
        match share(before, now) {
            Some(moved) if moved > Decimal::ZERO => self.raise = self.raise.max(Some(moved)),
            Some(moved) if moved < Decimal::ZERO => self.cut = Some(self.cut.map_or(moved, |cut| cut.min(moved))),
            Some(_) => {}
            None => self.no_longer_free |= now > Decimal::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pricebook_types::Currency;

    fn tiers(tiers: &[(Option<u64>, i64, i64)]) -> CurrencyAmount {
        let tier = |(up_to, unit, flat): &(Option<u64>, i64, i64)| Tier {
            up_to: *up_to,
            unit_amount: Some(Decimal::from(*unit)),
            flat_amount: (*flat != 0).then(|| Decimal::from(*flat)),
        };
        CurrencyAmount {
            currency: Currency::Usd,
            unit_amount: None,
            tiers: tiers.iter().map(tier).collect(),
            custom: None,
        }
    }

    fn flat(minor: i64) -> CurrencyAmount {
        CurrencyAmount {
            currency: Currency::Usd,
            unit_amount: Some(Decimal::from(minor)),
            tiers: Vec::new(),
            custom: None,
        }
    }

    fn moved(from: (&CurrencyAmount, TierMode), to: (&CurrencyAmount, TierMode)) -> (Option<Decimal>, Option<Decimal>) {
        let cost = |(amount, mode)| Cost { amount, mode: Some(mode) };
        let Spread { raise, cut, .. } = cost(from).spread(&cost(to));
        (raise.map(|raise| raise.normalize()), cut.map(|cut| cut.normalize()))
    }

    const GRADUATED: TierMode = TierMode::Graduated;

    #[test]
    fn a_quantity_costs_what_its_tiers_add_up_to_or_what_its_own_says() {
        let amount = tiers(&[(Some(10), 100, 0), (Some(20), 50, 300), (None, 20, 0)]);
        let of = |mode, quantity| Cost { amount: &amount, mode: Some(mode) }.of(quantity).unwrap();
        assert_eq!(
            [10, 11, 20, 25].map(|quantity| of(GRADUATED, quantity)),
            [1000, 1350, 1800, 1900].map(Decimal::from)
        );
        assert_eq!(
            [10, 11, 20, 25].map(|quantity| of(TierMode::Volume, quantity)),
            [1000, 850, 1300, 500].map(Decimal::from)
        );
    }

    #[test]
    fn the_largest_share_counts_wherever_it_is() {
        let before = tiers(&[(Some(10), 100, 0), (None, 50, 0)]);
        // An end that moved: 20 units cost 15.00 before and 20.00 after.
        let later = tiers(&[(Some(20), 100, 0), (None, 50, 0)]);
        let (raise, cut) = moved((&before, GRADUATED), (&later, GRADUATED));
        assert_eq!((raise.unwrap().round_dp(2), cut), ("33.33".parse().unwrap(), None));
        // A rise that no end of a tier reaches: with ever more units it comes near to that of one unit.
        let dearer = tiers(&[(Some(10), 100, 0), (None, 75, 0)]);
        assert_eq!(moved((&before, GRADUATED), (&dearer, GRADUATED)), (Some(50.into()), None));
    }

    #[test]
    fn another_way_to_count_moves_what_quantities_cost() {
        let amount = tiers(&[(Some(10), 100, 0), (None, 50, 0)]);
        let (raise, cut) = moved((&amount, GRADUATED), (&amount, TierMode::Volume));
        assert_eq!((raise, cut.unwrap().round_dp(2)), (None, "-47.62".parse().unwrap()));
    }

    #[test]
    fn what_was_free_for_some_quantity_only_is_seen() {
        let cost = |amount| Cost { amount, mode: Some(GRADUATED) };
        let before = tiers(&[(Some(10), 0, 0), (None, 50, 0)]);
        let fewer = tiers(&[(Some(5), 0, 0), (None, 50, 0)]);
        assert!(cost(&before).spread(&cost(&fewer)).no_longer_free);
        assert!(!cost(&fewer).spread(&cost(&before)).no_longer_free);
        let capped = tiers(&[(Some(10), 100, 0), (None, 0, 0)]);
        assert!(cost(&capped).spread(&cost(&flat(100))).no_longer_free, "further units were free");
    }

    #[test]
    fn the_largest_quantities_are_no_problem() {
        let amount = tiers(&[(Some(u64::MAX - 1), 99_999_999, 0), (None, 1, 0)]);
        let spread = Cost { amount: &amount, mode: Some(GRADUATED) }.spread(&Cost { amount: &flat(1), mode: None });
        assert!(spread.cut.is_some());
    }
}
