//! What holds of the changes between any two catalogs.

use pricebook_cli::changes::{Change, What, changes};
use pricebook_cli::lint::{Bounds, lint};
use pricebook_emit::build::{Package, Stream, compile};
use pricebook_model::{Catalog, Source, load};
use rust_decimal::Decimal;

use crate::scratch::repository;

fn files() -> Vec<Source> {
    load(&repository().join("catalog"), "catalog", false).expect("the catalog")
}

/// The catalog of these texts, if they have no problem.
fn compiled(files: Vec<Source>) -> Option<Catalog> {
    compile(&Package::new("", Stream::Catalog), Package::with_base(files), None).ok()
}

#[test]
fn nothing_changes_from_a_catalog_to_itself() {
    let catalog = compiled(files()).expect("the real catalog has no problem");
    assert_eq!(changes(&catalog, &catalog), []);
    let bounds = Bounds { max_raise: Decimal::ZERO, max_cut: Decimal::ZERO, today: chrono::NaiveDate::MIN };
    assert!(lint(&catalog, &catalog, &bounds).is_empty());
}

#[test]
fn no_change_of_what_the_catalog_means_goes_unsaid() {
    let files = files();
    let before = compiled(files.clone()).expect("the real catalog has no problem");
    let lines = files.iter().enumerate().flat_map(|(file, source)| {
        let lines: Vec<&str> = source.text.lines().collect();
        (0..lines.len()).map(|at| (file, at, lines[at], lines.get(at + 1).copied())).collect::<Vec<_>>()
    });
    let edits: Vec<(usize, usize, Vec<String>)> = lines
        .flat_map(|(file, line, text, next)| {
            let one = edited(text).into_iter().chain(swapped_within(text)).map(move |text| (file, line, vec![text]));
            let two = next.and_then(|next| swapped(text, next)).map(|texts| (file, line, texts));
            one.chain(two)
        })
        .collect();
    let cases = std::env::var("PRICEBOOK_CASES").ok().and_then(|number| number.parse().ok()).unwrap_or(64);
    let mut compared = 0;
    for (file, line, texts) in edits.iter().step_by(1.max(edits.len() / cases)) {
        let mut files = files.clone();
        let mut lines: Vec<&str> = files[*file].text.lines().collect();
        lines.splice(*line..line + texts.len(), texts.iter().map(String::as_str));
        files[*file].text = lines.join("\n") + "\n";
        let text = texts.join(" | ");
        let Some(after) = compiled(files) else { continue };
        let (there, back) = (changes(&before, &after), changes(&after, &before));
        assert_eq!(there.is_empty(), after.hash == before.hash, "{text}: {there:?}");
        assert_eq!(there.is_empty(), back.is_empty(), "{text}: what comes also goes");
        there.iter().chain(&back).for_each(both_sides_differ);
        compared += 1;
    }
    assert!(compared > cases.min(edits.len()) / 4, "only {compared} edits are valid");
}

/// Whoever reads a change sees what it changes.
fn both_sides_differ(change: &Change) {
    if let What::Field { from, to, .. } | What::Terms { from, to, .. } = &change.what {
        let words = change.to_string();
        let (before, now) = words.split_once(" → ").unwrap_or_else(|| panic!("{words}"));
        assert!(from != to && !before.ends_with(now), "{words}");
    }
}

#[test]
fn a_deposit_that_is_declared_in_another_way_is_told_apart() {
    let before = files();
    let edited = |source: &Source| {
        let text = source.text.replace("deposit: { percent: 20 }", "deposit: { amount: 299.00 }");
        Source { text, ..source.clone() }
    };
    let after = compiled(before.iter().map(edited).collect()).expect("no problem");
    let found = changes(&compiled(before).expect("no problem"), &after);
    assert!(!found.is_empty());
    found.iter().for_each(both_sides_differ);
}

/// Two neighbours in the other order.
fn swapped(line: &str, next: &str) -> Option<Vec<String>> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let is_entry = |line: &str| line.contains(": ") || line.trim_start().starts_with("- ");
    (indent(line) == indent(next) && is_entry(line) && is_entry(next)).then(|| vec![next.to_owned(), line.to_owned()])
}

/// A line with the first two of its entries in braces in the other order.
fn swapped_within(line: &str) -> Option<String> {
    let (head, rest) = line.split_once("{ ")?;
    let (inner, tail) = rest.rsplit_once(" }")?;
    let mut entries: Vec<&str> = inner.split(", ").collect();
    (entries.len() > 1 && !inner.contains(['{', '[', '"'])).then(|| {
        entries.swap(0, 1);
        format!("{head}{{ {} }}{tail}", entries.join(", "))
    })
}

/// A line with its last number one higher, or with a letter more; `None` where it says nothing to customers.
fn edited(line: &str) -> Option<String> {
    let is_said = line.contains(": ") && !line.trim_start().starts_with('#');
    if !is_said {
        return None;
    }
    let Some(last) = line.rfind(|char: char| char.is_ascii_digit()) else {
        return line.ends_with(|char: char| char.is_alphabetic() || char == '.').then(|| format!("{line}x"));
    };
    let digit = if &line[last..=last] == "9" { "8".to_owned() } else { (line.as_bytes()[last] - b'0' + 1).to_string() };
    Some(format!("{}{digit}{}", &line[..last], &line[last + 1..]))
}
