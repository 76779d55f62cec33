//! `stripe_product_mappings`: which objects of Stripe stand for which prices. It is a cache: metadata in Stripe decide, and
//! every run writes it anew.

use std::collections::HashMap;

use pricebook_types::Dialect;
use pricebook_types::stripe::owned;
use rust_decimal::Decimal;
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde::Serialize;

use super::Run;
use crate::db::{Session, text_type};
use crate::stripe::product_sync::desired::{reference, text};
use crate::stripe::product_sync::plan::{Known, Name, Sort};
use crate::stripe::product_sync::shape::{Shape, major};
use crate::stripe::product_sync::{Applied, Status};

const TABLE: &str = "stripe_product_mappings";
/// Rows of one statement: each has 12 values, and Cloudflare D1 takes no more than 100 KB.
const ROWS: usize = 100;

const COLUMNS: [&str; 12] = [
    "stripe_account",
    "local_product_id",
    "lookup_key",
    "kind",
    "product_id",
    "stripe_product_id",
    "stripe_price_id",
    "price_amount",
    "price_currency",
    "sync_status",
    "content_hash",
    "error_message",
];
const KEY: usize = 3;

/// The products that are known to be in Stripe, by local ids.
///
/// # Errors
/// What the database said.
pub async fn known(session: &mut Session, account: &str) -> Result<Known, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let query = Query::select()
        .exprs(["local_product_id", "stripe_product_id"].map(|column| Expr::col(column).cast_as(as_text)))
        .distinct()
        .from(TABLE)
        .and_where(Expr::col("stripe_account").eq(account))
        .and_where(Expr::col("stripe_product_id").is_not_null())
        .to_owned();
    let rows = session.rows(&query).await?.into_iter();
    Ok(rows.filter_map(|row| <[_; 2]>::try_from(row).ok()).filter_map(|[local, id]| Some((local?, id?))).collect())
}

/// How many prices are mapped, by the result of their last sync.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MappingCounts {
    /// Made.
    pub created: u64,
    /// Changed.
    pub updated: u64,
    /// As they were.
    pub synced: u64,
    /// Failed.
    pub error: u64,
}

/// Counts the mappings of all accounts.
///
/// # Errors
/// What the database said.
pub async fn counts(session: &mut Session) -> Result<MappingCounts, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let query = Query::select()
        .expr(Expr::col("sync_status").cast_as(as_text))
        .expr(Expr::col("sync_status").count().cast_as(as_text))
        .from(TABLE)
        .group_by_col("sync_status")
        .to_owned();
    let mut counts = MappingCounts::default();
    for row in session.rows(&query).await? {
        let Ok([Some(status), Some(count)]) = <[_; 2]>::try_from(row) else { continue };
        let count = count.parse().unwrap_or_default();
        match status.as_str() {
            "created" => counts.created = count,
            "updated" => counts.updated = count,
            "synced" => counts.synced = count,
            _ => counts.error = count,
        }
    }
    Ok(counts)
}

pub(super) async fn write(session: &mut Session, run: Run<'_>, applied: &Applied) -> Result<(), sqlx::Error> {
    let dialect = session.dialect();
    for rows in rows(dialect, run, applied).chunks(ROWS) {
        let mut insert = Query::insert();
        insert.into_table(TABLE).columns(COLUMNS.into_iter().chain(["last_synced_at"]));
        for row in rows {
            insert.values_panic(row.iter().cloned().chain([Expr::current_timestamp()]));
        }
        let changed = COLUMNS[KEY..].iter().copied().chain(["last_synced_at"]);
        insert.on_conflict(OnConflict::columns(COLUMNS[..KEY].iter().copied()).update_columns(changed).to_owned());
        session.execute(&insert).await?;
    }
    Ok(())
}

fn rows(dialect: Dialect, run: Run<'_>, applied: &Applied) -> Vec<Vec<Expr>> {
    let of_products = applied.results.iter().filter(|result| result.sort == Sort::Product);
    let results: HashMap<&str, _> = of_products.map(|result| (result.subject.as_str(), result)).collect();
    let products: HashMap<&str, _> = run.desired.products.iter().map(|product| (&*product.local_id, product)).collect();
    let mut prices = run.desired.prices.iter().filter_map(|price| {
        let product = products.get(&*price.product)?;
        let result = results.get(&*price.product)?;
        let (kind, id) = reference(product).split_once('/').unwrap_or_default();
        let shape = Shape::of_desired(&price.params, None);
        let amount = shape.unit().filter(Decimal::is_integer).map(|unit| major(unit, shape.currency()).to_string());
        let status = result.status.as_str();
        let id_of = |sort, id: &str| applied.ids.get(&Name::new(sort, id)).cloned();
        // A product that failed has prices of which some were made all the same.
        let error = result.error.clone().filter(|_| result.status == Status::Error);
        Some(vec![
            run.plan.account.as_str().into(),
            (&*price.product).into(),
            (&*price.params.lookup_key).into(),
            kind.into(),
            id.into(),
            id_of(Sort::Product, &price.product).or_else(|| result.id.clone()).into(),
            id_of(Sort::Price, &price.params.lookup_key).into(),
            decimal(dialect, amount),
            price.params.currency.code().into(),
            status.into(),
            text(&price.params.metadata, owned::HASH).into(),
            error.into(),
        ])
    });
    prices.by_ref().collect()
}

fn decimal(dialect: Dialect, text: Option<String>) -> Expr {
    match dialect {
        Dialect::Postgres => Expr::val(text).cast_as("numeric"),
        Dialect::Sqlite | Dialect::Mysql => Expr::val(text),
    }
}
