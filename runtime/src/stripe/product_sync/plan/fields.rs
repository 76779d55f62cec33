//! Which fields of an object differ, and the form that puts them right.

use std::collections::BTreeMap;

use pricebook_types::stripe::owned;
use serde::Serialize;
use serde_json::Value;

use super::form;
use super::step::{Change, Param};
use crate::stripe::product_sync::actual::Metadata;

/// What an update sends, and what it changes.
#[derive(Debug, Default)]
pub(super) struct Update {
    pub(super) form: Vec<(String, Param)>,
    pub(super) changes: Vec<Change>,
}

/// A field that a catalog sets.
pub(super) struct Field {
    pub(super) name: &'static str,
    /// Whether Stripe takes an empty text to clear it.
    pub(super) clearable: bool,
}

/// A field that can be cleared.
pub(super) const fn clearable(name: &'static str) -> Field {
    Field { name, clearable: true }
}

/// A field that Stripe clears no more: where the catalog does not set it, it stays.
pub(super) const fn set_only(name: &'static str) -> Field {
    Field { name, clearable: false }
}

impl Update {
    /// Nothing to send.
    pub(super) fn is_empty(&self) -> bool {
        self.form.is_empty()
    }

    /// Compares fields of parameters with those of the object; with `force` all are sent.
    pub(super) fn fields(
        &mut self,
        fields: &[Field],
        params: &impl Serialize,
        actual: &BTreeMap<String, Value>,
        force: bool,
    ) {
        let params = serde_json::to_value(params).unwrap_or_default();
        for Field { name, clearable } in fields {
            let wanted = params.get(name).map(plain).unwrap_or_default();
            let there = actual.get(*name).map(plain).unwrap_or_default();
            let differs = wanted != there;
            match (wanted.is_null(), clearable) {
                (true, false) => continue,
                (true, true) if differs => form::add(&mut self.form, (*name).to_owned(), &Value::String(String::new())),
                (false, _) if differs || force => form::add(&mut self.form, (*name).to_owned(), &params[*name]),
                _ => {}
            }
            if differs {
                self.changes.push(Change::new(*name, shown(&there), shown(&wanted)));
            }
        }
    }

    /// What is there, the catalog does not set, and Stripe does not clear: names with values for people.
    pub(super) fn stays(
        fields: &[Field],
        params: &impl Serialize,
        actual: &BTreeMap<String, Value>,
    ) -> Vec<(&'static str, String)> {
        let params = serde_json::to_value(params).unwrap_or_default();
        let is_unset = |name: &str| params.get(name).map(plain).unwrap_or_default().is_null();
        let fixed = fields.iter().filter(|field| !field.clearable && is_unset(field.name));
        // What is not so is as good as unset.
        let there = |name: &str| actual.get(name).filter(|value| **value != Value::Bool(false)).map(plain);
        fixed.filter_map(|field| Some((field.name, shown(&there(field.name)?)?))).collect()
    }

    /// Compares one text; with `force` it is sent all the same.
    pub(super) fn text(&mut self, name: &str, wanted: &str, actual: Option<&str>, force: bool) {
        let differs = actual != Some(wanted);
        if differs || force {
            self.form.push((name.to_owned(), Param::Text(wanted.to_owned())));
        }
        if differs {
            self.changes.push(Change::new(name, actual.map(str::to_owned), Some(wanted.to_owned())));
        }
    }

    /// Compares metadata, which are wholly the catalog's on an object of the catalog.
    pub(super) fn metadata(
        &mut self,
        wanted: &BTreeMap<std::borrow::Cow<'_, str>, std::borrow::Cow<'_, str>>,
        actual: &Metadata,
        force: bool,
    ) {
        for (key, value) in wanted {
            let there = actual.get(&**key).map(String::as_str);
            if there != Some(value) || force {
                self.form.push((format!("metadata[{key}]"), Param::Text(value.to_string())));
            }
            // The hash follows from the rest, and tells people nothing.
            if there != Some(value) && key != owned::HASH {
                self.changes.push(Change::new(
                    format!("metadata.{key}"),
                    there.map(str::to_owned),
                    Some(value.to_string()),
                ));
            }
        }
        for (key, value) in actual.iter().filter(|(key, _)| !wanted.contains_key(key.as_str())) {
            self.form.push((format!("metadata[{key}]"), Param::Text(String::new())));
            self.changes.push(Change::new(format!("metadata.{key}"), Some(value.clone()), None));
        }
    }
}

/// A value without what is as good as nothing, and numbers as texts.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(items) if items.is_empty() => Value::Null,
        Value::Array(items) => Value::Array(items.iter().map(plain).collect()),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), plain(value))).collect())
        }
        Value::Number(_) => Value::String(form::text(value)),
        Value::String(text) if text.is_empty() => Value::Null,
        other => other.clone(),
    }
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Array(items) => Some(items.iter().filter_map(shown).collect::<Vec<_>>().join(" · ")),
        Value::Object(fields) if fields.len() == 1 => fields.values().next().and_then(shown),
        Value::Object(_) => Some(value.to_string()),
        single => Some(form::text(single)),
    }
}
