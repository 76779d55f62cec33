//! What becomes of a catalog, and what is said about a broken one.

mod diagnostics;
mod docs;
mod rust;
mod single_edits;
