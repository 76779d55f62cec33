//! Parts that their owner no longer has: a price, a tier, a currency, a granted feature, a promotion code. They are found by what
//! their owner should have; rows of unknown owners are left alone.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use pricebook_model::Catalog;
use pricebook_model::schema::{Column, Table};
use pricebook_types::{Dialect, MAX_STATEMENT_BYTES};

use super::ddl::quote;
use super::literal::text_of;
use super::rows::{Cell, Rows};
use super::surplus::{Ended, Surplus, lists};

/// A table whose rows belong to rows of another.
pub(super) struct Owned {
    pub(super) table: &'static str,
    /// The columns that name the owner; all but the last have few values.
    pub(super) owner: &'static [&'static str],
    /// The columns that tell an owner's rows apart.
    pub(super) part: &'static [&'static str],
    /// The column that says whether a row is for sale, where rows stay.
    pub(super) active: Option<&'static str>,
    /// Owners that may have no rows at all.
    pub(super) owners: fn(&Catalog) -> Vec<Vec<&str>>,
    /// The sort of ids that are taken from sale one by one, and the column that holds them.
    retired: Option<(&'static str, &'static str)>,
}

/// Every such table.
pub(super) const OWNED: &[Owned] = &[
    Owned {
        table: "catalog_prices",
        owner: &["kind", "product_id"],
        // Many products have prices of the same names, and no two the same lookup keys. That a pattern gives another lookup key
        // is for the lock to remember.
        part: &["price_key"],
        active: Some("active"),
        owners: |catalog| catalog.products.iter().map(|product| vec![&*product.kind, &*product.id]).collect(),
        retired: Some(("price", "lookup_key")),
    },
    Owned {
        table: "catalog_price_amounts",
        owner: &["lookup_key"],
        part: &["currency", "effective_on", "tier_number"],
        active: None,
        owners: |_| Vec::new(),
        retired: None,
    },
    Owned {
        table: "catalog_product_features",
        owner: &["kind", "product_id"],
        part: &["feature_id"],
        active: None,
        owners: |catalog| catalog.products.iter().map(|product| vec![&*product.kind, &*product.id]).collect(),
        retired: None,
    },
    Owned {
        table: "catalog_coupon_amounts",
        owner: &["coupon_id"],
        part: &["currency"],
        active: None,
        owners: |catalog| catalog.coupons.iter().map(|coupon| vec![&*coupon.id]).collect(),
        retired: None,
    },
    Owned {
        table: "catalog_promotion_codes",
        owner: &["coupon_id"],
        part: &["code"],
        active: Some("active"),
        owners: |catalog| catalog.coupons.iter().map(|coupon| vec![&*coupon.id]).collect(),
        retired: None,
    },
];

/// The owners of every such table, put together once for all dialects.
pub(super) fn groups<'r>(catalog: &'r Catalog, all: &'r [Rows<'r>]) -> Vec<Groups<'r>> {
    let of_table = |owned: &Owned| all.iter().find(|rows| rows.table.base && rows.table.name == owned.table);
    OWNED.iter().filter_map(|owned| Some(Groups::of(owned, catalog, of_table(owned)?))).collect()
}

/// The owners of a table's rows, by what their rows should be.
pub(super) struct Groups<'r> {
    table: &'r Table,
    active: Option<&'static str>,
    owner: Vec<&'r Column>,
    part: Vec<&'r Column>,
    /// The column and the ids of what is taken from sale one by one.
    retired: Option<(&'static str, Vec<&'r str>)>,
    groups: Vec<(Group<'r>, Vec<&'r str>)>,
}

/// What owners have in common that differ in their last column only.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
struct Group<'r> {
    /// The values of the columns before.
    shared: Vec<&'r str>,
    /// The values that tell the rows apart which they should have, row after row.
    parts: Vec<&'r Cell<'r>>,
}

impl<'r> Groups<'r> {
    fn of(owned: &Owned, catalog: &'r Catalog, rows: &'r Rows<'r>) -> Self {
        let [owner_at, part_at] = [owned.owner, owned.part].map(|names| positions(rows, names));
        let mut without_rows: HashSet<Vec<&str>> = (owned.owners)(catalog).into_iter().collect();
        let mut groups: HashMap<Group<'r>, Vec<&'r str>> = HashMap::new();
        let mut group = Group::default();
        // The rows of an owner follow each other.
        for of_owner in rows.rows.chunk_by(|a, b| owner_at.iter().all(|&at| a.cells[at] == b.cells[at])) {
            group.shared.clear();
            group.shared.extend(owner_at.iter().map(|&at| of_owner[0].cells[at].as_text()));
            without_rows.remove(&group.shared);
            group.parts.clear();
            group.parts.extend(of_owner.iter().flat_map(|row| part_at.iter().map(|&at| &row.cells[at])));
            let last = group.shared.pop().unwrap_or_default();
            match groups.get_mut(&group) {
                Some(owners) => owners.push(last),
                None => drop(groups.insert(group.clone(), vec![last])),
            }
        }
        for mut shared in without_rows {
            let last = shared.pop().unwrap_or_default();
            groups.entry(Group { shared, parts: Vec::new() }).or_default().push(last);
        }
        groups.values_mut().for_each(|owners| owners.sort_unstable());
        let columns = |positions: &[usize]| positions.iter().map(|&at| rows.columns[at]).collect();
        let (owner, part) = (columns(&owner_at), columns(&part_at));
        let retired = owned.retired.map(|(sort, column)| (column, Ended::of(catalog).ids(sort).to_vec()));
        Self { table: rows.table, active: owned.active, owner, part, retired, groups: groups.into_iter().collect() }
    }

    /// What is to go, each condition small enough for a statement, in the order of their texts.
    pub(super) fn surplus(&self, dialect: Dialect) -> Vec<Surplus<'r>> {
        let Some(last) = self.owner.last().map(|column| quote(dialect, &column.name)) else { return Vec::new() };
        let mut groups: Vec<_> =
            self.groups.iter().map(|(group, owners)| (self.conditions(group, dialect), owners)).collect();
        groups.sort_unstable();
        let retired = self.but_retired(dialect);
        let mut surplus = Vec::new();
        for ((shared, parts), owners) in groups {
            for list in lists(owners.iter().map(|owner| text_of(dialect, owner))) {
                let condition = format!("{shared}{last} IN ({list}){parts}{retired}");
                surplus.push(Surplus { table: self.table, condition, active: self.active.map(str::to_owned) });
            }
        }
        surplus
    }

    /// The condition that leaves out what is taken from sale one by one, so that no difference is told twice. Where there are
    /// so many that they need a statement of their own (some 1,000), they are told twice while they are still for sale.
    fn but_retired(&self, dialect: Dialect) -> String {
        let Some((column, ids)) = &self.retired else { return String::new() };
        match lists(ids.iter().map(|id| text_of(dialect, id))).as_slice() {
            [list] if list.len() < MAX_STATEMENT_BYTES / 4 => {
                format!("\n  AND {} NOT IN ({list})", quote(dialect, column))
            }
            _ => String::new(),
        }
    }

    /// The condition on all but the last of the owner's columns, and the one that finds none of the rows that a group should have.
    fn conditions(&self, group: &Group<'_>, dialect: Dialect) -> (String, String) {
        let mut shared = String::new();
        for (column, value) in self.owner.iter().zip(&group.shared) {
            let _ = write!(shared, "{} = {} AND ", quote(dialect, &column.name), text_of(dialect, value));
        }
        let mut parts = String::new();
        for (number, row) in group.parts.chunks(self.part.len().max(1)).enumerate() {
            parts.push_str(if number == 0 { "\n  AND NOT ((" } else { "\n    OR (" });
            for (number, (cell, column)) in row.iter().zip(&self.part).enumerate() {
                parts.push_str(if number == 0 { "" } else { " AND " });
                parts.push_str(&quote(dialect, &column.name));
                parts.push_str(" = ");
                cell.write(&mut parts, dialect, &column.ty);
            }
            parts.push(')');
        }
        parts.push_str(if parts.is_empty() { "" } else { ")" });
        (shared, parts)
    }
}

fn positions(rows: &Rows<'_>, names: &[&str]) -> Vec<usize> {
    names.iter().filter_map(|name| rows.columns.iter().position(|column| column.name == *name)).collect()
}
