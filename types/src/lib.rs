//! What generated catalog code is made of: money, currencies, intervals, products, prices, features and artifacts.
//!
//! Everything here is plain data that can stand in a `static`; nothing allocates and nothing knows a product.

mod artifacts;
mod currency;
mod feature;
mod interval;
mod money;
mod price;
mod product;
pub mod stripe;
pub mod validation;

pub use artifacts::{Artifacts, Dialect, Migration, PerDialect, Stream};
pub use currency::{Currency, UnknownCurrency, code};
pub use feature::{Feature, FeatureKind, Grant, Limit};
pub use interval::{Interval, IntervalUnit};
pub use money::{CurrencyMismatch, Money, StaticCurrency};
pub use price::{Amount, BillingScheme, CurrencyAmount, Price, TaxBehavior, Tier, TierMode, UsageType};
pub use product::{BillingType, Deposit, DepositKind, Kind, Product, UnknownId};
