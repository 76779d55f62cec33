//! What holds on a day, announced changes considered; days are `YYYY-MM-DD` in UTC, which compare as texts.

use std::collections::BTreeMap;

use super::{Amount, DepositRule, LiveAmounts, LiveItem, PriceRule};
use crate::Currency;

impl<'a> PriceRule<'a> {
    /// What the price costs, the default currency first.
    pub fn amounts_on(&self, day: &str) -> &[Amount<'a>] {
        self.changes.iter().rfind(|change| *change.on <= *day).map_or(&self.amounts, |change| &change.amounts)
    }
}

impl DepositRule<'_> {
    /// The least payment in minor units, by currency.
    pub fn minimum_on(&self, day: &str) -> &BTreeMap<Currency, i64> {
        self.changes.iter().rfind(|change| *change.on <= *day).map_or(&self.minimum, |change| &change.minimum)
    }
}

impl<'a> LiveItem<'a> {
    /// What the live API must answer.
    pub fn amounts_on(&self, day: &str) -> &LiveAmounts<'a> {
        self.changes.iter().rfind(|change| *change.on <= *day).map_or(&self.amounts, |change| &change.amounts)
    }
}
