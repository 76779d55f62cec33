//! What a column is in each dialect: its type, its default and the check that gives all of them the same values.

use pricebook_model::migrate::{ColumnShape, Type};
use pricebook_model::schema::DefaultValue;
use pricebook_types::Dialect;

use super::literal::{self, text_of};

/// The type as the dialect writes it.
pub(super) fn type_of(dialect: Dialect, ty: &Type) -> String {
    match dialect {
        Dialect::Sqlite => sqlite(ty).to_owned(),
        Dialect::Postgres => postgres(ty),
        Dialect::Mysql => mysql(ty),
    }
}

fn sqlite(ty: &Type) -> &'static str {
    match ty {
        Type::Integer | Type::Boolean => "INTEGER",
        Type::Bytes => "BLOB",
        // A DECIMAL would be a float, which is not exact.
        Type::Decimal { .. } => "TEXT",
        Type::Text { .. } | Type::Timestamp | Type::Date | Type::Json | Type::OneOf(_) => "TEXT",
    }
}

fn postgres(ty: &Type) -> String {
    match ty {
        Type::Text { max: Some(max) } => format!("VARCHAR({max})"),
        Type::Text { max: None } => "TEXT".to_owned(),
        Type::OneOf(values) => format!("VARCHAR({})", longest(values)),
        Type::Integer => "BIGINT".to_owned(),
        Type::Boolean => "BOOLEAN".to_owned(),
        Type::Decimal { precision, scale } => format!("NUMERIC({precision}, {scale})"),
        Type::Timestamp => "TIMESTAMPTZ".to_owned(),
        Type::Date => "DATE".to_owned(),
        Type::Json => "JSONB".to_owned(),
        Type::Bytes => "BYTEA".to_owned(),
    }
}

fn longest(values: &[String]) -> usize {
    // Room to grow, so that another value seldom changes the type.
    values.iter().map(|value| value.chars().count()).max().unwrap_or(0).next_multiple_of(64).max(64)
}

fn mysql(ty: &Type) -> String {
    match ty {
        Type::Text { max: Some(max) } => format!("VARCHAR({max})"),
        Type::Text { max: None } => "LONGTEXT".to_owned(),
        Type::OneOf(values) => {
            let values: Vec<_> = values.iter().map(|value| literal::mysql_constant(value)).collect();
            format!("ENUM({})", values.join(", "))
        }
        Type::Integer => "BIGINT".to_owned(),
        Type::Boolean => "BOOLEAN".to_owned(),
        Type::Decimal { precision, scale } => format!("DECIMAL({precision}, {scale})"),
        Type::Timestamp => "DATETIME(6)".to_owned(),
        Type::Date => "DATE".to_owned(),
        Type::Json => "JSON".to_owned(),
        Type::Bytes => "LONGBLOB".to_owned(),
    }
}

/// The column's default as an expression.
pub(super) fn default_of(dialect: Dialect, column: &ColumnShape) -> Option<String> {
    let default = column.default.as_ref()?;
    let text = match (default, &column.ty) {
        (DefaultValue::Now, Type::Date) if dialect == Dialect::Mysql => "(CURRENT_DATE)".to_owned(),
        (DefaultValue::Now, Type::Date) => "CURRENT_DATE".to_owned(),
        (DefaultValue::Now, _) if dialect == Dialect::Mysql => "CURRENT_TIMESTAMP(6)".to_owned(),
        (DefaultValue::Now, _) => "CURRENT_TIMESTAMP".to_owned(),
        (DefaultValue::Integer(number), Type::Decimal { .. }) if dialect == Dialect::Sqlite => format!("'{number}'"),
        (DefaultValue::Integer(number), _) => number.to_string(),
        (DefaultValue::Boolean(value), _) if dialect == Dialect::Postgres => value.to_string().to_uppercase(),
        (DefaultValue::Boolean(value), _) => u8::from(*value).to_string(),
        (DefaultValue::Text(digits), Type::Decimal { .. }) if dialect != Dialect::Sqlite => digits.clone(),
        (DefaultValue::Text(text), _) => text_of(dialect, text),
    };
    // MySQL takes a default of its long types only as an expression.
    let is_long = dialect == Dialect::Mysql && matches!(column.ty, Type::Text { max: None } | Type::Json | Type::Bytes);
    let is_call = matches!(default, DefaultValue::Text(_)) && text.ends_with(')');
    Some(if is_long || is_call { format!("({text})") } else { text })
}

/// What the column's values must satisfy beyond their type; NULL always does.
pub(super) fn check_of(dialect: Dialect, column: &ColumnShape) -> Option<String> {
    let name = format!("\"{}\"", column.name);
    match (&column.ty, dialect) {
        (Type::OneOf(values), Dialect::Sqlite | Dialect::Postgres) => {
            let values: Vec<_> = values.iter().map(|value| text_of(dialect, value)).collect();
            Some(format!("{name} IN ({})", values.join(", ")))
        }
        (Type::Text { max: Some(max) }, Dialect::Sqlite) => Some(format!("length({name}) <= {max}")),
        (Type::Boolean, Dialect::Sqlite) => Some(format!("{name} IN (0, 1)")),
        // `json_valid(NULL)` was 0, not NULL, before SQLite 3.45.
        (Type::Json, Dialect::Sqlite) if column.nullable => Some(format!("{name} IS NULL OR json_valid({name})")),
        (Type::Json, Dialect::Sqlite) => Some(format!("json_valid({name})")),
        (Type::Date, Dialect::Sqlite) => Some(format!("{name} IS date({name})")),
        (Type::Decimal { precision, scale }, Dialect::Sqlite) => Some(sqlite_decimal(&name, *precision, *scale)),
        _ => None,
    }
}

/// An optional sign, digits, and behind a point at most `scale` more.
fn sqlite_decimal(name: &str, precision: u8, scale: u8) -> String {
    let digits = precision.saturating_sub(scale).max(1);
    let number = format!("ltrim({name}, '-')");
    format!(
        "{name} NOT GLOB '*[^0-9.-]*' AND {name} NOT GLOB '?*-*' AND {name} NOT GLOB '*.*.*' \
         AND instr({number} || '.', '.') BETWEEN 2 AND {} \
         AND length({number}) - instr({number} || '.', '.') BETWEEN -1 AND {scale}",
        digits + 1
    )
}
