//! The Stripe artifacts, judged by the types of Stripe's own client and run by its own command-line tool.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Once;

use pricebook_emit::stripe::desired;
use pricebook_model::Catalog;
use serde_json::Value;

use crate::catalogs::{real, small};
use crate::stripe::{FORMS, artifact};

/// Texts that mean something to shells, SQL, HTML, TypeScript or Stripe's tool.
const HOSTILE: &str = r#"
catalog: { name: hostile, title: Hostile, currency: usd }
kinds:
  thing:
    title: Thing
features: { f1: { name: "${product_thing_a:id} ${f:x|y/z}", type: switch } }
things:
  a:
    name: "'; DROP TABLE products; -- ${x:y} ${.env:HOME|z}"
    description: "a \"quoted\" \\ back\nslash */ ${generate-uuid} 🚀 \u202E right to left $& | } {"
    metadata: { "k}": "${time-now-RFC3339}", plain: "100 % & = +" }
    marketing_features: ["${a:b}", "<script>alert(1)</script>"]
    features: { f1: true }
    prices: { one_time: 10.00 }
coupons:
  c1: { name: "${x:y} off", percent_off: 33.3, duration: once, applies_to: [thing/a] }
"#;

#[test]
fn stripes_own_types_accept_the_artifacts() {
    for (name, catalog) in [("real", real()), ("forms", small(FORMS)), ("hostile", small(HOSTILE))] {
        let checked = check_types(name, &catalog, |text| text);
        assert!(checked.status.success(), "{name}: {}", String::from_utf8_lossy(&checked.stdout));
    }
}

#[test]
fn stripes_own_types_refuse_a_wrong_parameter() {
    let wrong = [
        ("unknown", "\"nickname\"", "\"nick_name\""),
        ("type", "\"unit_amount\": 2900,", "\"unit_amount\": \"2900\","),
        ("value", "\"tiers_mode\": \"graduated\"", "\"tiers_mode\": \"stepped\""),
    ];
    let catalog = real();
    for (name, right, wrong) in wrong {
        let checked = check_types(name, &catalog, |text| {
            assert!(text.contains(right), "{right}");
            text.replace(right, wrong)
        });
        let said = String::from_utf8_lossy(&checked.stdout).into_owned();
        assert!(!checked.status.success() && said.contains("error TS"), "{wrong} was accepted: {said}");
    }
}

#[test]
fn stripes_own_tool_fills_an_account_with_the_fixtures() {
    let catalog = real();
    let desired = desired(&catalog);
    let requests = run_fixtures("real", &catalog);
    let to = |path: &str| requests.iter().filter(|request| request.path == path).collect::<Vec<_>>();
    assert_eq!(to("/v1/products").len(), desired.products.len());
    assert_eq!(to("/v1/prices").len(), desired.prices.len());
    assert_eq!(to("/v1/coupons").len(), desired.coupons.len());
    assert_eq!(to("/v1/promotion_codes").len(), desired.promotion_codes.len());
    for (request, price) in to("/v1/prices").into_iter().zip(&desired.prices) {
        let amount = price.params.unit_amount.map(|amount| amount.to_string());
        assert_eq!(request.params.get("unit_amount"), amount.as_ref(), "{}", price.params.lookup_key);
        assert!(request.params["product"].starts_with("id_"), "the reference was resolved: {request:?}");
        assert_eq!(request.params.contains_key("recurring[meter]"), price.meter.is_some());
    }
}

#[test]
fn hostile_texts_pass_through_stripes_own_tool_unharmed() {
    let catalog = small(HOSTILE);
    let requests = run_fixtures("hostile", &catalog);
    let product = requests.iter().find(|request| request.params.contains_key("name") && request.path == "/v1/products");
    let product = &product.expect("a product").params;
    assert_eq!(product["name"], catalog.products[0].name);
    assert_eq!(product["description"], catalog.products[0].description);
    assert_eq!(product["metadata[k}]"], "${time-now-RFC3339}");
    assert_eq!(product["metadata[plain]"], "100 % & = +");
    assert_eq!(product["marketing_features[0][name]"], "${a:b}");
    let feature = requests.iter().find(|request| request.path == "/v1/entitlements/features").expect("a feature");
    assert_eq!(feature.params["name"], catalog.features[0].name);
    let coupon = requests.iter().find(|request| request.path == "/v1/coupons").expect("a coupon");
    assert_eq!((&*coupon.params["name"], &*coupon.params["percent_off"]), ("${x:y} off", "33.3"));
}

/// Writes the artifacts, changed by `edit`, and has the official client's types judge them.
fn check_types(name: &str, catalog: &Catalog, edit: impl Fn(String) -> String) -> Output {
    let folder = written(&format!("types-{name}"), catalog, edit);
    node(&[
        "check-types.mjs",
        &folder.join("catalog.json").to_string_lossy(),
        &folder.join("fixtures.json").to_string_lossy(),
    ])
}

#[derive(Debug)]
struct Request {
    path: String,
    params: BTreeMap<String, String>,
}

/// What the official command-line tool sends for the fixtures.
fn run_fixtures(name: &str, catalog: &Catalog) -> Vec<Request> {
    let folder = written(&format!("fixtures-{name}"), catalog, |text| text);
    let output = node(&["run-fixtures.mjs", &folder.join("fixtures.json").to_string_lossy()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let requests: Vec<Value> = serde_json::from_slice(&output.stdout).expect("requests");
    requests
        .into_iter()
        .map(|request| Request {
            path: request["path"].as_str().expect("a path").to_owned(),
            params: serde_json::from_value::<Vec<(String, String)>>(request["params"].clone())
                .expect("names and values")
                .into_iter()
                .collect(),
        })
        .collect()
}

fn written(name: &str, catalog: &Catalog, edit: impl Fn(String) -> String) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stripe").join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    for file in ["catalog.json", "fixtures.json"] {
        let text = artifact(catalog, &format!("stripe/{file}"));
        // Only the desired state is edited, so that a refusal is about it.
        let text = if file == "catalog.json" { edit(text) } else { text };
        std::fs::write(folder.join(file), text).expect("a written artifact");
    }
    folder
}

/// Runs a script of `tests/node/stripe`, whose packages are installed once.
fn node(args: &[&str]) -> Output {
    static INSTALL: Once = Once::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/node/stripe");
    INSTALL.call_once(|| {
        let ci = ["ci", "--silent", "--no-audit", "--no-fund"];
        let installed = Command::new("npm").args(ci).current_dir(&folder).output().expect("npm");
        assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
    });
    Command::new("node").args(args).current_dir(&folder).output().expect("node")
}
