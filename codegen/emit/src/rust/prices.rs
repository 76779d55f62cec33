//! The tables of prices and their amounts.

use std::collections::HashMap;
use std::fmt::Write;

use pricebook_model::Catalog;
use pricebook_model::catalog::{CurrencyAmount, Price, Tier, TransformQuantity, whole};
use pricebook_types::{Interval, TaxBehavior, TierMode, UsageType};
use rust_decimal::Decimal;

use super::literal::{self, optional};
use super::shapes::Shapes;

/// `AMOUNTS` and `PRICES`.
pub(super) fn rows(catalog: &Catalog) -> String {
    let [mut shapes, mut currencies]: [Shapes; 2] = Default::default();
    let mut known: HashMap<Key<'_>, usize> = HashMap::new();
    let (mut amounts, mut amount_count) = (String::new(), 0);
    let [mut keys, mut prices] = [const { String::new() }; 2];
    let mut price_count = 0;
    for (product_position, product) in catalog.products.iter().enumerate() {
        for price in &product.prices {
            let plain = plain_amounts(price).unwrap_or_default();
            for (amount, minor) in &plain {
                let currency = currencies.position(format!("Currency::{:?}", amount.currency));
                writeln!(amounts, "    [{currency}, {minor}],").expect("writing to a String succeeds");
            }
            let shape = match is_simple(price, &plain) {
                true => *known.entry(key(price)).or_insert_with(|| shapes.position(shape(price, false))),
                false => shapes.position(shape(price, plain.is_empty())),
            };
            writeln!(keys, "    {},", literal::text(&price.lookup_key)).expect("as above");
            writeln!(prices, "    [{shape}, {product_position}, {amount_count}, {}],", plain.len()).expect("as above");
            amount_count += plain.len();
            price_count += 1;
        }
    }
    format!(
        "{}static AMOUNTS: [CurrencyAmount; {amount_count}] = rows::amounts(CURRENCIES, &[\n{amounts}]);\n{}\
         static PRICE_KEYS: [&str; {price_count}] = [\n{keys}];\npub(super) static PRICES: [Price; {price_count}] = \
         rows::prices(PRICE_SHAPES, &PRICE_KEYS, &PRODUCT_IDS, &AMOUNTS, &[\n{prices}]);\n",
        currencies.slice("CURRENCIES", "Currency"),
        shapes.slice("PRICE_SHAPES", "Price"),
    )
}

/// The amounts, if all are whole numbers of minor units for one unit, as nearly all are.
fn plain_amounts(price: &Price) -> Option<Vec<(&CurrencyAmount, i64)>> {
    price.amounts.iter().map(|amount| Some((amount, whole(amount.unit_amount?)?))).collect()
}

/// Whether a price's shape holds nothing of its amounts, as that of nearly all: then it is known by its key, without being
/// printed.
fn is_simple(price: &Price, plain: &[(&CurrencyAmount, i64)]) -> bool {
    !plain.is_empty() && price.changes.is_empty() && price.currency_tax_behavior.is_empty()
}

type Key<'a> = (
    [&'a str; 2],
    [Option<&'a str>; 3],
    Option<Interval>,
    UsageType,
    Option<TierMode>,
    Option<TransformQuantity>,
    u16,
    TaxBehavior,
    bool,
);

fn key(price: &Price) -> Key<'_> {
    (
        [&price.key, &price.label],
        [price.meter.as_deref(), price.unit.as_deref(), price.grandfathered.as_deref()],
        price.interval,
        price.usage,
        price.tier_mode,
        price.transform_quantity,
        price.trial_days,
        price.tax_behavior,
        price.active,
    )
}

/// All of a price that its row does not say.
fn shape(price: &Price, with_amounts: bool) -> String {
    let Price { usage, trial_days, tax_behavior, active, .. } = price;
    let [key, label] = [&price.key, &price.label].map(|text| literal::text(text));
    let (meter, unit) = (optional(price.meter.as_deref()), optional(price.unit.as_deref()));
    let grandfathered = optional(price.grandfathered.as_deref());
    let interval = price.interval.map_or("None".to_owned(), |Interval { unit, count }| {
        format!("Some(Interval {{ unit: IntervalUnit::{unit:?}, count: {count} }})")
    });
    let tier_mode = price.tier_mode.map_or("None".to_owned(), |mode| format!("Some(TierMode::{mode:?})"));
    let transform = price.transform_quantity.map_or("None".to_owned(), |TransformQuantity { divide_by, round_up }| {
        format!("Some(TransformQuantity {{ divide_by: {divide_by}, round_up: {round_up} }})")
    });
    let amounts = if with_amounts { amount_list(&price.amounts) } else { "&[]".to_owned() };
    let taxed_otherwise: Vec<_> = (price.currency_tax_behavior.iter())
        .map(|(currency, behavior)| format!("(Currency::{currency:?}, TaxBehavior::{behavior:?})"))
        .collect();
    let changes: Vec<_> = price
        .changes
        .iter()
        .map(|change| {
            format!("PriceChange {{ on: {}, amounts: {} }}", literal::text(&change.on), amount_list(&change.amounts))
        })
        .collect();
    format!(
        "Price {{ lookup_key: \"\", key: {key}, label: {label}, product: \"\", interval: {interval}, usage: \
         UsageType::{usage:?}, meter: {meter}, tier_mode: {tier_mode}, unit: {unit}, transform_quantity: {transform}, \
         trial_days: {trial_days}, tax_behavior: TaxBehavior::{tax_behavior:?}, currency_tax_behavior: &[{}], amounts_before_changes: {amounts}, \
         changes: &[{}], grandfathered: {grandfathered}, active: {active} }}",
        taxed_otherwise.join(", "),
        changes.join(", ")
    )
}

fn amount_list(amounts: &[CurrencyAmount]) -> String {
    let amounts: Vec<_> = amounts
        .iter()
        .map(|CurrencyAmount { currency, unit_amount, tiers, custom }| {
            let tiers: Vec<_> = tiers.iter().map(tier).collect();
            format!(
                "CurrencyAmount {{ currency: Currency::{currency:?}, unit_amount: {}, tiers: &[{}], custom: {custom:?} }}",
                optional_amount(*unit_amount),
                tiers.join(", ")
            )
        })
        .collect();
    format!("&[{}]", amounts.join(", "))
}

fn tier(Tier { up_to, unit_amount, flat_amount }: &Tier) -> String {
    // A tier with only a flat amount costs nothing for each unit.
    let unit_amount = amount(unit_amount.unwrap_or_default());
    let flat_amount = optional_amount(*flat_amount);
    format!("Tier {{ up_to: {up_to:?}, unit_amount: {unit_amount}, flat_amount: {flat_amount} }}")
}

fn optional_amount(minor: Option<Decimal>) -> String {
    minor.map_or("None".to_owned(), |minor| format!("Some({})", amount(minor)))
}

fn amount(minor: Decimal) -> String {
    match whole(minor) {
        Some(minor) => format!("Amount::Minor({minor})"),
        None => format!("Amount::Decimal({})", literal::text(&minor.normalize().to_string())),
    }
}
