//! What `pricebook stripe` refuses, and that it names the variable that is to be set otherwise.

use std::process::Command;

use pricebook_sandbox::{Options, start};
use pricebook_types::{Artifacts, Environment, EnvironmentDatabase};
use serde_json::Value;

use crate::shop::{Place, Ran, SHOP, block_on, run};
use crate::stripe_sync::small;

const TEST_KEY: &str = "sk_test_ThatNobodyReads";
const LIVE_KEY: &str = "sk_live_ThatNobodyReads";
const ACCOUNT: &str = "acct_ours";
const BASE: &str = "PRICEBOOK_STRIPE_API_BASE";

/// Runs this test again in a process of its own, with a key and the address of an account that takes only `taken`.
fn with_key(test: &str, key: &str, taken: &str, body: impl Fn()) {
    if std::env::var_os(BASE).is_some() {
        return body();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let options = Options { key: Some(taken.to_owned()), account: ACCOUNT.to_owned(), ..Options::default() };
    let stripe = runtime.block_on(start(options)).expect("a sandbox");
    let again = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", &format!("stripe_products::refusals::{test}"), "--nocapture"])
        .env(BASE, stripe.url())
        .env("STRIPE_SECRET_KEY", key)
        .env("PRICEBOOK_STRIPE_REQUESTS_PER_SEC", "10000")
        .env("TEA_SHOP_DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
        .output()
        .expect("it runs");
    let (out, err) = (String::from_utf8_lossy(&again.stdout), String::from_utf8_lossy(&again.stderr));
    assert!(again.status.success() && out.contains("1 passed"), "{out}{err}");
}

/// The catalog of a tea, in these environments.
fn tea(environments: &'static [Environment]) -> &'static Artifacts {
    let stripe_json = serde_json::to_string(&small(2900)).expect("JSON").leak();
    Box::leak(Box::new(Artifacts { environments, stripe_json, ..SHOP }))
}

const fn production(stripe_account: Option<&'static str>, stripe_live: bool) -> Environment {
    let database = Some(EnvironmentDatabase::Variable("TEA_SHOP_DATABASE_URL"));
    Environment { id: "production", database, stripe_account, stripe_live, live_url: None }
}

const LIVE: &[Environment] = &[production(Some(ACCOUNT), true)];
const UNNAMED: &[Environment] = &[production(None, true)];
const ANOTHERS: &[Environment] = &[production(Some("acct_theirs"), false)];
const TESTING: &[Environment] = &[production(Some(ACCOUNT), false)];

/// A database that has its tables.
fn place(artifacts: &'static Artifacts) -> Place {
    let place = Place::new();
    assert_eq!(place.run(artifacts, &["migrate"]).code, 0);
    place
}

/// `stripe …` with the reports in the place's folder. No output has the key.
fn stripe(place: &Place, artifacts: &'static Artifacts, arguments: &[&str]) -> Ran {
    let folder = place.folder().to_str().expect("UTF-8");
    let ran = place.run(artifacts, &[&["stripe"], arguments, &["--folder", folder]].concat());
    assert!(!ran.out.contains("ThatNobodyReads") && !ran.err.contains("ThatNobodyReads"), "{}{}", ran.out, ran.err);
    ran
}

fn products(key: &str) -> Vec<Value> {
    // Nothing else in this process has chosen one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    block_on(async {
        let url = format!("{}/v1/products", std::env::var(BASE).expect("its address"));
        let answer = reqwest::Client::new().get(url).bearer_auth(key).send().await.expect("an answer");
        let page: Value = serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON");
        page["data"].as_array().expect("a list").clone()
    })
}

#[test]
fn a_live_account_is_written_only_after_a_yes() {
    with_key("a_live_account_is_written_only_after_a_yes", LIVE_KEY, LIVE_KEY, || {
        let artifacts = tea(LIVE);
        let place = place(artifacts);
        let refused = stripe(&place, artifacts, &["sync", "production"]);
        assert_eq!(refused.code, 1, "{}", refused.out);
        assert!(refused.err.contains("production is written only after somebody confirmed it"), "{}", refused.err);
        assert!(refused.err.contains("add --yes"), "{}", refused.err);
        assert!(products(LIVE_KEY).is_empty());
        let done = stripe(&place, artifacts, &["sync", "production", "--yes"]);
        assert_eq!((done.code, products(LIVE_KEY).len()), (0, 1), "{}{}", done.out, done.err);
        // There is nothing to confirm where nothing changes.
        assert_eq!(stripe(&place, artifacts, &["sync", "production"]).code, 0);
    });
}

#[test]
fn a_live_key_without_a_named_account_is_refused() {
    with_key("a_live_key_without_a_named_account_is_refused", LIVE_KEY, LIVE_KEY, || {
        let artifacts = tea(UNNAMED);
        let refused = stripe(&place(artifacts), artifacts, &["sync", "production", "--yes"]);
        assert_eq!(refused.code, 1);
        assert!(refused.err.contains("the catalog names its account, and production has none"), "{}", refused.err);
        assert!(products(LIVE_KEY).is_empty());
    });
}

#[test]
fn a_test_key_is_refused_where_customers_pay_and_a_live_one_elsewhere() {
    with_key("a_test_key_is_refused_where_customers_pay_and_a_live_one_elsewhere", TEST_KEY, TEST_KEY, || {
        let artifacts = tea(LIVE);
        let refused = stripe(&place(artifacts), artifacts, &["sync", "production", "--yes"]);
        assert_eq!(refused.code, 1);
        assert!(refused.err.contains("STRIPE_SECRET_KEY is a test key"), "{}", refused.err);
        assert!(products(TEST_KEY).is_empty());
    });
}

#[test]
fn the_key_of_another_account_is_refused() {
    with_key("the_key_of_another_account_is_refused", TEST_KEY, TEST_KEY, || {
        let artifacts = tea(ANOTHERS);
        let refused = stripe(&place(artifacts), artifacts, &["sync", "production", "--yes"]);
        assert_eq!(refused.code, 1);
        let says = "the key is of the account acct_ours, and the catalog names acct_theirs for production";
        assert!(refused.err.contains(says), "{}", refused.err);
        assert!(refused.err.contains("help: set STRIPE_SECRET_KEY to a key of that account"), "{}", refused.err);
        assert!(products(TEST_KEY).is_empty());
    });
}

#[test]
fn a_key_that_stripe_does_not_know_names_its_variable() {
    with_key("a_key_that_stripe_does_not_know_names_its_variable", "sk_test_Old", TEST_KEY, || {
        let artifacts = tea(TESTING);
        let refused = stripe(&place(artifacts), artifacts, &["sync", "production", "--yes"]);
        assert_eq!(refused.code, 1);
        assert!(refused.err.contains("Stripe does not take the key"), "{}", refused.err);
        assert!(refused.err.contains("help: set STRIPE_SECRET_KEY"), "{}", refused.err);
    });
}

#[test]
fn a_database_that_cannot_be_reached_names_its_variable() {
    with_key("a_database_that_cannot_be_reached_names_its_variable", TEST_KEY, TEST_KEY, || {
        for command in [&["plan", "production"][..], &["sync", "production", "--yes"], &["status", "production"]] {
            let refused = run(tea(TESTING), &[&["stripe"], command].concat());
            assert_eq!(refused.code, 1, "{}", refused.out);
            assert!(refused.err.starts_with("error: Database connection failed:"), "{}", refused.err);
            assert!(refused.err.contains("(its URL is in TEA_SHOP_DATABASE_URL)"), "{}", refused.err);
        }
        assert!(products(TEST_KEY).is_empty());
    });
}

#[test]
fn a_product_that_was_deleted_in_stripe_is_made_again_only_when_forced() {
    with_key("a_product_that_was_deleted_in_stripe_is_made_again_only_when_forced", TEST_KEY, TEST_KEY, || {
        let artifacts = tea(TESTING);
        let place = place(artifacts);
        // What an earlier sync has left, before somebody deleted the product in Stripe's dashboard.
        place.execute(
            "INSERT INTO stripe_product_mappings
                 (stripe_account, local_product_id, lookup_key, kind, product_id, stripe_product_id)
             VALUES ('acct_ours', 'tea_green', 'tea_green_monthly', 'tea', 'green', 'prod_gone')",
        );
        let refused = stripe(&place, artifacts, &["sync", "production", "--yes"]);
        let told = refused.out + &refused.err;
        assert_eq!(refused.code, 1, "{told}");
        assert!(told.contains("Product not found in Stripe: prod_gone, which was tea_green"), "{told}");
        assert!(told.contains("pricebook stripe sync --force-update"), "{told}");
        assert!(products(TEST_KEY).is_empty());
        let forced = stripe(&place, artifacts, &["sync", "production", "--yes", "--force-update"]);
        assert_eq!((forced.code, products(TEST_KEY).len()), (0, 1), "{}{}", forced.out, forced.err);
    });
}
