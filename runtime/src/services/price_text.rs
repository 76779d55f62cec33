//! Prices and deposits for people: what holds on a day, and what was announced for later ones.

use pricebook_types::{Amount, CurrencyAmount, Deposit, Price, Tier, TierMode};

/// `29.00 USD / month (from 2027-01-01: 35.00 USD)`, `from 0.0015 USD / call / month (tiered, 10000 free)`.
pub(super) fn price(price: &Price, day: &str) -> String {
    let Some(now) = price.amounts_on(day).first() else { return "no amount".to_owned() };
    let later = price.changes.iter().filter(|change| change.on > day);
    let later = later.filter_map(|change| Some(format!("from {}: {}", change.on, amount(change.amounts.first()?))));
    let remarks: Vec<String> = price.tier_mode.map(|mode| tiered(mode, now.tiers)).into_iter().chain(later).collect();
    let unit = price.per().filter(|_| now.tiers.is_empty() || now.tiers.iter().any(has_unit));
    let unit = unit.map(|unit| format!(" / {unit}")).unwrap_or_default();
    let interval = price.interval.map(|interval| format!(" / {interval}")).unwrap_or_default();
    with(format!("{}{unit}{interval}", amount(now)), &remarks)
}

/// What the least amount of a unit does not say: `tiered, 10000 free, plus flat amounts`.
fn tiered(mode: TierMode, tiers: &[Tier]) -> String {
    let free = tiers.iter().take_while(|tier| !has_unit(tier) && !has_flat(tier)).last().and_then(|tier| tier.up_to);
    let free = free.map_or(String::new(), |last| match mode {
        TierMode::Graduated => format!(", {last} free"),
        TierMode::Volume => format!(", up to {last} free"),
    });
    let flat = tiers.iter().any(has_unit) && tiers.iter().any(has_flat);
    format!("tiered{free}{}", if flat { ", plus flat amounts" } else { "" })
}

/// `299.00 USD (from 2027-01-01: 319.00 USD)`.
pub(super) fn deposit(deposit: &Deposit, day: &str) -> String {
    let now = deposit.amounts_on(day).first().map(ToString::to_string).unwrap_or_default();
    let later = deposit.changes.iter().filter(|change| change.on > day);
    let later = later.filter_map(|change| Some(format!("from {}: {}", change.on, change.amounts.first()?)));
    with(now, &later.collect::<Vec<_>>())
}

fn with(text: String, remarks: &[String]) -> String {
    match remarks {
        [] => text,
        remarks => format!("{text} ({})", remarks.join("; ")),
    }
}

/// What one unit costs; of tiers the least that is not free, or else the least for a tier.
fn amount(CurrencyAmount { currency, unit_amount, tiers }: &CurrencyAmount) -> String {
    if let Some(amount) = unit_amount {
        return amount.display(*currency);
    }
    let units = tiers.iter().filter(|tier| has_unit(tier)).map(|tier| tier.unit_amount);
    let flats = tiers.iter().filter(|tier| has_flat(tier)).filter_map(|tier| tier.flat_amount);
    let least = units.min_by_key(|amount| amount.exact()).or_else(|| flats.min_by_key(|amount| amount.exact()));
    match least {
        Some(least) => format!("from {}", least.display(*currency)),
        None => Amount::Minor(0).display(*currency),
    }
}

fn has_unit(tier: &Tier) -> bool {
    tier.unit_amount.exact() != 0
}

fn has_flat(tier: &Tier) -> bool {
    tier.flat_amount.is_some_and(|amount| amount.exact() != 0)
}
