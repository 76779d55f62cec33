//! Rows as texts, for those who compare two catalogs.

use pricebook_model::Catalog;

use super::{Cell, all};

/// A row that a sync writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowText {
    /// The table's name.
    pub table: String,
    /// The values of the primary key.
    pub key: Vec<String>,
    /// Column and value, in the order of the columns; NULL is `None`.
    pub values: Vec<(String, Option<String>)>,
}

/// Every row that a sync of the catalog writes, by table, in the order of the catalog.
pub fn row_texts(catalog: &Catalog) -> Vec<RowText> {
    let mut texts = Vec::new();
    for rows in all(catalog) {
        let key = rows.key();
        for row in &rows.rows {
            let value = |index: usize| text(&row.cells[index]);
            texts.push(RowText {
                table: rows.table.name.clone(),
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

fn text(cell: &Cell<'_>) -> Option<String> {
    match cell {
        Cell::Null => None,
        Cell::Dated { at_first, changes } => {
            let shown = |cell| text(cell).unwrap_or_else(|| "NULL".to_owned());
            let changes = changes.iter().map(|(day, cell)| format!(", from {day} {}", shown(cell)));
            Some(std::iter::once(shown(at_first)).chain(changes).collect())
        }
        Cell::Text(text) | Cell::Plain(text) => Some(text.to_string()),
        Cell::Decimal(text) => Some(text.clone()),
        Cell::Integer(number) => Some(number.to_string()),
        Cell::Boolean(value) => Some(value.to_string()),
    }
}
