//! Attributes that have another id or stand in another order: the kind says so, and what products have of them is the same.

use pricebook_model::Catalog;
use pricebook_model::catalog::{Kind, Product};

use super::{Change, Subject, What};

/// Every attribute that was renamed.
pub(super) fn renamed(old: &Catalog, new: &Catalog, changes: &mut Vec<Change>) {
    for kind in &new.kinds {
        let before: Vec<&str> = old.kind(&kind.id).into_iter().flat_map(ids).collect();
        for from in before {
            let to = today(new, &kind.id, from);
            if to != from {
                changes.push(Change {
                    subject: Subject::Entry {
                        section: "attribute".to_owned(),
                        id: format!("{}/{to}", kind.id),
                        name: format!("{to} of {}", kind.title),
                    },
                    what: What::Renamed { from: from.to_owned() },
                });
            }
        }
    }
}

/// The id that an attribute of a kind has in `new`.
pub(super) fn today<'a>(new: &'a Catalog, kind: &str, id: &'a str) -> &'a str {
    let Some(kind) = new.kind(kind).filter(|kind| ids(kind).all(|known| known != id)) else { return id };
    let renamed = kind.attributes.iter().find(|attribute| attribute.was.as_deref() == Some(id));
    renamed.map_or(id, |attribute| &attribute.id)
}

/// A product with the ids and the order that its attributes have in `new`.
pub(super) fn of_today(new: &Catalog, product: &Product) -> Product {
    let mut product = product.clone();
    for (id, _) in &mut product.attributes {
        *id = today(new, &product.kind, id).to_owned();
    }
    product.attributes.sort_by_key(|(id, _)| position(new, &product.kind, id));
    product
}

/// Where an attribute stands among those of its kind in `new`; behind all of them what is there no more.
pub(super) fn position(new: &Catalog, kind: &str, id: &str) -> usize {
    new.kind(kind).and_then(|kind| ids(kind).position(|known| known == id)).unwrap_or(usize::MAX)
}

fn ids(kind: &Kind) -> impl Iterator<Item = &str> {
    kind.attributes.iter().map(|attribute| attribute.id.as_str())
}
