//! By what a sync finds the row of a product: the value in the key of its kind's table, which has one column.

use serde::Serialize;

use super::{Catalog, ColumnSource, Kind, Product, Value};
use crate::schema::{Column, Table};

/// A key under which a product's row was on sale, and is no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FormerKey {
    /// The kind's id.
    pub kind: String,
    /// The id that the product had.
    pub id: String,
    /// The value in [`Kind::key_column`], as text.
    pub value: String,
}

impl Kind {
    /// The column of the table's key with where its values are from; `None` where that is the id, which never changes.
    pub fn key_column<'a>(&'a self, table: &'a Table) -> Option<(&'a Column, &'a ColumnSource)> {
        let mut filled = table.columns.iter().zip(&self.sources);
        let key = filled.find(|(column, _)| table.primary_key.contains(&column.name))?;
        Some(key).filter(|(_, source)| !matches!(source, ColumnSource::Id | ColumnSource::Default))
    }
}

impl Catalog {
    /// The kind's table.
    pub fn table_of(&self, kind: &Kind) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == kind.table)
    }

    /// Every product whose row is found by something else than its id, with that as text.
    pub fn row_keys(&self) -> impl Iterator<Item = (&Product, String)> {
        self.kinds.iter().flat_map(move |kind| {
            let source = self.table_of(kind).and_then(|table| kind.key_column(table)).map(|(_, source)| source);
            let products = source.into_iter().flat_map(|source| self.products.iter().map(move |one| (one, source)));
            products
                .filter(|(product, _)| product.kind == kind.id)
                .map(|(product, source)| (product, product.key_value(source)))
        })
    }
}

impl Product {
    /// What the product brings to a column of a key, empty where it has nothing.
    fn key_value(&self, source: &ColumnSource) -> String {
        match source {
            ColumnSource::Id => self.id.clone(),
            ColumnSource::Name => self.name.clone(),
            ColumnSource::Description => self.description.clone(),
            ColumnSource::LocalId => self.local_id.clone(),
            ColumnSource::PriceCurrency => {
                self.currency().map(|currency| currency.code().to_owned()).unwrap_or_default()
            }
            ColumnSource::BillingType => self.billing_type.as_str().to_owned(),
            ColumnSource::Attribute(id) => self.attribute(id).map(text).unwrap_or_default(),
            // Rules keep these out of keys.
            ColumnSource::PriceMin
            | ColumnSource::PriceMax
            | ColumnSource::DepositAmount
            | ColumnSource::Active
            | ColumnSource::ComingSoon
            | ColumnSource::Metadata
            | ColumnSource::Features
            | ColumnSource::Default => String::new(),
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.normalize().to_string(),
        Value::Boolean(value) => value.to_string(),
        // A list is JSON, which is in no key.
        Value::List(_) => String::new(),
    }
}
