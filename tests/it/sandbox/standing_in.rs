//! Without a key a local Stripe stands in on a developer's machine: filled by `cargo run`, ended with it, and nowhere else.

use std::fs;
use std::io::Read;
use std::net::TcpStream;

use serde_json::json;

use super::served::Served;
use crate::place::Place;
use crate::serve::command;

const FILE: &str = ".pricebook/stratiqx.stripe.json";
const RUNS: &str = "SELECT mode || ' ' || status || ' ' || created_count FROM stripe_sync_runs ORDER BY id";

#[test]
fn a_run_fills_it_and_a_second_one_changes_nothing_there_either() {
    let place = Place::new();
    let dry = place.out(&["--dry-run"]);
    assert!(dry.contains("would be synced: 27 products created, 0 updated"), "{dry}");
    assert_eq!(fs::read_dir(place.folder.path()).expect("the folder").count(), 0);
    let first = place.out(&[]);
    let told = format!("local Stripe, {FILE}\n  synced: 27 products created, 0 updated, 0 as they were\n");
    assert!(first.ends_with(&told), "{first}");
    let account = fs::read(place.folder.path().join(FILE)).expect("the account");
    let second = place.out(&[]);
    assert!(second.ends_with("  nothing changed: every product is as the catalog says\n"), "{second}");
    let report = place.json(&[]);
    assert_eq!((&report["changed"], &report["stripe"]["synced"]), (&json!(false), &json!(27)));
    assert!(account == fs::read(place.folder.path().join(FILE)).expect("the account"));
    assert_eq!(place.column(RUNS), ["sync succeeded 27"]);
}

#[test]
fn an_account_that_is_lost_or_a_sync_that_was_interrupted_is_made_good_by_the_next_run() {
    let place = Place::new();
    place.out(&[]);
    let ids = || place.column("SELECT stripe_product_id FROM stripe_product_mappings ORDER BY lookup_key");
    let before = ids();
    fs::remove_file(place.folder.path().join(FILE)).expect("it was there");
    place.execute("UPDATE stripe_sync_runs SET status = 'running', finished_at = NULL");
    assert_eq!(place.json(&[])["stripe"]["created"], 27);
    assert!(ids().iter().zip(&before).all(|(new, old)| new != old), "no id comes again");
    assert_eq!(place.column(RUNS), ["sync failed 27", "sync succeeded 27"]);
}

#[test]
fn payments_are_made_there_and_commands_find_it_until_the_server_ends() {
    let place = Place::new();
    place.out(&[]);
    let served = Served::start(command(&place, &["serve"], &[]));
    let stripe = served
        .told
        .lines()
        .find_map(|line| line.trim().strip_suffix("/  (local Stripe, for no STRIPE_SECRET_KEY is set)"));
    let stripe = stripe.and_then(|url| url.strip_prefix("http://")).expect("its address").to_owned();
    let paid = served.pay();
    assert_eq!((paid.status, paid.json()["success"].as_bool()), (201, Some(true)), "{}", paid.text);
    let plan = || command(&place, &["stripe", "plan", "local"], &[]).output().expect("it ends");
    let told = |output: std::process::Output| {
        let told = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
        assert!(output.status.success(), "{told}");
        assert!(told.contains(&format!("test, the local Stripe of {FILE}")), "{told}");
    };
    told(plan());
    served.stop();
    assert!(TcpStream::connect(&stripe).is_err(), "it has ended");
    told(plan());
    let doctor = place.out(&["doctor"]);
    assert!(doctor.contains("good      stripe: STRIPE_SECRET_KEY is not set: a local Stripe stands in"), "{doctor}");
}

#[test]
fn where_others_are_served_none_stands_in_and_a_payment_is_refused_without_an_error() {
    let place = Place::new();
    let without = [("PRICEBOOK_STRIPE_LOCAL", "false")];
    let made = command(&place, &[], &without).output().expect("it ends");
    assert!(made.status.success());
    for variable in [
        ("PRICEBOOK_ENVIRONMENT", "staging"),
        ("PRICEBOOK_ENVIRONMENT", "production"),
        ("PRICEBOOK_LISTEN", "0.0.0.0:0"),
        ("PRICEBOOK_PUBLIC_URL", "https://shop.example"),
        ("PRICEBOOK_TRUST_FORWARDED_FOR", "true"),
        ("PRICEBOOK_STRIPE_API_BASE", "http://127.0.0.1:1"),
        without[0],
    ] {
        let mut served = Served::start(command(&place, &["serve"], &[variable]));
        assert!(!served.told.contains("local Stripe"), "{variable:?}: {}", served.told);
        let paid = served.pay();
        let code = paid.json()["error"]["code"].clone();
        assert_eq!((paid.status, code), (503, json!("payments_not_configured")), "{variable:?}");
        let mut log = String::new();
        served.end();
        served.child.stderr.take().expect("its log").read_to_string(&mut log).expect("UTF-8");
        assert!(log.contains("WARN") && log.contains("not set up") && !log.contains("ERROR"), "{variable:?}: {log}");
        assert!(!place.folder.path().join(FILE).exists(), "{variable:?}");
    }
    place.execute("UPDATE catalog_sync_runs SET environment = 'staging'");
    let served = Served::start(command(&place, &["serve"], &[]));
    assert_eq!(served.pay().status, 503, "the database is that of staging");
}
