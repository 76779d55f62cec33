//! Each rule of `lint`, broken by an edit of the real catalog.

use std::collections::BTreeSet;

use pricebook_cli::lint::RULES;

use crate::scratch::Scratch;

/// File, text, and what takes its place.
type Edit = (&'static str, &'static str, &'static str);

/// Rules, each with the edits that break it.
const BREAKS: &[(&str, &[Edit])] = &[
    ("price-raised", &[("addons", "monthly: 19.00", "monthly: 19.01")]),
    ("price-lowered", &[("addons", "monthly: 39.00", "monthly: 3.90")]),
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
    ("tiers-changed", &[("hosting", "unit_amount: 0.002 }", "unit_amount: 0.003 }")]),
    ("trial-shortened", &[("plans", "trial_days: 14", "trial_days: 7")]),
    ("deposit-raised", &[("services", "deposit: { percent: 20 }", "deposit: full")]),
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
    ("coupon-changed", &[("coupons", "percent_off: 20", "percent_off: 10")]),
    ("group-changed", &[("groups", "[starter, professional, enterprise]", "[starter, enterprise]")]),
    (
        "price-no-longer-free",
        &[("services", "    free: true\n    prices:\n      one_time: 0\n", "    prices:\n      one_time: 5.00\n")],
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
    ("unknown-rule", &[("catalog", "  currency: usd\n", "  currency: usd\n  accept: { price-rised: Because. }\n")]),
    ("unused-reason", &[("catalog", "  currency: usd\n", "  currency: usd\n  accept: { price-raised: Because. }\n")]),
];

#[test]
fn each_rule_is_broken_by_an_edit() {
    let shown: BTreeSet<&str> = BREAKS.iter().map(|(rule, _)| *rule).collect();
    assert_eq!(shown, RULES.iter().map(|rule| rule.id).collect(), "every rule is shown, and no other");
    let scratch = Scratch::new();
    for (rule, edits) in BREAKS {
        let path = |file: &str| format!("catalog/{file}.yaml");
        let before: Vec<_> = edits.iter().map(|(file, ..)| (path(file), scratch.read(&path(file)))).collect();
        edits.iter().for_each(|(file, from, to)| scratch.edit(&path(file), from, to));
        let ran = scratch.run(&["lint", "--json", "--today", "2027-01-01"]);
        assert_eq!(ran.stderr, "", "{rule}");
        let findings: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
        let found: Vec<_> =
            findings.as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap()).collect();
        assert!(found.contains(rule), "{rule} is not among {found:?}");
        let is_error = findings.as_array().unwrap().iter().any(|finding| finding["level"] == "error");
        assert_eq!(ran.code, i32::from(is_error), "{rule}");
        before.iter().for_each(|(path, text)| scratch.write(path, text));
    }
}
