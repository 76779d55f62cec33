//! Rows that the catalog does not know: a sync leaves them as they are, and the plan names them.

use std::collections::HashSet;

use pricebook_types::{Artifacts, Dialect, SyncedRows, SyncedTable};
use serde::Serialize;

use super::state::State;
use crate::db::tables::{Column, columns, quoted};
use crate::db::{Session, Texts, text_type};

/// A row that the catalog does not know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnknownRow {
    /// The table.
    pub table: &'static str,
    /// Its key; the parts of a key of several columns are separated by `/`.
    pub row: String,
    /// Whether it says of itself that it is for sale, as every product does whose table has no column for it.
    pub for_sale: bool,
}

/// The state and every such row, those that are for sale first. Parts of something that the catalog knows are none: a sync
/// sees to them.
///
/// # Errors
/// What the database said.
pub(super) async fn state_and_unknown_rows(
    session: &mut Session,
    artifacts: &Artifacts,
) -> Result<(State, Vec<UnknownRow>), sqlx::Error> {
    let told = artifacts.synced_tables.iter().filter(|table| table.rows != SyncedRows::Others);
    let names: Vec<_> = told.clone().map(|table| table.name).collect();
    let dialect = session.dialect();
    let columns = columns(session, &names).await?;
    let mut queries: Vec<_> =
        told.clone().zip(&columns).map(|(table, columns)| query(dialect, table, columns)).collect();
    queries.push(State::query(artifacts));
    let mut results = session.texts_of_each(&queries).await?;
    let state = State::of(results.pop().unwrap_or_default());
    let mut known = Known::of(artifacts);
    let tables = told.zip(results);
    let mut unknown: Vec<_> = tables.flat_map(|(table, rows)| known.unknown(table, rows)).collect();
    unknown.sort_by_key(|row| !row.for_sale);
    Ok((state, unknown))
}

/// The columns by which the catalog knows a row, or what it is a part of; none where that is the key.
const fn owner(rows: SyncedRows) -> &'static [&'static str] {
    match rows {
        SyncedRows::Prices => &["lookup_key", "kind", "product_id"],
        SyncedRows::OfPrices => &["lookup_key"],
        SyncedRows::OfProducts => &["kind", "product_id"],
        SyncedRows::OfCoupons => &["coupon_id"],
        SyncedRows::Products(_) | SyncedRows::Features | SyncedRows::Coupons | SyncedRows::Others => &[],
    }
}

/// The columns by which the catalog knows a row, whether it is for sale, and its key.
fn query(dialect: Dialect, table: &SyncedTable, columns: &[Column]) -> String {
    let mut key: Vec<_> = columns.iter().filter(|column| column.key > 0).collect();
    key.sort_by_key(|column| column.key);
    let key: Vec<_> = key.iter().map(|column| &*column.name).collect();
    let owner = if owner(table.rows).is_empty() { &key } else { owner(table.rows) };
    let as_text = |name: &&str| format!("CAST({} AS {})", quoted(dialect, name), text_type(dialect));
    let sold = match (table.active, table.rows) {
        // As text, for the column may be one of numbers.
        (Some(active), _) => format!("CASE WHEN {} IN ('1', 'true') THEN 1 ELSE 0 END", as_text(&active)),
        (None, SyncedRows::Products(_)) => "1".to_owned(),
        (None, _) => "0".to_owned(),
    };
    let selected = owner.iter().map(as_text).chain([sold]).chain(key.iter().map(as_text));
    // Cloudflare D1 gives one of two columns of the same name.
    let selected: Vec<_> = selected.enumerate().map(|(number, value)| format!("{value} AS c{number}")).collect();
    let order: Vec<_> = key.iter().map(|name| quoted(dialect, name)).collect();
    // wrangler finds the end of a statement only where blanks follow every END.
    format!("SELECT {} FROM {} ORDER BY {}", selected.join(" , "), quoted(dialect, table.name), order.join(", "))
}

/// What the catalog knows, also what is sold no more.
struct Known<'a> {
    products: HashSet<(&'a str, &'a str)>,
    ended: HashSet<(&'a str, &'a str)>,
    prices: HashSet<&'a str>,
    features: HashSet<&'a str>,
    coupons: HashSet<&'a str>,
    /// Prices of products that are sold no more, as the database has them: the catalog has forgotten their keys.
    ended_prices: HashSet<String>,
}

impl<'a> Known<'a> {
    fn of(artifacts: &'a Artifacts) -> Self {
        let ended: HashSet<_> = artifacts.sold_no_more.iter().map(|ended| (ended.what, ended.id)).collect();
        let with_ended = |what: &'static str| ended.iter().filter(move |ended| ended.0 == what).map(|ended| ended.1);
        let products = artifacts.products.iter();
        let prices = products.clone().flat_map(|product| product.prices).map(|price| price.lookup_key);
        let features = artifacts.features.iter().map(|feature| feature.id);
        Self {
            products: products.map(|product| (product.kind, product.id)).chain(ended.iter().copied()).collect(),
            prices: prices.chain(with_ended("price")).collect(),
            features: features.chain(with_ended("feature")).collect(),
            coupons: artifacts.coupons.iter().copied().chain(with_ended("coupon")).collect(),
            ended_prices: HashSet::new(),
            ended,
        }
    }

    /// Those of a table's rows that it does not know. The table of prices comes before that of their parts.
    fn unknown(&mut self, table: &SyncedTable, rows: Vec<Texts>) -> Vec<UnknownRow> {
        let owner_columns = owner(table.rows).len().max(1);
        let mut unknown = Vec::new();
        for row in rows {
            let row: Vec<_> = row.into_iter().map(Option::unwrap_or_default).collect();
            let Some((owner, [sold, key @ ..])) = row.split_at_checked(owner_columns) else { continue };
            if !self.knows(table.rows, owner) {
                unknown.push(UnknownRow { table: table.name, row: key.join("/"), for_sale: sold == "1" });
            }
        }
        unknown
    }

    fn knows(&mut self, rows: SyncedRows, owner: &[String]) -> bool {
        match (rows, owner) {
            (SyncedRows::Products(kind), [id, ..]) => self.products.contains(&(kind, id)),
            (SyncedRows::Prices, [lookup_key, kind, product]) => {
                let has_ended = self.ended.contains(&(kind, product));
                if has_ended {
                    self.ended_prices.insert(lookup_key.clone());
                }
                has_ended || self.prices.contains(&**lookup_key)
            }
            (SyncedRows::OfPrices, [lookup_key]) => {
                self.prices.contains(&**lookup_key) || self.ended_prices.contains(lookup_key)
            }
            (SyncedRows::OfProducts, [kind, product]) => self.products.contains(&(kind, product)),
            (SyncedRows::Features, [id]) => self.features.contains(&**id),
            (SyncedRows::Coupons | SyncedRows::OfCoupons, [id]) => self.coupons.contains(&**id),
            _ => true,
        }
    }
}
