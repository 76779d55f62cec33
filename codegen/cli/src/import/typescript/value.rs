//! Values of a TypeScript module, and why one is not known.

use std::collections::HashMap;

use oxc_span::Span;
use rust_decimal::Decimal;

use super::changes::Change;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    pub(super) span: Span,
    pub(super) kind: ValueKind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum ValueKind {
    Text(String),
    Number(Decimal),
    Boolean(bool),
    /// `null` or `undefined`.
    Nothing,
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// What cannot be known, and why.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unknown {
    pub(super) span: Span,
    pub(super) why: String,
}

/// Something, or all the reasons why it is not known.
pub(super) type Known<T> = Result<T, Vec<Unknown>>;

impl Value {
    /// How many values it holds, and bytes of texts.
    pub(super) fn size(&self) -> usize {
        1 + match &self.kind {
            ValueKind::Text(text) => text.len(),
            ValueKind::List(items) => items.iter().map(Self::size).sum(),
            ValueKind::Object(fields) => fields.iter().map(|(key, value)| key.len() + value.size()).sum(),
            ValueKind::Number(_) | ValueKind::Boolean(_) | ValueKind::Nothing => 0,
        }
    }

    /// Whether others may change a part of it.
    pub(super) fn has_parts(&self) -> bool {
        matches!(self.kind, ValueKind::List(_) | ValueKind::Object(_))
    }

    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        match &self.kind {
            ValueKind::Object(fields) => fields.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }
}

pub(super) fn unknown<T>(span: Span, why: &str) -> Known<T> {
    Err(vec![Unknown { span, why: why.to_owned() }])
}

/// Why a constant is none.
pub(super) fn changed(name: &str, change: &Change) -> Unknown {
    let why = format!(
        "this changes `{name}`, so that its value cannot be known without running the module; write the value itself"
    );
    Unknown { span: change.span, why }
}

/// Of a key that stands twice, the last value counts, at the place of the first.
pub(super) fn last_of_each(fields: impl Iterator<Item = (String, Value)>) -> Vec<(String, Value)> {
    let mut positions: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<(String, Value)> = Vec::new();
    for (key, value) in fields {
        match positions.get(&key) {
            Some(position) => kept[*position].1 = value,
            None => {
                positions.insert(key.clone(), kept.len());
                kept.push((key, value));
            }
        }
    }
    kept
}

/// All values, or all that cannot be known, each once.
pub(super) fn all<T>(values: impl IntoIterator<Item = Known<T>>) -> Known<Vec<T>> {
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for value in values {
        match value {
            Ok(value) => known.push(value),
            Err(unknowns) => unknown.extend(unknowns),
        }
    }
    unknown.sort_by_key(|unknown: &Unknown| (unknown.span.start, unknown.span.end));
    unknown.dedup();
    if unknown.is_empty() { Ok(known) } else { Err(unknown) }
}
