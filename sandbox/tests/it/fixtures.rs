//! Stripe's own command-line tool fills the sandbox with this company's catalog.

use std::path::Path;
use std::process::Command;

use pricebook_sandbox::{Options, start};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::client::Caller;
use crate::contract::{folder, install};

#[test]
fn the_official_tool_fills_it_with_the_generated_fixtures() {
    let runtime = Runtime::new().expect("a runtime");
    let stripe = runtime.block_on(start(Options::default())).expect("a sandbox");
    install();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated/stripe/fixtures.json");
    let home = tempfile::tempdir().expect("a folder");
    let tool = Command::new("node")
        .arg(folder().join("node_modules/.bin/stripe"))
        .args(["fixtures", "--api-base", &stripe.url()])
        .arg(&fixtures)
        .current_dir(home.path())
        .envs([("HOME", home.path()), ("XDG_CONFIG_HOME", home.path())])
        .envs([("STRIPE_API_KEY", "sk_test_000000000000"), ("STRIPE_CLI_TELEMETRY_OPTOUT", "1")])
        .output()
        .expect("node runs");
    let said = [tool.stdout, tool.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
    assert!(tool.status.success(), "{said}");
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
