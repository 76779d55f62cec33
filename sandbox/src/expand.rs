//! What an answer shows of an object: its fields, ids in place of other objects, and on request the objects themselves.

use serde_json::Value;

use crate::failure::Failure;
use crate::resources;
use crate::store::{Object, Store};

/// <https://docs.stripe.com/expand>
const DEEPEST: usize = 4;
/// How much of a list is shown within another object.
const NESTED: usize = 10;

/// The answer for a value whose objects are as they are kept, with these fields expanded (`product`, `data.product`).
pub(crate) fn render(store: &Store, value: Value, expand: &[&str]) -> Result<Value, Failure> {
    let mut paths = Vec::new();
    for path in expand {
        let steps: Vec<&str> = path.split('.').collect();
        if steps.len() > DEEPEST {
            let message = format!("You cannot expand more than {DEEPEST} levels of a property. Property: {path}");
            return Err(Failure::invalid(message).param("expand"));
        }
        paths.push(Path { steps, whole: path });
    }
    show(store, value, &paths)
}

/// Steps that are still to go.
#[derive(Clone)]
struct Path<'a> {
    steps: Vec<&'a str>,
    whole: &'a str,
}

impl Path<'_> {
    fn refuse(&self) -> Failure {
        Failure::invalid(format!("This property cannot be expanded ({}).", self.whole)).param("expand")
    }

    /// Of a list only what lies below its `data` can be expanded.
    fn refuse_in_list(&self) -> Failure {
        let whole = self.whole;
        let message = format!(
            "This property cannot be expanded ({whole}). You may want to try expanding 'data.{whole}' instead."
        );
        Failure::invalid(message).param("expand")
    }
}

fn show(store: &Store, value: Value, paths: &[Path<'_>]) -> Result<Value, Failure> {
    match value {
        Value::Array(items) => {
            items.into_iter().map(|item| show(store, item, paths)).collect::<Result<_, _>>().map(Value::Array)
        }
        Value::Object(object) => show_object(store, object, paths).map(Value::Object),
        other => match paths.first() {
            // There is nothing to expand in null.
            Some(path) if !other.is_null() => Err(path.refuse()),
            _ => Ok(other),
        },
    }
}

fn show_object(store: &Store, mut object: Object, paths: &[Path<'_>]) -> Result<Object, Failure> {
    let kind = object.get("object").and_then(Value::as_str).unwrap_or_default().to_owned();
    let starts = |path: &Path<'_>, field: &str| path.steps.first() == Some(&field);
    let on_request = resources::named(&kind).map(|resource| resource.on_request).unwrap_or_default();
    if let Some(resource) = resources::named(&kind) {
        object.retain(|field, _| !resource.hidden.contains(&field.as_str()));
        object.retain(|field, _| !on_request.contains(&field.as_str()) || paths.iter().any(|path| starts(path, field)));
    }
    let is_known = |path: &&Path<'_>| match kind.as_str() {
        "list" | "search_result" => starts(path, "data"),
        _ => path.steps.first().is_some_and(|step| object.contains_key(*step) || on_request.contains(step)),
    };
    match paths.iter().find(|path| !is_known(path)) {
        Some(path) if kind == "list" => Err(path.refuse_in_list()),
        Some(path) => Err(path.refuse()),
        None => show_fields(store, object, paths, &kind, ""),
    }
}

/// `above` is where the fields stand within an object of the kind: `promotion.`
fn show_fields(store: &Store, object: Object, paths: &[Path<'_>], kind: &str, above: &str) -> Result<Object, Failure> {
    let mut shown = Object::new();
    for (field, value) in object {
        let below: Vec<_> = paths.iter().filter(|path| path.steps.first() == Some(&field.as_str())).cloned().collect();
        let value = show_field(store, value, &below, kind, &format!("{above}{field}"))?;
        shown.insert(field, value);
    }
    Ok(shown)
}

/// A field at its place within an object of a kind.
fn show_field(store: &Store, value: Value, paths: &[Path<'_>], kind: &str, place: &str) -> Result<Value, Failure> {
    let further: Vec<Path<'_>> = paths
        .iter()
        .filter(|path| path.steps.len() > 1)
        .map(|path| Path { steps: path.steps[1..].to_vec(), whole: path.whole })
        .collect();
    let resource = resources::named(kind);
    let link = resource.and_then(|resource| resource.links.iter().find(|link| link.0 == place));
    match value {
        Value::String(id) if !paths.is_empty() => {
            let target = link.ok_or_else(|| paths[0].refuse())?.1;
            match store.get(target, &id) {
                Some(object) => show_object(store, object.clone(), &further).map(Value::Object),
                None => Ok(serde_json::json!({ "id": id, "object": target.object, "deleted": true })),
            }
        }
        Value::Array(ids) if !paths.is_empty() && link.is_some() => {
            let each = |id| show_field(store, id, paths, kind, place);
            ids.into_iter().map(each).collect::<Result<_, _>>().map(Value::Array)
        }
        // A part of the object, where links may stand; an object in it begins anew.
        Value::Object(part) if !part.contains_key("object") => {
            let is_shown = resource.is_some_and(|resource| resource.on_request.contains(&place));
            match paths.iter().find(|path| path.steps.len() == 1) {
                Some(path) if !is_shown => Err(path.refuse()),
                _ => show_fields(store, part, &further, kind, &format!("{place}.")).map(Value::Object),
            }
        }
        Value::Object(list) if list.get("object").is_some_and(|object| object == "list") => {
            show(store, Value::Object(beginning_of(list)), &further)
        }
        Value::Object(_) | Value::Array(_) => show(store, value, &further),
        other => match paths.first() {
            Some(path) if !other.is_null() => Err(path.refuse()),
            _ => Ok(other),
        },
    }
}

/// A list within another object, whose rest is at its own address.
fn beginning_of(mut list: Object) -> Object {
    let cut = list.get_mut("data").and_then(Value::as_array_mut).filter(|data| data.len() > NESTED);
    if let Some(data) = cut {
        data.truncate(NESTED);
        list.insert("has_more".to_owned(), Value::Bool(true));
    }
    list
}
