//! Which objects of Stripe stand for which prices.

use pricebook_types::Currency;
use rust_decimal::Decimal;
use sea_query::{Cond, Expr, ExprTrait, LikeExpr, Order, Query};

use super::{Columns, Page, one_more, page};
use crate::db::moment::iso;
use crate::db::{Session, Texts, text_type};

const TABLE: &str = "stripe_product_mappings";
/// Stands before a sign that a pattern would take for itself; the same one on every database.
const ESCAPE: char = '!';

/// The objects of one price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// `plan_starter_monthly`
    pub local_id: String,
    /// The price's id in the catalog.
    pub lookup_key: String,
    /// `plan/starter`
    pub product: String,
    /// `prod_…`
    pub stripe_product: Option<String>,
    /// `price_…`
    pub stripe_price: Option<String>,
    /// `29.00 USD`; `None` for tiers and amounts finer than a minor unit.
    pub price: Option<String>,
    /// `created`, `updated`, `synced` or `error`.
    pub status: String,
    /// What went wrong.
    pub error: Option<String>,
    /// In UTC.
    pub last_synced_at: Option<String>,
}

/// Which are looked for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted<'a> {
    /// `acct_…`
    pub account: &'a str,
    /// A part of an id: the catalog's or Stripe's.
    pub text: &'a str,
    /// `created`, `updated`, `synced` or `error`.
    pub status: Option<&'a str>,
    /// A kind's id.
    pub kind: Option<&'a str>,
    /// The lookup key behind which the page begins.
    pub after: Option<&'a str>,
}

/// Those that are looked for, by their lookup keys.
///
/// # Errors
/// What the database said.
pub async fn list(session: &mut Session, wanted: Wanted<'_>) -> Result<Page<Mapping>, sqlx::Error> {
    let dialect = session.dialect();
    let columns = [
        "local_product_id",
        "lookup_key",
        "kind",
        "product_id",
        "stripe_product_id",
        "stripe_price_id",
        "price_amount",
        "price_currency",
        "sync_status",
        "error_message",
    ];
    let mut query = Query::select()
        .exprs(columns.map(|column| Expr::col(column).cast_as(text_type(dialect))))
        .expr(iso(dialect, TABLE, "last_synced_at"))
        .from(TABLE)
        .and_where(Expr::col("stripe_account").eq(wanted.account))
        .order_by("lookup_key", Order::Asc)
        .limit(one_more())
        .to_owned();
    if !wanted.text.is_empty() {
        let like = || LikeExpr::new(pattern(wanted.text)).escape(ESCAPE);
        let ids = ["lookup_key", "local_product_id", "product_id", "stripe_product_id", "stripe_price_id"];
        let any = ids.into_iter().fold(Cond::any(), |any, column| any.add(Expr::col(column).like(like())));
        query.cond_where(any);
    }
    for (column, value) in [("sync_status", wanted.status), ("kind", wanted.kind)] {
        if let Some(value) = value {
            query.and_where(Expr::col(column).cast_as(text_type(dialect)).eq(value));
        }
    }
    if let Some(after) = wanted.after {
        query.and_where(Expr::col("lookup_key").gt(after));
    }
    let rows = session.rows(&query).await?;
    Ok(page(rows.into_iter().map(Mapping::of).collect(), |mapping: &Mapping| mapping.lookup_key.clone()))
}

/// What holds this text, whatever signs are in it.
fn pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for sign in text.chars() {
        if matches!(sign, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

impl Mapping {
    fn of(row: Texts) -> Self {
        let mut row = Columns::of(row);
        Self {
            local_id: row.text(),
            lookup_key: row.text(),
            product: format!("{}/{}", row.text(), row.text()),
            stripe_product: row.maybe(),
            stripe_price: row.maybe(),
            price: price(row.maybe(), row.maybe()),
            status: row.text(),
            error: row.maybe(),
            last_synced_at: row.maybe(),
        }
    }
}

/// An amount as people write it; SQLite gives `29.0`, others as many digits as the column has.
fn price(amount: Option<String>, currency: Option<String>) -> Option<String> {
    let (amount, currency) = (amount?.parse::<Decimal>().ok()?, currency?);
    let digits = currency.parse().map_or(2, Currency::minor_digits);
    let mut amount = amount.normalize();
    if amount.scale() < digits {
        amount.rescale(digits);
    }
    Some(format!("{amount} {}", currency.to_uppercase()))
}
