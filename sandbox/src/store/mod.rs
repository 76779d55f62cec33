//! The objects of the account, by kind and in the order of their creation. A request that fails leaves no trace.

mod shelf;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub(crate) use shelf::{Due, Shelf};

use crate::resources::Resource;

/// An object as Stripe shows it, with what it shows on request only.
pub(crate) type Object = Map<String, Value>;

/// Everything that is kept.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Store {
    shelves: BTreeMap<String, Shelf>,
    /// What the request under way has changed, with what was there before.
    #[serde(skip)]
    undo: Vec<(&'static Resource, String, Option<Object>)>,
}

impl Store {
    /// The objects of a kind.
    pub(crate) fn shelf(&self, resource: &'static Resource) -> Option<&Shelf> {
        self.shelves.get(resource.object)
    }

    pub(crate) fn get(&self, resource: &'static Resource, id: &str) -> Option<&Object> {
        self.shelf(resource)?.get(id)
    }

    /// The first object with this value in a field that is indexed.
    pub(crate) fn first_with(&self, resource: &'static Resource, field: &str, value: &str) -> Option<&Object> {
        self.all_with(resource, field, value).next()
    }

    /// Every object with this value in a field that is indexed, the oldest first.
    pub(crate) fn all_with<'a>(
        &'a self,
        resource: &'static Resource,
        field: &str,
        value: &str,
    ) -> impl Iterator<Item = &'a Object> {
        self.shelf(resource).into_iter().flat_map(move |shelf| shelf.with(field, value))
    }

    /// Keeps an object under its id, in place of the one that was there.
    pub(crate) fn put(&mut self, resource: &'static Resource, object: Object) {
        let id = object.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        let before = self.shelf_mut(resource).put(&id, object);
        self.undo.push((resource, id, before));
    }

    pub(crate) fn remove(&mut self, resource: &'static Resource, id: &str) {
        let before = self.shelf_mut(resource).remove(id);
        self.undo.push((resource, id.to_owned(), before));
    }

    /// Begins a request.
    pub(crate) fn begin(&mut self) {
        self.undo.clear();
    }

    /// Takes back what the request under way has changed.
    pub(crate) fn roll_back(&mut self) {
        self.roll_back_to(0);
    }

    /// How much the request under way has changed.
    pub(crate) fn mark(&self) -> usize {
        self.undo.len()
    }

    /// Takes back what was changed since a mark.
    pub(crate) fn roll_back_to(&mut self, mark: usize) {
        while self.undo.len() > mark
            && let Some((resource, id, before)) = self.undo.pop()
        {
            let shelf = self.shelf_mut(resource);
            match before {
                Some(object) => drop(shelf.put(&id, object)),
                None => drop(shelf.remove(&id)),
            }
        }
    }

    /// Makes the indices of a store that was read from a file.
    pub(crate) fn index(&mut self, resources: &[&'static Resource]) {
        for resource in resources {
            self.shelf_mut(resource).index(resource.indexed, resource.clock.map(|clock| clock.due));
        }
    }

    fn shelf_mut(&mut self, resource: &'static Resource) -> &mut Shelf {
        let due = resource.clock.map(|clock| clock.due);
        self.shelves.entry(resource.object.to_owned()).or_insert_with(|| Shelf::new(resource.indexed, due))
    }
}
