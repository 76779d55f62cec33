//! `services validate`: what of a live API's answer is equal, what differs, and in which words.

use std::collections::BTreeSet;

use pricebook::services::live::{LiveApi, Patience, check};
use serde_json::{Value, json};

use crate::live_shop::{Api, answer};
use crate::shop::run;

/// Where the shop's lists have something, what stands there instead, and what is said of it.
fn differs(at: &'static str, instead: Value, says: &str) {
    let api = Api::of_shop(move |lists| *lists.pointer_mut(at).expect(at) = instead.clone());
    let ran = api.validate(1, &[]);
    let issues = ran.out.split("Synchronization Issues Found:\n").nth(1).unwrap_or_else(|| panic!("{}", ran.out));
    let issues = issues.split("\n\nRun sync script: ").next().expect("issues");
    assert_eq!(issues, says, "{at}");
}

#[test]
fn a_live_api_that_agrees_is_told_in_the_documents_words() {
    let api = Api::of_shop(|_| {});
    let ran = api.validate(0, &[]);
    insta::assert_snapshot!(ran.out.replace(&api.url, "<url>"), @r"
    Validating Service Synchronization...
    <url>

    API returned 2 teas
    green: Price $4.50, Deposit $1
    black: Price $1495, Deposit $299

    API returned 2 pots
    pot iron: Price 29 EUR to 290 EUR, no deposit
    pot clay: no plain price, no deposit

    kind  answered  in sync  differences
    teas         2        2            0
    pots         2        2            0
    the rows of the database were left out: name it with --database

    All services are properly synchronized!
    Frontend and backend are in perfect sync
    ");
    assert_eq!(ran.err, "");
    let asked = api.asked();
    let paths: Vec<_> = asked.iter().map(|asked| asked.path.split_once("?bust=").expect("it is read anew")).collect();
    assert_eq!(paths.iter().map(|(path, _)| *path).collect::<Vec<_>>(), ["/teas", "/pots"]);
    assert!(paths.iter().all(|(_, secs)| secs.parse::<u64>().is_ok_and(|secs| secs > 1_700_000_000)), "{paths:?}");
}

#[test]
fn all_problems_are_listed_together_and_what_is_right_after_them_is_told() {
    let api = Api::of_shop(|lists| {
        lists["/teas"]["teas"][0]["priceRange"] = json!({ "min": 6, "max": 6 });
        lists["/teas"]["teas"][0]["depositAmount"] = json!(0);
        lists["/pots"]["pots"].as_array_mut().expect("a list").remove(0);
    });
    let ran = api.validate(1, &[]);
    assert!(ran.out.contains("\nblack: Price $1495, Deposit $299\n"), "{}", ran.out);
    assert!(!ran.out.contains("\ngreen: Price $"), "{}", ran.out);
    insta::assert_snapshot!(ran.out.split("\n\n").skip(3).collect::<Vec<_>>().join("\n\n"), @r"
    kind  answered  in sync  differences
    teas         2        1            2
    pots         1        1            1
    the rows of the database were left out: name it with --database

    Synchronization Issues Found:
    green: Price mismatch. Expected: $4.50, Got: $6
    green: Deposit mismatch. Expected: $1, Got: $0
    Pot 'iron' not found in API

    Run sync script: pricebook services sync production
    ");
    assert_eq!(ran.err, "");
}

#[test]
fn every_field_of_the_tables_is_compared() {
    differs("/~1teas/teas/0/priceRange/min", json!(4), "green: Price mismatch. Expected: $4.50, Got: $4");
    differs("/~1teas/teas/0/priceRange/max", json!(6), "green: Highest price mismatch. Expected: $4.50, Got: $6");
    differs("/~1teas/teas/0/priceRange", json!(null), "green: Price mismatch. Expected: $4.50, Got: nothing");
    differs("/~1teas/teas/1/depositAmount", json!(300), "black: Deposit mismatch. Expected: $299, Got: $300");
    differs("/~1teas/teas/1/depositAmount", json!(null), "black: Deposit mismatch. Expected: $299, Got: nothing");
    differs(
        "/~1teas/teas/0/name",
        json!("green  tea"),
        r#"green: Name mismatch. Expected: "green tea", Got: "green  tea""#,
    );
    differs(
        "/~1teas/teas/0/description",
        json!(""),
        r#"green: Description mismatch. Expected: "Picked in "May"", Got: """#,
    );
    differs("/~1teas/teas/0/billingType", json!(7), r#"green: Billing type mismatch. Expected: "monthly", Got: 7"#);
    differs("/~1teas/teas/0/currency", json!("eur"), r#"green: Currency mismatch. Expected: "usd", Got: "eur""#);
    differs("/~1teas/teas/0/features/1", json!("Bags"), r#"green: Features mismatch. Expected: "Loose", Got: "Bags""#);
    differs(
        "/~1teas/teas/0/features",
        json!(["Fresh"]),
        r#"green: Features mismatch. Expected: "Loose", Got: nothing"#,
    );
    differs(
        "/~1teas/teas/0/metadata/grams",
        json!("50"),
        r#"green: Metadata 'grams' mismatch. Expected: 50, Got: "50""#,
    );
    differs(
        "/~1teas/teas/1/metadata",
        json!({ "new": 1 }),
        "black: Metadata 'new' mismatch. Expected: nothing, Got: 1",
    );
    differs("/~1teas/teas/1/active", json!(false), "Tea 'black' not found in API");
    differs(
        "/~1teas/teas/1/id",
        json!("white"),
        "Tea 'black' not found in API\nTea 'white' is not for sale, but found in API",
    );
    let twice = "Tea 'green' found more than once in API\nTea 'black' not found in API";
    let api = Api::of_shop(|lists| lists["/teas"]["teas"][1] = lists["/teas"]["teas"][0].clone());
    assert!(api.validate(1, &[]).out.contains(twice));
    differs(
        "/~1pots/pots/0/priceRange/max",
        json!(29),
        "pot iron: Highest price mismatch. Expected: 290 EUR, Got: 29 EUR",
    );
    differs(
        "/~1pots/pots/1/priceRange",
        json!({ "min": 1, "max": 1 }),
        "pot clay: Price mismatch. Expected: nothing, Got: 1 EUR",
    );
    differs(
        "/~1pots/pots/1/id",
        json!("glass"),
        "Pot 'clay' not found in API\nPot 'glass' found in API, but not in the catalog",
    );
}

#[test]
fn amounts_are_exact_however_they_are_written() {
    const AT: &str = "/~1teas/teas/1/depositAmount";
    for text in ["299", "299.0", "299.00", "\"299\"", "\"299.00\"", "2.99e2", "299.0000000000000000"] {
        Api::saying(AT, text).validate(0, &[]);
    }
    for text in ["299.0000000000000001", "-299", "true", "\"$299\"", "\"2,99\"", "[299]", "1e400", "{}", "\"\""] {
        let ran = Api::saying(AT, text).validate(1, &[]);
        assert!(ran.out.contains("black: Deposit mismatch. Expected: $299, Got: "), "{text}: {}", ran.out);
    }
}

#[test]
fn another_apis_manners_are_accepted() {
    // A single price has one end, an API of one currency names none, and everything that it lists is sold.
    let api = Api::of_shop(|lists| {
        for item in lists["/teas"]["teas"].as_array_mut().expect("a list") {
            item["priceRange"].as_object_mut().expect("a range").remove("max");
            let fields = item.as_object_mut().expect("an object");
            for name in ["currency", "active"] {
                fields.remove(name);
            }
            fields.insert("created_at".to_owned(), json!("2026-01-01"));
            // Its column, as it is.
            let mut metadata = fields["metadata"].clone();
            metadata["features"] = fields.remove("features").expect("features");
            fields.insert("metadata".to_owned(), json!(metadata.to_string()));
        }
        lists["/teas"]["page"] = json!(1);
        let mut white = lists["/teas"]["teas"][0].clone();
        white["id"] = json!("white");
        white["active"] = json!(0);
        lists["/teas"]["teas"].as_array_mut().expect("a list").push(white);
    });
    api.validate(0, &[]);
    let empty = Api::of_shop(|lists| lists["/teas"]["teas"][1]["description"] = Value::Null);
    empty.validate(0, &[]);
}

#[test]
fn an_api_may_lack_every_kind_but_the_first() {
    let api = Api::of_shop(|lists| {
        lists.as_object_mut().expect("lists").remove("/pots");
    });
    let ran = api.validate(0, &[]);
    assert!(ran.out.contains("\npots  the API does not have this kind: not compared\n"), "{}", ran.out);
    let api = Api::of_shop(|lists| {
        lists.as_object_mut().expect("lists").remove("/teas");
    });
    let ran = api.validate(1, &[]);
    let says = format!("Validation failed: {}/teas answered 404 Not Found\n", api.url);
    assert!(ran.err.starts_with(&says), "{}", ran.err);
}

#[test]
fn announced_changes_are_judged_by_the_day() {
    let api = Api::of_shop(|_| {});
    let on = |day: &'static str| {
        let live = LiveApi::new(api.url.parse().expect("a URL"), Patience::of(std::time::Duration::from_secs(10)));
        let tables = serde_json::from_str(api.artifacts().validation_json).expect("tables");
        let (artifacts, live) = (api.artifacts(), live.expect("a client"));
        let checked = api.runtime.block_on(check(&live, artifacts, &tables, 0, || day.to_owned())).expect("an answer");
        checked.differences.into_iter().map(|difference| difference.message).collect::<Vec<_>>()
    };
    assert_eq!(on("2026-12-31"), [""; 0]);
    let expected =
        ["green: Price mismatch. Expected: $5, Got: $4.50", "green: Deposit mismatch. Expected: $2, Got: $1"];
    assert_eq!(on("2027-01-01"), expected);
}

#[test]
fn programs_read_the_same_as_json() {
    let api = Api::of_shop(|lists| lists["/teas"]["teas"][1]["depositAmount"] = json!(1));
    let ran = api.validate(1, &["--json"]);
    let report: Value = serde_json::from_str(&ran.out).expect("JSON");
    let keys: BTreeSet<_> = report.as_object().expect("an object").keys().map(String::as_str).collect();
    let expected = ["catalog_hash", "checked_at", "differences", "environment", "kinds", "result", "url"];
    assert_eq!(keys, BTreeSet::from(expected));
    assert_eq!((&report["environment"], &report["result"]), (&json!("production"), &json!("different")));
    let difference = json!({ "kind": "tea", "id": "black", "field": "deposit",
        "message": "black: Deposit mismatch. Expected: $299, Got: $1" });
    assert_eq!(report["differences"], json!([difference]));
    assert_eq!(report["kinds"][0]["sound"], json!([{ "id": "green", "price": "$4.50", "deposit": "$1" }]));
}

#[test]
fn an_address_can_be_given_instead_of_an_environment() {
    let api = Api::of_shop(|_| {});
    let other = Api::new(|_, _| answer(&json!({ "success": true, "teas": [] })));
    let ran = run(api.artifacts(), &["services", "validate", &other.url]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("Invalid API response"), "its pots are no pots: {}", ran.err);
    assert!(api.asked().is_empty());
    let ran = run(other.artifacts(), &["services", "validate", &format!("{}/", api.url)]);
    assert!(ran.code == 0 && ran.out.contains(&format!("\n{}\n", api.url)), "{}{}", ran.out, ran.err);
    for (target, says) in [
        ("prod", "there is no environment prod; the catalog has production, staging"),
        ("staging", "the catalog names no live API for staging"),
        ("ftp://shop.example", "ftp://shop.example is no address such as https://shop.example"),
    ] {
        let ran = run(api.artifacts(), &["services", "validate", target]);
        assert!(ran.code == 1 && ran.err.contains(says), "{}", ran.err);
    }
}

#[test]
fn what_an_api_says_reaches_no_terminal_as_it_is() {
    let api = Api::of_shop(|lists| {
        lists["/teas"]["teas"][0]["name"] = json!("\u{1b}[2J\r\nfalse line");
        lists["/teas"]["teas"][1]["name"] = json!("x".repeat(5_000));
        lists["/teas"]["teas"][1]["id"] = json!("\u{1b}]0;title\u{7}");
    });
    let out = api.validate(1, &[]).out;
    assert!(out.chars().all(|char| char == '\n' || !char.is_control()), "{out:?}");
    assert!(out.lines().all(|line| line.chars().count() < 300), "{out}");
}
