//! A database of any of the three kinds, empty or with the shop's tables, and a folder for logs and backups.

use std::fs;
use std::path::{Path, PathBuf};

use pricebook::Artifacts;
use pricebook_types::Dialect;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Row};
use tempfile::TempDir;

use crate::server::Server;
use crate::shop::{Place, Ran, SHOP, run};

/// A database and a folder.
pub(crate) struct Database {
    pub(crate) dialect: Dialect,
    kind: Kind,
    files: TempDir,
}

enum Kind {
    Sqlite(Place),
    Server(Server),
}

/// Runs `test` on a new database of each kind, with the shop's tables and no rows.
pub(crate) fn on_every_database(test: impl Fn(&Database)) {
    for dialect in Dialect::ALL {
        test(&Database::with_tables(dialect));
    }
}

impl Database {
    pub(crate) fn new(dialect: Dialect) -> Self {
        let kind = match dialect {
            Dialect::Sqlite => Kind::Sqlite(Place::new()),
            _ => Kind::Server(Server::new(dialect)),
        };
        Self { dialect, kind, files: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn with_tables(dialect: Dialect) -> Self {
        let database = Self::new(dialect);
        let ran = database.run(&SHOP, &["migrate"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        database
    }

    pub(crate) fn url(&self) -> String {
        match &self.kind {
            Kind::Sqlite(place) => place.url(),
            Kind::Server(server) => server.url(),
        }
    }

    /// The SQLite file.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        if let Kind::Sqlite(place) = &self.kind { Some(place.file()) } else { None }
    }

    /// Where logs and backups go.
    pub(crate) fn folder(&self) -> &Path {
        self.files.path()
    }

    /// The names of the files there.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).expect("the folder");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// The only file there with this beginning and end.
    pub(crate) fn only_file(&self, start: &str, end: &str) -> PathBuf {
        let found: Vec<_> =
            self.files().into_iter().filter(|name| name.starts_with(start) && name.ends_with(end)).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        self.folder().join(&found[0])
    }

    pub(crate) fn run(&self, artifacts: &'static Artifacts, arguments: &[&str]) -> Ran {
        run(artifacts, &[&["--database", &self.url()], arguments].concat())
    }

    /// `services …` with the folder, which must end with this code.
    pub(crate) fn services(&self, code: u8, arguments: &[&str]) -> Ran {
        self.services_of(&SHOP, code, arguments)
    }

    pub(crate) fn services_of(&self, artifacts: &'static Artifacts, code: u8, arguments: &[&str]) -> Ran {
        let folder = self.folder().to_str().expect("UTF-8").to_owned();
        let writes = arguments.first().is_some_and(|command| ["sync", "backup", "restore"].contains(command));
        let files: &[&str] = if writes { &["--folder", &folder] } else { &[] };
        let ran = self.run(artifacts, &[&["services"], arguments, files].concat());
        assert_eq!(ran.code, code, "{:?} {arguments:?}\n{}{}", self.dialect, ran.out, ran.err);
        ran
    }

    /// The same, as JSON.
    pub(crate) fn report(&self, code: u8, arguments: &[&str]) -> Value {
        let ran = self.services(code, &[arguments, &["--json"]].concat());
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}{}", ran.out, ran.err))
    }

    pub(crate) fn execute(&self, sql: &str) {
        match &self.kind {
            Kind::Sqlite(place) => {
                let sql = AssertSqlSafe(sql.to_owned());
                place.with(async move |connection| {
                    sqlx::raw_sql(sql).execute(connection).await.expect("a sound statement");
                });
            }
            Kind::Server(server) => server.execute(sql),
        }
    }

    /// The first column of every row, as text.
    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        match &self.kind {
            Kind::Sqlite(place) => {
                let sql = AssertSqlSafe(sql.to_owned());
                place.with(async move |connection| {
                    let rows = sqlx::raw_sql(sql).fetch_all(connection).await.expect("an answer");
                    rows.iter().map(|row| row.try_get_unchecked(0).expect("a text")).collect()
                })
            }
            Kind::Server(server) => server.query(sql),
        }
    }

    /// `green Green tea 450 1`.
    pub(crate) fn teas(&self) -> Vec<String> {
        self.query(
            "SELECT CONCAT(id, ' ', name, ' ', minor, ' ', CASE WHEN active THEN 1 ELSE 0 END) FROM teas ORDER BY id",
        )
    }
}

/// What the catalog says.
pub(crate) const SOUND: [&str; 2] = ["green Green tea 450 1", "white White tea 900 0"];
