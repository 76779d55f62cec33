//! Tables and enums, in terms of no particular database.

use serde::{Deserialize, Serialize};

/// A database enum: a fixed set of texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumType {
    /// In snake case: `instance_status`.
    pub name: String,
    /// What it is, or empty.
    pub description: String,
    /// The values in order, each with its description or an empty text.
    pub values: Vec<(String, String)>,
    /// Declared by the runtime, not by this catalog.
    pub base: bool,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// In snake case: `service_instances`.
    pub name: String,
    /// What a row is, or empty.
    pub description: String,
    /// The name before a rename.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// The row struct's name in Rust and TypeScript: `ServiceInstance`.
    pub row_name: String,
    /// In the order of the declaration.
    pub columns: Vec<Column>,
    /// Column names, at least one.
    pub primary_key: Vec<String>,
    /// Unique constraints and indexes, in order.
    pub indexes: Vec<Index>,
    /// References to other tables, in order.
    pub foreign_keys: Vec<ForeignKey>,
    /// An API shape of the row, for TypeScript.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<Interface>,
    /// Declared by the runtime, not by this catalog.
    pub base: bool,
}

impl Table {
    /// The column with this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// In snake case.
    pub name: String,
    /// What it holds, with its unit, or empty.
    pub description: String,
    /// The name before a rename.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// The type.
    pub ty: ColumnType,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// What an insert without it gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultValue>,
    /// Set to the current time by every update.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub on_update_now: bool,
    /// For the key columns of a kind's table: what of a product their values are, as `from:` says it: `id`,
    /// `attribute.code`. Absent in locks of before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// The type of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// UTF-8 text of at most `max` characters, or unbounded.
    Text {
        /// The most characters.
        max: Option<u32>,
    },
    /// 64 bits with sign.
    Integer,
    /// True or false.
    Boolean,
    /// An exact decimal.
    Decimal {
        /// Digits in all.
        precision: u8,
        /// Digits after the point.
        scale: u8,
    },
    /// A moment in UTC.
    Timestamp,
    /// A day.
    Date,
    /// A JSON document.
    Json,
    /// Bytes.
    Bytes,
    /// An enum of the catalog, by name.
    Enum(String),
}

impl ColumnType {
    /// The enum that the type names.
    pub fn enum_name(&self) -> Option<&str> {
        match self {
            Self::Enum(name) => Some(name),
            _ => None,
        }
    }
}

/// A column's default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DefaultValue {
    /// The current time.
    Now,
    /// Text, an enum value, or a decimal's digits.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// True or false.
    Boolean(bool),
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// Unique in the schema.
    pub name: String,
    /// Column names in order.
    pub columns: Vec<String>,
    /// Whether rows must differ in these columns.
    pub unique: bool,
}

/// A reference to another table's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignKey {
    /// Unique in the schema.
    pub name: String,
    /// Columns here.
    pub columns: Vec<String>,
    /// The table there.
    pub table: String,
    /// Columns there: its primary key or a unique index.
    pub references: Vec<String>,
    /// What happens to rows here.
    pub on_delete: OnDelete,
}

/// What deleting a referenced row does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// It is refused.
    #[default]
    Restrict,
    /// The referring rows go too.
    Cascade,
    /// The referring columns become NULL.
    SetNull,
}

/// An API shape of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    /// The TypeScript interface's name: `Service`.
    pub name: String,
    /// Fields in order.
    pub fields: Vec<InterfaceField>,
}

/// One field of an API shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterfaceField {
    /// The JSON name: `nextBilling`.
    pub name: String,
    /// The column it shows.
    pub column: String,
    /// Whether the field is absent (not null) where the column is NULL.
    pub optional: bool,
}
