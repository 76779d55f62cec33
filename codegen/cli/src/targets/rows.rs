//! The rows that a change of the catalog writes, with what they stand for.

use std::collections::{HashMap, HashSet};

use pricebook_emit::sql::{RowText, row_texts};
use pricebook_model::Catalog;

use super::Owner;

/// A row that is written.
pub(super) struct Row {
    pub(super) owner: Owner,
    /// For rows of amounts.
    pub(super) currency: Option<String>,
    /// For rows of grants.
    pub(super) feature: Option<String>,
}

/// Every row that differs between two catalogs.
pub(super) fn rows(old: &Catalog, new: &Catalog) -> Vec<Row> {
    let (before, after) = (row_texts(old), row_texts(new));
    let known: HashMap<(&str, &[String]), &RowText> =
        before.iter().map(|row| ((row.table.as_str(), row.key.as_slice()), row)).collect();
    let mut owners = Owners::of(new);
    let written = after.iter().map(|row| (row, owners.next(row)));
    let mut rows: Vec<Row> = written
        .filter(|(row, _)| known.get(&(row.table.as_str(), row.key.as_slice())).is_none_or(|before| before != row))
        .map(|(_, owner)| owner)
        .collect();
    // A row whose thing is gone is deactivated, or deleted where it is a detail.
    let kept: HashSet<(&str, &[String])> = after.iter().map(|row| (row.table.as_str(), row.key.as_slice())).collect();
    let mut owners = Owners::of(old);
    let former = before.iter().map(|row| (row, owners.next(row)));
    let gone = former.filter(|(row, _)| !kept.contains(&(row.table.as_str(), row.key.as_slice())));
    rows.extend(gone.map(|(_, owner)| owner));
    rows
}

/// Tells what rows stand for, when asked in the order of [`row_texts`].
struct Owners<'a> {
    /// The products of each kind's table that are still to come, with their kind.
    of_tables: HashMap<&'a str, (&'a str, std::vec::IntoIter<&'a str>)>,
    /// The coupon of each promotion code.
    of_codes: HashMap<&'a str, &'a str>,
}

impl<'a> Owners<'a> {
    fn of(catalog: &'a Catalog) -> Self {
        let mut of_kinds: HashMap<&str, Vec<&str>> = HashMap::new();
        for product in &catalog.products {
            of_kinds.entry(&product.kind).or_default().push(&product.id);
        }
        let of_tables = catalog.kinds.iter().map(|kind| {
            let products = of_kinds.remove(kind.id.as_str()).unwrap_or_default();
            (kind.table.as_str(), (kind.id.as_str(), products.into_iter()))
        });
        let codes = catalog
            .coupons
            .iter()
            .flat_map(|coupon| coupon.promotion_codes.iter().map(|code| (code.code.as_str(), coupon.id.as_str())));
        Self { of_tables: of_tables.collect(), of_codes: codes.collect() }
    }

    fn next(&mut self, row: &RowText) -> Row {
        let key = |index: usize| row.key.get(index).cloned().unwrap_or_default();
        let of = |owner| Row { owner, currency: None, feature: None };
        match row.table.as_str() {
            "catalog_prices" => of(Owner::Price(key(0))),
            "catalog_price_amounts" => Row { currency: Some(key(1)), ..of(Owner::Price(key(0))) },
            "catalog_features" => of(Owner::entry("feature", &key(0))),
            "catalog_product_features" => Row { feature: Some(key(2)), ..of(Owner::Product(key(0), key(1))) },
            "catalog_coupons" => of(Owner::entry("coupon", &key(0))),
            "catalog_promotion_codes" => {
                let code = key(0);
                of(Owner::entry("coupon", self.of_codes.get(code.as_str()).copied().unwrap_or(&code)))
            }
            table => of(self.product_of(table)),
        }
    }

    /// The rows of a kind's table are its products in their order.
    fn product_of(&mut self, table: &str) -> Owner {
        let Some((kind, products)) = self.of_tables.get_mut(table) else {
            return Owner::entry("table", table);
        };
        Owner::Product((*kind).to_owned(), products.next().unwrap_or_default().to_owned())
    }
}
