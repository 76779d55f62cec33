//! What people see of the product sync, read from the database alone: nothing here asks Stripe.

pub mod changes;
pub mod mappings;
mod overall;
pub mod runs;

pub use overall::{Overall, overall};

use crate::db::Texts;

/// Rows on a page.
pub const PAGE: usize = 50;

/// A page of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
}

/// A page of rows of which one more than fits was asked for, so that the last one shows whether there is another page.
fn page<T>(mut rows: Vec<T>, cursor: impl Fn(&T) -> String) -> Page<T> {
    let has_more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| has_more).map(cursor);
    Page { rows, next }
}

/// The limit of a statement for [`page`].
fn one_more() -> u64 {
    u64::try_from(PAGE + 1).unwrap_or(u64::MAX)
}

/// The texts of a row one after the other, empty ones for NULL.
struct Columns(std::vec::IntoIter<Option<String>>);

impl Columns {
    fn of(row: Texts) -> Self {
        Self(row.into_iter())
    }

    fn maybe(&mut self) -> Option<String> {
        self.0.next().flatten()
    }

    fn text(&mut self) -> String {
        self.maybe().unwrap_or_default()
    }

    fn number(&mut self) -> u64 {
        self.maybe().and_then(|text| text.parse().ok()).unwrap_or_default()
    }
}
