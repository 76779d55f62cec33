//! `diff` of what has another id or name: what is the same is told to be the same.

use crate::scratch::Scratch;

#[test]
fn a_renamed_product_leaves_its_coupons_and_groups_as_they_are() {
    let scratch = Scratch::new();
    scratch.edit("catalog/plans.yaml", "  professional:\n", "  pro:\n    was: professional\n");
    scratch.edit("catalog/coupons.yaml", "plan/professional", "plan/pro");
    scratch.edit("catalog/groups.yaml", "[starter, professional, enterprise]", "[starter, pro, enterprise]");
    let diff = scratch.run(&["diff"]).stdout;
    assert!(diff.contains("Professional Plan has a new id (was professional)"), "{diff}");
    assert!(!diff.contains("coupon") && !diff.contains("Group "), "{diff}");
    let lint = scratch.run(&["lint"]).stdout;
    assert!(!lint.contains("coupon-narrowed") && !lint.contains("group-changed"), "{lint}");
}

#[test]
fn prices_of_another_stripe_product_are_new_prices() {
    let scratch = Scratch::new();
    let per_price = "product_per: price\n      name: \"{name} ({price.label})\"";
    scratch.edit("catalog/kinds.yaml", per_price, "product_per: product\n      name: \"{name}\"");
    scratch.edit("catalog/kinds.yaml", "local_id: \"plan_{id}_{price}\"", "local_id: \"plan_{id}\"");
    let ran = scratch.run(&["diff"]);
    let steps = "6 × Stripe product archived, 1 × Stripe promotion code replaced by a new one, 7 × new Stripe price, 3 × new Stripe product.";
    assert!(ran.stdout.contains(steps), "{}{}", ran.stdout, ran.stderr);
    assert!(!ran.stdout.contains("Stripe price updated"), "{}", ran.stdout);
}

#[test]
fn only_stripe_products_that_there_are_are_named() {
    let scratch = Scratch::new();
    scratch.edit("catalog/plans.yaml", "name: Enterprise Plan", "name: Corporate Plan");
    insta::assert_snapshot!(scratch.run(&["diff"]).stdout, @r"
    Corporate Plan: name “Enterprise Plan” → “Corporate Plan”; 1 row
    Corporate Plan monthly: stripe name “Enterprise Plan (Monthly)” → “Corporate Plan (Monthly)”; Stripe product updated
    Corporate Plan yearly: stripe name “Enterprise Plan (Yearly)” → “Corporate Plan (Yearly)”; Stripe product updated

    Stripe: 2 × Stripe product updated. Database: 1 row. TypeScript: 6 files.
    ");
    let lint = scratch.run(&["lint"]).stdout;
    assert!(lint.contains("stripe-name-changed") && lint.contains("(Monthly)"), "{lint}");
}

#[test]
fn a_renamed_product_of_many_stripe_products_names_those() {
    let scratch = Scratch::new();
    scratch.edit("catalog/plans.yaml", "  enterprise:\n", "  corporate:\n    was: enterprise\n");
    scratch.edit("catalog/groups.yaml", "[starter, professional, enterprise]", "[starter, professional, corporate]");
    let diff = scratch.run(&["diff"]).stdout;
    assert!(diff.contains("“plan_enterprise_monthly” → “plan_corporate_monthly”"), "{diff}");
    assert!(!diff.contains("“plan_enterprise”"), "{diff}");
}
