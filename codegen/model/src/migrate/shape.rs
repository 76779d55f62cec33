//! What a database would notice of a schema: no descriptions, no names of rows, enums spelled out at their columns.

use crate::lock::Schema;
use crate::schema::{Column, ColumnType, DefaultValue, EnumType, ForeignKey, Index, Table};

/// Tables as a database has them, in an order in which they can be created.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// The tables.
    pub tables: Vec<TableShape>,
}

/// A table as a database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableShape {
    /// The name.
    pub name: String,
    /// In order.
    pub columns: Vec<ColumnShape>,
    /// Column names.
    pub primary_key: Vec<String>,
    /// Unique and other indexes.
    pub indexes: Vec<Index>,
    /// References to other tables.
    pub foreign_keys: Vec<ForeignKey>,
}

/// A column as a database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnShape {
    /// The name.
    pub name: String,
    /// The type.
    pub ty: Type,
    /// Whether NULL is allowed.
    pub nullable: bool,
    /// What an insert without it gets.
    pub default: Option<DefaultValue>,
    /// Set to the current time by every update.
    pub on_update_now: bool,
}

/// The type of a column, with an enum's values in place of its name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of `ColumnType`")]
pub enum Type {
    /// Text of at most `max` characters, or unbounded.
    Text { max: Option<u32> },
    /// 64 bits with sign.
    Integer,
    /// True or false.
    Boolean,
    /// An exact decimal.
    Decimal { precision: u8, scale: u8 },
    /// A moment in UTC.
    Timestamp,
    /// A day.
    Date,
    /// A JSON document.
    Json,
    /// Bytes.
    Bytes,
    /// One of these texts.
    OneOf(Vec<String>),
}

impl ColumnShape {
    /// The column in the catalog's own words, on one line, for it also stands in comments: `text(255)?, default "none"`.
    pub(super) fn words(&self) -> String {
        let mut words = self.ty.words();
        if self.nullable {
            words.push('?');
        }
        match &self.default {
            Some(DefaultValue::Now) => words.push_str(", default now"),
            Some(DefaultValue::Text(value)) => words.push_str(&format!(", default {value:?}")),
            Some(DefaultValue::Integer(value)) => words.push_str(&format!(", default {value}")),
            Some(DefaultValue::Boolean(value)) => words.push_str(&format!(", default {value}")),
            None => {}
        }
        if self.on_update_now {
            words.push_str(", on update now");
        }
        words
    }
}

impl Type {
    fn words(&self) -> String {
        match self {
            Self::Text { max: Some(max) } => format!("text({max})"),
            Self::Text { max: None } => "text".to_owned(),
            Self::Integer => "integer".to_owned(),
            Self::Boolean => "boolean".to_owned(),
            Self::Decimal { precision, scale } => format!("decimal({precision}, {scale})"),
            Self::Timestamp => "timestamp".to_owned(),
            Self::Date => "date".to_owned(),
            Self::Json => "json".to_owned(),
            Self::Bytes => "bytes".to_owned(),
            Self::OneOf(values) => format!("one of {}", values.join(", ")),
        }
    }
}

impl Shape {
    /// The shape of a schema.
    pub fn of(schema: &Schema) -> Self {
        Self { tables: schema.tables.iter().map(|table| TableShape::of(table, &schema.enums)).collect() }
    }

    /// The table with this name.
    pub fn table(&self, name: &str) -> Option<&TableShape> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The same with tables, indexes and foreign keys in the order of their names, which mean the same in any order.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.tables.sort_by(|a, b| a.name.cmp(&b.name));
        for table in &mut self.tables {
            table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
        }
        self
    }
}

impl TableShape {
    /// The shape of a table whose enums are among `enums`.
    pub fn of(table: &Table, enums: &[EnumType]) -> Self {
        Self {
            name: table.name.clone(),
            columns: table.columns.iter().map(|column| ColumnShape::of(column, enums)).collect(),
            primary_key: table.primary_key.clone(),
            indexes: table.indexes.clone(),
            foreign_keys: table.foreign_keys.clone(),
        }
    }

    /// The column with this name.
    pub fn column(&self, name: &str) -> Option<&ColumnShape> {
        self.columns.iter().find(|column| column.name == name)
    }
}

impl ColumnShape {
    fn of(column: &Column, enums: &[EnumType]) -> Self {
        Self {
            name: column.name.clone(),
            ty: Type::of(&column.ty, enums),
            nullable: column.nullable,
            default: column.default.clone(),
            on_update_now: column.on_update_now,
        }
    }
}

impl Type {
    fn of(ty: &ColumnType, enums: &[EnumType]) -> Self {
        match ty {
            ColumnType::Text { max } => Self::Text { max: *max },
            ColumnType::Integer => Self::Integer,
            ColumnType::Boolean => Self::Boolean,
            ColumnType::Decimal { precision, scale } => Self::Decimal { precision: *precision, scale: *scale },
            ColumnType::Timestamp => Self::Timestamp,
            ColumnType::Date => Self::Date,
            ColumnType::Json => Self::Json,
            ColumnType::Bytes => Self::Bytes,
            ColumnType::Enum(name) => {
                let declared = enums.iter().find(|declared| &declared.name == name);
                let values = declared.into_iter().flat_map(|declared| &declared.values);
                Self::OneOf(values.map(|(value, _)| value.clone()).collect())
            }
        }
    }
}
