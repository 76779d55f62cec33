//! What a product costs on each day: the range of its prices and its deposit, through every announced change.

use std::collections::BTreeSet;

use pricebook_types::Currency;

use super::{Price, Product, whole};

/// What a product costs from a day on, in the default currency of its first price.
///
/// The range is what one unit costs at the prices that are sold on the terms of the first one: its default currency, interval,
/// usage and unit. It never spans terms that nobody can choose between, such as a month and a year. There is none where one of
/// these prices has no amount of its own for a unit: metered, tiered, by packages, or finer than a minor unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer<'a> {
    /// The first day, an ISO 8601 date in UTC; `None` for the time before any announced change.
    pub on: Option<&'a str>,
    /// The lowest and the highest amount, in minor units.
    pub range_minor: Option<(i64, i64)>,
    /// The deposit, in minor units.
    pub deposit_minor: Option<i64>,
}

impl Product {
    /// The currency of [`Offer`]s; `None` without a price.
    pub fn currency(&self) -> Option<Currency> {
        Some(self.prices.first()?.amounts.first()?.currency)
    }

    /// The prices that the range of [`Offer`]s spans, the same on every day; empty where there is none.
    pub fn range_prices(&self) -> Vec<&Price> {
        range_prices(&self.prices, self.active)
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
        sold(&self.prices, self.active)
    }

    fn offer<'a>(&self, on: Option<&'a str>) -> Offer<'a> {
        let holds = |change: &str| on.is_some_and(|day| change <= day);
        let minors = self.range_prices().into_iter().filter_map(|price| {
            let change = price.changes.iter().rfind(|change| holds(&change.on));
            whole(change.map_or(&price.amounts, |change| &change.amounts).first()?.unit_amount?)
        });
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

fn sold(prices: &[Price], product_is_active: bool) -> impl Iterator<Item = &Price> {
    prices.iter().filter(move |price| price.grandfathered.is_none() && (price.active || !product_is_active))
}

/// [`Product::range_prices`] of a product that has no more than its prices yet.
pub(crate) fn range_prices(prices: &[Price], product_is_active: bool) -> Vec<&Price> {
    let mut sold = sold(prices, product_is_active).peekable();
    let Some(first) = sold.peek().copied() else { return Vec::new() };
    let currency = |price: &Price| price.amounts.first().map(|amount| amount.currency);
    let terms = |price: &Price| (currency(price), price.interval, price.usage, price.per());
    let alike: Vec<&Price> = sold.filter(|price| terms(price) == terms(first)).collect();
    if alike.iter().all(|price| price.is_for_one_unit()) { alike } else { Vec::new() }
}
