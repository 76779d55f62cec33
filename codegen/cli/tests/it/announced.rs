//! What `diff` and `lint` say where an announcement changes: 29.00 is sold, 35.00 was announced for 2027-01-01.

use crate::scratch::Scratch;

const FILE: &str = "catalog/plans.yaml";
const ANNOUNCED: &str = "          - { on: 2027-01-01, amount: 35.00, currencies: { eur: 32.00, gbp: 28.00 } }\n";

/// The catalog after the announcement was edited, with what `diff` says of it and every finding of `lint`.
fn edited(announcement: &str) -> (String, String) {
    let scratch = Scratch::new();
    scratch.edit(FILE, &format!("        changes:\n{ANNOUNCED}"), announcement);
    said(&scratch)
}

fn said(scratch: &Scratch) -> (String, String) {
    let diff = scratch.run(&["diff", "--today", "2026-12-01"]).stdout;
    let lint = scratch.run(&["lint", "--today", "2026-12-01"]).stdout;
    let of = |text: &str, mark: &str| text.lines().filter(|line| line.contains(mark)).collect::<Vec<_>>().join("\n");
    (of(&diff, "Starter Plan monthly"), of(&lint, "Starter Plan monthly"))
}

fn changes(lines: &[&str]) -> String {
    format!("        changes:\n{}", lines.iter().map(|line| format!("          - {line}\n")).collect::<String>())
}

#[test]
fn another_amount_is_told_against_what_was_announced_and_judged_by_what_holds_until_then() {
    let (diff, lint) = edited(&changes(&["{ on: 2027-01-01, amount: 39.00, currencies: { eur: 32.00, gbp: 28.00 } }"]));
    insta::assert_snapshot!(diff, @"Starter Plan monthly announced for 2027-01-01: 35.00 → 39.00 USD (+34.5 % on that day); Stripe price replaced on its day; 1 row");
    insta::assert_snapshot!(lint, @"error[price-raised]: Starter Plan monthly announced for 2027-01-01: 35.00 → 39.00 USD (+34.5 % on that day)");
}

#[test]
fn an_announced_raise_that_becomes_smaller_is_no_raise() {
    let (diff, lint) = edited(&changes(&["{ on: 2027-01-01, amount: 33.00, currencies: { eur: 32.00, gbp: 28.00 } }"]));
    insta::assert_snapshot!(diff, @"Starter Plan monthly announced for 2027-01-01: 35.00 → 33.00 USD (+13.8 % on that day); Stripe price replaced on its day; 1 row");
    assert_eq!(lint, "");
}

#[test]
fn a_second_announcement_is_judged_by_the_first() {
    let lines = [
        "{ on: 2027-01-01, amount: 35.00, currencies: { eur: 32.00, gbp: 28.00 } }",
        "{ on: 2027-07-01, amount: 36.00, currencies: { eur: 33.00, gbp: 29.00 } }",
    ];
    let (diff, lint) = edited(&changes(&lines));
    insta::assert_snapshot!(diff, @r#"
    Starter Plan monthly 35.00 → 36.00 USD (+2.9 %) from 2027-07-01; Stripe price replaced on its day; 1 row
    Starter Plan monthly 32.00 → 33.00 EUR (+3.1 %) from 2027-07-01; 1 row
    Starter Plan monthly 28.00 → 29.00 GBP (+3.6 %) from 2027-07-01; 1 row
    "#);
    insta::assert_snapshot!(lint, @"error[price-raised]: Starter Plan monthly 28.00 → 29.00 GBP (+3.6 %) from 2027-07-01, and in 2 more currencies");
}

#[test]
fn a_currency_that_an_announced_change_leaves_as_it_is_is_not_told() {
    let lines = [
        "{ on: 2027-01-01, amount: 35.00, currencies: { eur: 32.00, gbp: 28.00 } }",
        "{ on: 2027-07-01, amount: 35.00, currencies: { eur: 32.00, gbp: 29.00 } }",
    ];
    let (diff, _) = edited(&changes(&lines));
    assert_eq!(diff.lines().count(), 1, "{diff}");
    assert!(diff.starts_with("Starter Plan monthly 28.00 → 29.00 GBP (+3.6 %) from 2027-07-01; "), "{diff}");
    let scratch = Scratch::new();
    scratch.edit(FILE, ANNOUNCED, &lines.map(|line| format!("          - {line}\n")).concat());
    scratch.commit("Announce a second change");
    scratch.edit(FILE, "2027-07-01", "2027-09-01");
    let (diff, _) = said(&scratch);
    assert!(diff.contains("announced change to 29.00 GBP moved from 2027-07-01 to 2027-09-01"), "{diff}");
}

#[test]
fn an_announcement_that_is_dropped_is_a_note() {
    let (diff, lint) = edited("");
    insta::assert_snapshot!(diff, @"Starter Plan monthly does not change on 2027-01-01 any more; Stripe price not replaced any more; 3 rows");
    insta::assert_snapshot!(lint, @"note[announcement-withdrawn]: Starter Plan monthly does not change on 2027-01-01 any more");
}

#[test]
fn a_raise_that_comes_later_is_a_note_and_one_that_comes_earlier_is_a_raise() {
    let on =
        |day: &str| changes(&[&format!("{{ on: {day}, amount: 35.00, currencies: {{ eur: 32.00, gbp: 28.00 }} }}")]);
    let (diff, lint) = edited(&on("2027-03-01"));
    insta::assert_snapshot!(diff, @"Starter Plan monthly: announced change to 35.00 USD, 32.00 EUR, 28.00 GBP moved from 2027-01-01 to 2027-03-01 (at most -17.9 % between these days); Stripe price replaced on another day; 6 rows");
    insta::assert_snapshot!(lint, @"note[announcement-withdrawn]: Starter Plan monthly: announced change to 35.00 USD, 32.00 EUR, 28.00 GBP moved from 2027-01-01 to 2027-03-01 (at most -17.9 % between these days)");
    let (diff, lint) = edited(&on("2026-12-20"));
    insta::assert_snapshot!(diff, @"Starter Plan monthly: announced change to 35.00 USD, 32.00 EUR, 28.00 GBP moved from 2027-01-01 to 2026-12-20 (at most +21.7 % between these days); Stripe price replaced on another day; 6 rows");
    insta::assert_snapshot!(lint, @"error[price-raised]: Starter Plan monthly: announced change to 35.00 USD, 32.00 EUR, 28.00 GBP moved from 2027-01-01 to 2026-12-20 (at most +21.7 % between these days)");
}

#[test]
fn announced_tiers_are_told_against_those_that_were_announced() {
    let scratch = Scratch::new();
    let file = "catalog/hosting.yaml";
    let announced = |middle: &str| {
        let steps = |middle: &str, last: &str| {
            format!(
                "[{{ up_to: 10000, unit_amount: 0 }}, {{ up_to: 1000000, unit_amount: {middle} }}, {{ up_to: unlimited, unit_amount: {last} }}]"
            )
        };
        let tiers = format!("steps: {}, currencies: {{ eur: {} }}", steps(middle, "0.0015"), steps("0.0018", "0.0014"));
        format!(
            "        changes:\n          - {{ on: 2028-01-01, tiers: {{ mode: graduated, {tiers} }} }}\n        tiers:\n"
        )
    };
    scratch.edit(file, "        tiers:\n", &announced("0.003"));
    scratch.commit("Announce");
    scratch.edit(file, &announced("0.003"), &announced("0.004"));
    insta::assert_snapshot!(scratch.run(&["diff"]).stdout.lines().next().unwrap(), @"Cloud Platform per api call in USD announced for 2028-01-01: up to 1000000: 0.003 each → up to 1000000: 0.004 each (at most +100.0 % on that day); Stripe price replaced on its day; 1 row");
    insta::assert_snapshot!(scratch.run(&["lint"]).stdout, @r#"
    error[price-raised]: Cloud Platform per api call in USD announced for 2028-01-01: up to 1000000: 0.003 each → up to 1000000: 0.004 each (at most +100.0 % on that day)
     --> catalog/hosting.yaml:45:7
      = help: if it is meant, say why there: accept: { price-raised: "…" }

    Against HEAD: 1 error, 0 warnings or notes, 0 accepted.

    "#);
    scratch.edit(file, &announced("0.004"), &announced("0.0025"));
    let ran = scratch.run(&["lint"]);
    assert_eq!(ran.code, 0, "less than was announced is no raise: {}", ran.stdout);
}

#[test]
fn an_announcement_for_a_day_that_has_come_is_said_to_hold_at_once() {
    let line = "{ on: 2026-12-01, amount: 35.00, currencies: { eur: 32.00, gbp: 28.00 } }";
    let (diff, lint) = edited(&changes(&[line]));
    insta::assert_snapshot!(diff, @"Starter Plan monthly: announced change to 35.00 USD, 32.00 EUR, 28.00 GBP moved from 2027-01-01 to 2026-12-01 (at most +21.7 % between these days), a day that has come: it holds at once; Stripe price replaced on another day; 6 rows");
    insta::assert_snapshot!(lint, @"error[price-raised]: Starter Plan monthly: announced change to 35.00 USD, 32.00 EUR, 28.00 GBP moved from 2027-01-01 to 2026-12-01 (at most +21.7 % between these days), a day that has come: it holds at once");
    let scratch = Scratch::new();
    scratch.edit(
        "catalog/hosting.yaml",
        "monthly: 20.00",
        "monthly: { amount: 20.00, changes: [{ on: 2026-12-02, amount: 18.00 }] }",
    );
    let ran = scratch.run(&["lint", "--strict", "--today", "2026-12-01"]);
    assert_eq!(ran.code, 0, "a day that is still to come: {}", ran.stdout);
    let ran = scratch.run(&["lint", "--strict", "--today", "2026-12-02"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stdout, @r#"
    warning[announced-too-late]: Virtual Private Server monthly 20.00 → 18.00 USD (-10.0 %) from 2026-12-02, a day that has come: it holds at once
     --> catalog/hosting.yaml:36:15
      = help: write the amount at the price where it shall hold now; if it is meant, say why there: accept: { announced-too-late: "…" }

    Against HEAD: 0 errors, 1 warning or note, 0 accepted.

    "#);
}
