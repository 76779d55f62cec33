//! Old rows are taken out by one of the servers, once a day, and no row that is still needed.

use chrono::{DateTime, TimeDelta, Utc};
use pricebook::config::{DatabaseUrl, KeepSettings, Settings};
use pricebook::db::Database as Pool;
use pricebook::services::{Pruned, prune};

use crate::databases::{Database, on_every_database};
use crate::shop::{SHOP, block_on};

/// How long rows are kept where somebody says so in these settings.
fn keep(more: &[(&str, &str)]) -> KeepSettings {
    let variables = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::read(variables, &[]).expect("settings").keep
}

fn now() -> DateTime<Utc> {
    "2027-06-01T12:00:00Z".parse().expect("a time")
}

/// What a server does at that time.
fn round(database: &Database, keep: KeepSettings, at: DateTime<Utc>) -> Vec<(&'static str, u64)> {
    let url = DatabaseUrl::parse(&database.url()).expect("a URL");
    let pruned = block_on(async {
        let pool = Pool::open(&url).await.expect("it opens");
        let pruned = prune(&pool, &keep, at).await.expect("a round");
        pool.close().await;
        pruned
    });
    pruned.into_iter().map(|Pruned { table, rows }| (table, rows)).collect()
}

/// A row of each sort and age: its id says which.
fn fill(database: &Database) {
    for (age, time) in [("old", "2026-01-01 00:00:00"), ("new", "2027-05-25 00:00:00")] {
        // Ids of the audit log begin with the time.
        let sorted = if age == "old" { "1 old" } else { "2 new" };
        database.execute(&format!(
            "INSERT INTO payment_attempts (id, idempotency_key, request_hash, kind, product_id, amount, currency, status, created_at)
             VALUES ('{age}', 'key {age}', 'x', 'tea', 'green', 450, 'usd', 'created', '{time}')"
        ));
        for (status, finished) in
            [("succeeded", format!("'{time}'")), ("dead", format!("'{time}'")), ("queued", "NULL".to_owned())]
        {
            database.execute(&format!(
                "INSERT INTO jobs (id, kind, payload, status, run_at, created_at, finished_at)
                 VALUES ('{age} {status}', 'letter', '{{}}', '{status}', '{time}', '{time}', {finished})"
            ));
        }
        for (state, open_key, closed) in
            [("over", "NULL".to_owned(), format!("'{time}'")), ("open", format!("'{age}'"), "NULL".to_owned())]
        {
            database.execute(&format!(
                "INSERT INTO incidents (id, subject, open_key, summary, opened_at, closed_at)
                 VALUES ('{age} {state}', 'live-check/production', {open_key}, 'x', '{time}', {closed})"
            ));
        }
        database.execute(&format!(
            "INSERT INTO audit_log (id, occurred_at, actor_kind, action, object_type) VALUES ('{sorted}', '{time}', 'command', 'x', 'y')"
        ));
    }
}

fn left(database: &Database, table: &str) -> Vec<String> {
    database.query(&format!("SELECT id FROM {table} ORDER BY id"))
}

#[test]
fn what_is_over_goes_when_it_is_old_and_the_audit_log_stays() {
    on_every_database(|database| {
        fill(database);
        let pruned = round(database, keep(&[]), now());
        assert_eq!(pruned, [("payment_attempts", 1), ("jobs", 2), ("incidents", 1)], "{:?}", database.dialect);
        assert_eq!(left(database, "payment_attempts"), ["new"]);
        assert_eq!(left(database, "jobs"), ["new dead", "new queued", "new succeeded", "old queued"]);
        assert_eq!(left(database, "incidents"), ["new open", "new over", "old open"]);
        assert_eq!(left(database, "audit_log"), ["1 old", "2 new"]);
    });
}

#[test]
fn one_server_does_it_once_a_day_and_the_settings_say_how_far() {
    on_every_database(|database| {
        assert_eq!(round(database, keep(&[]), now()).len(), 3);
        fill(database);
        assert_eq!(round(database, keep(&[]), now() + TimeDelta::hours(23)), [], "another had the turn");
        let other = keep(&[
            ("PRICEBOOK_PAYMENT_ATTEMPTS_KEEP_DAYS", "0"),
            ("PRICEBOOK_JOBS_KEEP_DAYS", "1"),
            ("PRICEBOOK_INCIDENTS_KEEP_DAYS", "0"),
            ("PRICEBOOK_AUDIT_KEEP_DAYS", "90"),
        ]);
        assert_eq!(round(database, other, now() + TimeDelta::hours(24)), [("jobs", 4), ("audit_log", 0)]);
        assert_eq!(left(database, "audit_log"), ["1 old", "2 new"], "what is not sealed yet stays");
        assert_eq!(database.run(&SHOP, &["audit", "seal"]).code, 0);
        assert_eq!(round(database, other, now() + TimeDelta::hours(48)), [("jobs", 0), ("audit_log", 1)]);
        assert_eq!(left(database, "audit_log"), ["2 new"]);
        assert_eq!(database.run(&SHOP, &["audit", "verify"]).code, 0, "a chain may begin later");
        assert_eq!(
            round(database, other, now() + TimeDelta::days(200)),
            [("jobs", 0), ("audit_log", 0)],
            "the last is its end"
        );
        assert_eq!(left(database, "payment_attempts"), ["new", "old"]);
    });
}

#[test]
fn a_turn_that_came_to_nothing_comes_again_soon() {
    on_every_database(|database| {
        fill(database);
        database.execute("ALTER TABLE incidents RENAME TO incidents_of_before");
        let url = DatabaseUrl::parse(&database.url()).expect("a URL");
        block_on(async {
            let pool = Pool::open(&url).await.expect("it opens");
            prune(&pool, &keep(&[]), now()).await.expect_err("a table that is not there");
            pool.close().await;
        });
        database.execute("ALTER TABLE incidents_of_before RENAME TO incidents");
        assert_eq!(round(database, keep(&[]), now() + TimeDelta::minutes(9)), []);
        let later = round(database, keep(&[]), now() + TimeDelta::minutes(10));
        assert!(later.contains(&("incidents", 1)), "{later:?}");
        assert_eq!(round(database, keep(&[]), now() + TimeDelta::minutes(20)), [], "done for the day");
    });
}

#[test]
fn many_rows_go_in_several_statements() {
    on_every_database(|database| {
        let row = |number: u32| {
            format!("('{number}', 'letter', '{{}}', 'succeeded', '2026-01-01 00:00:00', '2026-01-01 00:00:00')")
        };
        let rows: Vec<_> = (0..1_203).map(row).collect();
        database.execute(&format!(
            "INSERT INTO jobs (id, kind, payload, status, run_at, finished_at) VALUES {}",
            rows.join(", ")
        ));
        assert!(round(database, keep(&[]), now()).contains(&("jobs", 1_203)));
        assert_eq!(left(database, "jobs"), [""; 0]);
    });
}

#[test]
fn a_payment_is_kept_longer_than_anybody_asks_for_it_again() {
    for (name, value, least) in
        [("PAYMENT_ATTEMPTS", "6", 7), ("AUDIT", "89", 90), ("JOBS", "-1", 1), ("INCIDENTS", "x", 1)]
    {
        let variable = (format!("PRICEBOOK_{name}_KEEP_DAYS"), value.to_owned());
        let errors = Settings::read([variable], &[]).expect_err("too short").to_string();
        assert!(errors.contains(&format!("from {least} to 36500, or 0")), "{errors}");
    }
}
