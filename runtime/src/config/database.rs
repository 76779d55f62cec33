//! Which database is used: a SQLite file, or a server of PostgreSQL, MySQL or MariaDB.

use std::fmt;
use std::path::{Path, PathBuf};

use pricebook_types::Dialect;
use url::Url;

use super::D1Database;

/// The environment variable that names the database.
pub const DATABASE_VARIABLE: &str = "DATABASE_URL";

/// Which database is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// The embedded default, `.pricebook/<catalog>.db`: its folder is made when missing.
    Embedded(PathBuf),
    /// The SQLite file of a URL: it is made when missing, its folder is not.
    Sqlite(PathBuf),
    /// `postgres://user:password@host/database`.
    Postgres(ServerUrl),
    /// `mysql://user:password@host/database`, also for MariaDB.
    Mysql(ServerUrl),
    /// A database of Cloudflare D1, which only an environment of the catalog names.
    D1(D1Database),
}

/// The URL of a database on a server. It is shown without its password and parameters.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUrl(Url);

/// A database that is not served, and where it was named.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{named_by}: {cause}")]
pub struct DatabaseError {
    /// `--database`, or the name of the environment variable.
    pub named_by: &'static str,
    /// What is wrong with it.
    #[source]
    pub cause: UnsupportedDatabase,
}

/// A database URL that is not served. No message repeats a URL, for it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsupportedDatabase {
    /// Another kind of database.
    #[error("{0} databases are not served; use sqlite:<path>, postgres://… or mysql://…")]
    Scheme(String),
    /// No URL.
    #[error("the database is no URL; use sqlite:<path>, postgres://… or mysql://…")]
    NoUrl,
    /// A URL without a file.
    #[error("the database URL names no file; use sqlite:<path>, for example sqlite:pricebook.db")]
    NoFile,
    /// A URL without a database.
    #[error("the database URL names no database; use {0}://<user>@<host>/<database>")]
    NoDatabase(&'static str),
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
    /// [`DatabaseError`] for a URL that is not served.
    pub fn choose(argument: Option<&str>, catalog: &str) -> Result<Self, DatabaseError> {
        let variable = std::env::var(DATABASE_VARIABLE).ok().filter(|url| !url.is_empty());
        let named_by = if argument.is_some() { "--database" } else { DATABASE_VARIABLE };
        match argument.or(variable.as_deref()) {
            Some(url) => Self::parse(url).map_err(|cause| DatabaseError { named_by, cause }),
            None => Ok(Self::Embedded(PathBuf::from(format!(".pricebook/{catalog}.db")))),
        }
    }

    /// The database of an environment variable; `None` where it is not set.
    ///
    /// # Errors
    /// [`DatabaseError`] for a URL that is not served.
    pub fn of_variable(variable: &'static str) -> Result<Option<Self>, DatabaseError> {
        let url = std::env::var(variable).ok().filter(|url| !url.is_empty());
        url.map(|url| Self::parse(&url).map_err(|cause| DatabaseError { named_by: variable, cause })).transpose()
    }

    /// The database that a URL names: `sqlite:relative.db`, `sqlite:///absolute.db`, `postgres://…`, `mysql://…`.
    ///
    /// # Errors
    /// [`UnsupportedDatabase`] for anything else.
    pub fn parse(url: &str) -> Result<Self, UnsupportedDatabase> {
        let (scheme, rest) = url.split_once(':').ok_or(UnsupportedDatabase::NoUrl)?;
        match scheme.to_ascii_lowercase().as_str() {
            "sqlite" => sqlite(rest).map(Self::Sqlite),
            "postgres" | "postgresql" => server(url, "postgres").map(Self::Postgres),
            "mysql" | "mariadb" => server(url, "mysql").map(Self::Mysql),
            other if Url::parse(url).is_ok_and(|url| url.has_host()) => {
                Err(UnsupportedDatabase::Scheme(other.to_owned()))
            }
            _ => Err(UnsupportedDatabase::NoUrl),
        }
    }

    /// The dialect that it speaks.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Embedded(_) | Self::Sqlite(_) | Self::D1(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::Mysql(_) => Dialect::Mysql,
        }
    }

    /// Which database it is, whoever asks for it and from wherever: no user, password or setting of the connection.
    pub fn identity(&self) -> String {
        match self {
            Self::Embedded(path) | Self::Sqlite(path) => format!("sqlite:{}", whole(path).display()).replace('\n', " "),
            Self::Postgres(url) | Self::Mysql(url) => url.identity(),
            Self::D1(database) => database.to_string(),
        }
    }

    /// The file of a SQLite database.
    pub fn path(&self) -> Option<&PathBuf> {
        match self {
            Self::Embedded(path) | Self::Sqlite(path) => Some(path),
            Self::Postgres(_) | Self::Mysql(_) | Self::D1(_) => None,
        }
    }
}

/// The path of a file, by whatever links it was named.
fn whole(path: &Path) -> PathBuf {
    let whole = path.canonicalize().or_else(|_| std::path::absolute(path));
    whole.unwrap_or_else(|_| path.to_path_buf())
}

fn sqlite(rest: &str) -> Result<PathBuf, UnsupportedDatabase> {
    match rest.strip_prefix("//").unwrap_or(rest) {
        ":memory:" => Err(UnsupportedDatabase::Memory),
        "" => Err(UnsupportedDatabase::NoFile),
        path if path.contains('?') => Err(UnsupportedDatabase::Parameters),
        path => Ok(PathBuf::from(path)),
    }
}

fn server(text: &str, scheme: &'static str) -> Result<ServerUrl, UnsupportedDatabase> {
    // The driver knows MariaDB by the name of MySQL only.
    let (_, rest) = text.split_once(':').ok_or(UnsupportedDatabase::NoUrl)?;
    let url = Url::parse(&format!("{scheme}:{rest}")).map_err(|_| UnsupportedDatabase::NoUrl)?;
    // Without a host, or with an unescaped slash in it, the password would be taken for a part of the path.
    if !rest.starts_with("//") || url.path().contains('@') {
        return Err(UnsupportedDatabase::NoUrl);
    }
    match url.path().trim_matches('/') {
        "" => Err(UnsupportedDatabase::NoDatabase(scheme)),
        _ => Ok(ServerUrl(url)),
    }
}

impl ServerUrl {
    /// The whole URL with its password, for the driver only.
    pub(crate) fn secret(&self) -> &str {
        self.0.as_str()
    }

    /// The server, its socket where the URL names one, and the database.
    fn identity(&self) -> String {
        let mut url = self.0.clone();
        // These fail only for a URL without a host, which has neither.
        let _ = (url.set_username(""), url.set_password(None));
        let places = self.0.query_pairs().filter(|(name, _)| ["host", "hostaddr", "port", "socket"].contains(&&**name));
        let places: Vec<_> = places.map(|(name, value)| format!("{name}={value}")).collect();
        url.set_query(Some(&places.join("&")).filter(|places| !places.is_empty()).map(String::as_str));
        url.set_fragment(None);
        url.into()
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.0.clone();
        // It fails only for a URL without a host, which has no password.
        let _ = shown.set_password(None);
        shown.set_query(None);
        shown.set_fragment(None);
        f.write_str(shown.as_str())
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerUrl({self})")
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Embedded(path) | Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) | Self::Mysql(url) => url.fmt(f),
            Self::D1(database) => database.fmt(f),
        }
    }
}
