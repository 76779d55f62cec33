//! Parts that their owner no longer has: a tier, a currency, a granted feature, a promotion code. They are found by what
//! their owner should have; rows of unknown owners are left alone.

use std::collections::{BTreeMap, HashMap};

use pricebook_model::Catalog;
use pricebook_types::Dialect;

use super::ddl::quote;
use super::literal::text_of;
use super::rows::Rows;
use super::surplus::{Surplus, lists};

/// A table whose rows belong to rows of another.
pub(super) struct Owned {
    table: &'static str,
    /// The columns that name the owner; all but the last have few values.
    owner: &'static [&'static str],
    /// The columns that tell an owner's rows apart.
    part: &'static [&'static str],
    /// The column that says whether a row is for sale, where rows stay.
    active: Option<&'static str>,
    /// Owners that may have no rows at all.
    owners: fn(&Catalog) -> Vec<Vec<&str>>,
}

/// Every such table.
pub(super) const OWNED: &[Owned] = &[
    Owned {
        table: "catalog_price_amounts",
        owner: &["lookup_key"],
        part: &["currency", "effective_on", "tier_number"],
        active: None,
        owners: |_| Vec::new(),
    },
    Owned {
        table: "catalog_product_features",
        owner: &["kind", "product_id"],
        part: &["feature_id"],
        active: None,
        owners: |catalog| catalog.products.iter().map(|product| vec![&*product.kind, &*product.id]).collect(),
    },
    Owned {
        table: "catalog_promotion_codes",
        owner: &["coupon_id"],
        part: &["code"],
        active: Some("active"),
        owners: |catalog| catalog.coupons.iter().map(|coupon| vec![&*coupon.id]).collect(),
    },
];

impl Owned {
    /// What is to go, each condition small enough for a statement.
    pub(super) fn surplus<'a>(&self, catalog: &Catalog, dialect: Dialect, all: &[Rows<'a>]) -> Vec<Surplus<'a>> {
        let Some(rows) = all.iter().find(|rows| rows.table.base && rows.table.name == self.table) else {
            return Vec::new();
        };
        let last = quote(dialect, self.owner[self.owner.len() - 1]);
        let mut surplus = Vec::new();
        for ((shared, parts), owners) in self.groups(catalog, dialect, rows) {
            for list in lists(owners) {
                let condition = format!("{shared}{last} IN ({list}){parts}");
                surplus.push(Surplus { table: rows.table, condition, active: self.active.map(str::to_owned) });
            }
        }
        surplus
    }

    /// The last column of owners, by their other columns and by what their rows should be.
    fn groups(&self, catalog: &Catalog, dialect: Dialect, rows: &Rows<'_>) -> BTreeMap<(String, String), Vec<String>> {
        let mut parts_of: HashMap<Vec<&str>, String> = HashMap::new();
        for owner in (self.owners)(catalog) {
            parts_of.entry(owner).or_default();
        }
        let owner_at = positions(rows, self.owner);
        let part_at = positions(rows, self.part);
        let names: Vec<String> = part_at.iter().map(|&at| quote(dialect, &rows.columns[at].name)).collect();
        for row in &rows.rows {
            let owner = owner_at.iter().map(|&at| row.cells[at].as_text()).collect();
            let parts = parts_of.entry(owner).or_default();
            parts.push_str(if parts.is_empty() { "\n  AND NOT ((" } else { " OR (" });
            for (number, (&at, name)) in part_at.iter().zip(&names).enumerate() {
                parts.push_str(if number == 0 { "" } else { " AND " });
                parts.push_str(name);
                parts.push_str(" = ");
                row.cells[at].write(parts, dialect, &rows.columns[at].ty);
            }
            parts.push(')');
        }
        let mut groups: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for (mut owner, mut parts) in parts_of {
            let last = text_of(dialect, owner.pop().unwrap_or_default());
            let shared =
                self.owner.iter().zip(owner).map(|(name, value)| (quote(dialect, name), text_of(dialect, value)));
            let shared = shared.map(|(name, value)| format!("{name} = {value} AND ")).collect();
            parts.push_str(if parts.is_empty() { "" } else { ")" });
            groups.entry((shared, parts)).or_default().push(last);
        }
        groups.values_mut().for_each(|owners| owners.sort_unstable());
        groups
    }
}

fn positions(rows: &Rows<'_>, names: &[&str]) -> Vec<usize> {
    names.iter().filter_map(|name| rows.columns.iter().position(|column| column.name == *name)).collect()
}
