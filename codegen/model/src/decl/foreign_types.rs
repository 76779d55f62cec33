//! What other languages and databases call our types.

/// The type of a column that another language's name means, as it is written.
pub(crate) fn column_type(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "string" | "str" | "varchar" | "char" | "uuid" => "text(255)",
        "int" | "int4" | "int8" | "int32" | "int64" | "i32" | "i64" | "bigint" | "smallint" | "long" | "number" => {
            "integer"
        }
        "bool" => "boolean",
        "datetime" | "timestamptz" | "time" => "timestamp",
        "float" | "double" | "real" | "numeric" | "money" => "decimal(12,2)",
        "jsonb" | "object" | "array" | "list" => "json",
        "blob" | "binary" | "bytea" => "bytes",
        _ => return None,
    })
}

/// The type of an attribute that another language's name, or the name of a column's type, means.
pub(super) fn attribute_type(name: &str) -> Option<&'static str> {
    let (word, length) = name.split_once('(').map_or((name, false), |(word, _)| (word, true));
    if word == "text" && length {
        return Some("text");
    }
    Some(match word.to_ascii_lowercase().as_str() {
        "timestamp" => "date",
        "array" | "json" | "string[]" => "list",
        "choice" | "select" => "one_of",
        other => match column_type(other)?.split('(').next()? {
            "json" => "list",
            "timestamp" => "date",
            "bytes" => return None,
            known => known,
        },
    })
}
