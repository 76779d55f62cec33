//! A JSON Schema of the catalog's YAML, for completion and checking in editors.
//!
//! It knows the format and what this catalog declares: the sections of its kinds with their attributes and price keys,
//! its features, enums and meters. What needs more than one place to be seen is left to the compiler.

mod limits;
mod offers;
mod prices;
mod products;
mod tables;
mod top;
mod words;

pub use limits::TOLD_APART;
use pricebook_model::{Catalog, limits::TargetLimits};
use serde_json::{Value, json};

use crate::Artifact;

/// A schema takes any name.
pub const LIMITS: &[TargetLimits] = &[TargetLimits::none("schema")];

/// `schema/catalog.schema.json`, in draft 2020-12.
pub fn emit(catalog: &Catalog) -> Vec<Artifact> {
    vec![Artifact::new("schema/catalog.schema.json", crate::json::pretty(&schema(catalog)))]
}

fn schema(catalog: &Catalog) -> Value {
    let mut sections = vec![
        ("catalog", top::catalog()),
        ("kinds", top::kinds(catalog)),
        ("features", offers::features()),
        ("meters", offers::meters()),
        ("groups", offers::groups(catalog)),
        ("coupons", offers::coupons()),
        ("retired", offers::retired()),
        ("enums", tables::enums()),
        ("records", tables::records()),
    ];
    sections.extend(catalog.kinds.iter().map(|kind| (kind.plural.as_str(), products::section(catalog, kind))));
    let mut schema = words::object("What a company sells, written once.", &[], sections);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["$comment"] = json!(crate::header::lines_with_hash(catalog).join(" "));
    schema["title"] = json!(format!("Catalog of {}", catalog.title));
    schema["minProperties"] = json!(1);
    schema["$defs"] = prices::definitions(catalog);
    schema["$defs"]["reasons"] = words::reasons_definition();
    schema
}
