//! What a change is about.

use std::fmt;

use pricebook_model::catalog::{Price, Product};
use serde::Serialize;

/// Something in a catalog, with the names that people know it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum Subject {
    /// The catalog itself.
    Catalog,
    /// A product.
    Product {
        /// The kind's id.
        kind: String,
        /// The product's id.
        id: String,
        /// For people.
        name: String,
    },
    /// A price of a product.
    Price {
        /// The kind's id.
        kind: String,
        /// The product's id.
        product: String,
        /// The product's name.
        product_name: String,
        /// The price's name within the product.
        key: String,
        /// For people: `Monthly`.
        label: String,
        /// Its id everywhere.
        lookup_key: String,
    },
    /// A table of the company's own.
    Table {
        /// Its name.
        id: String,
    },
    /// A feature, coupon, group, meter, kind, environment or enum.
    Entry {
        /// Which of them.
        section: String,
        /// Its id.
        id: String,
        /// For people.
        name: String,
    },
}

impl Subject {
    pub(crate) fn product(product: &Product) -> Self {
        Self::Product { kind: product.kind.clone(), id: product.id.clone(), name: product.name.clone() }
    }

    pub(crate) fn price(product: &Product, price: &Price) -> Self {
        Self::Price {
            kind: product.kind.clone(),
            product: product.id.clone(),
            product_name: product.name.clone(),
            key: price.key.clone(),
            label: price.label.clone(),
            lookup_key: price.lookup_key.clone(),
        }
    }

    /// Where it stands in the catalog: `plan/starter`, `plan/starter/monthly`, `feature/api_access`.
    pub fn path(&self) -> String {
        match self {
            Self::Catalog => "catalog".to_owned(),
            Self::Product { kind, id, .. } => format!("{kind}/{id}"),
            Self::Price { kind, product, key, .. } => format!("{kind}/{product}/{key}"),
            Self::Table { id } => format!("table/{id}"),
            Self::Entry { section, id, .. } => format!("{section}/{id}"),
        }
    }

    /// The kind and id of the product that it is or belongs to.
    pub fn of_product(&self) -> Option<(&str, &str)> {
        match self {
            Self::Product { kind, id, .. } | Self::Price { kind, product: id, .. } => Some((kind, id)),
            _ => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Catalog => f.write_str("The catalog"),
            Self::Product { name, .. } => f.write_str(name),
            Self::Price { product_name, label, .. } => write!(f, "{product_name} {}", label.to_lowercase()),
            Self::Table { id } => write!(f, "Table {id}"),
            Self::Entry { section, name, .. } => write!(f, "{} {name}", capitalized(section)),
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
