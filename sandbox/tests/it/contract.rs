//! Stripe's own client and command-line tool use the sandbox as they would use Stripe: `tests/node/stripe-sandbox`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

use pricebook_sandbox::{Options, start};

/// Runs the cases of one file against a sandbox of its own.
fn check(file: &str) {
    check_with(file, Options::default());
}

fn check_with(file: &str, options: Options) {
    install();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let stripe = runtime.block_on(start(options)).expect("a sandbox");
    let node = Command::new("node")
        .args(["--test", "--test-reporter=spec", file])
        .current_dir(folder())
        .env("SANDBOX_URL", stripe.url())
        .output()
        .expect("node runs");
    runtime.block_on(stripe.stop());
    assert!(
        node.status.success(),
        "{}{}",
        String::from_utf8_lossy(&node.stdout),
        String::from_utf8_lossy(&node.stderr)
    );
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/node/stripe-sandbox")
}

/// The packages are installed once, as their lock says.
pub(crate) fn install() {
    static INSTALL: Once = Once::new();
    INSTALL.call_once(|| {
        let ci = ["ci", "--silent", "--no-audit", "--no-fund"];
        let installed = Command::new("npm").args(ci).current_dir(folder()).output().expect("npm runs");
        assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
    });
}

#[test]
fn products() {
    check("products.test.mjs");
}

#[test]
fn prices() {
    check("prices.test.mjs");
}

#[test]
fn requests() {
    check("requests.test.mjs");
}

#[test]
fn features_coupons_codes_and_meters() {
    check("catalog.test.mjs");
}

#[test]
fn webhooks() {
    check("webhooks.test.mjs");
}

#[test]
fn faults_and_the_clock() {
    check("faults.test.mjs");
}

#[test]
fn a_limit_on_requests() {
    check_with("limited.test.mjs", Options { requests_per_sec: Some(25), ..Options::default() });
}

#[test]
fn payments() {
    check("payments.test.mjs");
}

#[test]
fn checkout_and_portal() {
    check("checkout.test.mjs");
}

#[test]
fn subscriptions() {
    check("subscriptions.test.mjs");
}

#[test]
fn invoices() {
    check("invoices.test.mjs");
}

#[test]
fn prorations() {
    check("prorations.test.mjs");
}

#[test]
fn renewals_by_the_clock() {
    check("renewals.test.mjs");
}

#[test]
fn discounts() {
    check("discounts.test.mjs");
}

#[test]
fn credit_notes_disputes_and_setup_intents() {
    check("credits.test.mjs");
}

#[test]
fn schedules_and_entitlements() {
    check("schedules.test.mjs");
}

#[test]
fn thin_events() {
    check("thin-events.test.mjs");
}

#[test]
fn pages() {
    check("pages.test.mjs");
}

#[test]
fn faults_of_deliveries_and_pages() {
    check("delivery-faults.test.mjs");
}
