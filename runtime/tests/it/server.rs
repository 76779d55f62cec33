//! A database of its own on a real server, dropped when the test is done with it.

use std::sync::atomic::{AtomicU32, Ordering};

use pricebook_types::Dialect;
use sqlx::{AssertSqlSafe, Connection, MySqlConnection, PgConnection, Row};

use crate::shop::{Ran, block_on, run};

/// A new database.
pub(crate) struct Server {
    pub(crate) dialect: Dialect,
    name: String,
}

/// Runs `test` on a new database of each server.
pub(crate) fn on_every_server(test: impl Fn(&Server)) {
    for dialect in [Dialect::Postgres, Dialect::Mysql] {
        test(&Server::new(dialect));
    }
}

/// The URL of a database on the server that `./test --with-servers` starts.
pub(crate) fn url(dialect: Dialect, database: &str) -> String {
    let variable = match dialect {
        Dialect::Sqlite => unreachable!("SQLite has no server"),
        Dialect::Postgres => "PRICEBOOK_TEST_POSTGRES_URL",
        Dialect::Mysql => "PRICEBOOK_TEST_MYSQL_URL",
    };
    let url = std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} names no server: run this with `./test --with-servers`"));
    let mut url: url::Url = url.parse().expect("a URL");
    url.set_path(database);
    url.into()
}

impl Server {
    pub(crate) fn new(dialect: Dialect) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("pricebook_runtime_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let server = Self { dialect, name };
        server.on("", &format!("CREATE DATABASE {}", server.name));
        server
    }

    pub(crate) fn url(&self) -> String {
        url(self.dialect, &self.name)
    }

    /// Runs a command on the database.
    pub(crate) fn run(&self, artifacts: &'static pricebook::Artifacts, arguments: &[&str]) -> Ran {
        run(artifacts, &[&["--database", &self.url()], arguments].concat())
    }

    pub(crate) fn execute(&self, sql: &str) {
        self.on(&self.name, sql);
    }

    /// The first column of every row, as text.
    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        self.on(&self.name, sql)
    }

    /// Runs a statement; an empty name is the server's own database.
    fn on(&self, database: &str, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        macro_rules! texts {
            ($connection:ty, $database:expr) => {{
                let mut connection = <$connection>::connect(&url(self.dialect, $database)).await.expect("the server");
                let rows = sqlx::raw_sql(sql).fetch_all(&mut connection).await.expect("a sound statement");
                connection.close().await.expect("it closes");
                rows.iter().map(|row| row.try_get_unchecked(0).expect("a text")).collect()
            }};
        }
        block_on(async {
            match self.dialect {
                Dialect::Postgres => texts!(PgConnection, if database.is_empty() { "postgres" } else { database }),
                _ => texts!(MySqlConnection, if database.is_empty() { "mysql" } else { database }),
            }
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let force = if self.dialect == Dialect::Postgres { " WITH (FORCE)" } else { "" };
        self.on("", &format!("DROP DATABASE {}{force}", self.name));
    }
}
