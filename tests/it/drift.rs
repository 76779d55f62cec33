//! `pricebook drift`, as a process: one report of every place that has the catalog, and the exit codes.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use serde_json::Value;

use crate::place::json;
use crate::serve::{Server, command};
use crate::stripe_commands::{KEY, Shop};

fn part<'r>(report: &'r Value, place: &str) -> &'r Value {
    let parts = report["parts"].as_array().expect("parts");
    parts.iter().find(|part| part["place"] == place).unwrap_or_else(|| panic!("{report}"))
}

fn states(report: &Value) -> Vec<String> {
    let parts = report["parts"].as_array().expect("parts").iter();
    parts.map(|part| format!("{} {}", part["place"], part["state"]).replace('"', "")).collect()
}

fn hash() -> String {
    let state: Value = json(&fs::read_to_string("generated/stripe/catalog.json").expect("the desired state"));
    state["_meta"]["catalog_hash"].as_str().expect("a hash").to_owned()
}

/// A storefront that was built with a catalog.
fn page(hash: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("its address"));
    let body = format!("<!doctype html><head><meta name=\"catalog-hash\" content=\"{hash}\"></head>");
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 4096]);
            let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
            let _ = stream.write_all(format!("{head}{body}").as_bytes());
        }
    });
    address
}

#[test]
fn every_place_is_told_and_what_cannot_be_reached_is_never_equal() {
    let shop = Shop::new();
    // Nothing is synced yet; there is no live API.
    let (report, _) = shop.run(2, &["drift", "local", "--json"], Some(KEY));
    let report = json(&report);
    let expected = ["catalog equal", "database different", "stripe different", "live_api unknown", "frontend unknown"];
    assert_eq!(states(&report), expected);
    assert_eq!((&report["equal"], &report["catalog_hash"]), (&false.into(), &hash().into()));
    assert!(part(&report, "live_api")["help"].as_str().is_some_and(|help| help.contains("--api")), "{report}");
    shop.place.out(&["services", "sync", "local"]);
    shop.stripe(0, &["sync", "local"]);
    let here = page(&hash());
    let rest = ["drift", "local", "--page", &here, "--without", "live_api"];
    let (told, _) = shop.run(0, &rest, Some(KEY));
    assert!(told.contains("equal      stripe") && told.contains("left out   live_api"), "{told}");
    assert!(told.ends_with("every place has this program's catalog\n"), "{told}");
    // Without its key nobody can tell what is in Stripe.
    let (told, _) = shop.run(1, &rest, None);
    assert!(told.contains("unknown    stripe") && told.contains("Missing Stripe credentials"), "{told}");
    assert!(told.contains("no difference was found, but not every place could be looked at"), "{told}");
    // Neither is an address equal at which nobody is.
    let nobody = ["drift", "local", "--page", &here, "--api", "http://127.0.0.1:1"];
    let (told, _) = shop.run(1, &nobody, Some(KEY));
    assert!(told.contains("unknown    live_api"), "{told}");
}

#[test]
fn what_differs_in_each_place_is_told() {
    let shop = Shop::new();
    shop.place.out(&["services", "sync", "local"]);
    shop.stripe(0, &["sync", "local"]);
    shop.place.execute("UPDATE plans SET name = 'By hand' WHERE id = 'starter'");
    let products = shop.ask("GET", "/v1/products?limit=100", "");
    let product = products["data"][0]["id"].as_str().expect("an id").to_owned();
    shop.ask("POST", &format!("/v1/products/{product}"), "name=By%20hand");
    let old = page("0123456789abcdef");
    let (report, _) = shop.run(2, &["drift", "local", "--json", "--page", &old, "--without", "live_api"], Some(KEY));
    let report = json(&report);
    let expected =
        ["catalog equal", "database different", "stripe different", "live_api left_out", "frontend different"];
    assert_eq!(states(&report), expected);
    let says = |place, text: &str| {
        let differences = part(&report, place)["differences"].as_array().expect("differences");
        assert!(differences.iter().any(|line| line.as_str().is_some_and(|line| line.contains(text))), "{report}");
    };
    says("database", "By hand instead of");
    says("stripe", "name: \"By hand\"");
    says("frontend", "it is of 0123456789ab, and this program of");
}

#[test]
fn a_running_server_is_looked_at() {
    let shop = Shop::new();
    shop.place.out(&["services", "sync", "local"]);
    let server = Server::started(command(&shop.place, &["serve"], &[]));
    let api = format!("http://{}", server.address);
    let arguments = ["drift", "local", "--json", "--api", &api, "--without", "stripe", "--without", "frontend"];
    let (report, _) = shop.run(0, &arguments, None);
    let report = json(&report);
    assert_eq!(part(&report, "live_api")["state"], "equal", "{report}");
    assert_eq!(part(&report, "live_api")["catalog_hash"], hash());
}
