//! Stripe's own command-line tool fills the sandbox with this company's catalog.

use std::path::Path;
use std::process::Command;

use pricebook_sandbox::{Options, Running, start};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::client::Caller;
use crate::contract::{folder, install};

/// Runs Stripe's tool against a sandbox; it must say that it has succeeded.
fn tool(stripe: &Running, arguments: &[&str]) -> String {
    install();
    let home = tempfile::tempdir().expect("a folder");
    let tool = Command::new("node")
        .arg(folder().join("node_modules/.bin/stripe"))
        .args(arguments)
        .args(["--api-base", &stripe.url()])
        .current_dir(home.path())
        .envs([("HOME", home.path()), ("XDG_CONFIG_HOME", home.path())])
        .envs([("STRIPE_API_KEY", "sk_test_000000000000"), ("STRIPE_CLI_TELEMETRY_OPTOUT", "1")])
        .output()
        .expect("node runs");
    let said = [tool.stdout, tool.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    assert!(tool.status.success(), "{said}");
    said
}

#[test]
fn the_official_tool_fills_it_with_the_generated_fixtures() {
    let runtime = Runtime::new().expect("a runtime");
    let stripe = runtime.block_on(start(Options::default())).expect("a sandbox");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated/stripe/fixtures.json");
    let said = tool(&stripe, &["fixtures", &fixtures.to_string_lossy()]);
    let text = std::fs::read_to_string(&fixtures).expect("the fixtures");
    let wanted: Value = serde_json::from_str(&text).expect("JSON");
    let wanted = wanted["fixtures"].as_array().expect("fixtures");
    let caller = Caller::of(&stripe);
    for path in ["products", "prices", "coupons", "promotion_codes", "entitlements/features", "billing/meters"] {
        let path = format!("/v1/{path}");
        let count = wanted.iter().filter(|fixture| fixture["path"] == path.as_str()).count();
        assert!(count > 0, "the catalog has no {path}");
        let list = runtime.block_on(caller.get(&format!("{path}?limit=100")));
        assert_eq!(list["data"].as_array().map(Vec::len), Some(count), "{path}: {said}");
    }
    runtime.block_on(stripe.stop());
}

/// What the tool can set off by requests that Stripe still knows, in the ways that it does.
const TRIGGERS: &[&str] = &[
    "charge.dispute.closed",
    "charge.dispute.created",
    "charge.failed",
    "charge.refunded",
    "credit_note.created",
    "customer.deleted",
    "customer.subscription.created",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.trial_will_end",
    "customer.subscription.updated",
    "invoice.finalized",
    "invoice.marked_uncollectible",
    "invoice.paid",
    "invoice.payment_action_required",
    "invoice.payment_failed",
    "invoice.updated",
    "invoice.voided",
    "invoiceitem.created",
    "payment_intent.payment_failed",
    "payment_intent.requires_action",
    "setup_intent.canceled",
    "setup_intent.succeeded",
];

#[test]
fn the_official_tool_sets_off_what_it_says() {
    let runtime = Runtime::new().expect("a runtime");
    let stripe = runtime.block_on(start(Options::default())).expect("a sandbox");
    let caller = Caller::of(&stripe);
    for event in TRIGGERS {
        let said = tool(&stripe, &["trigger", event]);
        let told = runtime.block_on(caller.get(&format!("/v1/events?type={event}")));
        assert!(told["data"].as_array().is_some_and(|told| !told.is_empty()), "{event}: {said}");
    }
    runtime.block_on(stripe.stop());
}
