//! All that is wrong with a product is said in one round, and what follows from it is not said.

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
