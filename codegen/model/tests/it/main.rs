//! The front end, as its users see it: YAML in, a catalog or a report out.

mod any_text;
mod catalogs;
mod column_order;
mod coupons;
mod hostile;
#[path = "../../../../fuzz/src/law.rs"]
mod law;
mod laws;
mod lowering;
mod real_catalog;
mod rendering;
mod unsaid_renames;
