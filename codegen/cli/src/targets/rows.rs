//! The rows that a change of the catalog writes, with what they stand for.

use std::collections::HashMap;

use pricebook_emit::sql::{RowText, written};
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

/// Every row that a sync on a day (ISO 8601) changes from one catalog to another.
pub(super) fn rows(old: &Catalog, new: &Catalog, day: &str) -> Vec<Row> {
    let owners = Owners::of(old, new);
    written(old, new, day).into_iter().map(|row| owners.row(row)).collect()
}

/// Tells what rows stand for.
struct Owners<'a> {
    /// The coupon of each promotion code.
    of_codes: HashMap<&'a str, &'a str>,
    /// The new ids of products, by kind and former id.
    renamed: HashMap<(&'a str, &'a str), &'a str>,
}

impl<'a> Owners<'a> {
    fn of(old: &'a Catalog, new: &'a Catalog) -> Self {
        let codes = |catalog: &'a Catalog| {
            let coupons = catalog.coupons.iter();
            coupons.flat_map(|coupon| coupon.promotion_codes.iter().map(|code| (&*code.code, &*coupon.id)))
        };
        let renamed = new.products.iter().filter_map(|product| {
            let was = product.was.as_deref()?;
            Some(((product.kind.as_str(), was), product.id.as_str()))
        });
        Self { of_codes: codes(old).chain(codes(new)).collect(), renamed: renamed.collect() }
    }

    fn row(&self, row: RowText) -> Row {
        let key = |index: usize| row.key.get(index).cloned().unwrap_or_default();
        let of = |owner| Row { owner, currency: None, feature: None };
        if let Some((kind, id)) = &row.product {
            return of(self.product(kind, id));
        }
        match row.table.as_str() {
            "catalog_prices" => of(Owner::Price(key(0))),
            "catalog_price_amounts" => Row { currency: Some(key(1)), ..of(Owner::Price(key(0))) },
            "catalog_features" => of(Owner::entry("feature", &key(0))),
            "catalog_product_features" => Row { feature: Some(key(2)), ..of(self.product(&key(0), &key(1))) },
            "catalog_coupons" | "catalog_coupon_amounts" => of(Owner::entry("coupon", &key(0))),
            "catalog_promotion_codes" => {
                let code = key(0);
                of(Owner::entry("coupon", self.of_codes.get(code.as_str()).copied().unwrap_or(&code)))
            }
            table => of(Owner::entry("table", table)),
        }
    }

    /// A product by the id that changes speak of.
    fn product(&self, kind: &str, id: &str) -> Owner {
        let id = self.renamed.get(&(kind, id)).copied().unwrap_or(id);
        Owner::Product(kind.to_owned(), id.to_owned())
    }
}
