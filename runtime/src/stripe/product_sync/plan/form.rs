//! Parameters as forms: nested values in Stripe's brackets.

use serde::Serialize;
use serde_json::Value;

use super::step::{Name, Param};

/// Every value of the parameters, each under its whole name: `recurring[interval]`.
pub(super) fn form(params: &impl Serialize) -> Vec<(String, Param)> {
    let mut form = Vec::new();
    // What the artifact was read from is JSON again.
    if let Ok(Value::Object(fields)) = serde_json::to_value(params) {
        for (name, value) in &fields {
            add(&mut form, name.clone(), value);
        }
    }
    form
}

/// Adds a value, or the values in it.
pub(super) fn add(form: &mut Vec<(String, Param)>, name: String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Object(fields) => fields.iter().for_each(|(field, value)| add(form, format!("{name}[{field}]"), value)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| add(form, format!("{name}[{index}]"), item));
        }
        _ => form.push((name, Param::Text(text(value)))),
    }
}

/// A single value as Stripe reads it: numbers without a fraction of nothing.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => {
            let number = number.to_string();
            number.strip_suffix(".0").map(str::to_owned).unwrap_or(number)
        }
        other => other.to_string(),
    }
}

/// One more text.
pub(super) fn with(mut form: Vec<(String, Param)>, name: &str, text: impl Into<String>) -> Vec<(String, Param)> {
    form.push((name.to_owned(), Param::Text(text.into())));
    form
}

/// One more reference.
pub(super) fn with_id(mut form: Vec<(String, Param)>, name: &str, of: Name) -> Vec<(String, Param)> {
    form.push((name.to_owned(), Param::IdOf(of)));
    form
}
