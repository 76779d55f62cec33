//! What whoever reviews a change must be told: amounts that come, the price that is first, what is due, what keeps its object.

use crate::scratch::Scratch;

fn diff(edits: &[(&str, &str, &str)]) -> (String, i32) {
    let scratch = Scratch::new();
    for (file, from, to) in edits {
        scratch.edit(&format!("catalog/{file}.yaml"), from, to);
    }
    (scratch.run(&["diff"]).stdout, scratch.run(&["lint"]).code)
}

#[test]
fn another_first_price_is_told_and_breaks_a_promise() {
    let (told, code) = diff(&[("addons", "{ monthly: 19.00, yearly: 190.00 }", "{ yearly: 190.00, monthly: 19.00 }")]);
    let words = "Sales PowerPack first price monthly 19.00 USD every month → yearly 190.00 USD every year: shown first, and charged \
                 where none is named; Stripe product updated";
    assert!(told.contains(words), "{told}");
    assert_eq!(code, 1, "lint");
}

#[test]
fn what_is_new_is_told_with_what_it_costs_or_takes_off() {
    let coupon = "coupons:\n  everything:\n    name: Everything free\n    percent_off: 100\n    duration: forever\n    \
                  promotion_codes:\n      - { code: FREE }\n";
    let (told, _) = diff(&[
        (
            "addons",
            "  marketing_suite:\n",
            "  mega:\n    name: Mega\n    prices: { monthly: 9900.00, yearly: 1.00 }\n\n  marketing_suite:\n",
        ),
        ("hosting", "monthly: 20.00", "monthly: 20.00, yearly: 4500.00"),
        ("coupons", "coupons:\n", coupon),
    ]);
    for words in [
        "Mega is new: monthly 9900.00 USD every month; yearly 1.00 USD every year",
        "yearly is new: 4500.00 USD every year",
        "Coupon Everything free is new: 100 % off for ever, of everything, code FREE",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
}

#[test]
fn without_a_deposit_the_whole_price_is_due() {
    let (told, code) = diff(&[("services", "    deposit: { percent: 20 }\n", "")]);
    assert!(told.contains("deposit 299.00 USD → none"), "{told}");
    assert_eq!(code, 1, "more is due before the work begins");
    let deposit = "    deposit: { percent: 20 }\n    prices: { yearly: 15.00 }";
    let (told, code) = diff(&[("hosting", "    prices: { yearly: 15.00 }", deposit)]);
    assert!(told.contains("deposit none → "), "{told}");
    assert_eq!(code, 0, "less is due: {told}");
}

#[test]
fn what_is_renamed_keeps_its_objects_and_its_price_is_compared_also_when_only_the_lock_remembers() {
    let scratch = Scratch::new();
    scratch.edit("catalog/plans.yaml", "  enterprise:\n", "  ultimate:\n    was: enterprise\n");
    scratch.edit("catalog/groups.yaml", "enterprise]", "ultimate]");
    let told = scratch.run(&["diff"]).stdout;
    assert!(!told.contains("new Stripe") && !told.contains("archived"), "{told}");
    assert!(told.contains("Stripe product updated"), "{told}");
    assert_eq!(scratch.run(&["record"]).code, 0);
    scratch.edit("catalog/plans.yaml", "    was: enterprise\n", "");
    scratch.edit("catalog/plans.yaml", "amount: 199.00", "amount: 299.00");
    let told = scratch.run(&["diff"]).stdout;
    assert!(told.contains("199.00 → 299.00 USD (+50.3 %)"), "{told}");
    let lint = scratch.run(&["lint"]);
    assert!(lint.stdout.contains("price-raised"), "{}", lint.stdout);
}

#[test]
fn an_amount_that_customers_choose_is_told_with_its_bounds() {
    let chosen = "one_time: { custom_amount: { minimum: 50.00, preset: 99.00, maximum: 500.00 } }";
    let (said, code) = diff(&[("fees", "one_time: 99.00", chosen)]);
    assert_eq!(code, 0, "a cut is a warning");
    let words = "Starter Setup Fee one-time in USD: 99.00 each → chosen by customers from 50.00 to 500.00, preset 99.00 (at most -49.5 %); new Stripe \
                 price; 1 row";
    assert!(said.contains(words), "{said}");
}
