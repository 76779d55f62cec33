//! What `billingType` says of a price.

use rust_decimal::Decimal;

use crate::import::yaml::Yaml;

/// How often a service is charged.
pub(super) struct Charge {
    pub(super) key: String,
    /// Unit and count, for keys without an interval of their own.
    interval: Option<(&'static str, u16)>,
}

impl Charge {
    pub(super) fn of(billing_type: &str, display: Option<&str>) -> Option<Self> {
        let known = |key: &str| Some(Self { key: key.to_owned(), interval: None });
        match billing_type.to_ascii_lowercase().replace('_', "-").as_str() {
            "one-time" | "onetime" | "once" | "free" => known("one_time"),
            "daily" => known("daily"),
            "weekly" => known("weekly"),
            "monthly" | "month" => known("monthly"),
            "quarterly" => known("quarterly"),
            "semiannual" | "semiannually" => known("semiannual"),
            "yearly" | "annual" | "annually" | "year" => known("yearly"),
            "recurring" => {
                let (_, every) = display?.rsplit_once('/')?;
                let every = every.trim();
                let unit_start = every.find(|c: char| !c.is_ascii_digit())?;
                let (count, unit) = every.split_at(unit_start);
                let count = if count.is_empty() { 1 } else { count.parse().ok()? };
                let unit = unit.trim().trim_end_matches('s');
                let unit = [("day", "day"), ("week", "wk"), ("month", "mo"), ("year", "yr")]
                    .into_iter()
                    .find_map(|(word, short)| (unit == word || unit == short).then_some(word))?;
                Some(Self { key: format!("every_{count}_{unit}s"), interval: Some((unit, count)) })
            }
            _ => None,
        }
    }

    /// A price of so much.
    pub(super) fn price(&self, amount: Decimal) -> Yaml {
        match self.interval {
            None => Yaml::plain(amount),
            Some((unit, count)) => Yaml::map([
                ("interval", Some(Yaml::plain(unit))),
                ("interval_count", (count > 1).then(|| Yaml::plain(count))),
                ("amount", Some(Yaml::plain(amount))),
            ]),
        }
    }
}

/// Why a service cannot be imported.
pub(super) fn unknown(billing_type: &str) -> String {
    format!(
        "`{billing_type}` names no interval; write one-time, daily, weekly, monthly, quarterly, semiannual or yearly, or \
         `recurring` with a display such as `$9/mo`"
    )
}
