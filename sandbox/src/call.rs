//! One request at its endpoint: what was sent, and the account that it works on.

use serde_json::{Value, json};

use crate::expand::render;
use crate::failure::Failure;
use crate::params::{Params, merge_metadata};
use crate::resources::Resource;
use crate::resources::events;
use crate::state::State;
use crate::store::Object;

/// What an endpoint does.
pub(crate) type Endpoint = fn(&mut Call<'_>) -> Result<Value, Failure>;

/// What an endpoint is given.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut State,
    /// In seconds since 1970.
    pub(crate) now: i64,
    /// The ids of the address, in their order.
    pub(crate) ids: Vec<String>,
    pub(crate) params: Params,
    pub(crate) path: String,
    /// `req_…`, where somebody has asked, and the idempotency key; events repeat both.
    pub(crate) request: (Option<String>, Option<String>),
    /// Whether everything is taken back after it was looked at, so that nobody is to be charged.
    pub(crate) is_preview: bool,
}

impl Call<'_> {
    /// The object that the address names first.
    pub(crate) fn found(&self, resource: &'static Resource) -> Result<Object, Failure> {
        self.found_as(resource, 0)
    }

    /// The object that the address names at this place.
    pub(crate) fn found_as(&self, resource: &'static Resource, place: usize) -> Result<Object, Failure> {
        let id = self.ids.get(place).map(String::as_str).unwrap_or_default();
        let found = self.state.store.get(resource, id).cloned();
        found.ok_or_else(|| Failure::not_found(resource.noun, id))
    }

    /// The object that a parameter names.
    pub(crate) fn referred(&self, resource: &'static Resource, id: &str, param: &str) -> Result<Object, Failure> {
        let found = self.state.store.get(resource, id).cloned();
        found.ok_or_else(|| Failure::no_such(resource.noun, id, param))
    }

    /// A fresh id of this kind.
    pub(crate) fn new_id(&mut self, resource: &Resource) -> String {
        self.state.ids.next(resource.id.0, resource.id.1)
    }

    /// Keeps a new object and tells of it.
    pub(crate) fn create(&mut self, resource: &'static Resource, object: Value, event: &str) -> Result<Value, Failure> {
        let object = as_object(object);
        self.state.store.put(resource, object.clone());
        events::record(self, event, object.clone(), None)?;
        Ok(Value::Object(object))
    }

    /// Keeps what an object has become and tells what it was before, unless nothing is different.
    pub(crate) fn update(
        &mut self,
        resource: &'static Resource,
        object: Object,
        event: &str,
    ) -> Result<Value, Failure> {
        let id = text(&object, "id").to_owned();
        let before = self.state.store.get(resource, &id).cloned().unwrap_or_default();
        if before != object {
            // Fields that are kept for ourselves are nobody's news.
            let shown = |object: &Object| render(&self.state.store, Value::Object(object.clone()), &[]).map(as_object);
            let previous = previous_attributes(&shown(&before)?, &shown(&object)?);
            self.state.store.put(resource, object.clone());
            if !previous.is_empty() {
                events::record(self, event, object.clone(), Some(previous))?;
            }
        }
        Ok(Value::Object(object))
    }

    /// Keeps an object, new or changed, of which Stripe tells nobody.
    pub(crate) fn keep_quietly(&mut self, resource: &'static Resource, object: Value) -> Result<Value, Failure> {
        self.state.store.put(resource, as_object(object.clone()));
        Ok(object)
    }

    /// Takes an object away of which Stripe tells nobody.
    pub(crate) fn delete_quietly(&mut self, resource: &'static Resource, object: &Object) -> Result<Value, Failure> {
        let id = text(object, "id");
        self.state.store.remove(resource, id);
        Ok(json!({ "id": id, "object": resource.object, "deleted": true }))
    }

    /// Takes an object away for good.
    pub(crate) fn delete(
        &mut self,
        resource: &'static Resource,
        object: Object,
        event: &str,
    ) -> Result<Value, Failure> {
        let id = text(&object, "id").to_owned();
        self.state.store.remove(resource, &id);
        events::record(self, event, object, None)?;
        Ok(json!({ "id": id, "object": resource.object, "deleted": true }))
    }

    /// Calls another endpoint with these parameters.
    pub(crate) fn with(&mut self, params: Value, endpoint: Endpoint) -> Result<Value, Failure> {
        let own = std::mem::replace(&mut self.params, Params::of(params));
        let result = endpoint(self);
        self.params = own;
        result
    }

    /// What an endpoint would answer: it is let happen and taken back.
    pub(crate) fn look_ahead(&mut self, endpoint: Endpoint) -> Result<Value, Failure> {
        let (mark, deliveries, ids) = (self.state.store.mark(), self.state.deliveries.len(), self.state.ids.clone());
        let (now, address) = (self.now, self.ids.clone());
        self.is_preview = true;
        let result = endpoint(self);
        (self.now, self.ids, self.is_preview) = (now, address, false);
        self.state.store.roll_back_to(mark);
        self.state.deliveries.truncate(deliveries);
        self.state.ids = ids;
        result
    }

    /// The metadata of a new object.
    pub(crate) fn new_metadata(&self) -> Result<Value, Failure> {
        match self.params.has("metadata") {
            true => merge_metadata(&json!({}), &self.params.value("metadata")),
            false => Ok(json!({})),
        }
    }

    /// Writes the metadata that was sent over the object's.
    pub(crate) fn merge_metadata(&self, object: &mut Object) -> Result<(), Failure> {
        if self.params.has("metadata") {
            let old = object.get("metadata").cloned().unwrap_or_default();
            object.insert("metadata".to_owned(), merge_metadata(&old, &self.params.value("metadata"))?);
        }
        Ok(())
    }
}

/// The values that are no more, of fields that are there before and after; with null for what is new.
fn previous_attributes(before: &Object, after: &Object) -> Object {
    let mut previous = Object::new();
    for (field, value) in after {
        let old = before.get(field).cloned().unwrap_or_default();
        match (&old, value) {
            _ if old == *value => {}
            (Value::Object(old), Value::Object(new)) => {
                previous.insert(field.clone(), Value::Object(previous_attributes(old, new)));
            }
            _ => drop(previous.insert(field.clone(), old)),
        }
    }
    let gone = before.iter().filter(|(field, _)| !after.contains_key(*field));
    previous.extend(gone.map(|(field, value)| (field.clone(), value.clone())));
    previous
}

/// The object of a `json!({…})`.
pub(crate) fn as_object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

/// Fields without a value.
pub(crate) fn nulls(names: &[&str]) -> impl Iterator<Item = (String, Value)> {
    names.iter().map(|name| ((*name).to_owned(), Value::Null))
}

/// Writes a field.
pub(crate) fn set(object: &mut Object, field: &str, value: impl Into<Value>) {
    object.insert(field.to_owned(), value.into());
}

/// A field's text; none is an empty one.
pub(crate) fn text<'a>(object: &'a Object, field: &str) -> &'a str {
    object.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// A field's whole number; none is zero.
pub(crate) fn number(object: &Object, field: &str) -> i64 {
    object.get(field).and_then(Value::as_i64).unwrap_or_default()
}

/// Whether a field is true.
pub(crate) fn is(object: &Object, field: &str) -> bool {
    object.get(field) == Some(&Value::Bool(true))
}
