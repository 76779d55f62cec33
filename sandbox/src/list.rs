//! Lists: pages with cursors, the newest object first. <https://docs.stripe.com/api/pagination>

use serde_json::{Value, json};

use crate::call::Call;
use crate::failure::Failure;
use crate::params::{Field, Kind, field};
use crate::resources::Resource;
use crate::store::Object;

/// What every list takes.
pub(crate) const PAGE: &[Field] = &[
    field("limit", Kind::Integer(1, 100)),
    field("starting_after", Kind::Text(5000)),
    field("ending_before", Kind::Text(5000)),
];
const USUAL_LIMIT: i64 = 10;

/// How a list is narrowed down.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Filter {
    /// The parameter is the field's value.
    Equals(&'static str),
    /// The field's value is one of the parameter's elements.
    OneOf(&'static str, &'static str),
    /// A time, or bounds of one.
    Within(&'static str),
    /// The fields of a hash, each of which is the value of the object's.
    Parts(&'static str, &'static [&'static str]),
}

impl Call<'_> {
    /// A page of the objects that pass the filters.
    pub(crate) fn list(&self, resource: &'static Resource, filters: &[Filter]) -> Result<Value, Failure> {
        self.list_where(resource, |object| filters.iter().all(|filter| filter.passes(self, object)))
    }

    /// A page of the objects that are meant.
    pub(crate) fn list_where(
        &self,
        resource: &'static Resource,
        is_meant: impl Fn(&Object) -> bool,
    ) -> Result<Value, Failure> {
        let shelf = self.state.store.shelf(resource);
        let cursor = |param: &str| match self.params.text(param) {
            None => Ok(None),
            Some(id) => match shelf.and_then(|shelf| shelf.position(id)) {
                None => Err(Failure::no_such(resource.noun, id, param)),
                position => Ok(position),
            },
        };
        let (after, before) = (cursor("starting_after")?, cursor("ending_before")?);
        if after.is_some() && before.is_some() {
            return Err(Failure::exclusive("starting_after", "ending_before"));
        }
        let limit = usize::try_from(self.params.integer("limit").unwrap_or(USUAL_LIMIT)).unwrap_or(1);
        let objects = shelf.into_iter().flat_map(|shelf| shelf.newest_first());
        let meant = objects.filter(|(_, object)| is_meant(object));
        let mut page: Vec<&Object> = match before {
            // The page that ends just before the cursor is the one of its next newer neighbours.
            Some(before) => meant
                .rev()
                .filter(|(position, _)| *position > before)
                .take(limit + 1)
                .map(|(_, object)| object)
                .collect(),
            None => meant
                .filter(|(position, _)| after.is_none_or(|after| *position < after))
                .take(limit + 1)
                .map(|(_, object)| object)
                .collect(),
        };
        let has_more = page.len() > limit;
        page.truncate(limit);
        if before.is_some() {
            page.reverse();
        }
        Ok(json!({ "object": "list", "url": self.path, "has_more": has_more, "data": page }))
    }
}

impl Call<'_> {
    /// A page of the parts of an object, in their own order.
    pub(crate) fn list_of(&self, parts: &[Value], noun: &str) -> Result<Value, Failure> {
        let place = |param: &str| match self.params.text(param) {
            None => Ok(None),
            Some(id) => match parts.iter().position(|part| part["id"] == id) {
                None => Err(Failure::no_such(noun, id, param)),
                place => Ok(place),
            },
        };
        let limit = usize::try_from(self.params.integer("limit").unwrap_or(USUAL_LIMIT)).unwrap_or(1);
        let (after, before) = (place("starting_after")?, place("ending_before")?);
        let (from, until) = match (after, before) {
            (Some(_), Some(_)) => return Err(Failure::exclusive("starting_after", "ending_before")),
            (None, Some(before)) => (before.saturating_sub(limit), before),
            (after, None) => {
                let from = after.map_or(0, |after| after + 1);
                (from, parts.len().min(from + limit))
            }
        };
        let has_more = if before.is_some() { from > 0 } else { until < parts.len() };
        Ok(json!({ "object": "list", "url": self.path, "has_more": has_more, "data": parts[from..until] }))
    }
}

impl Filter {
    pub(crate) fn passes(self, call: &Call<'_>, object: &Object) -> bool {
        match self {
            Self::Equals(name) => {
                !call.params.has(name) || object.get(name).is_some_and(|value| *value == call.params.value(name))
            }
            Self::OneOf(param, name) => {
                !call.params.has(param)
                    || object
                        .get(name)
                        .and_then(Value::as_str)
                        .is_some_and(|value| call.params.texts(param).contains(&value))
            }
            Self::Within(name) => {
                let value = object.get(name).and_then(Value::as_i64).unwrap_or_default();
                match call.params.hash(name) {
                    None => call.params.integer(name).is_none_or(|wanted| wanted == value),
                    Some(bounds) => {
                        bounds.integer("gt").is_none_or(|bound| value > bound)
                            && bounds.integer("gte").is_none_or(|bound| value >= bound)
                            && bounds.integer("lt").is_none_or(|bound| value < bound)
                            && bounds.integer("lte").is_none_or(|bound| value <= bound)
                    }
                }
            }
            Self::Parts(name, parts) => call.params.hash(name).is_none_or(|wanted| {
                let part = |part: &str| object.get(name).and_then(|value| value.get(part)).cloned().unwrap_or_default();
                parts.iter().all(|name| !wanted.has(name) || wanted.value(name) == part(name))
            }),
        }
    }
}
