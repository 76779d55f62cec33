//! `lint`: one cause is one finding, which says how much it touches.

use crate::scratch::Scratch;

/// The first line of each finding.
fn heads(scratch: &Scratch) -> String {
    let stdout = scratch.run(&["lint"]).stdout;
    let heads: Vec<&str> = stdout.lines().filter(|line| line.contains("]: ")).collect();
    heads.join("\n")
}

#[test]
fn a_setting_of_the_catalog_is_one_finding_for_all_prices() {
    let scratch = Scratch::new();
    scratch.edit("catalog/catalog.yaml", "tax_behavior: exclusive", "tax_behavior: inclusive");
    insta::assert_snapshot!(scratch.run(&["lint"]).stdout, @r#"
    error[tax-behavior-changed]: The catalog: tax behavior “exclusive” → “inclusive”, for 36 prices
     --> catalog/catalog.yaml:2:1
      = help: if it is meant, say why at `catalog:`: accept: { tax-behavior-changed: "…" }

    Against HEAD: 1 error, 0 warnings or notes, 0 accepted.

    "#);
    let json: serde_json::Value = serde_json::from_str(&scratch.run(&["lint", "--json"]).stdout).expect("JSON");
    let json = &json["findings"];
    assert_eq!(
        (json.as_array().map(Vec::len), &json[0]["changes"]),
        (Some(1), &37.into()),
        "the catalog and its prices"
    );
}

#[test]
fn a_price_that_says_otherwise_is_a_finding_of_its_own() {
    let scratch = Scratch::new();
    scratch.edit("catalog/catalog.yaml", "tax_behavior: exclusive", "tax_behavior: inclusive");
    let yearly = "prices: { yearly: { amount: 15.00, tax_behavior: unspecified } }";
    scratch.edit("catalog/hosting.yaml", "prices: { yearly: 15.00 }", yearly);
    insta::assert_snapshot!(heads(&scratch), @r#"
    error[tax-behavior-changed]: The catalog: tax behavior “exclusive” → “inclusive”, for 35 prices
    error[tax-behavior-changed]: Domain yearly: tax behavior “exclusive” → “unspecified”
    "#);
}

#[test]
fn the_default_currency_is_one_finding_of_each_rule() {
    let scratch = Scratch::new();
    scratch.edit("catalog/catalog.yaml", "currency: usd", "currency: chf");
    insta::assert_snapshot!(heads(&scratch), @r#"
    error[default-currency-changed]: The catalog: currency “usd” → “chf”, for 36 prices
    error[currency-dropped]: The catalog: currency “usd” → “chf”, for 36 prices
    error[price-raised]: Starter Plan monthly 29.00 → 35.00 CHF (+20.7 %) from 2027-01-01
    error[coupon-lowered]: Coupon Setup fee waived: discount “99.00 USD” → “99.00 CHF”
    error[coupon-narrowed]: Coupon Setup fee waived: promotion code WELCOME minimum amount “99.00 USD” → “99.00 CHF”
    "#);
}

#[test]
fn a_renamed_promotion_code_is_one_finding() {
    let scratch = Scratch::new();
    scratch.edit("catalog/coupons.yaml", "{ code: WELCOME,", "{ code: HELLO,");
    assert_eq!(
        heads(&scratch),
        "error[coupon-narrowed]: Coupon Setup fee waived: promotion code renamed “WELCOME” → “HELLO”"
    );
    let diff = scratch.run(&["diff"]).stdout;
    assert_eq!(diff.matches("promotion code renamed “WELCOME” → “HELLO”").count(), 1, "{diff}");
    assert!(!diff.contains("(none)"), "{diff}");
    scratch.edit("catalog/coupons.yaml", "{ code: HELLO, minimum_amount: 99.00 }", "{ code: HELLO }");
    assert_eq!(heads(&scratch).lines().count(), 2, "a code for others is another code: {}", heads(&scratch));
}

#[test]
fn a_pattern_is_one_finding_of_its_kind_and_a_new_id_one_of_its_product() {
    let scratch = Scratch::new();
    scratch.edit("catalog/kinds.yaml", "lookup_key: \"plan_{id}_{price}\"", "lookup_key: \"crm_{id}_{price}\"");
    insta::assert_snapshot!(scratch.run(&["lint"]).stdout, @r#"
    error[lookup-key-changed]: Starter Plan monthly: lookup key “plan_starter_monthly” → “crm_starter_monthly”, and 6 more of the kind plan alike
     --> catalog/kinds.yaml:26:3
      = help: if it is meant, say why there: accept: { lookup-key-changed: "…" }

    Against HEAD: 1 error, 0 warnings or notes, 0 accepted.

    "#);
    let scratch = Scratch::new();
    scratch.edit("catalog/addons.yaml", "  automation_plus:\n", "  automation_max:\n    was: automation_plus\n");
    insta::assert_snapshot!(heads(&scratch), @r#"
    error[local-id-changed]: Automation Plus: local id “addon_automation_plus” → “addon_automation_max”, and 2 more prices alike
    error[lookup-key-changed]: Automation Plus monthly: lookup key “addon_automation_plus_monthly” → “addon_automation_max_monthly”, and 1 more price alike
    "#);
}

#[test]
fn one_price_in_several_currencies_is_one_finding_in_the_words_of_the_one_that_moves_most() {
    let scratch = Scratch::new();
    let before = "        amount: 29.00\n        currencies: { eur: 27.00, gbp: 23.00 }\n";
    let after = "        amount: 30.00\n        currencies: { eur: 29.00, gbp: 24.00 }\n";
    scratch.edit("catalog/plans.yaml", before, after);
    scratch.edit("catalog/hosting.yaml", "unit_amount: 0.002 }", "unit_amount: 0.003 }");
    scratch.edit("catalog/hosting.yaml", "unit_amount: 0.0018 }", "unit_amount: 0.0025 }");
    insta::assert_snapshot!(heads(&scratch), @r#"
    error[price-raised]: Starter Plan monthly 27.00 → 29.00 EUR (+7.4 %), and in 2 more currencies
    error[price-raised]: Cloud Platform per api call in USD: up to 1000000: 0.002 each → up to 1000000: 0.003 each (at most +50.0 %), and in 1 more currency
    "#);
}

#[test]
fn what_one_price_accepts_is_told_apart_from_the_rest() {
    let scratch = Scratch::new();
    scratch.edit("catalog/catalog.yaml", "tax_behavior: exclusive", "tax_behavior: inclusive");
    let yearly = "prices: { yearly: { amount: 15.00, accept: { tax-behavior-changed: \"Sold abroad.\" } } }";
    scratch.edit("catalog/hosting.yaml", "prices: { yearly: 15.00 }", yearly);
    insta::assert_snapshot!(heads(&scratch), @r#"
    error[tax-behavior-changed]: The catalog: tax behavior “exclusive” → “inclusive”, for 35 prices
    accepted[tax-behavior-changed]: The catalog: tax behavior “exclusive” → “inclusive”, for 1 price
    "#);
}

#[test]
fn a_reason_for_no_rule_is_one_finding_with_what_it_was_written_for() {
    let scratch = Scratch::new();
    let raised = "monthly: { amount: 25.00, accept: { price-rised: Bigger disks. } }";
    scratch.edit("catalog/hosting.yaml", "monthly: 20.00", raised);
    insta::assert_snapshot!(scratch.run(&["lint"]).stdout, @r#"
    error[unknown-rule]: hosting/vps/monthly accepts `price-rised`, which is no rule; did you mean `price-raised`? Virtual Private Server monthly 20.00 → 25.00 USD (+25.0 %)
     --> catalog/hosting.yaml:36:15
      = help: `cargo catalog explain unknown-rule` says what to do

    Against HEAD: 1 error, 0 warnings or notes, 0 accepted.

    "#);
    // Whatever it is called, there is only one rule that it can mean.
    scratch.edit("catalog/hosting.yaml", "price-rised", "more-expensive");
    insta::assert_snapshot!(heads(&scratch), @"error[unknown-rule]: hosting/vps/monthly accepts `more-expensive`, which is no rule; did you mean `price-raised`? Virtual Private Server monthly 20.00 → 25.00 USD (+25.0 %)");
    // It was said of an earlier change.
    scratch.commit("Raise");
    scratch.edit("catalog/hosting.yaml", "amount: 25.00", "amount: 30.00");
    insta::assert_snapshot!(heads(&scratch), @r#"
    error[price-raised]: Virtual Private Server monthly 25.00 → 30.00 USD (+20.0 %)
    error[unknown-rule]: hosting/vps/monthly accepts `more-expensive`, which is no rule
    "#);
}

#[test]
fn what_is_sold_no_more_and_stays_in_its_table_is_told() {
    let scratch = Scratch::new();
    let marked = "active: { type: boolean?, from: active, default: true }";
    scratch.edit("catalog/kinds.yaml", marked, &marked.replace("from: active, ", ""));
    scratch.commit("Mark nothing");
    let soon = "    active: false\n    coming_soon: true\n";
    assert!(scratch.read("catalog/services.yaml").contains(soon), "a service that is not sold yet");
    assert_eq!(scratch.run(&["lint", "--strict"]).code, 0, "what is not sold yet");
    scratch.edit(
        "catalog/services.yaml",
        "    deposit: { percent: 20 }\n",
        "    active: false\n    deposit: { percent: 20 }\n",
    );
    insta::assert_snapshot!(scratch.run(&["lint"]).stdout, @r#"
    warning[product-deactivated]: Market Essentials can be bought no more
     --> catalog/services.yaml:6:3
      = help: if it is meant, say why there: accept: { product-deactivated: "…" }

    warning[table-without-active]: Market Essentials: the table services does not say what is sold: what is sold no more stays there as it was
     --> catalog/services.yaml:6:3
      = help: add a column to the kind's table: active: { type: boolean, from: active, default: true }; if it is meant, say why there: accept: { table-without-active: "…" }

    Against HEAD: 0 errors, 2 warnings or notes, 0 accepted.

    "#);
    insta::assert_snapshot!(scratch.run(&["diff"]).stdout, @r#"
    Market Essentials can be bought no more; Stripe product updated; Stripe price archived; 1 row
    Market Essentials: the table services does not say what is sold: what is sold no more stays there as it was

    Stripe: 1 × Stripe price archived, 1 × Stripe product updated. Database: 1 row. TypeScript: 4 files.

    "#);
}

#[test]
fn a_deposit_that_is_the_share_of_its_price_that_it_was_is_no_finding_of_its_own() {
    let scratch = Scratch::new();
    scratch.edit("catalog/services.yaml", "one_time: 1495.00", "one_time: 1595.00");
    insta::assert_snapshot!(heads(&scratch), @"error[price-raised]: Market Essentials one-time 1495.00 → 1595.00 USD (+6.7 %)");
}

#[test]
fn another_way_of_counting_is_one_finding() {
    let scratch = Scratch::new();
    let metered = "monthly: { amount: 15.00, unit: call, usage: metered, meter: api_calls }";
    scratch.edit("catalog/roles.yaml", "monthly: { amount: 15.00, unit: user }", metered);
    insta::assert_snapshot!(heads(&scratch), @"error[usage-changed]: Sales Representative - Basic monthly: meter (none) → “api_calls”, and with it unit and usage");
}
