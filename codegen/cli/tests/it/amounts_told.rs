//! What `diff` and `lint` say of amounts that are easily passed over: announced for what is new, former, chosen by customers,
//! nothing at all.

use crate::scratch::Scratch;

/// What `diff` and `lint` say of edits, both of the day before 2027; of `lint` the findings alone.
fn said(edits: &[(&str, &str, &str)]) -> (String, String) {
    let scratch = Scratch::new();
    edited(&scratch, edits)
}

fn edited(scratch: &Scratch, edits: &[(&str, &str, &str)]) -> (String, String) {
    for (file, from, to) in edits {
        scratch.edit(&format!("catalog/{file}.yaml"), from, to);
    }
    let diff = scratch.run(&["diff", "--today", "2026-12-31"]);
    let lint = scratch.run(&["lint", "--today", "2026-12-31"]);
    assert_eq!(format!("{}{}", diff.stderr, lint.stderr), "");
    let findings: Vec<&str> = lint.stdout.lines().filter(|line| line.contains("]: ")).collect();
    let (changes, _) = diff.stdout.split_once("\n\n").unwrap_or((&diff.stdout, ""));
    (changes.to_owned(), findings.join("\n"))
}

#[test]
fn what_is_announced_for_something_new_is_told() {
    let fee = |day: &str| {
        format!(
            "fees:\n  priority:\n    name: Priority\n    prices:\n      one_time: {{ amount: 5.00, changes: [{{ on: {day}, amount: 7.00 }}] }}\n"
        )
    };
    let (diff, lint) = said(&[("fees", "fees:\n", &fee("2027-03-01"))]);
    insta::assert_snapshot!(diff, @"Priority is new: one_time 5.00 USD (from 2027-03-01 7.00 USD); new Stripe product; new Stripe price; 4 rows");
    assert_eq!(lint, "");
    let (diff, lint) = said(&[("fees", "fees:\n", &fee("2026-03-01"))]);
    insta::assert_snapshot!(diff, @"Priority is new: one_time 5.00 USD (from 2026-03-01 7.00 USD), a day that has come: it holds at once; new Stripe product; new Stripe price; 4 rows");
    insta::assert_snapshot!(lint, @"warning[announced-too-late]: Priority is new: one_time 5.00 USD (from 2026-03-01 7.00 USD), a day that has come: it holds at once");
    let monthly = "monthly: 9.00, yearly: 90.00";
    let more = "monthly: { amount: 9.00 }, yearly: 90.00, quarterly: { interval: month, interval_count: 3, label: Quarterly, amount: 25.00, changes: [{ on: 2027-03-01, amount: 27.00 }] }";
    insta::assert_snapshot!(said(&[("hosting", monthly, more)]).0, @"Web Hosting quarterly is new: 25.00 USD every 3 months (from 2027-03-01 27.00 USD); new Stripe price; 3 rows");
}

#[test]
fn a_former_price_takes_no_currency_that_it_did_not_have() {
    let (from, to) =
        ("key: yearly_2024, amount: 690.00", "key: yearly_2024, amount: 690.00, currencies: { eur: 640.00 }");
    let (diff, lint) = said(&[("plans", from, to)]);
    insta::assert_snapshot!(diff, @"Professional Plan yearly 2024: former amount “690.00 USD” → “690.00 USD; 640.00 EUR”, while old subscriptions go on to pay what it was; new Stripe price; 1 row");
    insta::assert_snapshot!(lint, @"error[former-amount-changed]: Professional Plan yearly 2024: former amount “690.00 USD” → “690.00 USD; 640.00 EUR”, while old subscriptions go on to pay what it was");
}

#[test]
fn amounts_that_customers_choose_are_told_as_such() {
    let one_time = "one_time: 99.00";
    let chosen = "one_time: { custom_amount: { minimum: 5.00, preset: 20.00 } }";
    insta::assert_snapshot!(said(&[("fees", one_time, chosen)]).0, @"Starter Setup Fee one-time in USD: 99.00 each → chosen by customers from 5.00, preset 20.00 (at most -94.9 %); new Stripe price; 1 row");
    let scratch = Scratch::new();
    edited(&scratch, &[("fees", one_time, chosen)]);
    scratch.commit("Customers choose");
    let euros = "custom_amount: { minimum: 5.00, preset: 20.00, currencies: { eur: { maximum: 500.00 } } }";
    insta::assert_snapshot!(edited(&scratch, &[("fees", "custom_amount: { minimum: 5.00, preset: 20.00 }", euros)]).0, @"Starter Setup Fee one-time can be paid in one more currency: EUR chosen by customers (to 500.00); new Stripe price; 1 row");
    scratch.commit("In euros");
    let without = "custom_amount: {}";
    let (diff, lint) = edited(&scratch, &[("fees", euros, without)]);
    insta::assert_snapshot!(diff, @r"
    Starter Setup Fee one-time in USD: customers choose from 5.00, preset 20.00 → any amount (at most -90.0 %); new Stripe price
    Starter Setup Fee one-time cannot be paid any more as EUR chosen by customers (to 500.00); 1 row
    ");
    insta::assert_snapshot!(lint, @r"
    error[price-slashed]: Starter Setup Fee one-time in USD: customers choose from 5.00, preset 20.00 → any amount (at most -90.0 %)
    error[currency-dropped]: Starter Setup Fee one-time cannot be paid any more as EUR chosen by customers (to 500.00)
    ");
    scratch.commit("Any amount");
    let (diff, lint) = edited(&scratch, &[("fees", without, "custom_amount: { minimum: 1.00 }")]);
    insta::assert_snapshot!(diff, @"Starter Setup Fee one-time in USD: customers choose any amount → from 1.00 (at most +100.0 %); new Stripe price");
    insta::assert_snapshot!(lint, @"error[price-raised]: Starter Setup Fee one-time in USD: customers choose any amount → from 1.00 (at most +100.0 %)");
    insta::assert_snapshot!(said(&[("fees", "fees:\n", "fees:\n  tip:\n    name: Tip\n    prices: { one_time: { custom_amount: {} } }\n")]).0, @"Tip is new: one_time USD chosen by customers; new Stripe product; new Stripe price; 3 rows");
}

#[test]
fn whatever_becomes_free_is_an_error() {
    let free = |edits: &[(&str, &str, &str)]| said(edits).1;
    insta::assert_snapshot!(free(&[("coupons", "percent_off: 20", "percent_off: 100")]), @"error[coupon-makes-free]: Coupon Launch offer: discount “20 %” → “100 %”; nothing is left to pay of 4 prices");
    insta::assert_snapshot!(free(&[("coupons", "percent_off: 20", "amount_off: 29.00")]), @r"
    error[coupon-lowered]: Coupon Launch offer: discount “20 %” → “29.00 USD”; nothing is left to pay of 1 price
    error[coupon-makes-free]: Coupon Launch offer: discount “20 %” → “29.00 USD”; nothing is left to pay of 1 price
    ");
    let coupon = "coupons:\n  gift:\n    name: Gift\n    percent_off: 100\n    duration: once\n";
    insta::assert_snapshot!(free(&[("coupons", "coupons:\n", coupon)]), @"error[coupon-makes-free]: Coupon Gift is new: 100 % off once, of everything; nothing is left to pay of 33 prices");
    let wider = ("coupons", "    applies_to: [plan/starter, plan/professional]\n", "");
    let scratch = Scratch::new();
    edited(&scratch, &[("coupons", "percent_off: 20", "percent_off: 100")]);
    scratch.commit("Everything off");
    insta::assert_snapshot!(edited(&scratch, &[wider]).1, @"error[coupon-makes-free]: Coupon Launch offer: applies to “plan/starter, plan/professional” → “everything”; nothing is left to pay of 29 prices");
    let nothing = "free: true\n    prices: { monthly: 0, yearly: 0 }";
    insta::assert_snapshot!(free(&[("addons", "prices: { monthly: 19.00, yearly: 190.00 }", nothing)]), @r"
    error[price-now-free]: Sales PowerPack monthly 19.00 → 0.00 USD (-100.0 %)
    error[price-now-free]: Sales PowerPack yearly 190.00 → 0.00 USD (-100.0 %)
    ");
    let twice = [("fees", "one_time: 99.00", "one_time: 89.00"), ("coupons", "amount_off: 99.00", "amount_off: 89.00")];
    assert!(!free(&twice).contains("coupon-makes-free"), "the fee was free with the coupon before");
}
