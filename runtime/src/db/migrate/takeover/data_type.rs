//! The types of columns, so far as it matters whether one holds all that another does.

use pricebook_types::Dialect;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DataType {
    /// In the database's own words; on SQLite the affinity.
    base: String,
    /// What stands in parentheses, without spaces.
    arguments: Option<String>,
}

/// What PostgreSQL calls the types that it describes otherwise than they are written.
const POSTGRES: [(&str, &str); 8] = [
    ("varchar", "character varying"),
    ("timestamptz", "timestamp with time zone"),
    ("timestamp", "timestamp without time zone"),
    ("bool", "boolean"),
    ("int", "integer"),
    ("int8", "bigint"),
    ("decimal", "numeric"),
    ("char", "character"),
];

impl DataType {
    /// As a migration writes it. MariaDB keeps JSON as text.
    pub(super) fn of_migration(text: &str, dialect: Dialect, is_mariadb: bool) -> Self {
        let mut read = Self::of_database(text, dialect);
        if dialect == Dialect::Mysql {
            match read.base.as_str() {
                "boolean" => read = Self::of_database("tinyint(1)", dialect),
                "json" if is_mariadb => read.base = "longtext".to_owned(),
                "integer" => read.base = "int".to_owned(),
                _ => {}
            }
        }
        read
    }

    /// As the database shows it.
    pub(super) fn of_database(text: &str, dialect: Dialect) -> Self {
        if dialect == Dialect::Sqlite {
            return Self { base: affinity(text).to_owned(), arguments: None };
        }
        let (before, rest) = text.split_once('(').unwrap_or((text, ""));
        let (arguments, behind) = rest.rsplit_once(')').unwrap_or_default();
        let base = format!("{} {}", before.trim(), behind.trim()).trim().to_ascii_lowercase();
        let mut arguments = Some(arguments.replace(", ", ",")).filter(|arguments| !arguments.is_empty());
        let base = match dialect {
            Dialect::Postgres => {
                POSTGRES.iter().find(|(written, _)| *written == base).map_or(base, |(_, own)| (*own).to_owned())
            }
            _ => base,
        };
        // The width in which integers are shown says nothing of what they hold, but for one digit, which is a boolean.
        if base.contains("int") && !(base == "tinyint" && arguments.as_deref() == Some("1")) {
            arguments = None;
        }
        Self { base, arguments }
    }

    pub(super) fn is_text(&self) -> bool {
        ["char", "text", "enum"].iter().any(|part| self.base.contains(part))
    }

    /// Whether a column of this type holds whatever one of the other does, and gives it back the same.
    pub(super) fn holds(&self, declared: &Self) -> bool {
        let is_unbounded_text = self.base == "text" && declared.base == "character varying";
        let of_same_base = || match (&self.arguments, &declared.arguments) {
            (own, other) if own == other => true,
            (None, Some(_)) => matches!(self.base.as_str(), "character varying" | "numeric"),
            (Some(own), Some(other)) if matches!(self.base.as_str(), "character varying" | "varchar") => {
                let number = |text: &str| text.parse::<u32>().ok();
                number(own) >= number(other)
            }
            _ => false,
        };
        let is_number = self.base == "NUMERIC" && declared.base == "INTEGER";
        is_unbounded_text || is_number || (self.base == declared.base && of_same_base())
    }

    /// Whether it is SQLite's type for whatever is no text by its name: `DATETIME`, `JSON`.
    pub(super) fn is_loose(&self) -> bool {
        self.base == "NUMERIC"
    }
}

/// <https://www.sqlite.org/datatype3.html#determination_of_column_affinity>
fn affinity(written: &str) -> &'static str {
    let written = written.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| written.contains(word));
    match () {
        () if has(&["INT"]) => "INTEGER",
        () if has(&["CHAR", "CLOB", "TEXT"]) => "TEXT",
        () if written.is_empty() || has(&["BLOB"]) => "BLOB",
        () if has(&["REAL", "FLOA", "DOUB"]) => "REAL",
        () => "NUMERIC",
    }
}

#[cfg(test)]
mod tests {
    use pricebook_types::Dialect::{self, Mysql, Postgres, Sqlite};

    use super::DataType;

    fn holds(existing: &str, declared: &str, dialect: Dialect) -> bool {
        DataType::of_database(existing, dialect).holds(&DataType::of_migration(declared, dialect, true))
    }

    #[test]
    fn a_type_that_holds_at_least_as_much_is_taken() {
        for (existing, declared, dialect) in [
            ("varchar(20)", "TEXT", Sqlite),
            ("BOOLEAN", "INTEGER", Sqlite),
            ("bigint", "BIGINT", Postgres),
            ("text", "VARCHAR(255)", Postgres),
            ("character varying(300)", "VARCHAR(255)", Postgres),
            ("timestamp with time zone", "TIMESTAMPTZ", Postgres),
            ("numeric(28,12)", "NUMERIC(28, 12)", Postgres),
            ("bigint(20)", "BIGINT", Mysql),
            ("tinyint(1)", "BOOLEAN", Mysql),
            ("longtext", "JSON", Mysql),
            ("enum('a','b')", "ENUM('a', 'b')", Mysql),
            ("datetime(6)", "DATETIME(6)", Mysql),
        ] {
            assert!(holds(existing, declared, dialect), "{existing} for {declared}");
        }
    }

    #[test]
    fn a_type_that_holds_less_or_something_else_is_not() {
        for (existing, declared, dialect) in [
            ("REAL", "INTEGER", Sqlite),
            ("TEXT", "INTEGER", Sqlite),
            ("DATETIME", "TEXT", Sqlite),
            ("integer", "BIGINT", Postgres),
            ("character varying(20)", "VARCHAR(255)", Postgres),
            ("text", "JSONB", Postgres),
            ("integer", "BOOLEAN", Postgres),
            ("numeric(10,2)", "NUMERIC(28, 12)", Postgres),
            ("bigint(20) unsigned", "BIGINT", Mysql),
            ("int(11)", "BOOLEAN", Mysql),
            ("text", "LONGTEXT", Mysql),
            ("varchar(20)", "VARCHAR(255)", Mysql),
            ("datetime", "DATETIME(6)", Mysql),
            ("enum('a')", "ENUM('a', 'b')", Mysql),
        ] {
            assert!(!holds(existing, declared, dialect), "{existing} for {declared}");
        }
    }
}
