//! Columns as declared, and those of a kind's default table.

use super::attributes::DECIMAL_COLUMN;
use super::names;
use crate::catalog::{AmountUnit, Attribute, AttributeType, ColumnSource, Value};
use crate::decl::{ColumnDecl, ColumnDefault, LONGEST_TEXT};
use crate::schema::{Column, ColumnType, DefaultValue, ForeignKey, Index, Table};

/// Words of `from:` that name no attribute.
pub const SOURCES: &[(&str, ColumnSource)] = &[
    ("id", ColumnSource::Id),
    ("name", ColumnSource::Name),
    ("description", ColumnSource::Description),
    ("local_id", ColumnSource::LocalId),
    ("price.min", ColumnSource::PriceMin),
    ("price.max", ColumnSource::PriceMax),
    ("price.currency", ColumnSource::PriceCurrency),
    ("deposit.amount", ColumnSource::DepositAmount),
    ("billing_type", ColumnSource::BillingType),
    ("metadata", ColumnSource::Metadata),
    ("features", ColumnSource::Features),
    ("active", ColumnSource::Active),
    ("coming_soon", ColumnSource::ComingSoon),
];

/// Where a column of a kind's table gets its value.
pub(super) fn source(column: &ColumnDecl) -> ColumnSource {
    let Some(from) = &column.from else { return ColumnSource::Default };
    if let Some(attribute) = from.value.strip_prefix("attribute.") {
        return ColumnSource::Attribute(attribute.to_owned());
    }
    let known = SOURCES.iter().find(|(word, _)| *word == from.value);
    known.map_or(ColumnSource::Default, |(_, source)| source.clone())
}

/// The table with these columns and what they say of keys, constraints and references.
pub(super) fn fill(mut table: Table, columns: &[ColumnDecl]) -> Table {
    for decl in columns {
        let name = &decl.name.value;
        if decl.key.as_ref().is_some_and(|key| key.value) {
            table.primary_key.push(name.clone());
        }
        if decl.unique.as_ref().is_some_and(|unique| unique.value) {
            let index = names::of_unique(&table.name, name);
            table.indexes.push(Index { name: index, columns: vec![name.clone()], unique: true });
        }
        if let Some(references) = &decl.references {
            table.foreign_keys.push(ForeignKey {
                name: names::of_reference(&table.name, name),
                columns: vec![name.clone()],
                table: references.value.table.clone(),
                references: vec![references.value.column.clone()],
                on_delete: decl.on_delete.as_ref().map(|action| action.value).unwrap_or_default(),
            });
        }
        table.columns.push(Column {
            name: name.clone(),
            description: decl.description.as_ref().map(|text| text.value.clone()).unwrap_or_default(),
            was: decl.was.as_ref().map(|was| was.value.clone()),
            ty: decl.ty.value.clone(),
            nullable: decl.nullable,
            default: decl.default.as_ref().and_then(|default| default_value(&default.value, &decl.ty.value)),
            on_update_now: decl.on_update_now,
            from: None,
        });
    }
    table
}

/// Says behind what an amount column holds in which units, so that it stays true when the kind's unit changes.
pub(super) fn say_units(table: &mut Table, sources: &[ColumnSource], unit: AmountUnit) {
    let unit = match unit {
        AmountUnit::Major => "In whole major units, such as dollars.",
        AmountUnit::Minor => "In minor units, such as cents.",
    };
    for (column, source) in table.columns.iter_mut().zip(sources) {
        if source.is_amount() {
            let described = [column.description.as_str(), unit];
            column.description = described[usize::from(column.description.is_empty())..].join(" ");
        }
    }
}

/// Says at the columns of the key what their values are, for the lock to remember.
pub(super) fn say_sources_of_key(table: &mut Table, sources: &[ColumnSource]) {
    for (column, source) in table.columns.iter_mut().zip(sources) {
        column.from = table.primary_key.contains(&column.name).then(|| word(source)).flatten();
    }
}

/// What `from:` says for a source.
fn word(source: &ColumnSource) -> Option<String> {
    match source {
        ColumnSource::Attribute(id) => Some(format!("attribute.{id}")),
        source => SOURCES.iter().find(|(_, known)| known == source).map(|(word, _)| (*word).to_owned()),
    }
}

/// The default as its column's type reads it; `None` for what is no value of the type, which a rule reports.
fn default_value(default: &ColumnDefault, ty: &ColumnType) -> Option<DefaultValue> {
    let text = &default.text;
    match ty {
        ColumnType::Timestamp => (text == "now").then_some(DefaultValue::Now),
        ColumnType::Integer => text.parse().ok().map(DefaultValue::Integer),
        ColumnType::Boolean => text.parse().ok().map(DefaultValue::Boolean),
        ColumnType::Text { .. } | ColumnType::Enum(_) | ColumnType::Decimal { .. } | ColumnType::Date => {
            Some(DefaultValue::Text(text.clone()))
        }
        ColumnType::Json | ColumnType::Bytes => None,
    }
}

/// The columns of a default table that every product has.
pub const DEFAULT_COLUMNS: &[&str] = &[
    "id",
    "name",
    "description",
    "billing_type",
    "features",
    "metadata",
    "active",
    "coming_soon",
    "created_at",
    "updated_at",
];

/// The default table of a kind: what every product has, and a column for each attribute.
pub(super) fn by_default(mut table: Table, attributes: &[Attribute]) -> (Table, Vec<ColumnSource>) {
    let short = || ColumnType::Text { max: Some(255) };
    let mut columns = vec![
        (column("id", "", short()), ColumnSource::Id),
        (column("name", "", short()), ColumnSource::Name),
        (
            Column { nullable: true, ..column("description", "", ColumnType::Text { max: None }) },
            ColumnSource::Description,
        ),
    ];
    // An attribute of such a name is reported.
    let own = attributes.iter().filter(|attribute| !DEFAULT_COLUMNS.contains(&&*attribute.id));
    columns.extend(own.map(|attribute| (of_attribute(attribute), ColumnSource::Attribute(attribute.id.clone()))));
    let flag = |value| Some(DefaultValue::Boolean(value));
    let now = || Some(DefaultValue::Now);
    columns.extend([
        (column("billing_type", "one-time, monthly, yearly, recurring or free.", short()), ColumnSource::BillingType),
        (column("features", "What the product grants, by feature.", ColumnType::Json), ColumnSource::Features),
        (column("metadata", "Marketing features and metadata.", ColumnType::Json), ColumnSource::Metadata),
        (
            Column { default: flag(true), ..column("active", "Whether it can be bought.", ColumnType::Boolean) },
            ColumnSource::Active,
        ),
        (
            Column {
                default: flag(false),
                ..column("coming_soon", "Whether it is only announced.", ColumnType::Boolean)
            },
            ColumnSource::ComingSoon,
        ),
        (Column { default: now(), ..column("created_at", "", ColumnType::Timestamp) }, ColumnSource::Default),
        (
            Column { default: now(), on_update_now: true, ..column("updated_at", "", ColumnType::Timestamp) },
            ColumnSource::Default,
        ),
    ]);
    table.primary_key = vec!["id".to_owned()];
    let (columns, sources) = columns.into_iter().unzip();
    table.columns = columns;
    (table, sources)
}

fn column(name: &str, description: &str, ty: ColumnType) -> Column {
    Column {
        name: name.to_owned(),
        description: description.to_owned(),
        was: None,
        ty,
        nullable: false,
        default: None,
        on_update_now: false,
        from: None,
    }
}

fn of_attribute(attribute: &Attribute) -> Column {
    let ty = match &attribute.ty {
        AttributeType::Text { max } => ColumnType::Text { max: max.filter(|max| (1..=LONGEST_TEXT).contains(max)) },
        AttributeType::Integer { .. } => ColumnType::Integer,
        AttributeType::Decimal => {
            let (precision, scale) = DECIMAL_COLUMN;
            ColumnType::Decimal { precision, scale }
        }
        AttributeType::Boolean => ColumnType::Boolean,
        AttributeType::Date => ColumnType::Date,
        AttributeType::OneOf(_) => ColumnType::Text { max: Some(255) },
        AttributeType::Enum(name) => ColumnType::Enum(name.clone()),
        AttributeType::List => ColumnType::Json,
    };
    let default = match (&ty, &attribute.default) {
        // Databases do not all take a default for text without a length or for JSON; a sync writes the value anyway.
        (ColumnType::Json | ColumnType::Text { max: None }, _) | (_, None | Some(Value::List(_))) => None,
        (_, Some(Value::Text(text))) => Some(DefaultValue::Text(text.clone())),
        (_, Some(Value::Integer(number))) => Some(DefaultValue::Integer(*number)),
        (_, Some(Value::Decimal(number))) => Some(DefaultValue::Text(number.to_string())),
        (_, Some(Value::Boolean(value))) => Some(DefaultValue::Boolean(*value)),
    };
    Column {
        was: attribute.was.clone(),
        nullable: !attribute.required && attribute.default.is_none(),
        default,
        ..column(&attribute.id, &attribute.description, ty)
    }
}
