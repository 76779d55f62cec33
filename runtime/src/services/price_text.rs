//! Prices and deposits for people: what holds on a day, and what was announced for later ones.

use pricebook_types::{Amount, CurrencyAmount, Day, Deposit, Price, Tier, TierMode};

/// `29.00 USD / month (from 2027-01-01: 35.00 USD)`, `from 0.00 USD / month (tiered, 10000 free, then 0.002 USD / call)`.
pub(super) fn price(price: &Price, day: Day) -> String {
    let Some(now) = price.amounts_on(day).first() else { return "no amount".to_owned() };
    let later = price.changes.iter().filter(|change| change.on > day.as_str());
    let later =
        later.filter_map(|change| Some(format!("from {}: {}", change.on, amount(price, change.amounts.first()?).0)));
    let remarks: Vec<String> = price.tier_mode.map(|mode| tiered(mode, price, now)).into_iter().chain(later).collect();
    let (text, is_of_a_unit) = amount(price, now);
    let unit = if is_of_a_unit { per(price) } else { String::new() };
    let interval = price.interval.map(|interval| format!(" / {interval}")).unwrap_or_default();
    with(format!("{text}{unit}{interval}"), &remarks)
}

/// ` / call`, or empty.
fn per(price: &Price) -> String {
    price.per().map(|unit| format!(" / {unit}")).unwrap_or_default()
}

/// What the least amount does not say: `tiered, 10000 free, then 0.002 USD / call, with flat amounts`.
fn tiered(mode: TierMode, price: &Price, CurrencyAmount { currency, tiers, .. }: &CurrencyAmount) -> String {
    let free = tiers.iter().take_while(|tier| !has_unit(tier) && !has_flat(tier)).count();
    let last = free.checked_sub(1).and_then(|last| tiers[last].up_to);
    let free = last.map_or(String::new(), |last| match mode {
        TierMode::Graduated => format!(", {last} free"),
        TierMode::Volume => format!(", up to {last} free"),
    } + &tiers.get(free).filter(|tier| has_unit(tier)).map_or(String::new(), |tier| {
        format!(", then {}{}", tier.unit_amount.display(*currency), per(price))
    }));
    let flat = tiers.iter().any(has_unit) && tiers.iter().any(has_flat);
    format!("tiered{free}{}", if flat { ", with flat amounts" } else { "" })
}

/// `299.00 USD (from 2027-01-01: 319.00 USD)`.
pub(super) fn deposit(deposit: &Deposit, day: Day) -> String {
    let now = deposit.amounts_on(day).first().map(ToString::to_string).unwrap_or_default();
    let later = deposit.changes.iter().filter(|change| change.on > day.as_str());
    let later = later.filter_map(|change| Some(format!("from {}: {}", change.on, change.amounts.first()?)));
    with(now, &later.collect::<Vec<_>>())
}

fn with(text: String, remarks: &[String]) -> String {
    match remarks {
        [] => text,
        remarks => format!("{text} ({})", remarks.join("; ")),
    }
}

/// The amount, of tiers the least that somebody pays, and whether it is what one unit costs.
fn amount(price: &Price, amount: &CurrencyAmount) -> (String, bool) {
    if let Some(custom) = amount.custom {
        let from = custom.minimum.map(|minor| format!(" from {}", Amount::Minor(minor).display(amount.currency)));
        return (format!("any amount{}", from.unwrap_or_else(|| format!(" of {}", amount.currency))), false);
    }
    match (amount.unit_amount, price.tier_mode) {
        (None, Some(mode)) => {
            let least = amount.least(mode);
            (format!("from {}", Amount::display_exact(least.amount, amount.currency)), least.of_a_unit)
        }
        (unit_amount, _) => (unit_amount.unwrap_or(Amount::Minor(0)).display(amount.currency), true),
    }
}

fn has_unit(tier: &Tier) -> bool {
    tier.unit_amount.exact() != 0
}

fn has_flat(tier: &Tier) -> bool {
    tier.flat_amount.is_some_and(|amount| amount.exact() != 0)
}
