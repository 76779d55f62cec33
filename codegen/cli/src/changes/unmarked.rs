//! Rows that nobody can tell from those of what is sold: of kinds whose table has no column that gets `active`.

use pricebook_model::Catalog;
use pricebook_model::catalog::{ColumnSource, Kind};

use super::{Change, Subject, What};

/// Adds kinds whose table marks nothing, where it did before or they are new, and what such a kind sells no more.
pub(super) fn changes(old: &Catalog, new: &Catalog, changes: &mut Vec<Change>) {
    let mut found = Vec::new();
    for kind in new.kinds.iter().filter(|kind| !marks(kind)) {
        let mut say = |subject| found.push(Change { subject, what: What::Unmarked { table: kind.table.clone() } });
        if old.kind(&kind.id).is_none_or(marks) {
            say(Subject::Entry { section: "kind".to_owned(), id: kind.id.clone(), name: kind.title.clone() });
        }
        let of_kind = |change: &&Change| change.subject.of_product().is_some_and(|(of, _)| of == kind.id);
        changes
            .iter()
            .filter(of_kind)
            .filter(|change| leaves_a_row(old, change))
            .for_each(|change| say(change.subject.clone()));
    }
    changes.append(&mut found);
}

/// Whether a table says which of its rows are sold.
fn marks(kind: &Kind) -> bool {
    kind.sources.contains(&ColumnSource::Active)
}

/// Whether the database keeps a row of something that was sold; a new id is a new row.
fn leaves_a_row(old: &Catalog, change: &Change) -> bool {
    let Subject::Product { kind, id, .. } = &change.subject else { return false };
    match &change.what {
        What::Deactivated | What::Renamed { .. } => true,
        What::Removed { .. } => old.products_of(kind).any(|product| product.id == *id && product.active),
        _ => false,
    }
}
