//! Payments that were asked for, each under an idempotency key: stored once, answered alike when asked for again.

use std::time::Duration;

use pricebook_types::{Dialect, Money};
use sea_query::{Expr, ExprTrait, OnConflict, Query};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::audit::{self, Actor, Entry};
use crate::db::{Session, text_type, transaction};

const TABLE: &str = "payment_attempts";

/// A payment that was checked and is now asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Our id.
    pub id: String,
    /// The caller's idempotency key with whose it is, as a hash, or our id where there was none.
    pub idempotency_key: String,
    /// SHA-256 of what was asked for, in lower-case hexadecimal.
    pub request_hash: String,
    /// The kind's id.
    pub kind: String,
    /// The product's id.
    pub product: String,
    /// The price's id everywhere.
    pub lookup_key: String,
    /// The amount.
    pub money: Money,
    /// What the caller calls the customer.
    pub customer_reference: Option<String>,
    /// The user whose program asks, where it showed a token.
    pub user_id: Option<String>,
    /// What is made of it.
    pub purpose: Purpose,
}

/// What an attempt is to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A payment of this amount.
    Payment,
    /// A page on which all of this is paid for, of which the attempt's own price is the first.
    Checkout {
        /// What the audit log is told of the lines, the trial and what is taken off.
        order: Value,
    },
}

impl Purpose {
    /// The action and the sort of object, for the audit log.
    const fn told(&self) -> (&'static str, &'static str) {
        match self {
            Self::Payment => ("payment.create", "payment"),
            Self::Checkout { .. } => ("checkout.create", "checkout"),
        }
    }
}

/// An answer, to be repeated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Replay {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Value,
}

/// Whose turn it is to work on an idempotency key.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// Ours. The id is that of the attempt that began it, so that Stripe sees one and the same.
    Ours {
        /// The attempt's id.
        id: String,
    },
    /// It was answered before.
    Answered(Replay),
    /// The key was used for something else.
    OtherRequest,
    /// Somebody is working on it.
    InProgress,
}

/// What was answered to this key, or that it cannot be used; `None` for a key that is free to be claimed.
///
/// # Errors
/// What the database said.
pub async fn look_up(session: &mut Session, key: &str, request_hash: &str) -> Result<Option<Claim>, sqlx::Error> {
    let Some(found) = find(session, key).await? else { return Ok(None) };
    Ok(match found {
        Found { request_hash: other, .. } if other != request_hash => Some(Claim::OtherRequest),
        Found { response: Some(replay), .. } => Some(Claim::Answered(replay)),
        Found { .. } => None,
    })
}

/// Stores the attempt, or finds the one that has its key. One without an answer is another's for as long as the lease, and is
/// then taken up: who still works on it asks for the same payment, and the first answer that is stored counts.
///
/// # Errors
/// What the database said.
pub async fn claim(session: &mut Session, attempt: &Attempt, lease: Duration) -> Result<Claim, sqlx::Error> {
    insert(session, attempt).await?;
    let found = find(session, &attempt.idempotency_key).await?.ok_or(sqlx::Error::RowNotFound)?;
    Ok(match found {
        found if found.id == attempt.id => Claim::Ours { id: found.id },
        found if found.request_hash != attempt.request_hash => Claim::OtherRequest,
        Found { response: Some(replay), .. } => Claim::Answered(replay),
        Found { id, .. } if take_over(session, &id, lease).await? => Claim::Ours { id },
        _ => Claim::InProgress,
    })
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub struct Ending<'a> {
    /// Whether Stripe made a payment of it.
    pub created: bool,
    /// Stripe's account, where it is known.
    pub stripe_account: Option<&'a str>,
    /// Stripe's object.
    pub stripe_object_id: Option<&'a str>,
    /// Why not.
    pub error_code: Option<&'a str>,
}

/// Stores the answer of an attempt, which is final, and its audit row; gives the answer that was stored, which is another's
/// where that one came first.
///
/// # Errors
/// What the database said; neither is kept then.
pub async fn answered(
    session: &mut Session,
    actor: &Actor,
    attempt: &Attempt,
    ending: &Ending<'_>,
    answer: &Replay,
) -> Result<Replay, sqlx::Error> {
    transaction(session, async |session| {
        if !keep_answer(session, &attempt.id, ending, answer).await? {
            let first = find(session, &attempt.idempotency_key).await?.and_then(|found| found.response);
            return first.ok_or(sqlx::Error::RowNotFound);
        }
        let mut details = json!({
            "kind": attempt.kind,
            "product": attempt.product,
            "price": attempt.lookup_key,
            "amount_minor": attempt.money.minor(),
            "currency": attempt.money.currency().code(),
            "customer_reference": attempt.customer_reference,
            "stripe_account": ending.stripe_account,
            "stripe_object": ending.stripe_object_id,
            "error": ending.error_code,
        });
        if let Purpose::Checkout { order } = &attempt.purpose {
            details["order"] = order.clone();
        }
        let (action, object_type) = attempt.purpose.told();
        let entry = Entry {
            actor,
            action,
            object_type,
            object_id: &attempt.id,
            result: if ending.created { "succeeded" } else { "refused" },
            details,
        };
        audit::record(session, entry).await?;
        Ok(answer.clone())
    })
    .await
}

/// Whether the attempt had no answer before.
async fn keep_answer(
    session: &mut Session,
    id: &str,
    ending: &Ending<'_>,
    answer: &Replay,
) -> Result<bool, sqlx::Error> {
    let text = Expr::val(serde_json::to_string(answer).unwrap_or_default());
    let response = match session.dialect() {
        Dialect::Postgres => text.cast_as("jsonb"),
        Dialect::Sqlite | Dialect::Mysql => text,
    };
    let update = Query::update()
        .table(TABLE)
        .value("status", if ending.created { "created" } else { "failed" })
        .value("stripe_account", ending.stripe_account)
        .value("stripe_object_id", ending.stripe_object_id)
        .value("error_code", ending.error_code)
        .value("response", response)
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("response").is_null())
        .to_owned();
    Ok(session.execute(&update).await? == 1)
}

/// Remembers that an attempt came to no answer, so that the next request with its key takes it up again.
///
/// # Errors
/// What the database said.
pub async fn failed(session: &mut Session, id: &str, error_code: &str) -> Result<(), sqlx::Error> {
    let update = Query::update()
        .table(TABLE)
        .value("error_code", error_code)
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("response").is_null())
        .to_owned();
    session.execute(&update).await.map(drop)
}

struct Found {
    id: String,
    request_hash: String,
    response: Option<Replay>,
}

async fn find(session: &mut Session, key: &str) -> Result<Option<Found>, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let query = Query::select()
        .exprs(["id", "request_hash", "response"].map(|column| Expr::col(column).cast_as(as_text)))
        .from(TABLE)
        .and_where(Expr::col("idempotency_key").eq(key))
        .to_owned();
    let row = session.rows(&query).await?.into_iter().next().and_then(|row| <[_; 3]>::try_from(row).ok());
    let Some([Some(id), Some(request_hash), response]) = row else { return Ok(None) };
    let response = response.and_then(|text| serde_json::from_str(&text).ok());
    Ok(Some(Found { id, request_hash, response }))
}

async fn insert(session: &mut Session, attempt: &Attempt) -> Result<(), sqlx::Error> {
    let values: [(&str, Expr); 10] = [
        ("id", attempt.id.as_str().into()),
        ("idempotency_key", attempt.idempotency_key.as_str().into()),
        ("request_hash", attempt.request_hash.as_str().into()),
        ("kind", attempt.kind.as_str().into()),
        ("product_id", attempt.product.as_str().into()),
        ("lookup_key", attempt.lookup_key.as_str().into()),
        ("amount", attempt.money.minor().into()),
        ("currency", attempt.money.currency().code().into()),
        ("customer_reference", Expr::val(attempt.customer_reference.clone())),
        ("user_id", Expr::val(attempt.user_id.clone())),
    ];
    let (columns, values): (Vec<_>, Vec<_>) = values.into_iter().unzip();
    let insert = Query::insert()
        .into_table(TABLE)
        .columns(columns)
        .values_panic(values)
        .on_conflict(OnConflict::column("idempotency_key").do_nothing_on(["id"]).to_owned())
        .to_owned();
    // How many rows that wrote, MySQL does not tell: it counts those that it found.
    session.execute(&insert).await.map(drop)
}

/// Takes up an attempt that failed on the way, or whose lease has ended: by one of many, for it no longer matches then.
async fn take_over(session: &mut Session, id: &str, lease: Duration) -> Result<bool, sqlx::Error> {
    let secs = lease.as_secs();
    let stale = match session.dialect() {
        Dialect::Sqlite => format!("\"updated_at\" < datetime('now', '-{secs} seconds')"),
        Dialect::Postgres => format!("\"updated_at\" < CURRENT_TIMESTAMP - INTERVAL '{secs} seconds'"),
        Dialect::Mysql => format!("`updated_at` < CURRENT_TIMESTAMP - INTERVAL {secs} SECOND"),
    };
    let update = Query::update()
        .table(TABLE)
        .value("error_code", None::<String>)
        .value("updated_at", Expr::current_timestamp())
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("response").is_null())
        .and_where(Expr::col("error_code").is_not_null().or(Expr::cust(stale)))
        .to_owned();
    Ok(session.execute(&update).await? == 1)
}
