//! What was changed about products, the newest first.

use std::collections::BTreeMap;

use sea_query::{Expr, ExprTrait, Order, Query};
use serde::Deserialize;

use super::{Columns, Page, one_more, page};
use crate::db::moment::iso;
use crate::db::{Session, Texts, text_type};

const TABLE: &str = "product_change_log";

/// A change of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its id, which begins with the time.
    pub id: String,
    /// `plan.price_changed`, `product.created` …
    pub event: String,
    /// `plan/starter`
    pub product: String,
    /// Who changed it, as the audit log names them.
    pub actor: String,
    /// The run that brought it to Stripe.
    pub run: Option<String>,
    /// In UTC.
    pub created_at: String,
    /// Each changed field.
    pub fields: BTreeMap<String, FromTo>,
}

/// What a field was, and is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FromTo {
    /// Before.
    pub from: Option<String>,
    /// After.
    pub to: Option<String>,
}

/// Those of a product, or of all, before the one with this id.
///
/// # Errors
/// What the database said.
pub async fn list(
    session: &mut Session,
    product: Option<&str>,
    before: Option<&str>,
) -> Result<Page<Change>, sqlx::Error> {
    let dialect = session.dialect();
    let columns = ["id", "event_type", "product_id", "actor", "sync_run_id", "changes"];
    let mut query = Query::select()
        .exprs(columns.map(|column| Expr::col(column).cast_as(text_type(dialect))))
        .expr(iso(dialect, TABLE, "created_at"))
        .from(TABLE)
        .order_by("id", Order::Desc)
        .limit(one_more())
        .to_owned();
    if let Some(product) = product {
        query.and_where(Expr::col("product_id").eq(product));
    }
    if let Some(before) = before {
        query.and_where(Expr::col("id").lt(before));
    }
    let rows = session.rows(&query).await?;
    Ok(page(rows.into_iter().map(Change::of).collect(), |change: &Change| change.id.clone()))
}

impl Change {
    fn of(row: Texts) -> Self {
        let mut row = Columns::of(row);
        Self {
            id: row.text(),
            event: row.text(),
            product: row.text(),
            actor: row.text(),
            run: row.maybe(),
            fields: serde_json::from_str(&row.text()).unwrap_or_default(),
            created_at: row.text(),
        }
    }
}
