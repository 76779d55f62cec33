//! `lint`: reasons, bounds and annotations.

use crate::scratch::Scratch;

#[test]
fn an_unchanged_catalog_breaks_no_promise() {
    let ran = Scratch::new().run(&["lint"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Against HEAD: 0 errors, 0 warnings or notes, 0 accepted.\n"));
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

#[test]
fn what_is_gone_is_shown_where_it_stood_before() {
    let scratch = Scratch::new();
    scratch.edit("catalog/roles.yaml", "  admin_elite:", "  admin_basic:");
    let text = scratch.run(&["lint"]).stdout;
    assert!(text.contains(" --> HEAD:catalog/roles.yaml:"), "{text}");
    let github = scratch.run(&["lint", "--format", "github"]).stdout;
    assert!(
        github.contains("::error title=id-gone::") && github.contains("%0AIt stood at HEAD:catalog/roles"),
        "{github}"
    );
    let json: serde_json::Value = serde_json::from_str(&scratch.run(&["lint", "--json"]).stdout).expect("JSON");
    let findings = json["findings"].as_array().expect("findings");
    let gone = findings.iter().find(|finding| finding["code"] == "id-gone").expect("it is gone");
    assert_eq!((&gone["file"], &gone["revision"]), (&"catalog/roles.yaml".into(), &"HEAD".into()), "{gone}");
    assert!(
        findings.iter().filter(|finding| finding["code"] != "id-gone").all(|finding| finding["revision"].is_null())
    );
}

#[test]
fn a_reason_counts_for_the_change_that_it_was_written_with() {
    let scratch = Scratch::new();
    let price =
        |amount: &str, reason: &str| format!("monthly: {{ amount: {amount}, accept: {{ price-raised: {reason} }} }}");
    scratch.edit("catalog/hosting.yaml", "monthly: 20.00", &price("25.00", "Bigger disks."));
    assert_eq!(scratch.run(&["lint"]).code, 0);
    scratch.commit("Raise");
    scratch.edit("catalog/hosting.yaml", "amount: 25.00", "amount: 30.00");
    let ran = scratch.run(&["lint"]);
    assert_eq!(ran.code, 1);
    insta::assert_snapshot!(ran.stdout);
    // Renaming the product does not make the reason a new one.
    scratch.edit("catalog/hosting.yaml", "  vps:\n", "  server:\n    was: vps\n");
    let ran = scratch.run(&["lint", "--json"]);
    assert!(ran.stdout.contains("\"accepted_before\": \"Bigger disks.\""), "{}", ran.stdout);
    scratch.edit("catalog/hosting.yaml", "  server:\n    was: vps\n", "  vps:\n");
    scratch.edit("catalog/hosting.yaml", &price("30.00", "Bigger disks."), &price("30.00", "Faster disks."));
    assert_eq!(scratch.run(&["lint"]).code, 0);
    assert_eq!(scratch.run(&["lint", "--against", "HEAD~1"]).code, 0);
}

#[test]
fn every_place_of_the_yaml_accepts_what_belongs_to_it() {
    let scratch = Scratch::new();
    let edit = |file: &str, from: &str, to: &str| scratch.edit(&format!("catalog/{file}.yaml"), from, to);
    edit("catalog", "  currency: usd\n", "  currency: usd\n  accept: { tax-behavior-changed: \"The law.\" }\n");
    edit("catalog", "tax_behavior: exclusive", "tax_behavior: inclusive");
    edit(
        "kinds",
        "    local_id: \"addon_{id}\"\n",
        "    local_id: \"more_{id}\"\n    accept: { local-id-changed: No customers. }\n",
    );
    edit("coupons", "percent_off: 20\n", "percent_off: 10\n    accept: { coupon-lowered: Never redeemed. }\n");
    edit(
        "groups",
        "kind: plan, products: [starter, professional, enterprise]",
        "kind: plan, products: [starter, enterprise], accept: { group-changed: Sold apart. }",
    );
    let line =
        "retired:\n  - id: hosting/domain\n    accept: { product-retired: \"A partner's business.\" }\n\nhosting:\n";
    edit("hosting", "hosting:\n", line);
    let text = scratch.read("catalog/hosting.yaml");
    let domain = &text[text.find("  domain:\n").unwrap()..text.find("  vps:\n").unwrap()];
    edit("hosting", domain, "");
    let ran = scratch.run(&["lint", "--strict"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    for rule in ["tax-behavior-changed", "local-id-changed", "coupon-lowered", "group-changed", "product-retired"] {
        assert!(ran.stdout.contains(&format!("accepted[{rule}]")), "{rule}: {}", ran.stdout);
    }
    assert!(ran.stdout.contains("--> catalog/hosting.yaml:3:9"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("unused-reason"), "{}", ran.stdout);
}

#[test]
fn announced_tiers_are_told_and_judged_like_others() {
    let scratch = Scratch::new();
    let steps = |middle: &str| {
        format!(
            "[{{ up_to: 10000, unit_amount: 0 }}, {{ up_to: 1000000, unit_amount: {middle} }}, {{ up_to: unlimited, unit_amount: 0.0015 }}]"
        )
    };
    let change = |usd: &str| {
        format!(
            "        changes:\n          - on: 2028-01-01\n            tiers: {{ mode: graduated, steps: {}, currencies: {{ eur: [{{ up_to: 10000, unit_amount: 0 }}, \
             {{ up_to: 1000000, unit_amount: 0.0018 }}, {{ up_to: unlimited, unit_amount: 0.0014 }}] }} }}\n        tiers:\n          mode:",
            steps(usd)
        )
    };
    scratch.edit("catalog/hosting.yaml", "        tiers:\n          mode:", &change("0.003"));
    let ran = scratch.run(&["lint", "--max-raise", "49"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    insta::assert_snapshot!(ran.stdout);
    assert_eq!(scratch.run(&["lint", "--max-raise", "50"]).code, 0);
    scratch.commit("Announce");
    assert_eq!(scratch.run(&["lint", "--strict"]).code, 0, "what was announced before is no new change");
}

#[test]
fn an_announced_change_is_one_of_today_until_its_day_has_come() {
    let scratch = Scratch::new();
    let announced =
        "        changes:\n          - { on: 2027-01-01, amount: 35.00, currencies: { eur: 32.00, gbp: 28.00 } }\n";
    scratch.edit("catalog/plans.yaml", announced, "");
    let before = "        amount: 29.00\n        currencies: { eur: 27.00, gbp: 23.00 }\n";
    let after = "        amount: 35.00\n        currencies: { eur: 32.00, gbp: 28.00 }\n";
    scratch.edit("catalog/plans.yaml", before, after);
    let early = scratch.run(&["lint", "--today", "2026-12-31"]);
    assert_eq!(early.code, 1, "{}", early.stdout);
    insta::assert_snapshot!(early.stdout.lines().next().unwrap(), @"error[price-raised]: Starter Plan monthly 23.00 → 28.00 GBP (+21.7 %), as announced for 2027-01-01, a day still to come, and in 2 more currencies");
    assert!(!early.stdout.contains("announced-change-made"), "{}", early.stdout);
    for day in ["2027-01-01", "2027-02-01"] {
        let due = scratch.run(&["lint", "--strict", "--today", day]);
        assert_eq!(due.code, 0, "{}", due.stdout);
        assert!(due.stdout.contains("note[announced-change-made]"), "{}", due.stdout);
    }
}

#[test]
fn an_announced_cut_or_tiers_made_before_their_day_are_judged_too() {
    let scratch = Scratch::new();
    let step =
        |amount: &str| format!("            - {{ up_to: unlimited, unit_amount: {amount} }}\n          currencies");
    let steps = "{ up_to: 10000, unit_amount: 0 }, { up_to: 1000000, unit_amount: 0.002 }, { up_to: unlimited, unit_amount: 0.0005 }";
    let euros = "{ up_to: 10000, unit_amount: 0 }, { up_to: 1000000, unit_amount: 0.0018 }, { up_to: unlimited, unit_amount: 0.0014 }";
    let tiers = format!("{{ mode: graduated, steps: [{steps}], currencies: {{ eur: [{euros}] }} }}");
    let announced = format!("        changes:\n          - {{ on: 2028-01-01, tiers: {tiers} }}\n        tiers:\n");
    scratch.edit("catalog/hosting.yaml", "        tiers:\n", &announced);
    scratch.commit("Announce");
    scratch.edit("catalog/hosting.yaml", &announced, "        tiers:\n");
    scratch.edit("catalog/hosting.yaml", &step("0.0015"), &step("0.0005"));
    let found = |day| scratch.run(&["lint", "--today", day]).stdout;
    let early = found("2027-12-31");
    assert!(early.contains("warning[price-lowered]"), "{early}");
    let due = found("2028-01-01");
    assert!(!due.contains("warning[") && due.contains("note[announced-change-made]"), "{due}");
}

#[test]
fn a_meter_that_listens_to_the_same_event_is_the_same_whatever_its_id() {
    let scratch = Scratch::new();
    scratch.edit("catalog/features.yaml", "  api_calls: {", "  calls: {");
    scratch.edit("catalog/hosting.yaml", "meter: api_calls", "meter: calls");
    let ran = scratch.run(&["lint", "--strict"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Against HEAD: 0 errors, 0 warnings or notes, 0 accepted.\n"));
    let diff = scratch.run(&["diff"]).stdout;
    assert!(diff.contains("Meter API calls has a new id (was api_calls)"), "{diff}");
    assert!(diff.contains("\nStripe: nothing. "), "{diff}");
}

#[test]
fn a_meter_that_takes_over_the_id_of_one_that_is_gone_is_not_that_one() {
    let scratch = Scratch::new();
    let meter = "  api_calls: { name: API calls, event_name: api_call, aggregation: sum }\n";
    let other = "  mails: { name: Mails, event_name: mail, aggregation: sum }\n";
    scratch.edit("catalog/features.yaml", meter, &format!("{meter}{other}"));
    scratch.commit("Two meters");
    scratch.edit("catalog/features.yaml", &format!("{meter}{other}"), &meter.replace("api_calls:", "mails:"));
    scratch.edit("catalog/hosting.yaml", "meter: api_calls", "meter: mails");
    let diff = scratch.run(&["diff"]).stdout;
    assert!(diff.contains("Meter API calls has a new id (was api_calls)"), "{diff}");
    assert!(diff.contains("Meter Mails is gone"), "{diff}");
    assert!(diff.contains("\nStripe: 1 × Stripe meter deactivated. "), "{diff}");
}

#[test]
fn a_reason_without_a_word_is_none() {
    let scratch = Scratch::new();
    let price = |reason: &str| format!("monthly: {{ amount: 25.00, accept: {{ price-raised: \"{reason}\" }} }}");
    scratch.edit("catalog/hosting.yaml", "monthly: 20.00", &price("…"));
    let ran = scratch.run(&["lint"]);
    assert_eq!(ran.code, 1, "{}", ran.stdout);
    let help = "= help: `accept:` names `price-raised` and gives no reason: say in words why it is meant";
    assert!(ran.stdout.contains(help) && !ran.stdout.contains("unused-reason"), "{}", ran.stdout);
    scratch.edit("catalog/hosting.yaml", &price("…"), &price("Größere Platten"));
    assert_eq!(scratch.run(&["lint"]).code, 0);
}

#[test]
fn a_decimal_point_one_place_off_needs_a_reason() {
    let scratch = Scratch::new();
    scratch.edit("catalog/addons.yaml", "monthly: 39.00", "monthly: 3.90");
    let ran = scratch.run(&["lint"]);
    assert!(ran.code == 1 && ran.stdout.contains("error[price-slashed]"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("price-lowered"), "{}", ran.stdout);
    assert_eq!(scratch.run(&["lint", "--max-cut", "90"]).code, 0, "asked for");
}

#[test]
fn programs_read_the_problems_of_a_broken_catalog_where_they_read_findings() {
    let scratch = Scratch::new();
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 19.005");
    let check = scratch.run(&["check", "--json"]).stdout;
    assert!(check.contains("\"code\""), "{check}");
    for command in [&["lint", "--json"][..], &["lint", "--format", "json"], &["diff", "--json"]] {
        let ran = scratch.run(command);
        assert_eq!((ran.code, &ran.stdout), (1, &check), "{command:?}");
    }
    let ran = scratch.run(&["lint", "--format", "github"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.starts_with("::error file=catalog/addons.yaml,line="), "{}", ran.stdout);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    let ran = scratch.run(&["lint"]);
    assert!(ran.code == 1 && ran.stdout.is_empty() && ran.stderr.contains("catalog/addons.yaml"), "{}", ran.stderr);
}

#[test]
fn a_closed_pipe_does_not_hide_what_was_found() {
    let scratch = Scratch::new();
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 25.00");
    for arguments in [&["lint"][..], &["lint", "--json"], &["lint", "--format", "github"]] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let code = scratch.command(arguments).stdout(writer).status().expect("the binary runs").code();
        assert_eq!(code, Some(1), "{arguments:?}");
    }
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let code = scratch.command(&["record"]).stdout(writer).status().expect("the binary runs").code();
    assert_eq!(code, Some(0));
    assert_eq!(scratch.run(&["record", "--check"]).code, 0, "it was written though nobody read what");
}

#[test]
fn a_reason_that_was_used_up_is_not_made_new_by_a_space_or_another_place() {
    let scratch = Scratch::new();
    let price = |amount: &str, accept: &str| format!("monthly: {{ amount: {amount}{accept} }}");
    let accepted = |reason: &str| format!(", accept: {{ price-raised: \"{reason}\" }}");
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", &price("20.00", &accepted("Agreed with all.")));
    assert_eq!(scratch.run(&["lint"]).code, 0);
    scratch.commit("Raise");
    let first = price("20.00", &accepted("Agreed with all."));
    for said in ["Agreed with all. ", "Agreed  with all", "agreed with all!"] {
        let before = scratch.read("catalog/addons.yaml");
        scratch.edit("catalog/addons.yaml", &first, &price("25.00", &accepted(said)));
        assert_eq!(scratch.run(&["lint"]).code, 1, "{said:?}");
        scratch.write("catalog/addons.yaml", &before);
    }
    let before = scratch.read("catalog/addons.yaml");
    scratch.edit("catalog/addons.yaml", &first, &price("25.00", ""));
    let name = "    name: Sales PowerPack";
    let moved = format!("    accept: {{ price-raised: Agreed with all. }}\n{name}");
    scratch.edit("catalog/addons.yaml", name, &moved);
    let ran = scratch.run(&["lint"]);
    assert!(ran.code == 1 && ran.stdout.contains("earlier change"), "{}", ran.stdout);
    scratch.write("catalog/addons.yaml", &before);
    scratch.edit("catalog/addons.yaml", &first, &price("25.00", &accepted("Agreed with all, again.")));
    assert_eq!(scratch.run(&["lint"]).code, 0);
}
