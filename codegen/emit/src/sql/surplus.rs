//! Rows that are there and should not be for sale: what was retired, and parts that their owner no longer has.

use std::collections::BTreeMap;

use pricebook_model::Catalog;
use pricebook_model::catalog::{ColumnSource, Kind};
use pricebook_model::schema::{Column, ColumnType, Table};
use pricebook_types::{Dialect, MAX_STATEMENT_BYTES};

use super::ddl::quote;
use super::former_keys::former_keys;
use super::handed_on::handed_on;
use super::layout::flowing;
use super::literal::{self, text_of};
use super::rows::RowText;
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

/// What a sync does to a row that is there and should not be for sale.
#[derive(Clone, Copy)]
pub(super) enum Becomes<'a> {
    /// It is deleted, where no column says whether it is for sale.
    Nothing,
    /// The column that says whether it is for sale says no.
    Inactive(&'a Column),
    /// It has no value any more in a column of which no two rows have the same: another product may get it.
    Without(&'a Column),
}

impl<'a> Becomes<'a> {
    /// Out of sale by the column with this name, where the table has one.
    pub(super) fn inactive(table: &'a Table, active: Option<&str>) -> Self {
        active.and_then(|name| table.column(name)).map_or(Self::Nothing, Self::Inactive)
    }

    /// Whether a row is not so yet.
    pub(super) fn is_to_be_made_of(self, row: &RowText) -> bool {
        match self {
            Self::Inactive(active) => is_for_sale(row, &active.name),
            Self::Without(column) => row.value(&column.name).is_some(),
            Self::Nothing => true,
        }
    }
}

/// Whether a row says so of itself, in a column of truths or numbers.
pub(super) fn is_for_sale(row: &RowText, active: &str) -> bool {
    !matches!(row.value(active), Some("false" | "0"))
}

/// Rows of a table that a condition finds, and what becomes of them.
pub(super) struct Surplus<'a> {
    pub(super) table: &'a Table,
    pub(super) condition: String,
    pub(super) becomes: Becomes<'a>,
    /// The columns beside the key that a sync writes: what is lost where a row is deleted.
    pub(super) values: Vec<&'a Column>,
}

impl Surplus<'_> {
    /// The condition that finds the rows as long as something is to be done about them.
    pub(super) fn found(&self, dialect: Dialect) -> String {
        match self.becomes {
            Becomes::Inactive(active) => {
                let (name, off) = (quote(dialect, &active.name), off(dialect, active));
                format!("{}\n  AND ({name} IS NULL OR {name} <> {off})", self.condition)
            }
            Becomes::Without(column) => {
                format!("{}\n  AND {} IS NOT NULL", self.condition, quote(dialect, &column.name))
            }
            Becomes::Nothing => self.condition.clone(),
        }
    }

    /// The statement that does it.
    pub(super) fn statement(&self, dialect: Dialect) -> String {
        let (table, found) = (quote(dialect, &self.table.name), self.found(dialect));
        let set = |column: &Column, value| {
            format!("UPDATE {table} SET {} = {value}\nWHERE {found};\n", quote(dialect, &column.name))
        };
        match self.becomes {
            Becomes::Inactive(active) => set(active, off(dialect, active)),
            Becomes::Without(column) => set(column, "NULL"),
            Becomes::Nothing => format!("DELETE FROM {table}\nWHERE {found};\n"),
        }
    }
}

/// What is false in a column, which may hold numbers.
fn off(dialect: Dialect, column: &Column) -> &'static str {
    if column.ty == ColumnType::Integer { "0" } else { literal::boolean(dialect, false) }
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
    /// What becomes of them.
    pub(super) becomes: Becomes<'a>,
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
            becomes: self.becomes,
            values: Vec::new(),
        };
        lists(self.ids.iter().map(|id| text_of(dialect, id))).into_iter().map(surplus).collect()
    }
}

/// Everything that was sold and is no more: retired, renamed under its former id, or under a lookup key that a pattern
/// no longer gives.
pub(super) fn retired(catalog: &Catalog) -> Vec<Retired<'_>> {
    let mut all = Vec::new();
    let ended = Ended::of(catalog);
    let mut of_base = |name: &str, kind, column, ids: &[_]| {
        let table = catalog.tables.iter().find(|table| table.base && table.name == name);
        all.extend(table.map(|table| {
            let becomes = Becomes::inactive(table, Some("active"));
            Retired { table, becomes, kind, column, ids: ids.to_vec() }
        }));
    };
    for kind in &catalog.kinds {
        of_base("catalog_prices", Some(&*kind.id), "product_id", ended.ids(&kind.id));
    }
    of_base("catalog_prices", None, "lookup_key", ended.ids("price"));
    of_base("catalog_features", None, "id", ended.ids("feature"));
    of_base("catalog_coupons", None, "id", ended.ids("coupon"));
    of_base("catalog_promotion_codes", None, "coupon_id", ended.ids("coupon"));
    catalog.kinds.iter().flat_map(|kind| of_kind(catalog, kind, ended.ids(&kind.id))).chain(all).collect()
}

/// The rows of a kind's own table, where it has the ids.
fn of_kind<'a>(catalog: &'a Catalog, kind: &Kind, ids: &[&'a str]) -> Vec<Retired<'a>> {
    let Some(table) = catalog.tables.iter().find(|table| table.name == kind.table) else { return Vec::new() };
    let column = |source| kind.sources.iter().position(|other| *other == source).map(|at| &table.columns[at]);
    let Some(id) = column(ColumnSource::Id) else { return Vec::new() };
    let freed = handed_on(table, kind).into_iter().map(Becomes::Without);
    let becomes = freed.chain(column(ColumnSource::Active).map(Becomes::Inactive));
    becomes.map(|becomes| Retired { table, becomes, kind: None, column: &id.name, ids: ids.to_vec() }).collect()
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
