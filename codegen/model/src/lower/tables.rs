//! Enums, and the tables that `records:` declares.

use super::{Lowered, TablePlace, columns, names};
use crate::decl::{Declarations, IndexDecl, Item, RecordDecl};
use crate::schema::{EnumType, ForeignKey, Index, Interface, InterfaceField, Table};
use crate::source::Spanned;

pub(super) fn enums<'d>(declarations: &'d Declarations, lowered: &mut Lowered<'d>) {
    for item in &declarations.enums {
        let Some(decl) = &item.body else { continue };
        lowered.places.enums.push(item);
        lowered.catalog.enums.push(EnumType {
            name: item.id.value.clone(),
            description: decl.description.as_ref().map(|text| text.value.clone()).unwrap_or_default(),
            values: decl.values.iter().map(|(value, described)| (value.value.clone(), described.clone())).collect(),
            base: item.base,
        });
    }
}

/// The records of the base, or those of the catalog itself.
pub(super) fn records<'d>(declarations: &'d Declarations, base: bool, lowered: &mut Lowered<'d>) {
    for item in declarations.records.iter().filter(|item| item.base == base) {
        let Some(decl) = &item.body else { continue };
        lowered.places.tables.push(TablePlace::Record(item, decl));
        lowered.catalog.tables.push(record(item, decl));
    }
}

fn record(item: &Item<RecordDecl>, decl: &RecordDecl) -> Table {
    let name = item.id.value.clone();
    let table = Table {
        description: decl.description.as_ref().map(|text| text.value.clone()).unwrap_or_default(),
        was: decl.was.as_ref().map(|was| was.value.clone()),
        row_name: decl.row.as_ref().map_or_else(|| names::row_name(&name), |row| row.value.clone()),
        columns: Vec::with_capacity(decl.columns.len()),
        primary_key: decl.primary_key.as_ref().map(|key| texts(&key.value)).unwrap_or_default(),
        indexes: Vec::new(),
        foreign_keys: Vec::new(),
        interface: decl.interface.as_ref().map(|interface| Interface {
            name: interface.name.value.clone(),
            fields: (interface.fields.iter())
                .map(|(name, optional, column)| InterfaceField {
                    name: name.value.clone(),
                    column: column.value.clone(),
                    optional: *optional,
                })
                .collect(),
        }),
        base: item.base,
        name,
    };
    let mut table = columns::fill(table, &decl.columns);
    table.indexes.extend(decl.unique.iter().map(|decl| index(decl, true)));
    table.indexes.extend(decl.indexes.iter().map(|decl| index(decl, false)));
    table.foreign_keys.extend(decl.foreign_keys.iter().map(|decl| ForeignKey {
        name: decl.name.value.clone(),
        columns: texts(&decl.columns),
        table: decl.references.value.clone(),
        references: texts(&decl.to),
        on_delete: decl.on_delete.as_ref().map(|action| action.value).unwrap_or_default(),
    }));
    table
}

fn index(decl: &IndexDecl, unique: bool) -> Index {
    Index { name: decl.name.value.clone(), columns: texts(&decl.columns), unique }
}

fn texts(names: &[Spanned<String>]) -> Vec<String> {
    names.iter().map(|name| name.value.clone()).collect()
}
