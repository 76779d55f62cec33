//! What generated catalog code is made of: money, currencies, intervals, products, prices, features and artifacts.
//!
//! Everything here is plain data that can stand in a `static`; nothing allocates and nothing knows a product.

mod amount;
mod artifacts;
pub mod base64;
mod currency;
mod day;
mod feature;
mod group;
mod interval;
#[doc(hidden)]
pub mod item;
mod least;
mod money;
mod price;
mod product;
#[doc(hidden)]
pub mod rows;
pub mod stripe;
pub mod unseen;
pub mod validation;

pub use amount::Amount;
pub use artifacts::{
    Artifacts, Dialect, Environment, EnvironmentDatabase, MAX_STATEMENT_BYTES, Migration, PerDialect, SoldNoMore,
    Stream, SyncedRows, SyncedTable,
};
pub use currency::{Currency, UnknownCurrency, code};
pub use day::{Day, InvalidDay};
pub use feature::{Feature, FeatureKind, Grant, Limit};
pub use group::Group;
pub use interval::{Interval, IntervalUnit};
pub use item::Item;
pub use least::{Least, TierCost, least};
pub use money::{CurrencyMismatch, Money, StaticCurrency};
#[doc(hidden)]
pub use phf;
pub use price::{
    BillingScheme, CurrencyAmount, CustomAmount, NoSuchPrice, Price, PriceChange, TaxBehavior, Tier, TierMode,
    TransformQuantity, UsageType,
};
pub use product::{BillingType, Deposit, DepositChange, DepositKind, Kind, Product, UnknownId, Value};
#[doc(hidden)]
pub use serde;
