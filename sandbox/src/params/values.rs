//! The values of a request, checked against what its endpoint declares.

use serde_json::{Map, Value};

/// Values by name. What was not sent is not there, what was cleared is null.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(Map<String, Value>);

impl Params {
    pub(super) fn new(values: Map<String, Value>) -> Self {
        Self(values)
    }

    /// Those of a call that the sandbox makes itself; null is not sent.
    pub(crate) fn of(values: Value) -> Self {
        match values {
            Value::Object(values) => Self(values.into_iter().filter(|(_, value)| !value.is_null()).collect()),
            _ => Self::default(),
        }
    }

    /// Whether it was sent, be it to clear it.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The value; null where it was cleared or not sent.
    pub(crate) fn value(&self, name: &str) -> Value {
        self.0.get(name).cloned().unwrap_or(Value::Null)
    }

    /// The value, or another where it was not sent.
    pub(crate) fn or(&self, name: &str, otherwise: impl Into<Value>) -> Value {
        self.0.get(name).cloned().unwrap_or_else(|| otherwise.into())
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    pub(crate) fn bool(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    /// Whether it was sent and is true.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.bool(name) == Some(true)
    }

    /// The values below a hash that was sent.
    pub(crate) fn hash(&self, name: &str) -> Option<Self> {
        self.0.get(name)?.as_object().cloned().map(Self)
    }

    /// The elements of a list of hashes.
    pub(crate) fn hashes(&self, name: &str) -> Vec<Self> {
        let list = self.0.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(|item| item.as_object().cloned().map(Self)).collect()
    }

    /// The elements of a list of texts.
    pub(crate) fn texts(&self, name: &str) -> Vec<&str> {
        let list = self.0.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        list.iter().filter_map(Value::as_str).collect()
    }

    /// Every value by its name.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Writes the sent ones of these values over the object's.
    pub(crate) fn copy_to(&self, object: &mut Map<String, Value>, names: &[&str]) {
        for name in names {
            if let Some(value) = self.0.get(*name) {
                object.insert((*name).to_owned(), value.clone());
            }
        }
    }
}
