//! What a list for administrators is made of; route, query and description are all made from it.

use crate::auth::Role;

/// Rows of one table, the newest first.
pub(in crate::http) struct Listing {
    /// The last part of the path: `/api/admin/<name>`.
    pub(in crate::http) name: &'static str,
    /// What is listed.
    pub(in crate::http) title: &'static str,
    /// Whose tokens it is shown to.
    pub(in crate::http) readers: &'static [Role],
    /// The table. Its `id` sorts by time.
    pub(super) table: &'static str,
    /// The column, and its value, that all rows have which are meant.
    pub(super) only: Option<(&'static str, &'static str)>,
    /// What is shown of a row; what is not named here is shown to nobody.
    pub(in crate::http) columns: &'static [Column],
    /// By what rows can be chosen.
    pub(in crate::http) filters: &'static [Filter],
}

/// A column, by its name in JSON and in the table.
pub(in crate::http) struct Column {
    pub(in crate::http) name: &'static str,
    pub(super) column: &'static str,
    pub(in crate::http) form: Form,
    pub(in crate::http) nullable: bool,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Form {
    Text,
    /// In UTC: `2027-01-31T23:59:59Z`.
    Moment,
    Integer,
    Boolean,
    Json,
}

/// A parameter of the query.
pub(in crate::http) struct Filter {
    pub(in crate::http) name: &'static str,
    pub(super) column: &'static str,
    pub(in crate::http) test: Test,
}

/// Which rows a filter chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum Test {
    /// Those with just this text.
    Is,
    /// With `true` those without a value, with `false` those with one.
    IsMissing,
}

const fn column(name: &'static str, column: &'static str, form: Form) -> Column {
    Column { name, column, form, nullable: false }
}

pub(super) const fn text(name: &'static str, of: &'static str) -> Column {
    column(name, of, Form::Text)
}

pub(super) const fn moment(name: &'static str, of: &'static str) -> Column {
    column(name, of, Form::Moment)
}

pub(super) const fn integer(name: &'static str, of: &'static str) -> Column {
    column(name, of, Form::Integer)
}

pub(super) const fn boolean(name: &'static str, of: &'static str) -> Column {
    column(name, of, Form::Boolean)
}

pub(super) const fn json(name: &'static str, of: &'static str) -> Column {
    column(name, of, Form::Json)
}

impl Column {
    /// The same where the table may have NULL.
    pub(super) const fn or_null(self) -> Self {
        Self { nullable: true, ..self }
    }
}

pub(super) const fn is(name: &'static str, column: &'static str) -> Filter {
    Filter { name, column, test: Test::Is }
}

pub(super) const fn is_missing(name: &'static str, column: &'static str) -> Filter {
    Filter { name, column, test: Test::IsMissing }
}
