//! The catalog as it is meant: names resolved, patterns applied, amounts exact, no impossible states.
//!
//! Emitters read this and nothing else. Order is meaning: lists keep the order in which the catalog declares them
//! (files sorted by path), and everything that an emitter prints follows from these values alone.

mod asked;
mod choice;
mod coupon;
mod deposit;
mod feature;
mod kind;
mod offer;
mod price;
mod product;
mod row_key;

use std::collections::HashSet;

use pricebook_types::Currency;
pub use pricebook_types::TaxBehavior;
use serde::Serialize;

use crate::schema::{EnumType, Table};
pub use asked::Asked;
pub use choice::Choice;
pub use coupon::{Coupon, Discount, Duration, PromotionCode};
pub use deposit::{Deposit, DepositChange};
pub use feature::{Aggregation, Feature, Group, Meter};
pub use kind::{AmountUnit, Attribute, AttributeType, ColumnSource, Kind, PricePolicy, StripeProductPer, Value};
pub use offer::Offer;
pub(crate) use offer::range_prices;
pub use price::{CurrencyAmount, CustomAmount, Price, PriceChange, Tier, TransformQuantity, whole};
pub use product::{Grant, PackageDimensions, Product};
pub use row_key::FormerKey;

/// Everything a company sells, with the tables it is kept in.
#[derive(Clone, Debug, Serialize)]
pub struct Catalog {
    /// A slug: `stratiqx`.
    pub name: String,
    /// The name for people.
    pub title: String,
    /// The npm package that the TypeScript artifact is.
    pub npm_package: String,
    /// The currency of amounts that name none.
    pub currency: Currency,
    /// For prices that say nothing else.
    pub tax_behavior: TaxBehavior,
    /// Where the catalog is put to use.
    pub environments: Vec<Environment>,
    /// Families of products, in the order of their declaration.
    pub kinds: Vec<Kind>,
    /// Products by kind (in the order of `kinds`), then in the order of their declaration.
    pub products: Vec<Product>,
    /// Entitlements.
    pub features: Vec<Feature>,
    /// What counts the quantity of metered prices.
    pub meters: Vec<Meter>,
    /// Products that upgrade and downgrade among themselves.
    pub groups: Vec<Group>,
    /// Discounts.
    pub coupons: Vec<Coupon>,
    /// What is sold no more, as the catalog's `retired:` lists it; its last values stand in the lock.
    pub retired: Vec<Retired>,
    /// What the lock remembers as sold and the catalog declares no more, in the order of the lock.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub formerly_sold: Vec<Retired>,
    /// Former ids of what is sold under another one now, as the catalog and the lock say.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renamed: Vec<Renamed>,
    /// Keys of rows that the lock remembers and no product has any more, in the order of the lock.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub former_keys: Vec<FormerKey>,
    /// Enums of `enums:`, the base's first.
    pub enums: Vec<EnumType>,
    /// Every table: the base's records, the kinds' tables, the company's records.
    pub tables: Vec<Table>,
    /// Lint rules that are accepted for the catalog and all that it holds, with their reasons; no target sees them.
    #[serde(skip)]
    pub accepts: Vec<(String, String)>,
    /// SHA-256 of all of the above, in lower-case hexadecimal.
    #[serde(skip)]
    pub hash: String,
}

impl Catalog {
    /// The products of a kind, in order.
    pub fn products_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Product> + 'a {
        self.products.iter().filter(move |product| product.kind == kind)
    }

    /// The kind with this id; every product's kind exists.
    pub fn kind(&self, id: &str) -> Option<&Kind> {
        self.kinds.iter().find(|kind| kind.id == id)
    }

    /// The former ids of something that is sold, the last one first.
    pub fn former_ids<'a>(&'a self, what: &'a str, id: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.renamed
            .iter()
            .filter(move |renamed| renamed.what == what && renamed.to == id)
            .map(|renamed| &*renamed.from)
    }

    /// Everything that was sold and is no more, each once: what `retired:` lists, then what only the lock remembers.
    /// What was renamed is not among it.
    pub fn sold_no_more(&self) -> impl Iterator<Item = &Retired> {
        let mut seen: HashSet<(&str, &str)> =
            self.renamed.iter().map(|renamed| (renamed.what.as_str(), renamed.from.as_str())).collect();
        let all = self.retired.iter().chain(&self.formerly_sold);
        all.filter(move |ended| seen.insert((ended.what.as_str(), ended.id.as_str())))
    }

    /// The tables that this catalog migrates itself: all but the base's.
    pub fn own_tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(|table| !table.base)
    }
}

/// A place where the catalog is put to use.
#[derive(Clone, Debug, Serialize)]
pub struct Environment {
    /// `production`, `staging` …
    pub id: String,
    /// The database: a Cloudflare D1 name, or the name of the environment variable that holds a URL.
    pub database: Option<String>,
    /// The Stripe account (`acct_…`) that keys must belong to.
    pub stripe_account: Option<String>,
    /// Whether live keys are expected (otherwise test keys).
    pub stripe_live: bool,
    /// Where the live API answers, without a trailing slash.
    pub live_url: Option<String>,
}

/// A former id of something that is sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Renamed {
    /// A kind's id, `feature`, `price` or `meter`.
    pub what: String,
    /// The former id (for prices the lookup key).
    pub from: String,
    /// The id now.
    pub to: String,
}

/// Something that is sold no more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Retired {
    /// A kind's id, `feature`, `price`, `coupon` or `meter`.
    pub what: String,
    /// Its id (for prices the lookup key).
    pub id: String,
    /// For prices `kind/product`, as the lock remembers it.
    #[serde(skip)]
    pub of: Option<String>,
    /// For meters the name of their events, as the lock remembers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_name: Option<String>,
    /// Lint rules that are accepted for its end, with their reasons; no target sees them.
    #[serde(skip)]
    pub accepts: Vec<(String, String)>,
}
