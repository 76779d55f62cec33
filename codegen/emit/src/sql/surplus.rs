//! Rows that are there and should not be for sale: what was retired, and parts that their owner no longer has.

use std::collections::BTreeMap;

use pricebook_model::Catalog;
use pricebook_model::catalog::ColumnSource;
use pricebook_model::schema::{Column, Table};
use pricebook_types::{Dialect, MAX_STATEMENT_BYTES};

use super::ddl::quote;
use super::former_keys::former_keys;
use super::layout::flowing;
use super::literal::{self, text_of};
use super::stale::Groups;

/// Every row that should not be there or not be for sale.
pub(super) struct AllSurplus<'a> {
    /// What was retired, and rows under former keys.
    pub(super) retired: Vec<Surplus<'a>>,
    /// Parts that their owner no longer has.
    pub(super) stale: Vec<Surplus<'a>>,
}

impl<'a> AllSurplus<'a> {
    pub(super) fn of(catalog: &'a Catalog, dialect: Dialect, owned: &[Groups<'a>]) -> Self {
        let (retired, former) = (retired(catalog), former_keys(catalog));
        let retired = retired.iter().flat_map(|retired| retired.surplus(dialect));
        let former = former.iter().flat_map(|former| former.surplus(dialect));
        Self {
            retired: retired.chain(former).collect(),
            stale: owned.iter().flat_map(|groups| groups.surplus(dialect)).collect(),
        }
    }
}

/// Rows of a table that a condition finds, and what becomes of them.
pub(super) struct Surplus<'a> {
    pub(super) table: &'a Table,
    pub(super) condition: String,
    /// The column that says whether a row is for sale; rows of tables without one are deleted.
    pub(super) active: Option<String>,
    /// The columns beside the key that a sync writes: what is lost where a row is deleted.
    pub(super) values: Vec<&'a Column>,
}

impl Surplus<'_> {
    /// The condition that finds the rows as long as something is to be done about them.
    pub(super) fn found(&self, dialect: Dialect) -> String {
        let off = literal::boolean(dialect, false);
        match &self.active {
            Some(active) => {
                let active = quote(dialect, active);
                format!("{}\n  AND ({active} IS NULL OR {active} <> {off})", self.condition)
            }
            None => self.condition.clone(),
        }
    }

    /// The statement that does it.
    pub(super) fn statement(&self, dialect: Dialect) -> String {
        let (table, found) = (quote(dialect, &self.table.name), self.found(dialect));
        let off = literal::boolean(dialect, false);
        match &self.active {
            Some(active) => format!("UPDATE {table} SET {} = {off}\nWHERE {found};\n", quote(dialect, active)),
            None => format!("DELETE FROM {table}\nWHERE {found};\n"),
        }
    }
}

/// The ids of what is sold no more: listed in `retired:`, remembered by the lock only, or former ones.
pub(super) struct Ended<'a> {
    of_sort: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Ended<'a> {
    pub(super) fn of(catalog: &'a Catalog) -> Self {
        let mut of_sort: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for ended in catalog.sold_no_more() {
            of_sort.entry(&ended.what).or_default().push(&ended.id);
        }
        // A row cannot change its key: the one with the new id is another.
        for renamed in &catalog.renamed {
            of_sort.entry(&renamed.what).or_default().push(&renamed.from);
        }
        Self { of_sort }
    }

    /// The ids of a sort.
    pub(super) fn ids(&self, sort: &str) -> &[&'a str] {
        self.of_sort.get(sort).map_or(&[], Vec::as_slice)
    }
}

/// Rows of one table that are sold no more, by the ids that they stand for.
pub(super) struct Retired<'a> {
    pub(super) table: &'a Table,
    /// The column that says whether a row is for sale.
    pub(super) active: &'a str,
    /// The kind that the rows must be of, where the ids are a kind's own.
    pub(super) kind: Option<&'a str>,
    /// The column that holds the ids.
    pub(super) column: &'a str,
    pub(super) ids: Vec<&'a str>,
}

impl<'a> Retired<'a> {
    /// Conditions that are each small enough for a statement.
    fn surplus(&self, dialect: Dialect) -> Vec<Surplus<'a>> {
        let of_kind = |kind| format!("{} = {} AND ", quote(dialect, "kind"), text_of(dialect, kind));
        let prefix = self.kind.map_or(String::new(), of_kind);
        let column = quote(dialect, self.column);
        let surplus = |list| Surplus {
            table: self.table,
            condition: format!("{prefix}{column} IN ({list})"),
            active: Some(self.active.to_owned()),
            values: Vec::new(),
        };
        lists(self.ids.iter().map(|id| text_of(dialect, id))).into_iter().map(surplus).collect()
    }
}

/// Everything that was sold and is no more: retired, renamed under its former id, or under a lookup key that a pattern
/// no longer gives.
pub(super) fn retired(catalog: &Catalog) -> Vec<Retired<'_>> {
    let mut all = Vec::new();
    let shared = |name: &str| catalog.tables.iter().find(|table| table.base && table.name == name);
    let mut add = |table, active, kind, column, ids| {
        all.extend(Option::map(table, |table| Retired { table, active, kind, column, ids }));
    };
    let ended = Ended::of(catalog);
    for kind in &catalog.kinds {
        let ids = ended.ids(&kind.id);
        let Some(table) = catalog.tables.iter().find(|table| table.name == kind.table) else { continue };
        let column = |source: &ColumnSource| {
            kind.sources.iter().position(|other| other == source).map(|at| table.columns[at].name.as_str())
        };
        if let (Some(id), Some(active)) = (column(&ColumnSource::Id), column(&ColumnSource::Active)) {
            add(Some(table), active, None, id, ids.to_vec());
        }
        add(shared("catalog_prices"), "active", Some(&kind.id), "product_id", ids.to_vec());
    }
    add(shared("catalog_prices"), "active", None, "lookup_key", ended.ids("price").to_vec());
    add(shared("catalog_features"), "active", None, "id", ended.ids("feature").to_vec());
    let coupons = ended.ids("coupon");
    add(shared("catalog_coupons"), "active", None, "id", coupons.to_vec());
    add(shared("catalog_promotion_codes"), "active", None, "coupon_id", coupons.to_vec());
    all
}

/// Literals separated by commas, in lists short enough for a statement and lines short enough for a reviewer.
pub(super) fn lists(values: impl IntoIterator<Item = String>) -> Vec<String> {
    // What a line break and its indent add to a value, at most.
    const BYTES_BESIDE: usize = 8;
    let mut lists: Vec<(usize, Vec<String>)> = Vec::new();
    for value in values {
        let bytes = value.len() + BYTES_BESIDE;
        match lists.last_mut() {
            Some((sum, list)) if *sum + bytes < MAX_STATEMENT_BYTES / 2 => {
                *sum += bytes;
                list.push(value);
            }
            _ => lists.push((bytes, vec![value])),
        }
    }
    lists.into_iter().map(|(_, list)| flowing("    ", list.into_iter())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_fit_into_lines_and_statements() {
        let values: Vec<String> = (0..20_000).map(|number| format!("'a_lookup_key_of_some_length_{number}'")).collect();
        let lists = lists(values.clone());
        assert!(lists.len() > 1 && lists.iter().all(|list| list.len() < MAX_STATEMENT_BYTES));
        assert!(lists.iter().flat_map(|list| list.lines()).all(|line| line.len() <= 120), "{}", lists[0]);
        let listed = lists.iter().flat_map(|list| list.split(',')).map(str::trim);
        assert!(listed.eq(values.iter().map(String::as_str)), "each once and in their order");
    }
}
