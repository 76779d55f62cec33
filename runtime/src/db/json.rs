//! JSON as a value of a statement.

use pricebook_types::Dialect;
use sea_query::{Expr, ExprTrait};
use serde::Serialize;

/// A value for a JSON column. PostgreSQL takes a text for it only when told so.
pub fn json(dialect: Dialect, value: &impl Serialize) -> Expr {
    // What is put here has texts for keys, which is all that could fail.
    let text = Expr::val(serde_json::to_string(value).unwrap_or_default());
    if dialect == Dialect::Postgres { text.cast_as("jsonb") } else { text }
}
