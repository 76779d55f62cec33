//! The objects of one kind, with indices of the fields that look-ups need and of what is due when.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Object;

/// Objects in the order of their creation.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Object>", into = "Vec<Object>")]
pub(crate) struct Shelf {
    objects: BTreeMap<u64, Object>,
    positions: HashMap<String, u64>,
    next: u64,
    indexed: &'static [&'static str],
    index: HashMap<(&'static str, String), BTreeSet<u64>>,
    due_of: Option<Due>,
    due: BTreeSet<(i64, u64)>,
}

/// When time changes an object next.
pub(crate) type Due = fn(&Object) -> Option<i64>;

impl Clone for Shelf {
    /// Needed to write it to a file only, for which the indices are of no use.
    fn clone(&self) -> Self {
        Self { objects: self.objects.clone(), ..Self::default() }
    }
}

impl From<Vec<Object>> for Shelf {
    fn from(objects: Vec<Object>) -> Self {
        let mut shelf = Self::default();
        for object in objects {
            let id = object.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            shelf.put(&id, object);
        }
        shelf
    }
}

impl From<Shelf> for Vec<Object> {
    fn from(shelf: Shelf) -> Self {
        shelf.objects.into_values().collect()
    }
}

impl Shelf {
    pub(super) fn new(indexed: &'static [&'static str], due_of: Option<Due>) -> Self {
        Self { indexed, due_of, ..Self::default() }
    }

    /// Indexes these fields and moments from now on.
    pub(super) fn index(&mut self, indexed: &'static [&'static str], due_of: Option<Due>) {
        (self.indexed, self.due_of) = (indexed, due_of);
        self.index.clear();
        self.due.clear();
        let objects = std::mem::take(&mut self.objects);
        for (position, object) in &objects {
            self.enter(*position, object);
        }
        self.objects = objects;
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Object> {
        self.objects.get(self.positions.get(id)?)
    }

    /// Where the object stands: later ones have higher numbers.
    pub(crate) fn position(&self, id: &str) -> Option<u64> {
        self.positions.get(id).copied()
    }

    /// Every object, the newest first.
    pub(crate) fn newest_first(&self) -> impl DoubleEndedIterator<Item = (u64, &Object)> {
        self.objects.iter().rev().map(|(position, object)| (*position, object))
    }

    /// The objects with this value in an indexed field, the oldest first.
    pub(crate) fn with(&self, field: &str, value: &str) -> impl Iterator<Item = &Object> {
        let key = self.indexed.iter().find(|indexed| **indexed == field).map(|field| (*field, value.to_owned()));
        let positions = key.and_then(|key| self.index.get(&key));
        positions.into_iter().flatten().filter_map(|position| self.objects.get(position))
    }

    /// What time changes, in the order in which it does.
    pub(crate) fn due(&self) -> impl Iterator<Item = (i64, &Object)> {
        self.due.iter().filter_map(|(at, position)| Some((*at, self.objects.get(position)?)))
    }

    /// Returns what was there before.
    pub(super) fn put(&mut self, id: &str, object: Object) -> Option<Object> {
        let position = match self.positions.get(id) {
            Some(position) => *position,
            None => {
                self.next += 1;
                self.positions.insert(id.to_owned(), self.next);
                self.next
            }
        };
        let before = self.objects.remove(&position);
        if let Some(before) = &before {
            self.strike(position, before);
        }
        self.enter(position, &object);
        self.objects.insert(position, object);
        before
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<Object> {
        let position = self.positions.remove(id)?;
        let before = self.objects.remove(&position)?;
        self.strike(position, &before);
        Some(before)
    }

    fn enter(&mut self, position: u64, object: &Object) {
        for key in keys(self.indexed, object) {
            self.index.entry(key).or_default().insert(position);
        }
        if let Some(at) = self.due_of.and_then(|due_of| due_of(object)) {
            self.due.insert((at, position));
        }
    }

    fn strike(&mut self, position: u64, object: &Object) {
        for key in keys(self.indexed, object) {
            if let Some(positions) = self.index.get_mut(&key) {
                positions.remove(&position);
                if positions.is_empty() {
                    self.index.remove(&key);
                }
            }
        }
        if let Some(at) = self.due_of.and_then(|due_of| due_of(object)) {
            self.due.remove(&(at, position));
        }
    }
}

fn keys(indexed: &'static [&'static str], object: &Object) -> impl Iterator<Item = (&'static str, String)> {
    indexed.iter().filter_map(|field| Some((*field, object.get(*field)?.as_str()?.to_owned())))
}
