//! `schema.sql`: the tables as they are today.

use pricebook_model::migrate::diff;
use pricebook_model::{Catalog, lock::Schema};
use pricebook_types::Dialect;

use super::head::{Title, head};
use super::migration::statements_of;
use crate::header::Origin;

pub(super) fn file(catalog: &Catalog, origin: Origin, schema: &Schema, dialect: Dialect) -> String {
    head(catalog, dialect, &Title::Schema(origin)) + &statements(dialect, schema)
}

/// What the first migration would do.
pub(super) fn statements(dialect: Dialect, schema: &Schema) -> String {
    let nothing = Schema::default();
    let groups = statements_of(dialect, &nothing, schema, &diff(&nothing, schema));
    let group =
        |statements: &Vec<String>| statements.iter().map(|statement| format!("{statement};\n")).collect::<String>();
    groups.iter().map(|(_, statements)| group(statements)).collect::<Vec<_>>().join("\n")
}
