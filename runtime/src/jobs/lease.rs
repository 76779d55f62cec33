//! Leases: that one server alone does something, until it says that it has ended or is not heard of any more.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_query::{Expr, ExprTrait, OnConflict, Query};

use crate::db::{Session, moment, text_type};

const TABLE: &str = "leases";

/// Takes a lease that is free, over or ours: whether it is ours now.
///
/// # Errors
/// What the database said.
pub async fn acquire(
    session: &mut Session,
    name: &str,
    owner: &str,
    lease: Duration,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    let dialect = session.dialect();
    let until = moment(dialect, now + lease);
    let is_free = Expr::col("leased_until").lte(moment(dialect, now)).or(Expr::col("lease_owner").eq(owner));
    let update = Query::update()
        .table(TABLE)
        .value("lease_owner", owner)
        .value("leased_until", until.clone())
        .value("fencing_token", Expr::col("fencing_token").add(1))
        .and_where(Expr::col("name").eq(name))
        .and_where(is_free)
        .to_owned();
    if session.execute(&update).await? == 1 {
        return Ok(true);
    }
    let insert = Query::insert()
        .into_table(TABLE)
        .columns(["name", "lease_owner", "leased_until"])
        .values_panic([name.into(), owner.into(), until])
        .on_conflict(OnConflict::column("name").do_nothing_on(["name"]).to_owned())
        .to_owned();
    session.execute(&insert).await?;
    // How many rows that wrote, MySQL does not tell: it counts those that it found.
    Ok(holder(session, name).await?.as_deref() == Some(owner))
}

/// Keeps a lease for longer: whether it is still ours.
///
/// # Errors
/// What the database said.
pub async fn renew(
    session: &mut Session,
    name: &str,
    owner: &str,
    lease: Duration,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    until(session, name, owner, now + lease).await
}

/// Gives a lease back, where it is ours.
///
/// # Errors
/// What the database said.
pub async fn release(session: &mut Session, name: &str, owner: &str, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    until(session, name, owner, now).await.map(drop)
}

async fn until(session: &mut Session, name: &str, owner: &str, time: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let update = Query::update()
        .table(TABLE)
        .value("leased_until", moment(session.dialect(), time))
        .and_where(Expr::col("name").eq(name))
        .and_where(Expr::col("lease_owner").eq(owner))
        .to_owned();
    Ok(session.execute(&update).await? == 1)
}

async fn holder(session: &mut Session, name: &str) -> Result<Option<String>, sqlx::Error> {
    let query = Query::select()
        .expr(Expr::col("lease_owner").cast_as(text_type(session.dialect())))
        .from(TABLE)
        .and_where(Expr::col("name").eq(name))
        .to_owned();
    Ok(session.rows(&query).await?.into_iter().next().and_then(|row| row.into_iter().next().flatten()))
}
