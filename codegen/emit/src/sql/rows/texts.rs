//! Rows as texts, for those who compare two catalogs.

use std::borrow::Cow;

use pricebook_model::Catalog;

use super::{Cell, all};

/// A row that a sync writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowText {
    /// The table's name.
    pub table: String,
    /// Kind and id of the product that the row is, in the kind's own table.
    pub product: Option<(String, String)>,
    /// The values of the primary key.
    pub key: Vec<String>,
    /// Column and value, in the order of the columns; NULL is `None`.
    pub values: Vec<(String, Option<String>)>,
}

impl RowText {
    /// The value in a column, `None` for NULL and where there is no such column.
    pub fn value(&self, column: &str) -> Option<&str> {
        self.values.iter().find(|(name, _)| name == column)?.1.as_deref()
    }
}

/// Every row that a sync of the catalog writes on a day (ISO 8601), by table, in the order of the catalog.
pub fn row_texts(catalog: &Catalog, day: &str) -> Vec<RowText> {
    let mut texts = Vec::new();
    for rows in all(catalog) {
        let key = rows.key();
        let kind = catalog.kinds.iter().find(|kind| kind.table == rows.table.name);
        let mut products = kind.into_iter().flat_map(|kind| catalog.products_of(&kind.id));
        for row in &rows.rows {
            let value = |index: usize| text(&row.cells[index], day);
            texts.push(RowText {
                table: rows.table.name.clone(),
                product: products.next().map(|product| (product.kind.clone(), product.id.clone())),
                key: key.iter().map(|index| value(*index).unwrap_or_default()).collect(),
                values: rows
                    .columns
                    .iter()
                    .enumerate()
                    .map(|(index, column)| (column.name.clone(), value(index)))
                    .collect(),
            });
        }
    }
    texts
}

fn text(cell: &Cell<'_>, day: &str) -> Option<String> {
    match cell {
        Cell::Null => None,
        Cell::Dated { at_first, changes } => {
            let made = changes.iter().rfind(|(on, _)| *on <= day);
            text(made.map_or(at_first, |(_, cell)| cell), day)
        }
        cell => cell.value().map(Cow::into_owned),
    }
}
