//! The price list for people: what is sold, for how much, and whether the database agrees.

use pricebook_types::{Artifacts, BillingType, Day, Price, Product};
use serde::Serialize;

use super::{Difference, price_text};

/// Whether the database's copy of a product is as the catalog says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is, and the product can be bought.
    Synced,
    /// It is, and the product cannot be bought.
    Inactive,
    /// It differs.
    Differs,
    /// There is no database yet.
    NotSynced,
}

impl Status {
    /// `Synced`, `Inactive`, `Differs` or `Not synced`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Synced => "Synced",
            Self::Inactive => "Inactive",
            Self::Differs => "Differs",
            Self::NotSynced => "Not synced",
        }
    }
}

/// One product on the price list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The kind's id.
    pub kind: &'static str,
    /// The product's id.
    pub id: &'static str,
    /// The product's name.
    pub name: &'static str,
    /// Its prices for people: `29.00 USD / month (from 2027-01-01: 35.00 USD), 290.00 USD / year`.
    pub price: String,
    /// Its deposit for people, or empty.
    pub deposit: String,
    /// How it is billed.
    pub billing: &'static str,
    /// Whether the database agrees.
    pub status: Status,
}

/// The price list on a day in UTC, in the order of the catalog; `differences` are those of the database,
/// `None` where there is none.
pub fn price_list(artifacts: &'static Artifacts, day: Day, differences: Option<&[Difference]>) -> Vec<Line> {
    let line = |product: &'static Product| Line {
        kind: product.kind,
        id: product.id,
        name: product.name,
        price: price(product, day),
        deposit: deposit(product, day),
        billing: product.billing_type.as_str(),
        status: status(artifacts, product, differences),
    };
    artifacts.products.iter().map(line).collect()
}

fn status(artifacts: &Artifacts, product: &Product, differences: Option<&[Difference]>) -> Status {
    let table = artifacts.kinds.iter().find(|kind| kind.id == product.kind).map(|kind| kind.table);
    let concerns = |difference: &Difference| match difference.lookup_key() {
        Some(key) => product.prices.iter().any(|price| price.lookup_key == key),
        None => Some(difference.table.as_str()) == table && difference.row == product.id,
    };
    match differences {
        None => Status::NotSynced,
        Some(differences) if differences.iter().any(concerns) => Status::Differs,
        Some(_) if product.active => Status::Synced,
        Some(_) => Status::Inactive,
    }
}

fn price(product: &Product, day: Day) -> String {
    if product.billing_type == BillingType::Free {
        return "Free".to_owned();
    }
    let sold = |price: &&Price| price.grandfathered.is_none() && (price.active || !product.active);
    let prices = product.prices.iter().filter(sold).map(|price| price_text::price(price, day));
    prices.collect::<Vec<_>>().join(", ")
}

fn deposit(product: &Product, day: Day) -> String {
    match &product.deposit {
        Some(deposit) => price_text::deposit(deposit, day),
        None if product.coming_soon => "Coming Soon".to_owned(),
        None => String::new(),
    }
}
