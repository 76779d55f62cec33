//! Parts that their owner no longer has: a price, a tier, a currency, a granted feature, a promotion code. They are found by what
//! their owner should have; rows of unknown owners are left alone.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;

use pricebook_model::Catalog;
use pricebook_model::schema::{Column, Table};
use pricebook_types::{Dialect, MAX_STATEMENT_BYTES};

use super::ddl::quote;
use super::layout::flowing;
use super::literal::text_of;
use super::rows::{Cell, Rows};
use super::surplus::{Becomes, Ended, Surplus, lists};

/// A table whose rows belong to rows of another.
pub(super) struct Owned {
    pub(super) table: &'static str,
    /// The columns that name the owner; all but the last have few values.
    pub(super) owner: &'static [&'static str],
    /// The columns that tell an owner's rows apart.
    pub(super) part: &'static [&'static str],
    /// Whether no part is another owner's: then one condition is about many owners and all that they have.
    has_parts_of_its_own: bool,
    /// The column that says whether a row is for sale, where rows stay.
    pub(super) active: Option<&'static str>,
    /// Owners that may have no rows at all.
    pub(super) owners: fn(&Catalog) -> Vec<Vec<&str>>,
    /// The sort of ids that are taken from sale one by one: parts as the others.
    retired: Option<&'static str>,
}

/// Every such table.
pub(super) const OWNED: &[Owned] = &[
    Owned {
        table: "catalog_prices",
        owner: &["kind", "product_id"],
        // By what nobody changes: a price that a pattern gave another lookup key has a row under the former one, and its name
        // may have been changed by hand.
        part: &["lookup_key"],
        has_parts_of_its_own: true,
        active: Some("active"),
        owners: |catalog| catalog.products.iter().map(|product| vec![&*product.kind, &*product.id]).collect(),
        retired: Some("price"),
    },
    Owned {
        table: "catalog_price_amounts",
        owner: &["lookup_key"],
        part: &["currency", "effective_on", "tier_number"],
        has_parts_of_its_own: false,
        active: None,
        owners: |_| Vec::new(),
        retired: None,
    },
    Owned {
        table: "catalog_product_features",
        owner: &["kind", "product_id"],
        part: &["feature_id"],
        has_parts_of_its_own: false,
        active: None,
        owners: |catalog| catalog.products.iter().map(|product| vec![&*product.kind, &*product.id]).collect(),
        retired: None,
    },
    Owned {
        table: "catalog_coupon_amounts",
        owner: &["coupon_id"],
        part: &["currency"],
        has_parts_of_its_own: false,
        active: None,
        owners: |catalog| catalog.coupons.iter().map(|coupon| vec![&*coupon.id]).collect(),
        retired: None,
    },
    Owned {
        table: "catalog_promotion_codes",
        owner: &["coupon_id"],
        part: &["code"],
        has_parts_of_its_own: false,
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
    has_parts_of_its_own: bool,
    /// The columns beside the key.
    values: Vec<&'r Column>,
    /// The ids of what is taken from sale one by one, by their owners.
    retired: RetiredParts<'r>,
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
        let values =
            rows.columns.iter().copied().filter(|column| !rows.table.primary_key.contains(&column.name)).collect();
        Self {
            table: rows.table,
            active: owned.active,
            owner,
            part,
            values,
            has_parts_of_its_own: owned.has_parts_of_its_own,
            retired: owned.retired.map(|sort| RetiredParts::of(catalog, sort)).unwrap_or_default(),
            groups: groups.into_iter().collect(),
        }
    }

    /// What is to go, each condition small enough for a statement, in the order of their texts.
    pub(super) fn surplus(&self, dialect: Dialect) -> Vec<Surplus<'r>> {
        if self.has_parts_of_its_own {
            return self.surplus_of_many(dialect);
        }
        let Some(last) = self.owner.last().map(|column| quote(dialect, &column.name)) else { return Vec::new() };
        let mut groups: Vec<_> =
            self.groups.iter().map(|(group, owners)| (self.conditions(group, dialect), owners)).collect();
        groups.sort_unstable();
        let mut surplus = Vec::new();
        for ((shared, parts), owners) in groups {
            for list in lists(owners.iter().map(|owner| text_of(dialect, owner))) {
                let condition = format!("{shared}{last} IN ({list}){parts}");
                let (becomes, values) = (Becomes::inactive(self.table, self.active), self.values.clone());
                surplus.push(Surplus { table: self.table, condition, becomes, values });
            }
        }
        surplus
    }

    /// The same, where what many owners have can stand in one list.
    fn surplus_of_many(&self, dialect: Dialect) -> Vec<Surplus<'r>> {
        let (Some(last), [part]) = (self.owner.last(), self.part.as_slice()) else { return Vec::new() };
        let mut by_owner: BTreeMap<(&[&str], &str), &Group<'_>> = BTreeMap::new();
        for (group, owners) in &self.groups {
            by_owner.extend(owners.iter().map(|owner| ((group.shared.as_slice(), *owner), group)));
        }
        let mut all: Vec<ManyOwners<'_>> = Vec::new();
        for ((shared, owner), group) in by_owner {
            let (literal, mut parts) = (text_of(dialect, owner), Vec::new());
            for cell in &group.parts {
                let mut text = String::new();
                cell.write(&mut text, dialect, &part.ty);
                parts.push(text);
            }
            parts.extend(self.retired.of_owner(shared, owner).map(|id| text_of(dialect, id)));
            match all.last_mut().filter(|many| many.shared == shared && many.has_room_for(&literal, &parts)) {
                Some(many) => many.add(literal, parts),
                None => all.push(ManyOwners { shared, owners: vec![literal], parts }),
            }
        }
        let rest: Vec<String> = self.retired.of_nobody.iter().map(|id| text_of(dialect, id)).collect();
        let (last, part) = (quote(dialect, &last.name), quote(dialect, &part.name));
        let surplus = all.into_iter().map(|many| {
            let (shared, _) = self.conditions(&Group { shared: many.shared.to_vec(), parts: Vec::new() }, dialect);
            let mut condition = format!("{shared}{last} IN ({})", flowing("    ", many.owners.iter()));
            let parts: Vec<&String> = many.parts.iter().chain(&rest).collect();
            if !parts.is_empty() {
                let _ = write!(condition, "\n  AND {part} NOT IN ({})", flowing("    ", parts.into_iter()));
            }
            Surplus {
                table: self.table,
                condition,
                becomes: Becomes::inactive(self.table, self.active),
                values: self.values.clone(),
            }
        });
        surplus.collect()
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

/// Owners that differ in their last column only, with all that they have, as literals.
struct ManyOwners<'a> {
    shared: &'a [&'a str],
    owners: Vec<String>,
    parts: Vec<String>,
}

impl ManyOwners<'_> {
    fn has_room_for(&self, owner: &str, parts: &[String]) -> bool {
        // What a line break and its indent add to a value, at most.
        const BYTES_BESIDE: usize = 8;
        let bytes = |values: &[String]| values.iter().map(|value| value.len() + BYTES_BESIDE).sum::<usize>();
        bytes(&self.owners) + bytes(&self.parts) + bytes(parts) + owner.len() < MAX_STATEMENT_BYTES / 2
    }

    fn add(&mut self, owner: String, parts: Vec<String>) {
        self.owners.push(owner);
        self.parts.extend(parts);
    }
}

/// What is taken from sale one by one, which the conditions leave out, so that no difference is told twice.
#[derive(Default)]
struct RetiredParts<'r> {
    /// By `kind/id` of the owner, as the lock remembers it.
    by_owner: HashMap<&'r str, Vec<&'r str>>,
    /// Whose owner nobody remembers: without a lock, or under a former id. Where there are so many that they need a
    /// statement of their own (some 1,000), they may be told twice while they are still for sale.
    of_nobody: Vec<&'r str>,
}

impl<'r> RetiredParts<'r> {
    fn of(catalog: &'r Catalog, sort: &str) -> Self {
        let owners: HashMap<&str, &str> = catalog
            .sold_no_more()
            .filter(|ended| ended.what == sort)
            .filter_map(|ended| Some((ended.id.as_str(), ended.of.as_deref()?)))
            .collect();
        let mut all = Self::default();
        for id in Ended::of(catalog).ids(sort) {
            match owners.get(id) {
                Some(owner) => all.by_owner.entry(owner).or_default().push(id),
                None => all.of_nobody.push(id),
            }
        }
        if all.of_nobody.iter().map(|id| id.len() + 8).sum::<usize>() > MAX_STATEMENT_BYTES / 4 {
            all.of_nobody.clear();
        }
        all
    }

    fn of_owner(&self, shared: &[&str], owner: &str) -> impl Iterator<Item = &'r str> + '_ {
        let name = shared.iter().chain([&owner]).copied().collect::<Vec<_>>().join("/");
        self.by_owner.get(name.as_str()).into_iter().flatten().copied()
    }
}

fn positions(rows: &Rows<'_>, names: &[&str]) -> Vec<usize> {
    names.iter().filter_map(|name| rows.columns.iter().position(|column| column.name == *name)).collect()
}
