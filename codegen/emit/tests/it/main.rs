//! What becomes of a catalog, and what is said about a broken one.

mod bounds;
mod diagnostics;
mod docs;
mod kinds_that_go;
mod late_edits;
mod meters_that_go;
mod rust;
mod single_edits;
mod slips;
mod whole_reports;
