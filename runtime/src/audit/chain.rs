//! The chain of the audit log: each sealed row holds a hash over itself and over the hash of the row before.

use sea_query::{Expr, ExprTrait, SelectStatement};
use sha2::{Digest, Sha256};

use crate::db::{Session, moment, text_type};

pub(super) const TABLE: &str = "audit_log";
/// What the first row of all follows.
pub(super) const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Everything of a row that is written with it and hashed; its time, which the database writes, is hashed besides. What a row
/// gains later, beside its seal, is not protected.
pub const COLUMNS: [&str; 11] = [
    "id",
    "actor_kind",
    "actor_id",
    "organization_id",
    "action",
    "object_type",
    "object_id",
    "result",
    "details",
    "request_id",
    "ip_address",
];
/// The place of the details, which a database may write in a form of its own.
const DETAILS: usize = 8;

/// A row's seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seal {
    /// Its place in the chain, from 1.
    pub(super) number: i64,
    /// The hash of the row before.
    pub(super) previous_hash: String,
    /// The hash of this one.
    pub(super) row_hash: String,
}

/// A row, and its seal where it has one.
pub(super) struct Row {
    pub(super) id: String,
    values: Vec<Option<String>>,
    pub(super) seal: Option<Seal>,
}

impl Row {
    /// The hash of the row at this place of the chain.
    pub(super) fn hash(&self, number: i64, previous_hash: &str) -> String {
        // A list in JSON: no value can be taken for the end of another.
        let text = serde_json::json!([number, previous_hash, self.values]).to_string();
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn of(mut texts: Vec<Option<String>>) -> Option<Self> {
        let sealed = texts.split_off(COLUMNS.len() + 1);
        let [number, previous_hash, row_hash] = sealed.try_into().ok()?;
        let seal = number.and_then(|number| {
            let (previous_hash, row_hash) = (previous_hash.unwrap_or_default(), row_hash.unwrap_or_default());
            Some(Seal { number: number.trim().parse().ok()?, previous_hash, row_hash })
        });
        if let Some(details) = &mut texts[DETAILS]
            && let Ok(value) = serde_json::from_str::<serde_json::Value>(details)
        {
            *details = value.to_string();
        }
        Some(Self { id: texts[0].clone()?, values: texts, seal })
    }
}

/// The rows that a query of the table chooses. Its order must name columns with the table: PostgreSQL takes a bare name for the text that is
/// shown, in which 10 comes before 9.
pub(super) async fn rows(session: &mut Session, mut query: SelectStatement) -> Result<Vec<Row>, sqlx::Error> {
    let dialect = session.dialect();
    let as_text = text_type(dialect);
    query.from(TABLE).exprs(COLUMNS.map(|column| Expr::col(column).cast_as(as_text)));
    query.expr(moment::iso(dialect, TABLE, "occurred_at"));
    query.exprs(["seal_number", "previous_hash", "row_hash"].map(|column| Expr::col(column).cast_as(as_text)));
    Ok(session.rows(&query).await?.into_iter().filter_map(Row::of).collect())
}
