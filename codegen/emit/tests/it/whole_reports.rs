//! All that is wrong with a product is said in one round, and what follows from it is not said.

use pricebook_model::lock::LockedItem;
use pricebook_model::{Lock, Sources, compile};

use crate::diagnostics::{catalog, lock};

fn codes(edits: &[(&str, &str, &str)], lock: &Lock) -> Vec<&'static str> {
    let mut sources = catalog();
    for (file, find, replace) in edits {
        let source = sources.iter_mut().find(|source| source.path == *file).expect("the file");
        assert!(source.text.contains(find), "{find} stands in {file}");
        source.text = source.text.replacen(find, replace, 1);
    }
    let report = compile(Sources::new(sources), &pricebook_emit::limits(), Some(lock)).expect_err("a report");
    report.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn every_broken_part_of_a_product_is_reported_at_once() {
    let file = "catalog/organizations.yaml";
    let edits = [
        (file, "attributes: { seats: 10 }", "attributes: { seats: ten }"),
        (
            file,
            "prices: { monthly: 149.00 }",
            "deposit: { percent: 33.333 }\n    prices: { monthly: { amount: 149.00, grandfathered: [{ key: a, amount: 9.999 }, { key: a, amount: 9.00 }] } }",
        ),
    ];
    assert_eq!(codes(&edits, &lock()), ["invalid-attribute", "amount-too-fine", "duplicate-id"]);
    // The deposit is a part of the first price, which is sound in itself.
    let edits = [
        edits[0],
        (file, "prices: { monthly: 149.00 }", "deposit: { percent: 33.333 }\n    prices: { monthly: 149.00 }"),
    ];
    assert_eq!(codes(&edits, &lock()), ["invalid-attribute", "deposit-not-whole"]);
    // What is wrong with a price is not said of its former ones again.
    let broken = "prices: { monthly: { amount: 1.999, grandfathered: [{ key: a, amount: 9.00 }] } }";
    assert_eq!(codes(&[(file, "prices: { monthly: 149.00 }", broken)], &lock()), ["amount-too-fine"]);
}

#[test]
fn an_id_that_is_used_again_is_reported_without_its_prices() {
    let mut lock = lock();
    let mut retired = 0;
    for item in lock.items.iter_mut() {
        item.retired = (&*item.what, &*item.id) == ("plan", "starter") || item.of == "plan/starter";
        retired += usize::from(item.retired);
    }
    assert_eq!(retired, 3, "the plan and its prices");
    let comment = ("catalog/plans.yaml", "plans:\n", "plans: # again\n");
    assert_eq!(codes(&[comment], &lock), ["retired-in-use"]);
    lock.items.iter_mut().filter(|item| item.what == "plan").for_each(|item| item.retired = false);
    assert_eq!(
        codes(&[comment], &lock),
        ["retired-in-use", "retired-in-use"],
        "prices whose product was never retired"
    );
}

/// A mistake in each of several files, each found by another stage, with its code.
const OF_EVERY_STAGE: [(&str, &str, &str, &str); 7] = [
    ("catalog/fees.yaml", "name: Starter Setup Fee", "name: \"Starter Setup Fee", "yaml-syntax"),
    ("catalog/features.yaml", "  contacts: {", "  Contacts: {", "invalid-id"),
    ("catalog/coupons.yaml", "percent_off: 20", "percent_off: twenty", "invalid-decimal"),
    ("catalog/addons.yaml", "monthly: 19.00", "monthly: 19.999", "amount-too-fine"),
    ("catalog/organizations.yaml", "seats: 10", "seats: ten", "invalid-attribute"),
    ("catalog/services.yaml", "monthly: 3500.00", "monthly: 3500.50", "amount-not-whole-major"),
    ("catalog/roles.yaml", "      yearly: { amount: 150.00, unit: user }\n", "", "price-required"),
];

#[test]
fn mistakes_of_every_stage_in_several_files_are_reported_in_one_round() {
    let lock = lock();
    let sorted = |mut codes: Vec<&'static str>| {
        codes.sort_unstable();
        codes
    };
    let edit = |of: &(&'static str, &'static str, &'static str, &'static str)| (of.0, of.1, of.2);
    let all = codes(&OF_EVERY_STAGE.iter().map(edit).collect::<Vec<_>>(), &lock);
    assert_eq!(sorted(all), sorted(OF_EVERY_STAGE.iter().map(|of| of.3).collect()));
    // No two of them hide each other, in whichever stages they are found.
    for (index, one) in OF_EVERY_STAGE.iter().enumerate() {
        for other in &OF_EVERY_STAGE[index + 1..] {
            assert_eq!(sorted(codes(&[edit(one), edit(other)], &lock)), sorted(vec![one.3, other.3]));
        }
    }
}

#[test]
fn a_former_id_that_is_used_again_is_one_problem() {
    let mut lock = lock();
    let (retired, renamed_to) = (true, "domain".to_owned());
    let domain = lock.items.iter().find(|item| item.what == "hosting" && item.id == "domain").expect("it is recorded");
    lock.items.push(LockedItem { id: "name".to_owned(), retired, renamed_to, ..domain.clone() });
    let renamed = ("catalog/hosting.yaml", "  domain:\n", "  domain:\n    was: name\n");
    let name = "  name:\n    name: Name\n    attributes: { service_type: domain }\n    prices: { yearly: 9.00 }\n";
    let again = ("catalog/hosting.yaml", "hosting:\n", &*format!("hosting:\n{name}"));
    assert_eq!(codes(&[renamed, again], &lock), ["was-still-declared"]);
    // Once `was:` is gone, the lock alone knows.
    assert_eq!(codes(&[again], &lock), ["retired-in-use"]);
}
