//! Columns of text that hold one of a few texts only.

use super::{Attribute, AttributeType, Catalog, ColumnSource, Kind};
use crate::schema::{Column, ColumnType, Table};

/// What a column of text holds one of. Databases keep it as plain text, so that a new choice needs no migration.
#[derive(Clone, Copy, Debug)]
pub enum Choice<'a> {
    /// The texts of [`pricebook_types::BillingType`].
    BillingType,
    /// The values of an attribute with `type: one_of`, and the kind that declares it.
    OneOf(&'a Kind, &'a Attribute, &'a [String]),
}

impl Catalog {
    /// What a column of text holds one of, where a sync fills it with nothing else.
    pub fn choice(&self, table: &Table, column: &Column) -> Option<Choice<'_>> {
        if !matches!(column.ty, ColumnType::Text { .. }) {
            return None;
        }
        let kind = self.kinds.iter().find(|kind| !table.base && kind.table == table.name)?;
        let at = table.columns.iter().position(|other| other.name == column.name)?;
        match kind.sources.get(at)? {
            ColumnSource::BillingType => Some(Choice::BillingType),
            ColumnSource::Attribute(id) => {
                let attribute = kind.attributes.iter().find(|attribute| attribute.id == *id)?;
                let AttributeType::OneOf(values) = &attribute.ty else { return None };
                Some(Choice::OneOf(kind, attribute, values))
            }
            _ => None,
        }
    }
}
