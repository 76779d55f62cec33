//! Where the chain begins and ends, kept beside it: rows that are missing there leave no gap that the others would show.

use sea_query::{Expr, ExprTrait, OnConflict, Query};

use super::chain::TABLE as CHAIN;
use crate::db::{Session, text_type};

const TABLE: &str = "audit_chain";

/// The ends of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    /// The number of the first row that must be there; older ones may have been taken out for their age.
    pub(super) first_number: i64,
    /// The number of the row that was sealed last.
    pub(super) last_number: i64,
    /// Its hash.
    pub(super) last_hash: String,
}

/// `None` where nothing was sealed since there is a place for them.
pub(super) async fn read(session: &mut Session) -> Result<Option<Ends>, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let query = Query::select()
        .exprs(["first_number", "last_number", "last_hash"].map(|column| Expr::col(column).cast_as(as_text)))
        .from(TABLE)
        .and_where(Expr::col("name").eq(CHAIN))
        .to_owned();
    Ok(session.rows(&query).await?.into_iter().next().and_then(|row| {
        let [first, last, last_hash] = row.try_into().ok()?;
        let number = |text: Option<String>| text?.trim().parse().ok();
        Some(Ends { first_number: number(first)?, last_number: number(last)?, last_hash: last_hash? })
    }))
}

/// Remembers where the chain ends now, and the first time also where it begins.
pub(super) async fn put(session: &mut Session, ends: &Ends) -> Result<(), sqlx::Error> {
    let moved = OnConflict::column("name").update_columns(["last_number", "last_hash"]).to_owned();
    let insert = Query::insert()
        .into_table(TABLE)
        .columns(["name", "first_number", "last_number", "last_hash"])
        .values_panic([CHAIN.into(), ends.first_number.into(), ends.last_number.into(), ends.last_hash.as_str().into()])
        .on_conflict(moved)
        .to_owned();
    session.execute(&insert).await.map(drop)
}

/// Remembers that rows before this one are about to be taken out for their age.
///
/// # Errors
/// What the database said.
pub async fn begins_at(session: &mut Session, first_number: i64) -> Result<(), sqlx::Error> {
    let update = Query::update()
        .table(TABLE)
        .value("first_number", first_number)
        .and_where(Expr::col("name").eq(CHAIN))
        .and_where(Expr::col("first_number").lt(first_number))
        .to_owned();
    session.execute(&update).await.map(drop)
}
