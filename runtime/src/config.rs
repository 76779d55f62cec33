//! Settings of a run, from the command line first and the environment second.

use std::fmt;
use std::path::PathBuf;

/// The environment variable that names the database.
pub const DATABASE_VARIABLE: &str = "DATABASE_URL";

/// Which database is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The embedded default, `.pricebook/<catalog>.db`: its folder is made when missing.
    Embedded(PathBuf),
    /// The SQLite file of a URL: it is made when missing, its folder is not.
    Sqlite(PathBuf),
}

/// A database that is not served, and where it was named.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{named_by}: {cause}")]
pub struct DatabaseError {
    /// `--database` or `DATABASE_URL`.
    pub named_by: &'static str,
    /// What is wrong with it.
    #[source]
    pub cause: UnsupportedDatabase,
}

/// A database URL that is not served.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsupportedDatabase {
    /// Another kind of database. The URL is not repeated, for it may hold a password.
    #[error("{0} databases are not served yet, SQLite is; use sqlite:<path>, for example sqlite:pricebook.db")]
    Scheme(String),
    /// No URL.
    #[error("the database is no URL; use sqlite:<path>, for example sqlite:pricebook.db")]
    NoUrl,
    /// A URL without a file.
    #[error("the database URL names no file; use sqlite:<path>, for example sqlite:pricebook.db")]
    NoFile,
    /// `sqlite::memory:`.
    #[error("a database in memory is gone when the command ends; use sqlite:<path>, or --dry-run to keep nothing")]
    Memory,
    /// `sqlite:x.db?mode=ro`.
    #[error("a SQLite URL takes no parameters; use sqlite:<path>, for example sqlite:pricebook.db")]
    Parameters,
}

impl DatabaseUrl {
    /// The database of the argument `--database`, otherwise of `DATABASE_URL`, otherwise the embedded default of the
    /// catalog.
    ///
    /// # Errors
    /// [`DatabaseError`] for anything but a SQLite file.
    pub fn choose(argument: Option<&str>, catalog: &str) -> Result<Self, DatabaseError> {
        let variable = std::env::var(DATABASE_VARIABLE).ok().filter(|url| !url.is_empty());
        let named_by = if argument.is_some() { "--database" } else { DATABASE_VARIABLE };
        match argument.or(variable.as_deref()) {
            Some(url) => Self::parse(url).map_err(|cause| DatabaseError { named_by, cause }),
            None => Ok(Self::Embedded(PathBuf::from(format!(".pricebook/{catalog}.db")))),
        }
    }

    /// The database that a URL names: `sqlite:relative.db`, `sqlite:///absolute.db`.
    ///
    /// # Errors
    /// [`UnsupportedDatabase`] for anything but a SQLite file.
    pub fn parse(url: &str) -> Result<Self, UnsupportedDatabase> {
        let (scheme, rest) = url.split_once(':').ok_or(UnsupportedDatabase::NoUrl)?;
        if !scheme.eq_ignore_ascii_case("sqlite") {
            return Err(match scheme {
                "postgres" | "postgresql" => UnsupportedDatabase::Scheme("PostgreSQL".to_owned()),
                "mysql" | "mariadb" => UnsupportedDatabase::Scheme("MySQL and MariaDB".to_owned()),
                _ => UnsupportedDatabase::NoUrl,
            });
        }
        match rest.strip_prefix("//").unwrap_or(rest) {
            ":memory:" => Err(UnsupportedDatabase::Memory),
            "" => Err(UnsupportedDatabase::NoFile),
            path if path.contains('?') => Err(UnsupportedDatabase::Parameters),
            path => Ok(Self::Sqlite(PathBuf::from(path))),
        }
    }

    /// The file.
    pub fn path(&self) -> &PathBuf {
        match self {
            Self::Embedded(path) | Self::Sqlite(path) => path,
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sqlite:{}", self.path().display())
    }
}
