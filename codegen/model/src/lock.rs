//! `catalog.lock`: what was migrated and what was sold, so that ids and prices keep their meaning.

use serde::{Deserialize, Serialize};

use crate::schema::{EnumType, Table};

/// The lock file, as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// The format, 1.
    pub version: u32,
    /// The tables and enums as of the last migration, in migration order of columns; own ones only.
    pub schema: Schema,
    /// The migrations that were written, in order.
    pub migrations: Vec<LockedMigration>,
    /// Every id that was ever recorded, sorted by `what`, then `id`.
    pub items: Vec<LockedItem>,
}

/// Tables and enums.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// Enums by name.
    pub enums: Vec<EnumType>,
    /// Tables in an order in which they can be created.
    pub tables: Vec<Table>,
}

/// A written migration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedMigration {
    /// From 1.
    pub number: u32,
    /// In snake case.
    pub name: String,
    /// SHA-256 of the file per dialect, in lower-case hexadecimal: sqlite, postgres, mysql.
    pub checksums: [String; 3],
}

/// An id that was recorded by `cargo catalog record`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockedItem {
    /// A kind's id, `price`, `feature`, `coupon` or `meter`.
    pub what: String,
    /// The id; for prices the lookup key.
    pub id: String,
    /// For prices: `kind/product`; for products: their name; for meters: the name of their events.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub of: String,
    /// For prices, the amounts that were sold, oldest first: `2900 usd`, `2900 usd, 2700 eur`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amounts: Vec<String>,
    /// For products whose row is found by something else than their id, what that was, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
    /// Sold no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
    /// The id that it got when it was renamed; empty where it never was.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub renamed_to: String,
}
