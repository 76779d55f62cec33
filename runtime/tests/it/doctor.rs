//! `doctor`: says how each thing is and what to do, and changes nothing.

use std::time::{Duration, Instant};

use pricebook::Artifacts;
use pricebook_types::Dialect;
use serde_json::Value;

use crate::databases::Database;
use crate::http_shop::artifacts;
use crate::server::on_every_server;
use crate::shop::{Place, Ran, SHOP, run};

fn findings(ran: &Ran) -> Vec<(String, String)> {
    let findings: Value = serde_json::from_str(&ran.out).unwrap_or_else(|cause| panic!("{cause}: {}", ran.err));
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let list = findings.as_array().expect("a list");
    list.iter().map(|finding| (text(&finding["what"]), text(&finding["health"]))).collect()
}

fn health(ran: &Ran, what: &str) -> String {
    findings(ran).into_iter().find(|(known, _)| known == what).unwrap_or_else(|| panic!("{what}: {}", ran.out)).1
}

#[test]
fn without_a_database_it_says_what_makes_one() {
    let place = Place::new();
    let ran = place.run(artifacts(), &["doctor"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("bad       database: there is no file sqlite:"), "{}", ran.out);
    assert!(ran.out.contains("help: run `pricebook` once, or name"), "{}", ran.out);
    assert!(ran.err.contains("a server cannot work here: 1 thing must be put right"), "{}", ran.err);
    assert!(!place.file().exists(), "looking made the database");
}

#[test]
fn missing_tables_and_other_rows_are_told() {
    let place = Place::new();
    place.execute("CREATE TABLE mine (id INTEGER)");
    let ran = place.run(artifacts(), &["doctor", "--json"]);
    assert_eq!((ran.code, health(&ran, "tables").as_str()), (1, "bad"));
    place.run(artifacts(), &["migrate"]);
    place.execute("CREATE TABLE teas (id TEXT, name TEXT, minor INTEGER, active INTEGER)");
    let ran = place.run(artifacts(), &["doctor", "--json"]);
    assert_eq!((ran.code, health(&ran, "rows").as_str()), (0, "doubtful"), "{}", ran.err);
    place.execute("INSERT INTO teas VALUES ('green', 'Green tea', 450, 1), ('white', 'White tea', 900, 0)");
    let ran = place.run(artifacts(), &["doctor", "--json"]);
    for what in ["settings", "database", "rows", "clock", "disk"] {
        assert_eq!(health(&ran, what), "good", "{}", ran.out);
    }
    assert_eq!(health(&ran, "stripe"), "doubtful", "there is no key in the tests");
}

#[test]
fn a_file_that_is_no_database_is_told() {
    let place = Place::new();
    std::fs::write(place.file(), "not a database, but long enough to look at as one".repeat(40))
        .expect("it is written");
    let ran = place.run(artifacts(), &["doctor"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("bad       database: ") && ran.out.contains("the file is something else"), "{}", ran.out);
}

#[test]
fn the_clock_of_a_server_is_compared_with_ours() {
    on_every_server(|server| {
        server.run(artifacts(), &["migrate"]);
        assert_eq!(health(&server.run(artifacts(), &["doctor", "--json"]), "clock"), "good", "{:?}", server.dialect);
    });
}

#[test]
fn a_server_that_does_not_answer_is_told_without_the_password() {
    for dialect in [Dialect::Postgres, Dialect::Mysql] {
        let url = format!("{}://me:hunter2@127.0.0.1:1/shop", dialect.name());
        let ran = run(artifacts(), &["--database", &url, "doctor"]);
        assert_eq!(ran.code, 1);
        assert!(ran.out.contains("bad       database: ") && !ran.out.contains("hunter2"), "{}", ran.out);
        assert!(ran.out.contains("refused"), "{}", ran.out);
    }
}

#[test]
fn nobody_who_listens_is_told_at_once() {
    for dialect in [Dialect::Postgres, Dialect::Mysql] {
        let url = format!("{}://me@127.0.0.1:1/shop", dialect.name());
        let begun = Instant::now();
        assert_eq!(run(artifacts(), &["--database", &url, "services", "plan"]).code, 1);
        assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    }
}

#[test]
fn a_server_that_takes_no_writes_is_told_and_its_rows_can_be_saved() {
    let database = Database::with_tables(Dialect::Postgres);
    database.services(0, &["sync", "local"]);
    let good = database.run(doctored(), &["doctor", "--json"]);
    assert_eq!(health(&good, "database"), "good", "{}", good.out);
    database.execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$",
    );
    let ran = database.run(doctored(), &["doctor", "--json"]);
    assert_eq!((ran.code, health(&ran, "database").as_str()), (1, "bad"), "{}", ran.out);
    assert!(ran.out.contains("so that a server could show prices and take no payment: "), "{}", ran.out);
    let saved = database.services(0, &["backup", "local"]);
    assert!(saved.err.contains("warning: this user may only read the database"), "{}", saved.err);
    database.only_file("backup-2", ".sql");
    let sealed = database.run(&SHOP, &["audit", "seal"]);
    assert!(sealed.code == 1 && sealed.err.contains("cannot seal postgres"), "{}", sealed.err);
}

/// The shop, of which a server could read the validation tables.
fn doctored() -> &'static Artifacts {
    Box::leak(Box::new(Artifacts { validation_json: artifacts().validation_json, ..SHOP }))
}
