//! Which tables a sync writes: those of the kinds, and the shared ones of prices, features, coupons and the state.

use pricebook_model::Catalog;
use pricebook_model::schema::Table;

/// The shared tables, those that others refer to first.
const SHARED: [&str; 8] = [
    "catalog_prices",
    "catalog_price_amounts",
    "catalog_features",
    "catalog_product_features",
    "catalog_coupons",
    "catalog_coupon_amounts",
    "catalog_promotion_codes",
    "catalog_state",
];

/// The tables that `sync.sql` writes, in an order in which rows can be put in.
pub fn synced_tables(catalog: &Catalog) -> impl Iterator<Item = &Table> {
    let named = |name: &str, base: bool| catalog.tables.iter().find(|table| table.base == base && table.name == name);
    let kinds = catalog.kinds.iter().filter_map(move |kind| named(&kind.table, false));
    kinds.chain(SHARED.iter().filter_map(move |name| named(name, true)))
}
