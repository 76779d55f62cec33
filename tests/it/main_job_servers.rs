//! `cargo run` with a database on a server: the same job as on the embedded default.

use std::process::{Command, Output};

use pricebook_types::Dialect;
use serde_json::Value;

use crate::sql_databases::{Database, on, server};

/// The URL of a test's database.
pub(crate) fn url(database: &Database) -> String {
    let server = server(database.dialect);
    let (before, parameters) = server.split_once('?').map_or((server.as_str(), ""), |(url, rest)| (url, rest));
    let (host, _) = before.rsplit_once('/').expect("a URL with a database");
    format!("{host}/{}?{parameters}", database.name)
}

fn run(database: &Database, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pricebook"));
    command.args(arguments).env("DATABASE_URL", url(database)).output().expect("the program runs")
}

fn report(database: &Database, arguments: &[&str]) -> Value {
    let output = run(database, &[arguments, &["--json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn on_every_server(test: impl AsyncFn(&mut Database)) {
    for dialect in [Dialect::Postgres, Dialect::Mysql] {
        on(dialect, &test);
    }
}

#[test]
fn a_server_gets_its_tables_and_rows_and_a_second_run_changes_nothing() {
    on_every_server(async |database| {
        let first = report(database, &[]);
        assert_eq!((&first["changed"], &first["created"]), (&Value::Bool(true), &Value::Bool(false)));
        assert_eq!(first["migrations"][0]["stream"], "pricebook");
        let second = report(database, &[]);
        assert_eq!(second["changed"], false, "{:?}", second["differences"]);
        assert_eq!(database.values("SELECT min_price FROM services WHERE id = 'market-essentials'").await, ["1495"]);
    });
}

#[test]
fn a_dry_run_on_a_server_keeps_nothing() {
    on_every_server(async |database| {
        let empty = report(database, &["--dry-run"]);
        assert!(empty["migrations"].as_array().is_some_and(|due| due.len() > 1), "{empty}");
        let status = run(database, &["migrate", "status", "--json"]);
        assert_eq!(status.status.code(), Some(2), "migrations are due");
        let status: Value = serde_json::from_slice(&status.stdout).expect("JSON");
        assert_eq!(status["applied"], Value::Array(Vec::new()));

        report(database, &[]);
        database.run("UPDATE services SET min_price = 1 WHERE id = 'market-essentials'").await;
        let dry = report(database, &["--dry-run"]);
        assert_eq!((&dry["changed"], &dry["rows"]["updated"]), (&Value::Bool(true), &Value::from(1)));
        assert_eq!(database.values("SELECT min_price FROM services WHERE id = 'market-essentials'").await, ["1"]);
    });
}

#[test]
fn what_somebody_edited_by_hand_is_shown_and_put_right() {
    on_every_server(async |database| {
        report(database, &[]);
        database.run("UPDATE services SET name = 'It''s \"cheap\"' WHERE id = 'strategic-analysis'").await;
        let prices = report(database, &["prices"]);
        let lines = prices.as_array().expect("a list");
        let line = lines.iter().find(|line| line["id"] == "strategic-analysis").expect("the service");
        assert_eq!(line["status"], "differs");

        let synced = report(database, &[]);
        let difference = &synced["differences"][0];
        assert_eq!(difference["old"], "It's \"cheap\"");
        assert_eq!(difference["new"], "Strategic Analysis & Advisory");
        assert_eq!(synced["differences"].as_array().map(Vec::len), Some(1));
        assert_eq!(report(database, &[])["changed"], false);
    });
}
