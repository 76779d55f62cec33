//! Laws of the catalog: what must be equal whatever the catalog says.

use pricebook_model::catalog::whole;
use pricebook_model::lower::money;
use pricebook_types::{Currency, Money};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::catalogs::{cases, compiled, everything, file, real};

#[test]
fn the_order_in_which_files_are_given_does_not_matter() {
    let hash = compiled(real()).expect("the real catalog").hash;
    let mut files = real();
    files.reverse();
    assert_eq!(compiled(files).expect("the real catalog, in reverse").hash, hash);
}

#[test]
fn sections_can_be_split_over_files() {
    let whole_text = everything();
    let hash = compiled(vec![file("a.yaml", &whole_text)]).expect("one file").hash;
    let mut parts: Vec<String> = Vec::new();
    for line in whole_text.lines() {
        if line.starts_with(|c: char| c.is_ascii_lowercase()) {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    let files = parts.iter().enumerate().map(|(index, part)| file(&format!("{:02}.yaml", 99 - index), part)).collect();
    assert_eq!(compiled(files).expect("a file for each section").hash, hash);
}

#[test]
fn comments_and_layout_do_not_change_the_hash() {
    let text = everything();
    let hash = compiled(vec![file("a.yaml", &text)]).expect("the catalog").hash;
    let spaced =
        text.replace("\n\n", "\n\n\n# more\n").replace("prices: { monthly: 29.00 }", "prices:\n      monthly: 29.0");
    assert_ne!(text, spaced);
    assert_eq!(compiled(vec![file("other.yaml", &spaced)]).expect("the same").hash, hash);
}

#[test]
fn every_amount_changes_the_hash() {
    let text = everything();
    let hash = compiled(vec![file("a.yaml", &text)]).expect("the catalog").hash;
    for (old, new) in [("29.00", "29.01"), ("0.0015", "0.0016"), ("percent: 20 ", "percent: 40 "), ("14\n", "15\n")] {
        assert!(text.contains(old), "{old}");
        let changed = text.replacen(old, new, 1);
        let changed = compiled(vec![file("a.yaml", &changed)]).expect("another amount");
        assert_ne!(changed.hash, hash, "{old} → {new}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    /// Written with all its digits, read as text, shown again: the same, for every currency.
    #[test]
    fn money_survives_the_way_from_text_and_back(minor in -9_007_199_254_740_993_i64..=i64::MAX / 2, at in any::<prop::sample::Index>()) {
        let currency = Currency::ALL[at.index(Currency::ALL.len())];
        let shown = Money::new(minor, currency).to_string();
        let text = shown.strip_suffix(&format!(" {currency}")).expect("the code stands last");
        let major = Decimal::from_str_exact(text).expect("a decimal");
        let read = money::minor(major, currency).expect("within 64 bits");
        prop_assert_eq!(whole(read), Some(minor));
        prop_assert_eq!(money::major(read, currency), major.normalize());
    }
}
