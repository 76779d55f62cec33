//! Parts that their owner no longer has: a tier, a currency, a granted feature, a promotion code. They are found by what
//! their owner should have; rows of unknown owners are left alone.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;

use pricebook_model::Catalog;
use pricebook_model::schema::Column;
use pricebook_types::Dialect;

use super::ddl::quote;
use super::literal::text_of;
use super::rows::{Row, Rows};
use super::surplus::{Surplus, lists};

/// A table whose rows belong to rows of another.
pub(super) struct Owned {
    pub(super) table: &'static str,
    /// The columns that name the owner; all but the last have few values.
    pub(super) owner: &'static [&'static str],
    /// The columns that tell an owner's rows apart.
    part: &'static [&'static str],
    /// The column that says whether a row is for sale, where rows stay.
    pub(super) active: Option<&'static str>,
    /// Owners that may have no rows at all.
    pub(super) owners: fn(&Catalog) -> Vec<Vec<&str>>,
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
        table: "catalog_coupon_amounts",
        owner: &["coupon_id"],
        part: &["currency"],
        active: None,
        owners: |catalog| catalog.coupons.iter().map(|coupon| vec![&*coupon.id]).collect(),
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
        for (Group { shared, parts }, mut owners) in self.groups(catalog, dialect, rows) {
            owners.sort_unstable();
            for list in lists(owners.iter().map(|owner| text_of(dialect, owner))) {
                let condition = format!("{shared}{last} IN ({list}){parts}");
                surplus.push(Surplus { table: rows.table, condition, active: self.active.map(str::to_owned) });
            }
        }
        surplus
    }

    /// The last column of owners, by their other columns and by what their rows should be.
    fn groups<'r>(&self, catalog: &'r Catalog, dialect: Dialect, rows: &'r Rows<'_>) -> BTreeMap<Group, Vec<&'r str>> {
        let owner_at = positions(rows, self.owner);
        let owner = |row: &'r Row| owner_at.iter().map(|&at| row.cells[at].as_text()).collect::<Vec<_>>();
        let name = |at: usize| quote(dialect, &rows.columns[at].name);
        let columns = Columns {
            dialect,
            shared: owner_at.iter().take(owner_at.len().saturating_sub(1)).map(|&at| name(at)).collect(),
            part: positions(rows, self.part).into_iter().map(|at| (at, rows.columns[at], name(at))).collect(),
        };
        let mut without_rows: HashSet<Vec<&str>> = (self.owners)(catalog).into_iter().collect();
        let mut groups: HashMap<Group, Vec<&str>> = HashMap::new();
        let mut group = Group::default();
        // The rows of an owner follow each other.
        for owned in rows.rows.chunk_by(|a, b| owner_at.iter().all(|&at| a.cells[at] == b.cells[at])) {
            let owner = owner(&owned[0]);
            without_rows.remove(&owner);
            columns.describe(&mut group, &owner, owned);
            add(&mut groups, &group, &owner);
        }
        for owner in without_rows {
            columns.describe(&mut group, &owner, &[]);
            add(&mut groups, &group, &owner);
        }
        groups.into_iter().collect()
    }
}

/// The columns of an owned table, with their names in quotes.
struct Columns<'r> {
    dialect: Dialect,
    /// Of the owner, all but the last.
    shared: Vec<String>,
    part: Vec<(usize, &'r Column, String)>,
}

impl Columns<'_> {
    /// Writes into `group` what an owner shares with others: all but the last of its columns, and its parts.
    fn describe(&self, group: &mut Group, owner: &[&str], owned: &[Row]) {
        group.shared.clear();
        for (name, value) in self.shared.iter().zip(owner) {
            let _ = write!(group.shared, "{name} = {} AND ", text_of(self.dialect, value));
        }
        group.parts.clear();
        for (number, row) in owned.iter().enumerate() {
            group.parts.push_str(if number == 0 { "\n  AND NOT ((" } else { "\n    OR (" });
            for (number, (at, column, name)) in self.part.iter().enumerate() {
                group.parts.push_str(if number == 0 { "" } else { " AND " });
                group.parts.push_str(name);
                group.parts.push_str(" = ");
                row.cells[*at].write(&mut group.parts, self.dialect, &column.ty);
            }
            group.parts.push(')');
        }
        group.parts.push_str(if owned.is_empty() { "" } else { ")" });
    }
}

/// Owners that differ in their last column only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Group {
    /// The condition on the columns before.
    shared: String,
    /// The condition that finds none of the rows that they should have.
    parts: String,
}

fn add<'r>(groups: &mut HashMap<Group, Vec<&'r str>>, group: &Group, owner: &[&'r str]) {
    let last = owner[owner.len() - 1];
    match groups.get_mut(group) {
        Some(owners) => owners.push(last),
        None => drop(groups.insert(group.clone(), vec![last])),
    }
}

fn positions(rows: &Rows<'_>, names: &[&str]) -> Vec<usize> {
    names.iter().filter_map(|name| rows.columns.iter().position(|column| column.name == *name)).collect()
}
