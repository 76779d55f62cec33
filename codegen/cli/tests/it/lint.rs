//! `lint`: each rule, reasons, bounds and annotations.

use crate::scratch::Scratch;

#[test]
fn an_unchanged_catalog_breaks_no_promise() {
    let ran = Scratch::new().run(&["lint"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Against HEAD: 0 errors, 0 warnings and notes, 0 accepted.\n"));
}

/// One edit, and the rule that it breaks.
const BREAKS: &[(&str, &str, &str, &str)] = &[
    ("price-raised", "addons", "monthly: 19.00", "monthly: 19.01"),
    ("price-lowered", "addons", "monthly: 39.00", "monthly: 3.90"),
    ("currency-dropped", "plans", "currencies: { eur: 270.00, gbp: 230.00 }", "currencies: { eur: 270.00 }"),
    ("default-currency-changed", "fees", "one_time: 99.00", "one_time: { amount: 99.00, currency: eur }"),
    (
        "interval-changed",
        "hosting",
        "label: Per API call\n        interval: month",
        "label: Per API call\n        interval: year",
    ),
    ("price-gone", "hosting", "monthly: 9.00, yearly: 90.00", "monthly: 9.00"),
    ("price-deactivated", "hosting", "yearly: 90.00", "yearly: { amount: 90.00, active: false }"),
    ("id-gone", "roles", "  admin_elite:", "  admin_basic:"),
    ("product-deactivated", "addons", "    name: Sales PowerPack", "    active: false\n    name: Sales PowerPack"),
    ("entitlement-removed", "addons", "call_recording: true, ", ""),
    ("entitlement-lowered", "plans", "pipelines: unlimited", "pipelines: 9"),
    ("tiers-changed", "hosting", "unit_amount: 0.002 }", "unit_amount: 0.003 }"),
    ("trial-shortened", "plans", "trial_days: 14", "trial_days: 7"),
    ("deposit-raised", "services", "deposit: { percent: 20 }", "deposit: full"),
    ("tax-behavior-changed", "catalog", "tax_behavior: exclusive", "tax_behavior: inclusive"),
    (
        "usage-changed",
        "roles",
        "monthly: { amount: 15.00, unit: user }",
        "monthly: { amount: 15.00, unit: user, transform_quantity: { divide_by: 5, round: up } }",
    ),
    (
        "announcement-withdrawn",
        "plans",
        "        changes:\n          - { on: 2027-01-01, amount: 35.00, currencies: { eur: 32.00, gbp: 28.00 } }\n",
        "",
    ),
    ("coupon-changed", "coupons", "percent_off: 20", "percent_off: 10"),
    ("group-changed", "groups", "[starter, professional, enterprise]", "[starter, enterprise]"),
];

#[test]
fn each_rule_is_broken_by_one_edit() {
    let scratch = Scratch::new();
    for (rule, file, from, to) in BREAKS {
        let file = format!("catalog/{file}.yaml");
        let before = scratch.read(&file);
        scratch.edit(&file, from, to);
        let ran = scratch.run(&["lint", "--json"]);
        assert_eq!(ran.stderr, "", "{rule}");
        let findings: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let found: Vec<_> =
            findings.as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
        assert!(found.contains(rule), "{rule} is not among {found:?}");
        let is_error = findings.as_array().unwrap().iter().any(|finding| finding["level"] == "error");
        assert_eq!(ran.code, i32::from(is_error), "{rule}");
        scratch.write(&file, &before);
    }
}

#[test]
fn a_reason_in_the_yaml_accepts_a_change_of_a_price_or_a_product() {
    let scratch = Scratch::new();
    let price = "monthly: { amount: 45.00, accept: { price-raised: Bigger disks. } }";
    scratch.edit("catalog/hosting.yaml", "monthly: 20.00", &price.replace("45.00", "25.00"));
    scratch.edit("catalog/addons.yaml", "call_recording: true, ", "");
    assert_eq!(scratch.run(&["lint"]).code, 1);
    let accept = "    accept: { entitlement-removed: \"Nobody recorded calls.\" }\n    name: Sales PowerPack";
    scratch.edit("catalog/addons.yaml", "    name: Sales PowerPack", accept);
    let ran = scratch.run(&["lint"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn bounds_say_how_far_a_price_may_move() {
    let scratch = Scratch::new();
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 20.00");
    assert_eq!(scratch.run(&["lint"]).code, 1);
    assert_eq!(scratch.run(&["lint", "--max-raise", "10"]).code, 0);
    scratch.edit("catalog/addons.yaml", "monthly: 20.00", "monthly: 18.00");
    assert_eq!(scratch.run(&["lint", "--strict"]).code, 0);
    assert_eq!(scratch.run(&["lint", "--strict", "--max-cut", "2"]).code, 1);
}

#[test]
fn findings_are_annotations_at_their_lines() {
    let scratch = Scratch::new();
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 21.00");
    scratch.edit("catalog/roles.yaml", "  admin_elite:", "  admin_basic:");
    let ran = scratch.run(&["lint", "--format", "github"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stdout);
}
