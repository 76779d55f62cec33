//! `pricebook stripe revert` and `migrate-subscriptions`, as processes: back to an earlier catalog, and customers with it.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::place::json;
use crate::stripe_commands::Shop;

const STATE: &str = "generated/stripe/catalog.json";

/// The desired state, with another amount of the Starter plan.
fn earlier(cents: i64) -> String {
    let mut state: Value = json(&fs::read_to_string(STATE).expect("the desired state"));
    let prices = state["prices"].as_array_mut().expect("prices");
    let starter = prices.iter_mut().find(|price| price["params"]["lookup_key"] == "plan_starter_monthly");
    let starter = starter.expect("the price");
    starter["params"]["unit_amount"] = cents.into();
    starter["params"]["metadata"]["pricebook_hash"] = format!("of {cents}").into();
    state["_meta"]["catalog_hash"] = format!("the hash of {cents}").into();
    state.to_string()
}

fn starter(shop: &Shop) -> Value {
    let prices = shop.ask("GET", "/v1/prices?lookup_keys[]=plan_starter_monthly", "");
    prices["data"][0].clone()
}

#[test]
fn a_way_back_is_planned_from_a_file_saved_and_done_and_the_next_sync_comes_forth_again() {
    let shop = Shop::new();
    shop.stripe(0, &["sync", "local"]);
    let now = starter(&shop);
    fs::write(shop.place.folder.path().join("then.json"), earlier(2500)).expect("a file");
    let (told, _) = shop.stripe(2, &["revert", "then.json", "local", "--out", "back.json"]);
    assert!(told.contains("amount: USD 29.00 / month") && told.contains("→ USD 25.00 / month"), "{told}");
    assert!(told.contains("to do it: pricebook stripe sync back.json"), "{told}");
    assert_eq!(starter(&shop), now, "a plan writes nothing");
    let (done, _) = shop.stripe(0, &["sync", "back.json"]);
    assert!(done.contains("verified: the account is as the catalog says"), "{done}");
    assert_eq!(starter(&shop)["unit_amount"], 2500);
    let runs = "SELECT mode || ' ' || status || ' ' || catalog_hash FROM stripe_sync_runs ORDER BY id DESC LIMIT 1";
    assert_eq!(shop.place.column(runs), ["revert succeeded the hash of 2500"]);
    let (status, _) = shop.stripe(0, &["status", "local", "--json"]);
    assert_eq!(json(&status)["status"], "needs_sync");
    shop.stripe(0, &["revert", "then.json", "local"]);
    shop.stripe(0, &["sync", "local"]);
    assert_eq!(starter(&shop)["id"], now["id"], "the same object as before");
}

#[test]
fn a_way_back_keeps_the_guards() {
    let shop = Shop::new();
    shop.stripe(0, &["sync", "local"]);
    fs::write(shop.place.folder.path().join("then.json"), earlier(100)).expect("a file");
    shop.stripe(2, &["revert", "then.json", "local", "--out", "back.json"]);
    let (_, err) = shop.stripe(1, &["sync", "back.json"]);
    assert!(err.contains("plan_starter_monthly moves far") && err.contains("nothing was written"), "{err}");
    assert_eq!(starter(&shop)["unit_amount"], 2900);
    shop.stripe(0, &["sync", "back.json", "--yes"]);
    assert_eq!(starter(&shop)["unit_amount"], 100);
}

#[test]
fn git_has_the_catalog_of_then() {
    let shop = Shop::new();
    let folder = shop.place.folder.path();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").args(identity).args(arguments).current_dir(folder).output().expect("git runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let (_, err) = shop.stripe(1, &["revert"]);
    assert!(err.contains("git knows nothing of generated/stripe/catalog.json from before its last change"), "{err}");
    git(&["init", "--quiet"]);
    fs::create_dir_all(folder.join("generated/stripe")).expect("a folder");
    for cents in [2500, 2900] {
        fs::write(folder.join(STATE), earlier(cents)).expect("a file");
        git(&["add", STATE]);
        git(&["commit", "--quiet", "-m", "A price"]);
    }
    git(&["tag", "now"]);
    fs::write(folder.join("other"), "").expect("a file");
    git(&["add", "other"]);
    git(&["commit", "--quiet", "-m", "Another file"]);
    shop.stripe(0, &["sync", "local"]);
    for arguments in [&["revert", "--database", "sqlite:.pricebook/stratiqx.db"][..], &["revert", "now~1", "local"]] {
        let (told, _) = shop.stripe(2, arguments);
        assert!(told.contains("→ USD 25.00 / month"), "{arguments:?} {told}");
    }
    let (_, err) = shop.stripe(1, &["revert", "--", "--output=x", "local"]);
    assert!(err.contains("--output=x is neither a file nor a revision that git knows here"), "{err}");
}

#[test]
fn customers_are_moved_to_the_new_price_after_a_look_and_each_is_audited() {
    let shop = Shop::new();
    let folder = shop.place.folder.path();
    shop.stripe(0, &["sync", "local"]);
    fs::write(folder.join("then.json"), earlier(2500)).expect("a file");
    shop.stripe(2, &["revert", "then.json", "local", "--out", "back.json"]);
    shop.stripe(0, &["sync", "back.json"]);
    let old = starter(&shop)["id"].as_str().expect("an id").to_owned();
    let mut subscriptions = Vec::new();
    for _ in 0..3 {
        let customer = shop.ask("POST", "/v1/customers", "email=a@example.com")["id"].clone();
        let customer = customer.as_str().expect("an id");
        let method = shop.ask("POST", "/v1/payment_methods/pm_card_visa/attach", &format!("customer={customer}"));
        let method = method["id"].as_str().expect("an id");
        let form = format!("customer={customer}&items[0][price]={old}&default_payment_method={method}");
        subscriptions.push(shop.ask("POST", "/v1/subscriptions", &form)["id"].as_str().expect("an id").to_owned());
    }
    let (plan, _) = shop.stripe(2, &["plan", "local"]);
    assert!(plan.contains("3 live subscriptions keep it"), "{plan}");
    let (plan, _) = shop.stripe(2, &["plan", "local", "--json"]);
    assert_eq!(json(&plan)["subscriptions"][&old], 3);
    shop.stripe(0, &["sync", "local"]);
    let price_of = |subscription: &String| {
        let found = shop.ask("GET", &format!("/v1/subscriptions/{subscription}"), "");
        found["items"]["data"][0]["price"]["id"].as_str().expect("an id").to_owned()
    };
    assert!(subscriptions.iter().all(|subscription| price_of(subscription) == old), "they stay on their price");
    let (look, _) = shop.stripe(2, &["migrate-subscriptions", "local", "--dry-run"]);
    assert!(
        look.contains("~ price plan_starter_monthly: USD 25.00 / month") && look.contains("→ USD 29.00 / month"),
        "{look}"
    );
    assert!(look.contains("3 to move, 0 that stay, 0 prices that nobody is moved from"), "{look}");
    assert!(subscriptions.iter().all(|subscription| price_of(subscription) == old));
    shop.stripe(0, &["migrate-subscriptions", "local", "--dry-run", "--price", "plan_starter_yearly"]);
    let (_, err) = shop.stripe(1, &["migrate-subscriptions", "local", "--price", "plan_starter"]);
    assert!(err.contains("the catalog has no price with the lookup key plan_starter"), "{err}");
    let (done, _) = shop.stripe(0, &["migrate-subscriptions", "local", "--batch", "2"]);
    assert!(done.contains("3 moved, 0 failed, 0 left as they are"), "{done}");
    let new = starter(&shop)["id"].as_str().expect("an id").to_owned();
    assert!(subscriptions.iter().all(|subscription| price_of(subscription) == new));
    let audited = "SELECT object_id FROM audit_log WHERE action = 'stripe.subscription_moved' AND result = 'succeeded'";
    let mut audited = shop.place.column(audited);
    audited.sort();
    subscriptions.sort();
    assert_eq!(audited, subscriptions);
    let begun = "SELECT action FROM audit_log WHERE action = 'stripe.migrate_subscriptions'";
    assert_eq!(shop.place.column(begun).len(), 2, "one for each batch");
    let (again, _) = shop.stripe(0, &["migrate-subscriptions", "local", "--json"]);
    let again = json(&again);
    assert_eq!((&again["moved"], &again["moves"]), (&0.into(), &serde_json::json!([])));
}
