//! A database that had its `services` table before pricebook, as the first document describes it: kept with its rows, or
//! refused before anything is written.

use std::process::Command;

use pricebook_types::Dialect;

use crate::main_job_servers::url;
use crate::sql_databases::{Database, on};

/// The table of the first document, to the letter.
pub(crate) const OF_DOCUMENT: &str = "CREATE TABLE services (
id TEXT PRIMARY KEY, -- From frontend: config.id
name TEXT NOT NULL, -- From frontend: config.name
description TEXT, -- From frontend: config.description
min_price INTEGER, -- From frontend: config.price.value
max_price INTEGER, -- From frontend: config.price.value (same for fixed pricing)
deposit_amount INTEGER, -- From frontend: config.deposit.amount
billing_type TEXT, -- From frontend: config.billingType
metadata TEXT, -- JSON: combines config.features + config.metadata
active INTEGER DEFAULT 1, -- From frontend: config.active (1=true, 0=false)
created_at TEXT DEFAULT CURRENT_TIMESTAMP
);";
/// A service of the catalog at a former price, and one that no catalog knows.
pub(crate) const ROWS: &str =
    "INSERT INTO services (id, name, min_price, max_price, metadata, active, created_at) VALUES
('market-essentials', 'Old name', 1395, 1395, '{\"a\": 1}', TRUE, '2024-02-03 04:05:06'),
('by-hand', 'By hand', 1, 1, NULL, TRUE, '2023-01-01 00:00:00');";

/// A table whose columns hold what is declared, without the deposit, in the words of each database.
fn without_deposit(dialect: Dialect) -> String {
    let (id, text, integer, json, boolean, moment, end) = match dialect {
        Dialect::Sqlite => ("varchar(64)", "TEXT", "INT", "JSON", "BOOLEAN", "DATETIME", ""),
        Dialect::Postgres => ("text", "text", "bigint", "jsonb", "boolean", "timestamptz", ""),
        Dialect::Mysql => (
            "varchar(300)",
            "longtext",
            "bigint",
            "json",
            "boolean",
            "datetime(6)",
            " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin",
        ),
    };
    let now = if dialect == Dialect::Mysql { "CURRENT_TIMESTAMP(6)" } else { "CURRENT_TIMESTAMP" };
    let truth = if dialect == Dialect::Postgres { "true" } else { "1" };
    format!(
        "CREATE TABLE services (id {id} PRIMARY KEY, name {text} NOT NULL, description {text}, min_price {integer},
         max_price {integer}, billing_type {text}, metadata {json}, active {boolean} DEFAULT {truth}, own_note {text},
         created_at {moment} DEFAULT {now}){end}"
    )
}

/// The same with columns that hold something else.
fn of_other_types(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => {
            "CREATE TABLE services (id TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT, min_price REAL, max_price
             INTEGER, deposit_amount INTEGER, billing_type TEXT, metadata TEXT, active INTEGER DEFAULT 1, created_at TEXT
             DEFAULT CURRENT_TIMESTAMP)"
        }
        Dialect::Postgres => {
            "CREATE TABLE services (id VARCHAR(255) PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL DEFAULT '-', min_price
             INTEGER, max_price INTEGER, deposit_amount INTEGER, billing_type TEXT, metadata TEXT, active BOOLEAN DEFAULT
             FALSE, created_at TIMESTAMPTZ DEFAULT now())"
        }
        Dialect::Mysql => {
            "CREATE TABLE services (id VARCHAR(255) PRIMARY KEY, name TEXT NOT NULL, description TEXT, min_price INTEGER,
             max_price INTEGER, deposit_amount INTEGER, billing_type TEXT, metadata JSON, active BOOLEAN DEFAULT 1,
             created_at DATETIME DEFAULT CURRENT_TIMESTAMP) DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci"
        }
    }
}

/// A database and a folder: the file of SQLite, logs and backups are there.
struct Shop<'a> {
    database: &'a mut Database,
    folder: tempfile::TempDir,
}

impl Shop<'_> {
    fn url(&self) -> String {
        match self.database.dialect {
            Dialect::Sqlite => format!("sqlite:{}", self.folder.path().join("shop.db").display()),
            _ => url(self.database),
        }
    }

    fn run(&self, code: i32, arguments: &[&str]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pricebook"));
        command.args(["--database", &self.url()]).args(arguments).current_dir(self.folder.path());
        let output = command.output().expect("the program runs");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{:?} {arguments:?}: {out}{err}", self.database.dialect);
        format!("{out}{err}")
    }

    async fn execute(&mut self, sql: &str) {
        if self.database.dialect == Dialect::Sqlite {
            self.shell(sql);
        } else {
            self.database.run(sql).await;
        }
    }

    /// One value.
    async fn value(&mut self, sql: &str) -> String {
        match self.database.dialect {
            Dialect::Sqlite => self.shell(sql).trim_end().to_owned(),
            _ => self.database.values(sql).await.join("\n"),
        }
    }

    fn shell(&self, sql: &str) -> String {
        let file = self.folder.path().join("shop.db");
        let output = Command::new("sqlite3").arg("-bail").arg(file).arg(sql).output().expect("sqlite3 runs");
        assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Migrates and syncs, after which the rows are the catalog's, and what was there is kept.
    async fn is_taken_over(&mut self) {
        self.run(0, &["migrate", "up"]);
        let told = self.run(0, &["services", "sync", "--yes", "--no-catalog-check"]);
        assert!(told.contains("1395 → 1495") && told.contains("services by-hand"), "{told}");
        let price = self.value("SELECT min_price FROM services WHERE id = 'market-essentials'").await;
        let kept = self
            .value("SELECT SUBSTR(CAST(created_at AS CHAR(19)), 1, 10) FROM services WHERE id = 'market-essentials'")
            .await;
        assert_eq!((price.as_str(), kept.as_str()), ("1495", "2024-02-03"));
        assert_eq!(self.value("SELECT COUNT(*) FROM services WHERE id = 'by-hand'").await, "1");
        let told = self.run(0, &["services", "plan"]);
        assert!(told.contains("every row that the catalog knows is as it says"), "{told}");
        assert!(self.run(0, &["migrate", "up"]).contains("nothing changed"));
    }
}

fn on_each(dialects: &[Dialect], test: impl AsyncFn(&mut Shop<'_>)) {
    for dialect in dialects {
        on(*dialect, async |database| {
            let folder = tempfile::tempdir().expect("a folder");
            test(&mut Shop { database, folder }).await;
        });
    }
}

#[test]
fn the_table_of_the_first_document_is_taken_over_with_its_rows() {
    on_each(&[Dialect::Sqlite], async |shop| {
        shop.execute(&format!("{OF_DOCUMENT}\n{ROWS}")).await;
        let told = shop.run(0, &["migrate", "up", "--dry-run"]);
        assert!(told.contains("would be taken over: the table services with its 2 rows\n"), "{told}");
        assert_eq!(shop.value("SELECT COUNT(*) FROM sqlite_master WHERE name = 'plans'").await, "0");
        shop.is_taken_over().await;
    });
}

#[test]
fn a_table_is_given_the_columns_that_it_lacks_and_keeps_its_own() {
    on_each(&Dialect::ALL, async |shop| {
        let dialect = shop.database.dialect;
        shop.execute(&without_deposit(dialect)).await;
        shop.execute(ROWS).await;
        shop.execute("UPDATE services SET own_note = 'ours'").await;
        let told = shop.run(0, &["migrate", "up", "--dry-run"]);
        let expected = "would be taken over: the table services with its 2 rows, and given deposit_amount\n";
        assert!(told.contains(expected), "{told}");
        shop.is_taken_over().await;
        assert_eq!(shop.value("SELECT own_note FROM services WHERE id = 'market-essentials'").await, "ours");
        assert_eq!(shop.value("SELECT deposit_amount FROM services WHERE id = 'market-essentials'").await, "299");
    });
}

#[test]
fn a_table_that_holds_something_else_is_refused_before_anything_is_written_and_the_help_ends_it() {
    on_each(&Dialect::ALL, async |shop| {
        let dialect = shop.database.dialect;
        shop.execute(of_other_types(dialect)).await;
        shop.execute(ROWS).await;
        for arguments in [&["migrate", "up", "--dry-run"][..], &["migrate", "up"], &["migrate", "up"]] {
            let told = shop.run(1, arguments);
            let expected =
                "the table services, which migration 0001_initial of stratiqx makes, is there and cannot be taken over";
            assert!(told.contains(expected) && told.contains("nothing was migrated"), "{told}");
            assert!(told.contains("\n  services.min_price is "), "{told}");
        }
        let tables = match dialect {
            Dialect::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table'",
            Dialect::Postgres => "SELECT COUNT(*)::text FROM pg_tables WHERE schemaname = 'public'",
            Dialect::Mysql => "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()",
        };
        assert_eq!(shop.value(tables).await, "1", "{dialect:?}: something was written");
        let told = shop.run(1, &["migrate", "up"]);
        for statement in
            told.lines().map(str::trim).filter(|line| line.ends_with(';') || line.starts_with("pricebook "))
        {
            match statement {
                "pricebook migrate up" => drop(shop.run(0, &["migrate", "up"])),
                sql => shop.execute(sql).await,
            }
        }
        shop.is_taken_over().await;
    });
}

#[test]
fn rows_that_are_not_as_declared_are_counted_by_column() {
    on_each(&[Dialect::Sqlite], async |shop| {
        shop.execute(&format!("{OF_DOCUMENT}\n{ROWS}")).await;
        shop.execute("UPDATE services SET active = 7, metadata = '{' WHERE id = 'by-hand'").await;
        let told = shop.run(1, &["migrate", "up"]);
        assert!(told.contains("services.active 1 row is not CHECK (\"active\" IN (0, 1))"), "{told}");
        assert!(told.contains("services.metadata 1 row is not CHECK"), "{told}");
        assert!(told.contains("help: put these rows right, and migrate again"), "{told}");
        shop.execute("UPDATE services SET active = 1, metadata = NULL WHERE id = 'by-hand'").await;
        shop.is_taken_over().await;
    });
}

#[test]
fn a_column_that_no_row_can_come_without_is_refused_and_so_is_a_view() {
    on_each(&Dialect::ALL, async |shop| {
        let dialect = shop.database.dialect;
        let own = without_deposit(dialect).replace("own_note", "own_code INTEGER NOT NULL, own_note");
        shop.execute(&own).await;
        let told = shop.run(1, &["migrate", "up"]);
        assert!(told.contains("services.own_code the catalog does not know it"), "{told}");
        shop.execute("DROP TABLE services").await;
        shop.execute("CREATE VIEW services AS SELECT 1 AS id").await;
        let told = shop.run(1, &["migrate", "up"]);
        assert!(told.contains("  services: is no table"), "{told}");
    });
}
