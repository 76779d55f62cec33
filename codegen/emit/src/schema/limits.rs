//! What targets limit, as far as one place of the YAML shows it: lengths, characters, counts and numbers.

use pricebook_model::limits::{NumberLimit, NumberOf, TargetLimits, TextLimit, TextOf};
use serde_json::{Value, json};

/// Text that is as long as every target allows, and holds only characters that all of them allow.
pub(super) fn text(description: &str, of: TextOf) -> Value {
    limited(super::words::text(description), of)
}

/// The schema of a text with the limits of `of` besides its own.
pub(super) fn limited(mut schema: Value, of: TextOf) -> Value {
    let targets = crate::limits();
    let limits: Vec<&TextLimit> =
        targets.iter().flat_map(|target| target.texts).filter(|limit| limit.of == of).collect();
    if let Some(least) = limits.iter().map(|limit| limit.min_chars).max().filter(|least| *least > 0) {
        schema["minLength"] = json!(least);
    }
    if let Some(most) = limits.iter().map(|limit| limit.max_chars).min() {
        schema["maxLength"] = json!(most);
    }
    if let Some(pattern) = pattern(|char| limits.iter().all(|limit| (limit.allows)(char))) {
        schema["pattern"] = json!(pattern);
    }
    schema
}

/// A pattern of the allowed characters, where some are not. Beyond ASCII, all are taken to be as `é` is.
fn pattern(allows: impl Fn(char) -> bool) -> Option<String> {
    let mut class = String::new();
    let others = allows('é');
    for char in (' '..='~').filter(|char| allows(*char) != others) {
        if r"\]^-[".contains(char) {
            class.push('\\');
        }
        class.push(char);
    }
    match (others, class.is_empty()) {
        (true, true) => None,
        (true, false) => Some(format!("^[^{class}]*$")),
        (false, _) => Some(format!("^[{class}]*$")),
    }
}

/// A whole number that every target takes.
pub(super) fn number(description: &str, of: NumberOf) -> Value {
    let targets = crate::limits();
    let limits: Vec<&NumberLimit> =
        targets.iter().flat_map(|target| target.numbers).filter(|limit| limit.of == of).collect();
    let least = limits.iter().map(|limit| limit.min).max().unwrap_or_default();
    let mut schema = super::words::integer(description, i64::from(least));
    if let Some(most) = limits.iter().map(|limit| limit.max).min().filter(|most| *most < u32::MAX) {
        schema["maximum"] = json!(most);
    }
    schema
}

/// The schema with no more entries, in `keyword`, than every target can hold.
pub(super) fn at_most(mut schema: Value, keyword: &str, most: impl Fn(&TargetLimits) -> Option<usize>) -> Value {
    if let Some(most) = crate::limits().iter().filter_map(most).min() {
        schema[keyword] = json!(most);
    }
    schema
}

/// Keys with texts, whole numbers and booleans, as many as every target can hold.
pub(super) fn metadata(description: &str, most: impl Fn(&TargetLimits) -> Option<usize>) -> Value {
    let value = json!({ "type": ["string", "integer", "boolean"] });
    let schema = json!({
        "type": "object",
        "description": description,
        "propertyNames": limited(json!({}), TextOf::MetadataKey),
        "additionalProperties": limited(value, TextOf::MetadataValue),
    });
    at_most(schema, "maxProperties", most)
}
