//! What a product costs on each day: the range of its prices and its deposit, through every announced change.

use std::collections::BTreeSet;

use pricebook_types::Currency;

use super::{Price, Product, whole};

/// What a product costs from a day on, in the default currency of its first price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer<'a> {
    /// The first day, an ISO 8601 date in UTC; `None` for the time before any announced change.
    pub on: Option<&'a str>,
    /// The lowest and the highest whole amount for a unit, in minor units; `None` where no price has one.
    pub range_minor: Option<(i64, i64)>,
    /// The deposit, in minor units.
    pub deposit_minor: Option<i64>,
}

impl Product {
    /// The currency of [`Offer`]s; `None` without a price.
    pub fn currency(&self) -> Option<Currency> {
        Some(self.prices.first()?.amounts.first()?.currency)
    }

    /// What the product costs at first, and from each day on which that changes.
    pub fn offers(&self) -> Vec<Offer<'_>> {
        let announced = self.sold().flat_map(|price| &price.changes).map(|change| change.on.as_str());
        let deposits = self.deposit.iter().flat_map(|deposit| &deposit.changes).map(|change| change.on.as_str());
        let days: BTreeSet<&str> = announced.chain(deposits).collect();
        let mut offers = vec![self.offer(None)];
        for day in days {
            let (next, last) = (self.offer(Some(day)), &offers[offers.len() - 1]);
            if (next.range_minor, next.deposit_minor) != (last.range_minor, last.deposit_minor) {
                offers.push(next);
            }
        }
        offers
    }

    /// The prices that are sold, or would be if the product were.
    fn sold(&self) -> impl Iterator<Item = &Price> {
        self.prices.iter().filter(|price| price.grandfathered.is_none() && (price.active || !self.active))
    }

    fn offer<'a>(&self, on: Option<&'a str>) -> Offer<'a> {
        let holds = |change: &str| on.is_some_and(|day| change <= day);
        let amounts = self.sold().filter_map(|price| {
            let change = price.changes.iter().rfind(|change| holds(&change.on));
            change.map_or(&price.amounts, |change| &change.amounts).first()
        });
        let minors = amounts.filter(|amount| Some(amount.currency) == self.currency());
        let minors = minors.filter_map(|amount| amount.unit_amount.and_then(whole));
        let range_minor = minors.fold(None, |range: Option<(i64, i64)>, minor| {
            Some(range.map_or((minor, minor), |(min, max)| (min.min(minor), max.max(minor))))
        });
        let deposit = self.deposit.as_ref().map(|deposit| {
            let change = deposit.changes.iter().rfind(|change| holds(&change.on));
            change.map_or(&deposit.amounts, |change| &change.amounts)
        });
        Offer { on, range_minor, deposit_minor: deposit.and_then(|amounts| Some(amounts.first()?.minor())) }
    }
}
