//! JSON as it is reviewed: indented by two spaces, ending in a newline, with the head that all JSON artifacts have.

use std::borrow::Cow;

use pricebook_model::Catalog;
use pricebook_types::stripe::Meta;
use serde::Serialize;

/// A value as indented JSON.
///
/// # Panics
/// Where the value has a map whose keys are no texts, which no artifact has.
pub fn pretty(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("maps of artifacts have texts as keys");
    text.push('\n');
    text
}

/// The head of a JSON artifact.
pub fn meta(catalog: &Catalog) -> Meta<'_> {
    let [made_by, remade_by, _] = crate::header::lines(catalog);
    Meta {
        generated: Cow::Owned(format!("{made_by} {remade_by}")),
        catalog: Cow::Borrowed(&catalog.name),
        catalog_hash: Cow::Borrowed(&catalog.hash),
    }
}
