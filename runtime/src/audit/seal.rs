//! Sealing: rows that were written meanwhile are put at the end of the chain.

use sea_query::{Expr, ExprTrait, Order, Query};

use super::chain::{BEGINNING, Seal, TABLE, rows};
use super::ends::{self, Ends};
use crate::db::{Session, transaction};

/// Rows that are sealed in one transaction.
const AT_ONCE: u64 = 200;

/// Why nothing was sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Another server has sealed them.
    #[error("another has sealed these rows meanwhile")]
    Another,
    /// The database refused.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// The end of the chain after something was sealed. Written down elsewhere, it shows that nothing before it was changed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Sealed {
    /// How many rows were sealed now.
    pub rows: u64,
    /// The number of the last one.
    pub last_number: i64,
    /// Its hash.
    pub last_hash: String,
}

/// Seals the oldest rows that are not sealed yet; `None` where there are none. Who finds another's seal in its way, which the numbers'
/// unique index sees to, keeps nothing.
///
/// # Errors
/// [`SealError`]; nothing was sealed then.
pub async fn seal(session: &mut Session) -> Result<Option<Sealed>, SealError> {
    let mut open = Query::select();
    open.and_where(Expr::col("seal_number").is_null()).order_by("id", Order::Asc).limit(AT_ONCE);
    // Looked for first, so that a round in which there is nothing to do writes nothing.
    if rows(session, open.clone()).await?.is_empty() {
        return Ok(None);
    }
    let sealed = transaction(session, async |session| {
        let (first_number, mut number, mut hash) = end(session).await?;
        let mut count = 0;
        for row in rows(session, open).await? {
            let row_hash = row.hash(number + 1, &hash);
            let seal = Seal { number: number + 1, previous_hash: hash, row_hash };
            put(session, &row.id, &seal).await?;
            (number, hash) = (seal.number, seal.row_hash);
            count += 1;
        }
        if count > 0 {
            ends::put(session, &Ends { first_number, last_number: number, last_hash: hash.clone() }).await?;
        }
        Ok(Sealed { rows: count, last_number: number, last_hash: hash })
    })
    .await;
    match sealed {
        Ok(sealed) if sealed.rows == 0 => Ok(None),
        Ok(sealed) => Ok(Some(sealed)),
        Err(SealError::Database(sqlx::Error::Database(cause))) if cause.is_unique_violation() => {
            Err(SealError::Another)
        }
        Err(error) => Err(error),
    }
}

/// Where the chain begins, and what the next row follows. What was sealed last is followed also where it is no longer there: so
/// its place stays empty, and is found.
async fn end(session: &mut Session) -> Result<(i64, i64, String), SealError> {
    let one = async |session: &mut Session, order| {
        let mut query = Query::select();
        query.and_where(Expr::col("seal_number").is_not_null()).order_by((TABLE, "seal_number"), order).limit(1);
        Ok::<_, sqlx::Error>(rows(session, query).await?.into_iter().next().and_then(|row| row.seal))
    };
    let last = one(session, Order::Desc).await?;
    let known = ends::read(session).await?;
    let first_number = match &known {
        Some(ends) => ends.first_number,
        None => one(session, Order::Asc).await?.map_or(1, |seal| seal.number),
    };
    let there = last.map_or((0, BEGINNING.to_owned()), |seal| (seal.number, seal.row_hash));
    let (number, hash) = match known {
        Some(ends) if ends.last_number >= there.0 => (ends.last_number, ends.last_hash),
        _ => there,
    };
    Ok((first_number, number, hash))
}

async fn put(session: &mut Session, id: &str, seal: &Seal) -> Result<(), SealError> {
    let update = Query::update()
        .table(TABLE)
        .value("seal_number", seal.number)
        .value("previous_hash", seal.previous_hash.as_str())
        .value("row_hash", seal.row_hash.as_str())
        .and_where(Expr::col("id").eq(id))
        .and_where(Expr::col("seal_number").is_null())
        .to_owned();
    let changed = session.execute(&update).await?;
    // D1, which one command writes to at a time, does not tell.
    if changed == 0 && session.shows_its_writes() { Err(SealError::Another) } else { Ok(()) }
}
