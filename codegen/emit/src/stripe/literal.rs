//! Texts that Stripe's command-line tool would take for a reference to another fixture.
//!
//! The tool replaces `${name:path}` by what gjson finds under `path` in the answer to fixture `name`, and has no escape
//! for `$`. But a gjson path that starts with `!` is a literal in JSON: `${literal:!"…"}` gives any text, as long as the
//! characters that mean something to the tool (`$ { } | : /` and newlines) stand in the literal as JSON escapes, and as
//! fixture `literal` has been run before.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The fixture that literals refer to; what it answers does not matter.
pub(super) const FIXTURE: &str = "literal";

/// Whether a text of some JSON must be written as a literal.
pub(super) fn is_needed(json: &str) -> bool {
    json.contains("${")
}

/// The same parameters with every such text written as a literal.
pub(super) fn protect<T: Serialize + DeserializeOwned>(params: &T) -> T {
    let mut value = serde_json::to_value(params).expect("parameters are JSON");
    protect_value(&mut value);
    serde_json::from_value(value).expect("texts have become other texts")
}

fn protect_value(value: &mut Value) {
    match value {
        Value::String(text) if is_needed(text) => *text = literal(text),
        Value::Array(values) => values.iter_mut().for_each(protect_value),
        Value::Object(map) => map.values_mut().for_each(protect_value),
        _ => {}
    }
}

fn literal(text: &str) -> String {
    let mut literal = format!("${{{FIXTURE}:!\"");
    for unit in text.encode_utf16() {
        match char::from_u32(unit.into()) {
            Some(c) if c.is_ascii_alphanumeric() || c == ' ' => literal.push(c),
            _ => literal.push_str(&format!("\\u{unit:04x}")),
        }
    }
    literal + "\"}"
}
