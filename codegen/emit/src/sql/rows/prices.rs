//! `catalog_prices` and `catalog_price_amounts`.

use pricebook_model::Catalog;
use pricebook_model::catalog::{CurrencyAmount, Kind, Price, Product, StripeProductPer, TaxBehavior};
use pricebook_types::{TierMode, UsageType};

use super::{Cell, Row, Rows};

/// The first day of amounts that are not an announced change.
const ALWAYS: &str = "1970-01-01";

const PRICE_COLUMNS: &[&str] = &[
    "lookup_key",
    "kind",
    "product_id",
    "price_key",
    "local_id",
    "label",
    "interval_unit",
    "interval_count",
    "usage_type",
    "meter",
    "tier_mode",
    "unit",
    "divide_by",
    "divide_round",
    "trial_days",
    "tax_behavior",
    "replaced_by",
    "active",
];

pub(super) fn prices(catalog: &Catalog) -> Option<Rows<'_>> {
    let rows = every_price(catalog).map(|(kind, product, price)| Row {
        comment: format!("{}: {}", product.name, price.label),
        cells: price_cells(kind, product, price),
    });
    Rows::of_base(catalog, "catalog_prices", PRICE_COLUMNS, rows.collect())
}

fn every_price(catalog: &Catalog) -> impl Iterator<Item = (&Kind, &Product, &Price)> {
    catalog.kinds.iter().flat_map(|kind| {
        let products = catalog.products_of(&kind.id);
        products.flat_map(move |product| product.prices.iter().map(move |price| (kind, product, price)))
    })
}

fn price_cells<'a>(kind: &'a Kind, product: &'a Product, price: &'a Price) -> Vec<Cell<'a>> {
    let local_id = match kind.stripe_product_per {
        StripeProductPer::Product => &product.local_id,
        StripeProductPer::Price => &price.local_id,
    };
    let divide = price.transform_quantity;
    vec![
        Cell::text(&price.lookup_key),
        Cell::text(&kind.id),
        Cell::text(&product.id),
        Cell::text(&price.key),
        Cell::text(local_id),
        Cell::text(&price.label),
        Cell::optional(price.interval.map(|interval| interval.unit.as_str())),
        Cell::number(price.interval.map(|interval| i64::from(interval.count))),
        Cell::text(match price.usage {
            UsageType::Licensed => "licensed",
            UsageType::Metered => "metered",
        }),
        Cell::optional(price.meter.as_deref()),
        Cell::optional(price.tier_mode.map(|mode| match mode {
            TierMode::Graduated => "graduated",
            TierMode::Volume => "volume",
        })),
        Cell::optional(price.unit.as_deref()),
        Cell::number(divide.map(|divide| divide.divide_by)),
        Cell::optional(divide.map(|divide| if divide.round_up { "up" } else { "down" })),
        Cell::Integer(i64::from(price.trial_days)),
        Cell::text(tax(price.tax_behavior)),
        Cell::optional(price.grandfathered.as_deref()),
        Cell::Boolean(price.active),
    ]
}

fn tax(behavior: TaxBehavior) -> &'static str {
    match behavior {
        TaxBehavior::Exclusive => "exclusive",
        TaxBehavior::Inclusive => "inclusive",
        TaxBehavior::Unspecified => "unspecified",
    }
}

const AMOUNT_COLUMNS: &[&str] = &[
    "lookup_key",
    "currency",
    "effective_on",
    "tier_number",
    "up_to",
    "unit_amount",
    "flat_amount",
    "is_default",
    "tax_behavior",
];

pub(super) fn amounts(catalog: &Catalog) -> Option<Rows<'_>> {
    let mut rows = Vec::new();
    for (_, product, price) in every_price(catalog) {
        let comment = format!("{}: {}", product.name, price.label);
        amount_rows(&mut rows, &comment, price, ALWAYS, &price.amounts);
        for change in &price.changes {
            let comment = format!("{comment}, from {}", change.on);
            amount_rows(&mut rows, &comment, price, &change.on, &change.amounts);
        }
    }
    Rows::of_base(catalog, "catalog_price_amounts", AMOUNT_COLUMNS, rows)
}

fn amount_rows<'a>(
    rows: &mut Vec<Row<'a>>,
    comment: &str,
    price: &'a Price,
    day: &'a str,
    amounts: &'a [CurrencyAmount],
) {
    for (position, amount) in amounts.iter().enumerate() {
        let mut row = |tier: i64, up_to: Option<u64>, unit_amount, flat_amount| {
            rows.push(Row {
                comment: comment.to_owned(),
                cells: vec![
                    Cell::text(&price.lookup_key),
                    Cell::text(amount.currency.code()),
                    Cell::text(day),
                    Cell::Integer(tier),
                    Cell::number(up_to.and_then(|up_to| i64::try_from(up_to).ok())),
                    Cell::decimal(unit_amount),
                    Cell::decimal(flat_amount),
                    Cell::Boolean(position == 0),
                    Cell::text(tax(price.tax_behavior_in(amount.currency))),
                ],
            });
        };
        if amount.tiers.is_empty() {
            row(0, None, amount.unit_amount, None);
        }
        for (number, tier) in (1..).zip(&amount.tiers) {
            row(number, tier.up_to, tier.unit_amount, tier.flat_amount);
        }
    }
}
