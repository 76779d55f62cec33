//! Rows that are there and should not be for sale: what was retired, and parts that their owner no longer has.

use std::collections::BTreeMap;

use pricebook_model::Catalog;
use pricebook_model::catalog::ColumnSource;
use pricebook_model::schema::Table;
use pricebook_types::{Dialect, MAX_STATEMENT_BYTES};

use super::ddl::quote;
use super::literal::{self, text_of};
use super::rows::Rows;
use super::stale;

/// Every row that should not be there or not be for sale.
pub(super) struct AllSurplus<'a> {
    /// What was retired.
    pub(super) retired: Vec<Surplus<'a>>,
    /// Parts that their owner no longer has.
    pub(super) stale: Vec<Surplus<'a>>,
}

impl<'a> AllSurplus<'a> {
    pub(super) fn of(catalog: &'a Catalog, dialect: Dialect, all: &[Rows<'a>]) -> Self {
        Self {
            retired: retired(catalog, dialect),
            stale: stale::OWNED.iter().flat_map(|owned| owned.surplus(catalog, dialect, all)).collect(),
        }
    }
}

/// Rows of a table that a condition finds, and what becomes of them.
pub(super) struct Surplus<'a> {
    pub(super) table: &'a Table,
    pub(super) condition: String,
    /// The column that says whether a row is for sale; rows of tables without one are deleted.
    pub(super) active: Option<String>,
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
struct Ended<'a> {
    of_sort: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Ended<'a> {
    fn of(catalog: &'a Catalog) -> Self {
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
    fn ids(&self, sort: &str) -> &[&'a str] {
        self.of_sort.get(sort).map_or(&[], Vec::as_slice)
    }
}

/// Everything that was sold and is no more: retired, renamed under its former id, or under a lookup key that a pattern
/// no longer gives.
fn retired<'a>(catalog: &'a Catalog, dialect: Dialect) -> Vec<Surplus<'a>> {
    let mut all = Vec::new();
    let shared = |name: &str| catalog.tables.iter().find(|table| table.base && table.name == name);
    let mut add = |table: Option<&'a Table>, active: &str, prefix: &str, column: &str, ids: &[&str]| {
        let Some(table) = table else { return };
        let values = ids.iter().map(|id| text_of(dialect, id));
        for list in lists(values) {
            let condition = format!("{prefix}{} IN ({list})", quote(dialect, column));
            all.push(Surplus { table, condition, active: Some(active.to_owned()) });
        }
    };
    let ended = Ended::of(catalog);
    for kind in &catalog.kinds {
        let ids = ended.ids(&kind.id);
        let Some(table) = catalog.tables.iter().find(|table| table.name == kind.table) else { continue };
        let column = |source: &ColumnSource| {
            kind.sources.iter().position(|other| other == source).map(|at| table.columns[at].name.as_str())
        };
        if let (Some(id), Some(active)) = (column(&ColumnSource::Id), column(&ColumnSource::Active)) {
            add(Some(table), active, "", id, ids);
        }
        let of_kind = format!("{} = {} AND ", quote(dialect, "kind"), text_of(dialect, &kind.id));
        add(shared("catalog_prices"), "active", &of_kind, "product_id", ids);
    }
    add(shared("catalog_prices"), "active", "", "lookup_key", ended.ids("price"));
    add(shared("catalog_features"), "active", "", "id", ended.ids("feature"));
    let coupons = ended.ids("coupon");
    add(shared("catalog_coupons"), "active", "", "id", coupons);
    add(shared("catalog_promotion_codes"), "active", "", "coupon_id", coupons);
    all
}

/// Literals separated by commas, in lists short enough for a statement.
pub(super) fn lists(values: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut lists: Vec<String> = Vec::new();
    for value in values {
        match lists.last_mut() {
            Some(list) if list.len() + value.len() < MAX_STATEMENT_BYTES / 2 => {
                list.push_str(", ");
                list.push_str(&value);
            }
            _ => lists.push(value),
        }
    }
    lists
}
