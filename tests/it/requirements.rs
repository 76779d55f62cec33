//! `docs/REQUIREMENTS.md` speaks of every requirement once, and names a test for each that is built.

use std::collections::BTreeMap;

use crate::project::{named_tests, read};

/// How many requirements each of the four documents has.
const COUNTS: [(u32, u32); 4] = [(1, 79), (2, 92), (3, 55), (4, 74)];

#[test]
fn every_requirement_is_spoken_of_once() {
    let text = read("docs/REQUIREMENTS.md");
    let mut times: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for id in rows(&text).flat_map(ids) {
        *times.entry(id).or_default() += 1;
    }
    let all = COUNTS.iter().flat_map(|(document, count)| (1..=*count).map(|number| (*document, number)));
    let missing: Vec<_> = all.filter(|id| !times.contains_key(id)).collect();
    assert!(missing.is_empty(), "not spoken of: {missing:?}");
    let repeated: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
    assert!(repeated.is_empty(), "spoken of more than once: {repeated:?}");
}

#[test]
fn every_built_requirement_names_a_test() {
    let text = read("docs/REQUIREMENTS.md");
    let built = text.split("\n## Open").next().expect("the part that is built");
    let untested: Vec<_> = rows(built).filter(|row| named_tests(row).is_empty()).collect();
    assert!(untested.is_empty(), "{untested:#?}");
}

/// The rows of all tables that begin with a requirement's id.
fn rows(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| line.starts_with("| S"))
}

/// The ids of a row's first cell: `S1-03`, `S1-33 to S1-41`, both with commas.
fn ids(row: &str) -> Vec<(u32, u32)> {
    let cell = row.split('|').nth(1).unwrap_or_default();
    cell.split(',').flat_map(|part| range(part.trim())).collect()
}

fn range(part: &str) -> Vec<(u32, u32)> {
    let id = |text: &str| -> (u32, u32) {
        let (document, number) =
            text.trim().strip_prefix('S').and_then(|id| id.split_once('-')).expect("an id like S1-03");
        (document.parse().expect("a document"), number.parse().expect("a number"))
    };
    let (first, last) = match part.split_once(" to ") {
        Some((first, last)) => (id(first), id(last)),
        None => (id(part), id(part)),
    };
    assert_eq!(first.0, last.0, "a range within one document: {part}");
    (first.1..=last.1).map(|number| (first.0, number)).collect()
}
