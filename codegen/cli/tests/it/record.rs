//! `record`: the history of what is sold.

use crate::scratch::Scratch;

/// A scratch whose lock holds everything that is sold.
fn recorded() -> Scratch {
    let scratch = Scratch::new();
    assert_eq!(scratch.run(&["record"]).code, 0);
    scratch
}

#[test]
fn recording_twice_changes_nothing() {
    let scratch = recorded();
    let before = scratch.read("generated/catalog.lock");
    assert_eq!(scratch.run(&["record"]).stdout, "generated/catalog.lock already holds everything that is sold.\n");
    assert_eq!(scratch.read("generated/catalog.lock"), before);
    assert_eq!(scratch.run(&["record", "--check"]).code, 0);
}

#[test]
fn where_nothing_is_to_be_written_nothing_is_touched() {
    let scratch = recorded();
    // Root may write into every folder, so that what writers need is in the way of everybody.
    let workshop = scratch.path("generated/.pricebook");
    if workshop.exists() {
        std::fs::remove_dir_all(&workshop).unwrap();
    }
    std::fs::write(&workshop, "").unwrap();
    for command in [&["record"][..], &["record", "--json"], &["migrate", "nothing"], &["generate"], &["check"]] {
        let ran = scratch.run(command);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{command:?}");
    }
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 21.00");
    let ran = scratch.run(&["record"]);
    assert!(ran.code == 1 && ran.stderr.starts_with("error[io]: cannot create "), "{}", ran.stderr);
}

#[test]
fn a_lock_from_before_its_first_line_is_read_and_gets_it() {
    let scratch = recorded();
    let head = "  \"written_by\": \"cargo catalog migrate NAME, cargo catalog record; never by a build or by hand\",\n";
    let before = scratch.read("generated/catalog.lock");
    assert!(before.starts_with(&format!("{{\n{head}")), "{before}");
    scratch.edit("generated/catalog.lock", head, "");
    assert_eq!(scratch.run(&["record", "--check"]).code, 0);
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 21.00");
    assert_eq!(scratch.run(&["record"]).code, 0);
    assert!(scratch.read("generated/catalog.lock").starts_with(&format!("{{\n{head}")));
}

#[test]
fn a_new_amount_is_added_to_the_history_of_its_price() {
    let scratch = recorded();
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 21.00");
    let ran = scratch.run(&["record", "--check"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, "price/addon_sales_powerpack_monthly: 2100 usd\n"));
    assert_eq!(scratch.run(&["record"]).code, 0);
    let lock: serde_json::Value = serde_json::from_str(&scratch.read("generated/catalog.lock")).unwrap();
    let items = lock["items"].as_array().unwrap();
    let price = items.iter().find(|item| item["id"] == "addon_sales_powerpack_monthly").unwrap();
    assert_eq!(price["amounts"], serde_json::json!(["1900 usd", "2100 usd"]));
}

#[test]
fn programs_read_what_is_recorded() {
    let scratch = recorded();
    let recorded = |text: &str| -> serde_json::Value { serde_json::from_str(text).expect("JSON") };
    assert_eq!(recorded(&scratch.run(&["record", "--json"]).stdout)["recorded"], serde_json::json!([]));
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 21.00");
    for (arguments, code) in
        [(&["record", "--check", "--json"][..], 1), (&["record", "--json"], 0), (&["record", "--check"], 0)]
    {
        let before = scratch.read("generated/catalog.lock");
        let ran = scratch.run(arguments);
        assert_eq!(ran.code, code, "{arguments:?}");
        if arguments.contains(&"--json") {
            let key = if code == 1 { "unrecorded" } else { "recorded" };
            assert_eq!(recorded(&ran.stdout)[key][0]["id"], "addon_sales_powerpack_monthly");
        }
        let writes = arguments == ["record", "--json"];
        assert_eq!(scratch.read("generated/catalog.lock") != before, writes, "{arguments:?}");
    }
}

#[test]
fn a_product_that_was_recorded_cannot_vanish_but_can_retire() {
    let scratch = recorded();
    let text = scratch.read("catalog/fees.yaml");
    let fee = &text[text.find("  starter_setup:").unwrap()..];
    scratch.edit("catalog/coupons.yaml", "    applies_to: [fee/starter_setup]\n", "");
    scratch.edit("catalog/fees.yaml", &format!("fees:\n{fee}"), "");
    let ran = scratch.run(&["check"]);
    assert!(ran.code == 1 && ran.stderr.contains("id-vanished"), "{}", ran.stderr);

    scratch.write("catalog/fees.yaml", "retired: [fee/starter_setup]\n");
    assert_eq!(scratch.run(&["check"]).code, 0, "{}", scratch.run(&["check"]).stderr);
    let ran = scratch.run(&["record"]);
    assert!(ran.stdout.contains("fee/starter_setup (retired)"), "{}", ran.stdout);

    scratch.write("catalog/fees.yaml", &text);
    let ran = scratch.run(&["check"]);
    assert!(ran.code == 1 && ran.stderr.contains("retired-in-use"), "{}", ran.stderr);
}

#[test]
fn a_renamed_product_keeps_its_former_id_from_being_used_again() {
    let scratch = recorded();
    scratch.edit("catalog/addons.yaml", "  automation_plus:\n", "  automation_max:\n    was: automation_plus\n");
    assert_eq!(scratch.run(&["record"]).code, 0, "{}", scratch.run(&["record"]).stderr);
    assert_eq!(scratch.run(&["check"]).code, 0);
    scratch.edit("catalog/addons.yaml", "    was: automation_plus\n", "");
    assert_eq!(scratch.run(&["check"]).code, 0, "{}", scratch.run(&["check"]).stderr);
}

#[test]
fn a_lock_from_before_keys_were_in_it_is_read_and_gets_them() {
    let scratch = recorded();
    let whole = scratch.read("generated/catalog.lock");
    let without: String = whole.split(",\n          \"from\": \"id\"").collect();
    let without = without.replace(",\n            \"from\": \"id\"", "");
    assert_ne!(without, whole);
    scratch.write("generated/catalog.lock", &without);
    let ran = scratch.run(&["check"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let ran = scratch.run(&["record", "--check"]);
    assert!(ran.code == 1 && ran.stdout.contains("key services.id: id\n"), "{} {}", ran.stdout, ran.stderr);
    assert_eq!(scratch.run(&["record"]).code, 0);
    assert_eq!(scratch.read("generated/catalog.lock"), whole);
    scratch.edit("catalog/kinds.yaml", "text(255), from: id, key", "text(255), from: local_id, key");
    let ran = scratch.run(&["check"]);
    assert!(ran.code == 1 && ran.stderr.contains("error[key-of-another-source]"), "{}", ran.stderr);
}
