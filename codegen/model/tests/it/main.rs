//! The front end, as its users see it: YAML in, a catalog or a report out.

mod catalogs;
mod real_catalog;
mod rendering;
