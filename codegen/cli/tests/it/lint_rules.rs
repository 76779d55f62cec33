//! Each rule of `lint`, broken by an edit of the real catalog.

use std::collections::BTreeSet;

use pricebook_cli::lint::{Decision, FIELDS, rules};
use pricebook_emit::build::{Package, Stream, compile};
use pricebook_model::catalog::PackageDimensions;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::scratch::{Scratch, repository};

/// File, text, and what takes its place.
type Edit = (&'static str, &'static str, &'static str);

/// Rules, each with the edits that break it.
const BREAKS: &[(&str, &[Edit])] = &[
    ("price-raised", &[("addons", "monthly: 19.00", "monthly: 19.01")]),
    ("price-lowered", &[("addons", "monthly: 39.00", "monthly: 20.00")]),
    ("price-slashed", &[("addons", "monthly: 39.00", "monthly: 3.90")]),
    ("former-amount-changed", &[("plans", "key: yearly_2024, amount: 690.00", "key: yearly_2024, amount: 680.00")]),
    ("currency-dropped", &[("plans", "currencies: { eur: 270.00, gbp: 230.00 }", "currencies: { eur: 270.00 }")]),
    (
        "default-currency-changed",
        &[("hosting", "prices: { yearly: 15.00 }", "prices: { yearly: { amount: 15.00, currency: eur } }")],
    ),
    (
        "interval-changed",
        &[("hosting", "label: Per API call\n        interval: month", "label: Per API call\n        interval: year")],
    ),
    ("price-gone", &[("hosting", "monthly: 9.00, yearly: 90.00", "monthly: 9.00")]),
    ("price-deactivated", &[("hosting", "yearly: 90.00", "yearly: { amount: 90.00, active: false }")]),
    ("id-gone", &[("roles", "  admin_elite:", "  admin_basic:")]),
    ("product-deactivated", &[("addons", "    name: Sales PowerPack", "    active: false\n    name: Sales PowerPack")]),
    ("entitlement-removed", &[("addons", "call_recording: true, ", "")]),
    ("entitlement-lowered", &[("plans", "pipelines: unlimited", "pipelines: 9")]),
    ("tiers-changed", &[("hosting", "unit_amount: 0.002 }", "unit_amount: 0.0019 }")]),
    ("trial-shortened", &[("plans", "trial_days: 14", "trial_days: 7")]),
    ("deposit-raised", &[("services", "deposit: { percent: 20 }", "deposit: full")]),
    ("first-price-changed", &[("addons", "{ monthly: 19.00, yearly: 190.00 }", "{ yearly: 190.00, monthly: 19.00 }")]),
    ("catalog-renamed", &[("catalog", "name: stratiqx\n", "name: stratix\n")]),
    ("tax-behavior-changed", &[("catalog", "tax_behavior: exclusive", "tax_behavior: inclusive")]),
    (
        "usage-changed",
        &[(
            "roles",
            "monthly: { amount: 15.00, unit: user }",
            "monthly: { amount: 15.00, unit: user, transform_quantity: { divide_by: 5, round: up } }",
        )],
    ),
    (
        "announcement-withdrawn",
        &[(
            "plans",
            "        changes:\n          - { on: 2027-01-01, amount: 35.00, currencies: { eur: 32.00, gbp: 28.00 } }\n",
            "",
        )],
    ),
    ("coupon-lowered", &[("coupons", "percent_off: 20", "percent_off: 10")]),
    ("price-now-free", &[("hosting", "up_to: 1000000, unit_amount: 0.002 }", "up_to: 1000000, unit_amount: 0 }")]),
    ("coupon-makes-free", &[("coupons", "percent_off: 20", "percent_off: 100")]),
    ("coupon-changed", &[("coupons", "percent_off: 20", "percent_off: 30")]),
    (
        "announced-too-late",
        &[("plans", "          - { on: 2027-01-01, amount: 35.00", "          - { on: 2026-01-01, amount: 34.00")],
    ),
    (
        "table-without-active",
        &[(
            "kinds",
            "active: { type: boolean?, from: active, default: true }",
            "active: { type: boolean?, default: true }",
        )],
    ),
    ("stripe-mode-changed", &[("catalog", "stripe_mode: live", "stripe_mode: test")]),
    ("environment-moved", &[("catalog", "database: stratiqx-main", "database: stratiqx-other")]),
    ("group-changed", &[("groups", "[starter, professional, enterprise]", "[starter, enterprise]")]),
    (
        "price-no-longer-free",
        &[(
            "services",
            "    free: true\n    prices:\n      one_time: 0\n    deposit: { amount: 0 }\n",
            "    prices:\n      one_time: 5.00\n",
        )],
    ),
    (
        "price-retired",
        &[
            ("hosting", "monthly: 9.00, yearly: 90.00", "monthly: 9.00"),
            ("hosting", "hosting:\n", "retired: [price/hosting_hosting_yearly]\n\nhosting:\n"),
        ],
    ),
    (
        "product-retired",
        &[
            ("hosting", "hosting:\n", "retired: [hosting/domain]\n\nhosting:\n"),
            (
                "hosting",
                "  domain:\n    name: Domain\n    description: A domain name with DNS.\n    attributes: { service_type: domain, health_check: dns }\n    prices: { yearly: 15.00 }\n",
                "",
            ),
        ],
    ),
    ("tier-mode-changed", &[("hosting", "mode: graduated", "mode: volume")]),
    (
        "tier-removed",
        &[
            ("hosting", "            - { up_to: 1000000, unit_amount: 0.002 }\n", ""),
            ("hosting", "              - { up_to: 1000000, unit_amount: 0.0018 }\n", ""),
        ],
    ),
    (
        "announced-change-made",
        &[
            (
                "plans",
                "        amount: 29.00\n        currencies: { eur: 27.00, gbp: 23.00 }\n",
                "        amount: 35.00\n        currencies: { eur: 32.00, gbp: 28.00 }\n",
            ),
            (
                "plans",
                "        changes:\n          - { on: 2027-01-01, amount: 35.00, currencies: { eur: 32.00, gbp: 28.00 } }\n",
                "",
            ),
        ],
    ),
    ("lookup-key-changed", &[("kinds", "lookup_key: \"plan_{id}_{price}\"", "lookup_key: \"crm_{id}_{price}\"")]),
    ("local-id-changed", &[("kinds", "local_id: \"addon_{id}\"", "local_id: \"more_{id}\"")]),
    ("stripe-name-changed", &[("kinds", "name: \"{name} Add-on\"", "name: \"{name} Extra\"")]),
    (
        "coupon-narrowed",
        &[(
            "coupons",
            "      - code: LAUNCH20\n        max_redemptions: 500",
            "      - code: LAUNCH20\n        max_redemptions: 5",
        )],
    ),
    ("coupon-widened", &[("coupons", "redeem_by: 2027-12-31", "redeem_by: 2028-12-31")]),
    (
        "coupon-retired",
        &[
            (
                "coupons",
                "  setup_waiver:\n    name: Setup fee waived\n    amount_off: 99.00\n    duration: once\n    applies_to: [fee/starter_setup]\n    max_redemptions: 100\n    promotion_codes:\n      - { code: WELCOME, minimum_amount: 99.00 }\n",
                "",
            ),
            ("coupons", "coupons:\n", "retired: [coupon/setup_waiver]\n\ncoupons:\n"),
        ],
    ),
    (
        "feature-renamed",
        &[
            ("features", "  workflows: { name: Workflows, ", "  automations: { was: workflows, name: Workflows, "),
            ("addons", "workflows: 100", "automations: 100"),
            ("plans", "workflows: 20", "automations: 20"),
            ("plans", "workflows: unlimited", "automations: unlimited"),
        ],
    ),
    ("feature-changed", &[("features", "unit: GB", "unit: MB")]),
    ("meter-changed", &[("features", "aggregation: sum", "aggregation: count")]),
    (
        "meter-gone",
        &[
            (
                "features",
                "  api_calls: { name: API calls, event_name: api_call,",
                "  hits: { name: Hits, event_name: hit,",
            ),
            ("hosting", "meter: api_calls", "meter: hits"),
            ("catalog", "catalog:\n", "retired: [meter/api_calls]\ncatalog:\n"),
        ],
    ),
    ("amount-unit-changed", &[("kinds", "amounts: major", "amounts: minor")]),
    (
        "column-source-changed",
        &[("kinds", "max_price: { type: integer?, from: price.max", "max_price: { type: integer?, from: price.min")],
    ),
    ("attributes-changed", &[("organizations", "seats: 50", "seats: 5")]),
    ("tax-code-changed", &[("addons", "tax_code: txcd_10103001", "tax_code: txcd_10000000")]),
    ("deposit-changed", &[("services", "deposit: { percent: 20 }", "deposit: { amount: 299.00 }")]),
    ("unknown-rule", &[("catalog", "  currency: usd\n", "  currency: usd\n  accept: { price-rised: Because. }\n")]),
    ("unused-reason", &[("catalog", "  currency: usd\n", "  currency: usd\n  accept: { price-raised: Because. }\n")]),
];

#[test]
fn each_rule_is_broken_by_an_edit() {
    let shown: BTreeSet<&str> = BREAKS.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(shown, rules().map(|rule| rule.id).collect(), "every rule is shown, and no other");
    let scratch = Scratch::new();
    for (rule, edits) in BREAKS.iter().chain(ALSO) {
        let path = |file: &str| format!("catalog/{file}.yaml");
        let before: Vec<_> = edits.iter().map(|(file, ..)| (path(file), scratch.read(&path(file)))).collect();
        edits.iter().for_each(|(file, from, to)| scratch.edit(&path(file), from, to));
        let ran = scratch.run(&["lint", "--json", "--today", "2027-01-01"]);
        assert_eq!(ran.stderr, "", "{rule}");
        let document: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let findings = document["findings"].as_array().unwrap_or_else(|| panic!("{rule}: {document}"));
        let found: Vec<_> = findings.iter().map(|finding| finding["code"].as_str().unwrap()).collect();
        assert!(found.contains(rule), "{rule} is not among {found:?}");
        let is_error = findings.iter().any(|finding| finding["level"] == "error");
        assert_eq!(ran.code, i32::from(is_error), "{rule}");
        before.iter().for_each(|(path, text)| scratch.write(path, text));
    }
}

/// More edits of what no rule spoke of once.
const ALSO: &[(&str, &[Edit])] = &[
    ("usage-changed", &[("roles", "monthly: { amount: 15.00, unit: user }", "monthly: { amount: 15.00, unit: team }")]),
    ("usage-changed", &[("roles", "monthly: { amount: 15.00, unit: user }", "monthly: 15.00")]),
    (
        "feature-changed",
        &[
            (
                "features",
                "forecasting: { name: Sales forecasts, type: switch }",
                "forecasting: { name: Sales forecasts, type: quantity, unit: forecast }",
            ),
            ("addons", "forecasting: true", "forecasting: 1"),
            ("roles", "forecasting: true", "forecasting: 1"),
        ],
    ),
    ("meter-changed", &[("features", "event_name: api_call,", "event_name: api_request,")]),
    ("coupon-lowered", &[("coupons", "duration: { months: 3 }", "duration: once")]),
    ("coupon-lowered", &[("coupons", "    percent_off: 20\n", "    amount_off: 5.00\n")]),
    ("coupon-changed", &[("coupons", "duration: { months: 3 }", "duration: forever")]),
    ("coupon-narrowed", &[("coupons", "applies_to: [plan/starter, plan/professional]", "applies_to: [plan/starter]")]),
    ("coupon-narrowed", &[("coupons", "    max_redemptions: 100\n", "    max_redemptions: 99\n")]),
    ("coupon-narrowed", &[("coupons", "redeem_by: 2027-12-31", "redeem_by: 2027-06-30")]),
    ("coupon-narrowed", &[("coupons", "code: WELCOME", "code: HELLO")]),
    (
        "coupon-widened",
        &[(
            "coupons",
            "      - { code: WELCOME, minimum_amount: 99.00 }\n",
            "      - { code: WELCOME, minimum_amount: 99.00 }\n      - { code: HELLO }\n",
        )],
    ),
    (
        "coupon-narrowed",
        &[(
            "coupons",
            "      - { code: WELCOME, minimum_amount: 99.00 }",
            "      - { code: WELCOME, minimum_amount: 199.00 }",
        )],
    ),
    ("coupon-widened", &[("coupons", "      - { code: WELCOME, minimum_amount: 99.00 }", "      - { code: WELCOME }")]),
    ("coupon-narrowed", &[("coupons", "expires_at: 2027-06-30", "expires_at: 2027-01-30")]),
    ("coupon-widened", &[("coupons", "        first_time_transaction: true\n", "")]),
    (
        "coupon-narrowed",
        &[(
            "coupons",
            "{ code: WELCOME, minimum_amount: 99.00 }",
            "{ code: WELCOME, minimum_amount: 99.00, first_time_transaction: true }",
        )],
    ),
    ("coupon-widened", &[("coupons", "    applies_to: [plan/starter, plan/professional]\n", "")]),
    (
        "group-changed",
        &[(
            "groups",
            "  crm: { name: GhostCRM plans, kind: plan, products: [starter, professional, enterprise] }\n",
            "",
        )],
    ),
    (
        "local-id-changed",
        &[(
            "kinds",
            "      name: \"{name} (one-time)\"",
            "      product_per: price\n      name: \"{name} (one-time)\"",
        )],
    ),
];

#[test]
fn every_field_is_judged_by_a_rule_or_harmless_for_a_reason() {
    let files = pricebook_model::load(&repository().join("catalog"), "catalog", false).expect("the catalog");
    let package = Package::new("", Stream::Catalog);
    let mut catalog = compile(&package, Package::with_base(files), None).expect("a sound catalog");
    // What is left out where nothing is said of it.
    let side = Decimal::ONE;
    let package_dimensions = PackageDimensions { height: side, length: side, weight: side, width: side };
    let product = &mut catalog.products[0];
    (product.images, product.url) = (vec!["https://shop.example/a.png".to_owned()], Some(String::new()));
    (product.shippable, product.package_dimensions) = (Some(true), Some(package_dimensions));
    let catalog = serde_json::to_value(&catalog).expect("JSON");
    let examples = [
        ("catalog", &catalog),
        ("product", &catalog["products"][0]),
        ("price", &catalog["products"][0]["prices"][0]),
        ("coupon", &catalog["coupons"][0]),
        ("promotion code", &catalog["coupons"][0]["promotion_codes"][0]),
        ("feature", &catalog["features"][0]),
        ("meter", &catalog["meters"][0]),
        ("group", &catalog["groups"][0]),
        ("kind", &catalog["kinds"][0]),
        ("environment", &catalog["environments"][0]),
    ];
    assert_eq!(
        examples.map(|(section, _)| section).as_slice(),
        FIELDS.iter().map(|(name, _)| *name).collect::<Vec<_>>()
    );
    for ((section, example), (_, decided)) in examples.into_iter().zip(FIELDS) {
        // What the catalog lists has sections of its own, or is no more than where and how it is kept.
        let listed = |value: &Value| section == "catalog" && value.is_array();
        let fields = example.as_object().expect("fields").iter().filter(|(_, value)| !listed(value));
        let fields: BTreeSet<&str> = fields.map(|(name, _)| name.as_str()).collect();
        assert_eq!(decided.iter().map(|(name, _)| *name).collect::<BTreeSet<_>>(), fields, "{section}");
        for (name, decision) in *decided {
            match decision {
                Decision::Breaks(broken) => {
                    let known = broken.iter().all(|rule| rules().any(|known| known.id == *rule));
                    assert!(known && !broken.is_empty(), "{section}: {name} names {broken:?}");
                }
                Decision::Harmless(reason) => assert!(!reason.is_empty(), "{section}: {name}"),
            }
        }
    }
}

#[test]
fn editors_complete_every_rule_that_a_reason_can_let_pass() {
    let rules: BTreeSet<&str> = rules().filter(|rule| rule.breaks.is_some()).map(|rule| rule.id).collect();
    assert!(
        pricebook_model::LINT_RULES.iter().copied().eq(rules),
        "codegen/model/src/lint_rules.rs lists them in order"
    );
}
