//! Ownership: the metadata by which a later run knows its own objects, and whether they have changed.

use std::borrow::Cow;

use pricebook_model::Catalog;
use pricebook_model::catalog::Value;
use pricebook_types::stripe::{Metadata, owned};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Metadata that marks an object of `catalog`.
pub(super) fn ownership<'a>(catalog: &'a Catalog, local_id: &'a str) -> Metadata<'a> {
    Metadata::from([
        (Cow::Borrowed(owned::CATALOG), Cow::Borrowed(catalog.name.as_str())),
        (Cow::Borrowed(owned::ID), Cow::Borrowed(local_id)),
    ])
}

/// The catalog's own metadata as Stripe holds them.
pub(super) fn declared(metadata: &[(String, Value)]) -> Metadata<'_> {
    metadata.iter().map(|(key, value)| (Cow::Borrowed(key.as_str()), text(value))).collect()
}

/// SHA-256 of an object's desired state (before its hash is part of it), in lower-case hexadecimal.
pub(super) fn hash(desired: &impl Serialize) -> Cow<'static, str> {
    let mut json = Vec::with_capacity(1024);
    serde_json::to_writer(&mut json, desired).expect("desired state is JSON");
    Cow::Owned(Sha256::digest(json).iter().flat_map(|byte| [byte >> 4, byte & 15]).map(hex_digit).collect())
}

fn hex_digit(value: u8) -> char {
    char::from(b"0123456789abcdef"[usize::from(value)])
}

/// A value as metadata holds it: always text.
fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Text(text) => Cow::Borrowed(text),
        Value::Integer(number) => Cow::Owned(number.to_string()),
        Value::Decimal(number) => Cow::Owned(number.to_string()),
        Value::Boolean(truth) => Cow::Borrowed(if *truth { "true" } else { "false" }),
        Value::List(texts) => Cow::Owned(texts.join(", ")),
    }
}
