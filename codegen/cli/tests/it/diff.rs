//! `diff`: what changed, in words, as a table and for programs.

use std::process::Command;

use crate::scratch::{Ran, Scratch, binary};

fn edited() -> Scratch {
    let scratch = Scratch::new();
    let edit = |file: &str, from: &str, to: &str| scratch.edit(&format!("catalog/{file}.yaml"), from, to);
    edit("plans", "        amount: 29.00\n", "        amount: 30.00\n");
    edit("plans", "      contacts: 2500\n", "      contacts: 2000\n");
    edit("plans", "trial_days: 14", "trial_days: 7");
    edit("addons", "name: Sales PowerPack", "name: Sales | Power");
    edit("services", "deposit: { percent: 20 }", "deposit: full");
    edit(
        "roles",
        "yearly: { amount: 150.00, unit: user }",
        "yearly: { amount: 150.00, unit: user, currencies: { eur: 140.00 } }",
    );
    edit("hosting", "  domain:\n    name: Domain\n", "  domain:\n    name: Domain\n    active: false\n");
    edit("features", "forecasting: { name: Sales forecasts", "forecasting: { name: Forecasts");
    edit("coupons", "percent_off: 20", "percent_off: 15");
    scratch
}

#[test]
fn a_catalog_does_not_differ_from_itself() {
    let scratch = Scratch::new();
    let ran = scratch.run(&["diff"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "The catalog means the same as at HEAD.\n"));
}

#[test]
fn changes_are_told_in_words_with_what_they_do() {
    insta::assert_snapshot!(edited().run(&["diff"]).stdout);
}

#[test]
fn lists_and_long_texts_are_told_in_words_that_differ() {
    let scratch = Scratch::new();
    let edit = |file: &str, from: &str, to: &str| scratch.edit(&format!("catalog/{file}.yaml"), from, to);
    edit("services", "typically valued at $25,000+, delivered", "typically valued at $35,000+, delivered");
    edit("services", "- Next day white-glove delivery", "- Two days white-glove delivery");
    edit("organizations", "seats: 50", "seats: 40");
    edit("plans", "metadata: { target: growing-team }", "metadata: { target: team }");
    edit("groups", "[starter, professional, enterprise]", "[starter, enterprise]");
    edit("coupons", "applies_to: [plan/starter, plan/professional]", "applies_to: [plan/starter]");
    edit("coupons", "expires_at: 2027-06-30", "expires_at: 2027-01-31");
    edit("coupons", "{ code: WELCOME, minimum_amount: 99.00 }", "{ code: HELLO }");
    edit("kinds", "max_price: { type: integer?, from: price.max", "max_price: { type: integer?, from: price.min");
    edit("features", "aggregation: sum", "aggregation: count");
    insta::assert_snapshot!(scratch.run(&["diff"]).stdout, @r"
    Market Essentials: description “…ypically valued at $25,000+, delivered through our next-generation technology pl…” → “…ypically valued at $35,000+, delivered through our next-generation technology pl…”; Stripe product updated; 1 row
    Market Essentials: marketing features “Next day white-glove delivery” → “Two days white-glove delivery”
    Professional Plan: metadata “target: growing-team” → “target: team”; 2 × Stripe product updated; 1 row
    Organization Growth: attributes “seats: 50” → “seats: 40”; 1 row
    Kind Service: sources “max_price: price.max” → “max_price: price.min”
    Group GhostCRM plans: products “starter, professional, enterprise” → “starter, enterprise”
    Meter API calls: aggregation “sum” → “count”; Stripe meter replaced by a new one
    Coupon Launch offer: applies to “plan/starter, plan/professional” → “plan/starter”; Stripe coupon deleted and made anew, its redemptions counted from zero; Stripe promotion code replaced by a new one; 2 rows
    Coupon Launch offer: promotion code LAUNCH20 expires at “2027-06-30” → “2027-01-31”
    Coupon Setup fee waived: promotion code (none) → “HELLO”; new Stripe promotion code; Stripe promotion code deactivated; 2 rows
    Coupon Setup fee waived: promotion code “WELCOME” → (none)
    Besides, as a consequence; new Stripe price

    Stripe: 1 × Stripe coupon deleted and made anew, its redemptions counted from zero, 1 × Stripe meter replaced by a new one, 3 × Stripe product updated, 1 × Stripe promotion code deactivated, 1 × Stripe promotion code replaced by a new one, 1 × new Stripe price, 1 × new Stripe promotion code. Database: 7 rows. TypeScript: 14 files.
    ");
}

#[test]
fn a_column_with_another_source_is_told_with_the_amounts_of_its_rows() {
    let scratch = Scratch::new();
    let min = "min_price: { type: integer?, from: price.min";
    scratch.edit("catalog/kinds.yaml", min, "min_price: { type: integer?, from: deposit.amount");
    insta::assert_snapshot!(scratch.run(&["diff"]).stdout, @r"
    Market Essentials: column services.min_price 1495.00 USD → 299.00 USD; 1 row
    Market Intelligence Pro: column services.min_price 2995.00 USD → 599.00 USD; 1 row
    Strategic Analysis & Advisory: column services.min_price 4995.00 USD → 999.00 USD; 1 row
    Real-Time Competitor Intelligence: column services.min_price 3495.00 USD → nothing; 1 row
    Kind Service: sources “min_price: price.min” → “min_price: deposit.amount”

    Stripe: nothing. Database: 4 rows. TypeScript: 0 files.
    ");
}

#[test]
fn what_stripe_alone_is_told_is_told_in_words_too() {
    let scratch = Scratch::new();
    let amounts = "        amount: 290.00\n        currencies: { eur: 270.00, gbp: 230.00 }\n";
    let more = "        metadata: { campaign: spring, wave: 3 }\n        currency_tax_behavior: { gbp: inclusive }\n";
    scratch.edit("catalog/plans.yaml", amounts, &format!("{amounts}{more}"));
    scratch.edit("catalog/fees.yaml", "one_time: 99.00", "one_time: { amount: 99.00, currencies: { eur: 90.00 } }");
    scratch.edit("catalog/coupons.yaml", "amount_off: 99.00", "amount_off: 99.00\n    currencies: { eur: 90.00 }");
    insta::assert_snapshot!(scratch.run(&["diff"]).stdout, @r"
    Starter Plan yearly: currency tax behavior (none) → “gbp inclusive”; new Stripe price; 1 row
    Starter Plan yearly: metadata (none) → “campaign: spring, wave: 3”
    Starter Setup Fee one-time can be paid in one more currency: 90.00 EUR; new Stripe price; 1 row
    Coupon Setup fee waived: discount “99.00 USD” → “99.00 USD, 90.00 EUR”; Stripe coupon deleted and made anew, its redemptions counted from zero; Stripe promotion code replaced by a new one; 1 row

    Stripe: 1 × Stripe coupon deleted and made anew, its redemptions counted from zero, 1 × Stripe promotion code replaced by a new one, 2 × new Stripe price. Database: 3 rows. TypeScript: 4 files.
    ");
}

#[test]
fn a_pull_request_gets_a_table() {
    insta::assert_snapshot!(edited().run(&["diff", "--markdown"]).stdout);
}

#[test]
fn programs_read_typed_changes() {
    let scratch = Scratch::new();
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 21.00");
    insta::assert_snapshot!(scratch.run(&["diff", "--json"]).stdout);
}

#[test]
fn products_and_prices_come_and_go_by_name() {
    let scratch = Scratch::new();
    scratch.edit("catalog/addons.yaml", "  automation_plus:\n", "  automation_max:\n    was: automation_plus\n");
    scratch.edit("catalog/roles.yaml", "  admin_elite:\n", "  admin_basic:\n");
    scratch.edit("catalog/hosting.yaml", "prices: { monthly: 9.00, yearly: 90.00 }", "prices: { monthly: 9.00 }");
    insta::assert_snapshot!(scratch.run(&["diff"]).stdout);
}

#[test]
fn any_commit_may_be_compared_with() {
    let scratch = Scratch::new();
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 21.00");
    scratch.commit("Raise");
    assert!(scratch.run(&["diff"]).stdout.contains("means the same"));
    assert!(scratch.run(&["diff", "--against", "HEAD~1"]).stdout.contains("19.00 → 21.00 USD (+10.5 %)"));
}

#[test]
fn a_commit_is_read_as_the_disk_is() {
    let scratch = Scratch::new();
    scratch.write("catalog/.draft.yaml", "not: [a catalog\n");
    std::fs::create_dir(scratch.path("catalog/.old")).unwrap();
    scratch.write("catalog/.old/fees.yaml", "neither\n");
    std::fs::create_dir(scratch.path("shared")).unwrap();
    std::fs::rename(scratch.path("catalog/addons.yaml"), scratch.path("shared/addons.yaml")).unwrap();
    std::os::unix::fs::symlink("../shared/addons.yaml", scratch.path("catalog/addons.yaml")).unwrap();
    scratch.add_all();
    scratch.commit("Share the add-ons");
    scratch.edit("shared/addons.yaml", "monthly: 19.00", "monthly: 21.00");
    let ran = scratch.run(&["diff"]);
    assert!(ran.stdout.contains("19.00 → 21.00 USD (+10.5 %)"), "{}{}", ran.stdout, ran.stderr);

    std::fs::remove_file(scratch.path("catalog/addons.yaml")).unwrap();
    std::os::unix::fs::symlink("/nowhere/addons.yaml", scratch.path("catalog/addons.yaml")).unwrap();
    scratch.add_all();
    scratch.commit("Lead nowhere");
    std::fs::remove_file(scratch.path("catalog/addons.yaml")).unwrap();
    std::fs::rename(scratch.path("shared/addons.yaml"), scratch.path("catalog/addons.yaml")).unwrap();
    let ran = scratch.run(&["lint"]);
    let said = "catalog/addons.yaml at HEAD is a link to no file of the repository";
    assert!(ran.code == 1 && ran.stderr.contains(said), "{}", ran.stderr);
}

#[test]
fn what_is_no_commit_is_refused_even_where_it_looks_like_an_option() {
    let scratch = Scratch::new();
    let ran = scratch.run(&["diff", "--against", "nowhere"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("git knows no commit nowhere"), "{}", ran.stderr);
    let ran = scratch.run(&["diff", "--against=--output=/tmp/x"]);
    assert!(ran.code == 1 && ran.stderr.contains("git knows no commit --output"), "{}", ran.stderr);
}

#[test]
fn what_cannot_be_compared_with_says_what_to_do() {
    let scratch = Scratch::new();
    let ran = scratch.run(&["diff", "--against", "mian"]);
    assert!(ran.stderr.contains("did you mean `--against main`?"), "{}", ran.stderr);

    let shallow = tempfile::tempdir().unwrap();
    let (from, to) = (format!("file://{}", scratch.path("").display()), shallow.path().join("clone"));
    let cloned = Command::new("git").args(["clone", "--quiet", "--depth", "1", &from]).arg(&to).status().unwrap();
    assert!(cloned.success());
    let ran = Ran::from(binary(&["lint", "--against", "HEAD~1"]).current_dir(&to).output().unwrap());
    assert!(ran.code == 1 && ran.stderr.contains("git fetch --unshallow"), "{}", ran.stderr);

    std::fs::remove_dir_all(to.join(".git")).unwrap();
    let mut command = binary(&["diff"]);
    command.current_dir(&to).env("GIT_CEILING_DIRECTORIES", shallow.path());
    let ran = Ran::from(command.output().unwrap());
    assert!(ran.code == 1 && ran.stderr.contains("there is no repository"), "{}", ran.stderr);
    assert!(ran.stderr.contains("not a git repository"), "{}", ran.stderr);
    assert!(ran.stderr.contains("commit the catalog to git"), "{}", ran.stderr);
}

#[test]
fn where_git_refuses_its_words_and_the_remedy_are_said() {
    let scratch = Scratch::new();
    for arguments in [&["diff"][..], &["lint"]] {
        let mut owned = scratch.command(arguments);
        // git's own way to try it, whoever runs the test.
        owned.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
        let ran =
            Ran::from(owned.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").output().unwrap());
        assert_eq!(ran.code, 1);
        assert!(ran.stderr.contains("belongs to somebody else: detected dubious ownership"), "{}", ran.stderr);
        assert!(ran.stderr.contains("if you trust it: `git config --global --add safe.directory /"), "{}", ran.stderr);

        let ran = Ran::from(scratch.command(arguments).env("PATH", scratch.path("none")).output().unwrap());
        assert!(ran.code == 1 && ran.stderr.contains("there is no git on PATH"), "{}", ran.stderr);
        assert!(ran.stderr.contains("install git"), "{}", ran.stderr);
    }
    scratch.write(".git/config", "no section\n");
    let ran = scratch.run(&["diff"]);
    assert!(ran.code == 1 && ran.stderr.contains("git rev-parse failed in "), "{}", ran.stderr);
    assert!(ran.stderr.contains("mend what git says"), "{}", ran.stderr);
}

#[test]
fn a_table_of_very_many_changes_still_fits_into_a_comment() {
    let scratch = Scratch::new();
    let many = |dollars: u32| {
        let fee = |number| {
            format!("  fee_{number}:\n    name: Fee number {number}\n    prices: {{ one_time: {dollars}.00 }}\n")
        };
        format!("fees:\n{}", (0..900).map(fee).collect::<String>())
    };
    scratch.write("catalog/more.yaml", &many(10));
    scratch.add_all();
    scratch.commit("Many");
    scratch.write("catalog/more.yaml", &many(11));
    let text = scratch.run(&["diff", "--markdown"]).stdout;
    assert!(text.chars().count() < 65_536, "{}", text.chars().count());
    let shown = text.lines().filter(|line| line.starts_with("| Fee number")).count();
    assert!(text.contains("900 changes. Stripe: 900 × new Stripe price."), "{text}");
    assert!(text.ends_with(&format!("… and {} more: `cargo catalog diff --against HEAD`\n", 900 - shown)), "{shown}");
}

#[test]
fn tiers_are_told_once_for_each_currency() {
    let scratch = Scratch::new();
    scratch.edit("catalog/hosting.yaml", "unit_amount: 0.002 }", "unit_amount: 0.003 }");
    scratch.edit("catalog/hosting.yaml", "unit_amount: 0.0018 }", "unit_amount: 0.0016 }");
    insta::assert_snapshot!(scratch.run(&["diff"]).stdout);
}

#[test]
fn attributes_in_another_order_are_one_change() {
    let scratch = Scratch::new();
    let kinds = scratch.read("catalog/kinds.yaml");
    let line = |name: &str| {
        let start = kinds.find(&format!("      {name}: {{ type: one_of")).expect("an attribute");
        &kinds[start..start + kinds[start..].find('\n').expect("its end") + 1]
    };
    let (first, second) = (line("provider"), line("download"));
    scratch.edit("catalog/kinds.yaml", &format!("{first}{second}"), &format!("{second}{first}"));
    insta::assert_snapshot!(scratch.run(&["diff"]).stdout, @r#"
    The catalog: another order of the attributes of hosting

    Stripe: nothing. Database: 0 rows. TypeScript: 5 files.

    "#);
}

#[test]
fn columns_in_another_order_are_one_change() {
    let scratch = Scratch::new();
    let (min, max) = (
        "        min_price: { type: integer?, from: price.min, description: The lowest price. }\n",
        "        max_price: { type: integer?, from: price.max, description: \"The highest price, the same for fixed pricing.\" }\n",
    );
    scratch.edit("catalog/kinds.yaml", &format!("{min}{max}"), &format!("{max}{min}"));
    insta::assert_snapshot!(scratch.run(&["diff"]).stdout, @r#"
    The catalog: another order of the columns of the table services

    Stripe: nothing. Database: 0 rows. TypeScript: 2 files.

    "#);
}

/// How many of `words` a list of effects tells: `2 × new Stripe price` tells two.
fn told(effects: &[&serde_json::Value], words: &str) -> u64 {
    let told = effects.iter().flat_map(|effect| effect["stripe"].as_array().expect("a list"));
    let told = told.filter_map(|told| match told.as_str().expect("a text").split_once(" × ") {
        Some((count, of)) => (of == words).then(|| count.parse::<u64>().expect("a number")),
        None => (told == words).then_some(1),
    });
    told.sum()
}

#[test]
fn the_effects_of_all_lines_add_up_to_the_totals() {
    let edits: [&[(&str, &str, &str)]; 10] = [
        &[("kinds", "local_id: \"plan_{id}_{price}\"", "local_id: \"crm_{id}_{price}\"")],
        &[("plans", "      contacts: 2500\n", "      contacts: 2000\n")],
        &[("hosting", "  domain:\n    name: Domain\n", "  domain:\n    name: Domain\n    active: false\n")],
        &[(
            "plans",
            "plans:\n",
            "plans:\n  solo: { name: Solo Plan, features: { contacts: 5 }, prices: { monthly: 9.00, yearly: 90.00 } }\n",
        )],
        &[("plans", "        amount: 29.00\n", "        label: Every month\n        amount: 29.00\n")],
        &[("plans", "currencies: { eur: 27.00, gbp: 23.00 }", "currencies: { eur: 28.00, gbp: 24.00 }")],
        &[("features", "event_name: api_call,", "event_name: api_request,")],
        &[("features", "forecasting: { name: Sales forecasts", "forecasting: { name: Forecasts")],
        &[("catalog", "tax_behavior: exclusive", "tax_behavior: inclusive")],
        &[
            ("plans", "  professional:\n", "  pro:\n    was: professional\n"),
            ("coupons", "plan/professional", "plan/pro"),
            ("groups", "[starter, professional, enterprise]", "[starter, pro, enterprise]"),
        ],
    ];
    for edit in edits {
        let scratch = Scratch::new();
        edit.iter().for_each(|(file, from, to)| scratch.edit(&format!("catalog/{file}.yaml"), from, to));
        let ran = scratch.run(&["diff", "--json"]);
        let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}", ran.stderr));
        let effects: Vec<_> =
            json["changes"].as_array().expect("changes").iter().map(|change| &change["effect"]).collect();
        let rows: u64 = effects.iter().filter_map(|effect| effect["rows"].as_u64()).sum();
        assert!(rows > 0 || !json["totals"]["stripe"].as_object().expect("steps").is_empty(), "{edit:?}");
        assert_eq!(rows, json["totals"]["rows"], "{edit:?}: {}", ran.stdout);
        let mut all = 0;
        for (words, count) in json["totals"]["stripe"].as_object().expect("steps") {
            assert_eq!(told(&effects, words), *count, "{edit:?}: {words}: {}", ran.stdout);
            all += 1;
        }
        let kinds: std::collections::BTreeSet<&str> = effects
            .iter()
            .flat_map(|effect| effect["stripe"].as_array().expect("a list"))
            .map(|told| told.as_str().expect("a text"))
            .map(|told| told.split_once(" × ").map_or(told, |(_, words)| words))
            .collect();
        assert_eq!(kinds.len(), all, "{edit:?}: nothing but what the totals tell");
    }
}

#[test]
fn a_meter_that_counts_something_else_takes_new_prices_with_it() {
    let scratch = Scratch::new();
    scratch.edit("catalog/features.yaml", "event_name: api_call,", "event_name: api_request,");
    insta::assert_snapshot!(scratch.run(&["diff"]).stdout, @r"
    Meter API calls: event name “api_call” → “api_request”; Stripe meter replaced by a new one
    Besides, as a consequence; new Stripe price

    Stripe: 1 × Stripe meter replaced by a new one, 1 × new Stripe price. Database: 0 rows. TypeScript: 0 files.
    ");
}

#[test]
fn what_was_free_for_some_and_is_no_longer_is_said() {
    let scratch = Scratch::new();
    scratch.edit(
        "catalog/hosting.yaml",
        "            - { up_to: 10000, unit_amount: 0 }",
        "            - { up_to: 5000, unit_amount: 0 }",
    );
    scratch.edit(
        "catalog/hosting.yaml",
        "              - { up_to: 10000, unit_amount: 0 }",
        "              - { up_to: 5000, unit_amount: 0 }",
    );
    insta::assert_snapshot!(scratch.run(&["diff"]).stdout, @r"
    Cloud Platform per api call in USD: graduated, up to 10000: 0.00 each, up to 1000000: 0.002 each, above: 0.0015 each → graduated, up to 5000: 0.00 each, up to 1000000: 0.002 each, above: 0.0015 each (some no longer free, others at most +500000.0 %); new Stripe price; 1 row
    Cloud Platform per api call in EUR: graduated, up to 10000: 0.00 each, up to 1000000: 0.0018 each, above: 0.0014 each → graduated, up to 5000: 0.00 each, up to 1000000: 0.0018 each, above: 0.0014 each (some no longer free, others at most +500000.0 %); 1 row

    Stripe: 1 × new Stripe price. Database: 2 rows. TypeScript: 2 files.
    ");
    let lint = scratch.run(&["lint"]).stdout;
    assert!(lint.contains("error[price-no-longer-free]") && !lint.contains("price-raised"), "{lint}");
}

#[test]
fn a_text_that_turns_the_direction_is_shown_as_it_is_written() {
    let scratch = Scratch::new();
    let description = "description: For companies that need control, security and no limits.";
    scratch.edit("catalog/plans.yaml", description, "description: \"For \\u202E001$ a year\"");
    for arguments in [&["diff"][..], &["diff", "--markdown"]] {
        let told = scratch.run(arguments).stdout;
        assert!(told.contains("u{202e}001$") && !told.contains('\u{202e}'), "{told}");
    }
    assert_eq!(scratch.run(&["generate"]).code, 0);
    for artifact in
        ["generated/stripe/catalog.json", "generated/docs/price-list.md", "generated/validation/catalog.json"]
    {
        assert!(!scratch.read(artifact).contains('\u{202e}'), "{artifact}");
    }
}
