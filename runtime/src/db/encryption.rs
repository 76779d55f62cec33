//! Encryption of connections to servers: what the database URL demands, and whether this connection is encrypted.

use std::net::IpAddr;
use std::str::FromStr;

use pricebook_types::Dialect;
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use url::Url;

use super::Session;
use crate::config::{DatabaseUrl, ServerUrl};

/// What a URL may say of how connections are encrypted.
const MODES: [&str; 2] = ["sslmode", "ssl-mode"];
/// Files that the driver for PostgreSQL takes: the server's root, and what this side shows of itself.
const FILES_OF_POSTGRES: [&str; 7] =
    ["sslrootcert", "ssl-root-cert", "ssl-ca", "sslcert", "ssl-cert", "sslkey", "ssl-key"];
/// The same for MySQL.
const FILES_OF_MYSQL: [&str; 6] = ["sslca", "ssl-ca", "sslcert", "ssl-cert", "sslkey", "ssl-key"];

/// How far connections must be encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// They are not.
    Never,
    /// Where the server offers it.
    IfOffered,
    /// Always, but with whoever answers.
    Encrypted,
    /// Always, with a server whose certificate was checked.
    Checked,
}

/// What a database URL says of the way to its server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// How far connections must be encrypted.
    pub demand: Demand,
    /// Whether the server is on this machine.
    pub is_local: bool,
}

impl Way {
    /// `None` where there is no server, or the URL cannot be used.
    pub fn of(url: &DatabaseUrl) -> Option<Self> {
        match url {
            DatabaseUrl::Postgres(url) => {
                let options = postgres(url).ok()?;
                let demand = match options.get_ssl_mode() {
                    // The driver never encrypts with `allow`.
                    PgSslMode::Disable | PgSslMode::Allow => Demand::Never,
                    PgSslMode::Prefer => Demand::IfOffered,
                    PgSslMode::Require => Demand::Encrypted,
                    PgSslMode::VerifyCa | PgSslMode::VerifyFull => Demand::Checked,
                };
                let is_local = options.get_socket().is_some() || is_local(options.get_host());
                Some(Self { demand, is_local })
            }
            DatabaseUrl::Mysql(url) => {
                let options = mysql(url).ok()?;
                let demand = match options.get_ssl_mode() {
                    MySqlSslMode::Disabled => Demand::Never,
                    MySqlSslMode::Preferred => Demand::IfOffered,
                    MySqlSslMode::Required => Demand::Encrypted,
                    MySqlSslMode::VerifyCa | MySqlSslMode::VerifyIdentity => Demand::Checked,
                };
                let is_local = options.get_socket().is_some() || is_local(options.get_host());
                Some(Self { demand, is_local })
            }
            DatabaseUrl::Embedded(_) | DatabaseUrl::Sqlite(_) | DatabaseUrl::D1(_) => None,
        }
    }
}

/// The protocol that encrypts this connection (`TLSv1.3`); `None` where nothing does.
///
/// # Errors
/// What the database said.
pub async fn protocol(session: &mut Session) -> Result<Option<String>, sqlx::Error> {
    let query = match session.dialect() {
        Dialect::Sqlite => return Ok(None),
        Dialect::Postgres => "SELECT 'version', version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl",
        Dialect::Mysql => "SHOW STATUS LIKE 'Ssl_version'",
    };
    let row = session.texts(query).await?.into_iter().next();
    Ok(row.and_then(|row| row.into_iter().nth(1).flatten()).filter(|version| !version.is_empty()))
}

/// How to connect to PostgreSQL.
pub(super) fn postgres(url: &ServerUrl) -> Result<PgConnectOptions, sqlx::Error> {
    check(url, &FILES_OF_POSTGRES)?;
    PgConnectOptions::from_str(url.secret())
}

/// How to connect to MySQL or MariaDB. What does not leave the machine is encrypted only where the URL says so.
pub(super) fn mysql(url: &ServerUrl) -> Result<MySqlConnectOptions, sqlx::Error> {
    let says_mode = check(url, &FILES_OF_MYSQL)?;
    let options = MySqlConnectOptions::from_str(url.secret())?;
    Ok(match options.get_socket() {
        Some(_) if !says_mode => options.ssl_mode(MySqlSslMode::Disabled),
        _ => options,
    })
}

/// Whether the URL says how to encrypt. The driver would pass over a misspelt parameter, and not encrypt; and of a file that
/// is not there it would not say which.
fn check(url: &ServerUrl, files: &[&str]) -> Result<bool, sqlx::Error> {
    let refused = |problem: String| sqlx::Error::Configuration(problem.into());
    let url = Url::parse(url.secret()).map_err(|cause| refused(cause.to_string()))?;
    let mut says_mode = false;
    for (name, value) in url.query_pairs() {
        if !["ssl", "tls"].iter().any(|word| name.to_ascii_lowercase().contains(word)) {
            continue;
        }
        if MODES.contains(&&*name) {
            says_mode = true;
        } else if !files.contains(&&*name) {
            return Err(refused(format!("the database URL takes no parameter {name}")));
        } else if !value.starts_with("-----BEGIN") {
            let opened = std::fs::File::open(&*value);
            opened.map_err(|cause| refused(format!("{name} names {value}, which cannot be read: {cause}")))?;
        }
    }
    Ok(says_mode)
}

fn is_local(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    host.is_empty()
        || host.starts_with('/')
        || host == "localhost"
        || address.is_ok_and(|address| address.is_loopback())
}
