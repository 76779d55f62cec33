//! Whether the audit log is as it was sealed.

use sea_query::{Expr, ExprTrait, Order, Query};
use serde::Serialize;

use super::chain::{BEGINNING, Row, Seal, TABLE, rows};
use super::ends;
use crate::db::{Session, text_type};

/// Rows that are read at once.
const AT_ONCE: u64 = 1000;

/// What the chain is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chain {
    /// The number of the first row: more than 1 where older ones were taken out for their age. 0 where nothing is sealed.
    pub first_number: i64,
    /// The number of the last whole row.
    pub last_number: i64,
    /// Its hash; empty where nothing is sealed.
    pub last_hash: String,
    /// How many rows are not sealed yet.
    pub unsealed: u64,
    /// The first place where it is broken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken: Option<Break>,
}

/// Where the chain is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Break {
    /// A row is not what was sealed.
    #[error("row {number} ({id}) was changed after it was sealed")]
    Changed {
        /// Its number.
        number: i64,
        /// Its id.
        id: String,
    },
    /// A row was sealed behind another one than stands before it.
    #[error("row {number} ({id}) does not follow the row that stands before it")]
    Unlinked {
        /// Its number.
        number: i64,
        /// Its id.
        id: String,
    },
    /// A row has another hash than was written down of it.
    #[error("row {number} ({id}) has not the hash that was written down of it")]
    OtherHash {
        /// Its number.
        number: i64,
        /// Its id.
        id: String,
    },
    /// A row is no longer there.
    #[error("row {number} is gone")]
    Gone {
        /// Its number.
        number: i64,
    },
}

impl Break {
    /// The row's number.
    pub const fn number(&self) -> i64 {
        match self {
            Self::Changed { number, .. }
            | Self::Unlinked { number, .. }
            | Self::OtherHash { number, .. }
            | Self::Gone { number } => *number,
        }
    }
}

/// What was written down elsewhere of a row of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its number.
    pub number: i64,
    /// Its hash, in lower-case hexadecimal.
    pub hash: String,
}

/// Reads the whole chain, which must begin and end where the database remembers it, and hold these rows.
///
/// # Errors
/// What the database said.
pub async fn verify(session: &mut Session, held: &[Held]) -> Result<Chain, sqlx::Error> {
    // Before the rows, of which there may be more by then; where it begins after them, for the first may go meanwhile.
    let end = ends::read(session).await?.map(|ends| Held { number: ends.last_number, hash: ends.last_hash });
    let mut expected: Vec<_> = end.into_iter().chain(held.iter().cloned()).collect();
    expected.sort_by_key(|held| held.number);
    let chain = read(session, &expected).await?;
    let begins = ends::read(session).await?.map(|ends| ends.first_number);
    // The first row that was read, whether it is whole or not; none where there is no row.
    let found = match chain.first_number {
        0 => chain.broken.as_ref().map(Break::number),
        first => Some(first),
    };
    let broken = match begins.filter(|begins| found.is_none_or(|found| found > *begins)) {
        Some(number) => Some(Break::Gone { number }),
        None => chain.broken.clone().or_else(|| chain.lacks(&expected)),
    };
    Ok(Chain { broken, ..chain })
}

async fn read(session: &mut Session, expected: &[Held]) -> Result<Chain, sqlx::Error> {
    let unsealed = count_unsealed(session).await?;
    let mut chain = Chain { first_number: 0, last_number: 0, last_hash: String::new(), unsealed, broken: None };
    loop {
        let mut next = Query::select();
        next.and_where(Expr::col("seal_number").gt(chain.last_number))
            .order_by((TABLE, "seal_number"), Order::Asc)
            .limit(AT_ONCE);
        let rows = rows(session, next).await?;
        if rows.is_empty() {
            return Ok(chain);
        }
        for row in rows {
            let Some(seal) = &row.seal else { continue };
            if let Some(broken) = chain.break_at(&row, seal, expected) {
                return Ok(Chain { broken: Some(broken), ..chain });
            }
            if chain.first_number == 0 {
                chain.first_number = seal.number;
            }
            (chain.last_number, chain.last_hash) = (seal.number, seal.row_hash.clone());
        }
    }
}

impl Chain {
    /// The first of these rows that is not there.
    fn lacks(&self, expected: &[Held]) -> Option<Break> {
        let is_there = |number: i64| (self.first_number..=self.last_number).contains(&number);
        let missing = expected.iter().find(|held| !is_there(held.number))?;
        // Of an end that was cut off, the first row is named.
        Some(Break::Gone { number: Ord::min(missing.number, self.last_number + 1) })
    }

    fn break_at(&self, row: &Row, seal: &Seal, expected: &[Held]) -> Option<Break> {
        let (number, id) = (seal.number, || row.id.clone());
        let is_first = self.first_number == 0;
        let before = if is_first { BEGINNING } else { &self.last_hash };
        if !is_first && number != self.last_number + 1 {
            return Some(Break::Gone { number: self.last_number + 1 });
        }
        // Of the first that is left nobody knows any more what it follows, if it is not the first of all.
        if (!is_first || number == 1) && seal.previous_hash != before {
            return Some(Break::Unlinked { number, id: id() });
        }
        if row.hash(number, &seal.previous_hash) != seal.row_hash {
            return Some(Break::Changed { number, id: id() });
        }
        let is_other = expected.iter().any(|held| held.number == number && held.hash != seal.row_hash);
        is_other.then(|| Break::OtherHash { number, id: id() })
    }
}

async fn count_unsealed(session: &mut Session) -> Result<u64, sqlx::Error> {
    let count = Expr::col("id").count().cast_as(text_type(session.dialect()));
    let query = Query::select().expr(count).from(TABLE).and_where(Expr::col("seal_number").is_null()).to_owned();
    let row = session.rows(&query).await?.into_iter().next();
    Ok(row.and_then(|row| row.into_iter().next()??.trim().parse().ok()).unwrap_or_default())
}
