//! Tables with the places of their declarations: records and the tables of kinds in one form.

use crate::decl::{ColumnDecl, IndexDecl, RecordDecl};
use crate::lower::{Lowered, TablePlace};
use crate::schema;
use crate::source::{Span, Spanned};

/// A table that is sound.
pub(crate) struct Table<'a> {
    pub(crate) name: &'a str,
    /// The place of its name.
    pub(crate) span: Span,
    /// Declared by the runtime.
    pub(crate) base: bool,
    /// In the order in which they are declared.
    pub(crate) columns: Vec<Column<'a>>,
    /// Its name before a rename.
    pub(crate) was: Option<&'a Spanned<String>>,
    /// Unless it is the table of a kind.
    pub(crate) record: Option<&'a RecordDecl>,
    meant: &'a schema::Table,
}

/// A column, which is declared, or which kinds' tables have by default.
pub(crate) struct Column<'a> {
    pub(crate) name: &'a str,
    /// The place of its name.
    pub(crate) span: Span,
    /// The place of its type.
    pub(crate) ty_span: Span,
    pub(crate) ty: &'a schema::ColumnType,
    pub(crate) nullable: bool,
    pub(crate) key: bool,
    pub(crate) unique: bool,
    pub(crate) decl: Option<&'a ColumnDecl>,
}

impl<'a> Table<'a> {
    pub(crate) fn column(&self, name: &str) -> Option<&Column<'a>> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Whether its columns are those that kinds' tables have by default.
    pub(crate) fn has_default_columns(&self) -> bool {
        self.columns.iter().any(|column| column.decl.is_none())
    }

    /// The name of its rows' type.
    pub(crate) fn row_name(&self) -> &'a str {
        &self.meant.row_name
    }

    /// The columns of the primary key.
    pub(crate) fn primary_key(&self) -> Vec<&'a str> {
        self.meant.primary_key.iter().map(String::as_str).collect()
    }

    /// The unique constraints and indexes with a name of their own.
    pub(crate) fn indexes(&self) -> impl Iterator<Item = &'a IndexDecl> + use<'a> {
        self.record.into_iter().flat_map(|record| record.unique.iter().chain(&record.indexes))
    }

    /// The names of the foreign keys that have one of their own.
    pub(crate) fn foreign_key_names(&self) -> impl Iterator<Item = &'a Spanned<String>> + use<'a> {
        self.record.into_iter().flat_map(|record| record.foreign_keys.iter().map(|key| &key.name))
    }

    /// What the catalog means by it.
    pub(crate) fn meant(&self) -> &'a schema::Table {
        self.meant
    }

    /// The name of the API shape of its rows.
    pub(crate) fn interface(&self) -> Option<&'a Spanned<String>> {
        self.record.and_then(|record| record.interface.as_ref()).map(|interface| &interface.name)
    }

    /// Whether these columns together name one row.
    pub(crate) fn is_unique(&self, columns: &[&str]) -> bool {
        let same =
            |key: &[String]| key.len() == columns.len() && key.iter().all(|column| columns.contains(&column.as_str()));
        same(&self.meant.primary_key) || self.meant.indexes.iter().any(|index| index.unique && same(&index.columns))
    }
}

/// Every table, the base's first.
pub(crate) fn tables<'a>(lowered: &'a Lowered<'a>) -> Vec<Table<'a>> {
    lowered.catalog.tables.iter().zip(&lowered.places.tables).map(|(meant, place)| table(meant, place)).collect()
}

fn table<'a>(meant: &'a schema::Table, place: &TablePlace<'a>) -> Table<'a> {
    let (record, was) = match place {
        TablePlace::Record(_, record) => (Some(*record), record.was.as_ref()),
        TablePlace::Kind(_, kind) => (None, kind.table.as_ref().and_then(|table| table.was.as_ref())),
    };
    // As they were written: what is meant may stand in the order of the lock.
    let columns = match place.columns() {
        Some(decls) => decls.iter().filter_map(|decl| declared(meant, decl)).collect(),
        None => meant.columns.iter().map(|column| by_default(meant, column, place)).collect(),
    };
    Table { name: &meant.name, span: place.span(), base: meant.base, columns, was, record, meant }
}

fn declared<'a>(table: &'a schema::Table, decl: &'a ColumnDecl) -> Option<Column<'a>> {
    let column = table.columns.iter().find(|column| column.name == decl.name.value)?;
    let said = |flag: &Option<Spanned<bool>>| flag.as_ref().is_some_and(|flag| flag.value);
    Some(Column {
        name: &column.name,
        span: decl.name.span,
        ty_span: decl.ty.span,
        ty: &column.ty,
        nullable: column.nullable,
        key: said(&decl.key),
        unique: said(&decl.unique),
        decl: Some(decl),
    })
}

/// A column of a kind's default table, which may be an attribute.
fn by_default<'a>(table: &'a schema::Table, column: &'a schema::Column, place: &TablePlace<'a>) -> Column<'a> {
    let span = attribute_span(place, &column.name).unwrap_or_else(|| place.span());
    Column {
        name: &column.name,
        span,
        ty_span: span,
        ty: &column.ty,
        nullable: column.nullable,
        key: table.primary_key.contains(&column.name),
        unique: false,
        decl: None,
    }
}

fn attribute_span(place: &TablePlace<'_>, column: &str) -> Option<Span> {
    let TablePlace::Kind(_, kind) = place else { return None };
    kind.attributes.iter().find(|attribute| attribute.id.value == column).map(|attribute| attribute.id.span)
}
