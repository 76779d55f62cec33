//! How long a sync of 10,000 products takes on SQLite, against SQLite's own shell running the same file.
//!
//! `cargo bench -p pricebook-benches --bench sync` prints the fastest of several runs. A full sync makes the plan, saves the old rows, runs the
//! file, verifies every row and leaves its record; a sync with nothing to do makes the plan.

mod large;

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use pricebook::audit::Actor;
use pricebook::config::DatabaseUrl;
use pricebook::db::{Database, Session};
use pricebook::services::backup::Place;
use pricebook::services::record::Run;
use pricebook::services::{self, Request};
use pricebook_emit::sql;
use pricebook_emit::synced::synced_tables;
use pricebook_model::Catalog;
use pricebook_model::migrate::{base_schema, own_schema};
use pricebook_types::{Artifacts, Dialect, PerDialect, Stream, SyncedRows, SyncedTable};

const PRODUCTS: usize = 10_000;
const RUNS: usize = 5;

fn main() {
    let catalog = large::compile(&large::catalog(PRODUCTS));
    let folder = tempfile::tempdir().expect("a folder");
    let artifacts = artifacts(&catalog);
    let empty = folder.path().join("empty.db");
    on(&empty, async |session| {
        for schema in [base_schema(&catalog), own_schema(&catalog)] {
            session.run(&sql::create_all(Dialect::Sqlite, &schema)).await.expect("the tables");
        }
    });
    let file = folder.path().join("sync.sql");
    std::fs::write(&file, artifacts.sync_sql.sqlite).expect("a file");

    let (mut shell, mut full, mut nothing) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..RUNS {
        let database = folder.path().join("shop.db");
        fresh(&empty, &database);
        shell = shell.min(time(|| run_in_shell(&database, &file)));
        fresh(&empty, &database);
        full = full.min(time(|| sync(&database, artifacts, folder.path())));
        nothing = nothing.min(time(|| sync(&database, artifacts, folder.path())));
    }
    let ratio = |of: Duration, to: Duration| of.as_secs_f64() / to.as_secs_f64();
    println!("{PRODUCTS} products, {} KB of SQL", artifacts.sync_sql.sqlite.len() / 1000);
    println!("sqlite3 runs the file   {shell:>9.1?}");
    println!("a full sync             {full:>9.1?}  {:.2} times the shell", ratio(full, shell));
    println!("a sync of nothing       {nothing:>9.1?}  {:.2} of a full one", ratio(nothing, full));
}

/// What a sync needs of a catalog's artifacts.
fn artifacts(catalog: &Catalog) -> &'static Artifacts {
    let texts = sql::emit(catalog);
    let text = |name: &str| -> PerDialect<&'static str> {
        let path = format!("sql/sqlite/{name}");
        let found = texts.iter().find(|artifact| artifact.path == path).expect("it is generated");
        PerDialect { sqlite: found.text.clone().leak(), postgres: "", mysql: "" }
    };
    let tables = synced_tables(catalog).map(|table| SyncedTable {
        name: table.name.clone().leak(),
        rows: SyncedRows::Others,
        active: None,
        touched: &[],
    });
    Box::leak(Box::new(Artifacts {
        name: "large",
        title: "Large",
        catalog_hash: catalog.hash.clone().leak(),
        environments: &[],
        kinds: &[],
        products: &[],
        features: &[],
        coupons: &[],
        sold_no_more: &[],
        groups: &[],
        migrations: Stream { name: "large", migrations: &[] },
        synced_tables: tables.collect::<Vec<_>>().leak(),
        sync_sql: text("sync.sql"),
        verify_sql: text("verify.sql"),
        stripe_json: "{}",
        validation_json: "{}",
    }))
}

fn on<T>(file: &Path, work: impl AsyncFnOnce(&mut Session) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let database = Database::open(&DatabaseUrl::Sqlite(file.to_path_buf())).await.expect("the database");
        let mut session = database.session().await.expect("a connection");
        let done = work(&mut session).await;
        drop(session);
        database.close().await;
        done
    })
}

fn sync(file: &Path, artifacts: &Artifacts, folder: &Path) {
    let actor = Actor::of_command();
    let run = Run { environment: "local", actor: &actor };
    on(file, async |session| {
        let plan = services::plan(session, artifacts).await.expect("a plan");
        let last = services::record::last_run(session).await.expect("an answer");
        let backup = Some(Place { folder, environment: "local", database: "bench", time: chrono::Utc::now() });
        let request =
            Request { run, planned: Some(&plan), backup, last: last.as_ref(), new_rows: &[], must_be_recorded: false };
        services::sync(session, artifacts, request, &mut |_| {}).await.expect("a sync");
    });
}

fn run_in_shell(database: &Path, file: &Path) {
    let shell = Command::new("sqlite3").arg(database).stdin(File::open(file).expect("the file")).output();
    let output = shell.expect("sqlite3 is on the PATH");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn fresh(empty: &Path, database: &Path) {
    std::fs::copy(empty, database).expect("a copy");
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
