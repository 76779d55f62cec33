//! Properties of every text, and of every small change of a catalog that is right.
//!
//! `PRICEBOOK_CASES` says how many cases are tried.

use proptest::prelude::*;

use crate::catalogs::{cases, everything};
use crate::law;

/// Pieces that mean something to YAML or to the catalog.
const PIECES: &[&str] = &[
    ":",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "  ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\"",
    "'",
    "#",
    "|",
    ">",
    "&a",
    "*a",
    "<<: ",
    "!!str ",
    "---\n",
    "\t",
    "\0",
    "é",
    "\u{feff}",
    "null",
    "~",
    "true",
    "-1",
    "0",
    "1e9",
    "99999999999999999999999999999",
    "79228162514264337593543950335",
    "0.0000000000000000000000000001",
    "-0.01",
    "{id}",
    "{price}",
    "{",
    "usd",
    "jpy",
    "unlimited",
    "full",
    "percent",
    "amount",
    "tiers",
    "plans:\n",
    "kinds:\n",
    "catalog:\n",
    "from: id",
    "references: a.b",
];

/// One small change of a text.
#[derive(Clone, Debug)]
enum Change {
    Insert(prop::sample::Index, &'static str),
    Delete(prop::sample::Index, usize),
    Replace(prop::sample::Index, usize, &'static str),
    RepeatLine(prop::sample::Index),
    DropLine(prop::sample::Index),
    Indent(prop::sample::Index, usize),
    SwapLines(prop::sample::Index, prop::sample::Index),
    Cut(prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<prop::sample::Index>;
    let piece = || prop::sample::select(PIECES);
    prop_oneof![
        (index(), piece()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        (index(), 1..20_usize).prop_map(|(at, length)| Change::Delete(at, length)),
        (index(), 1..8_usize, piece()).prop_map(|(at, length, piece)| Change::Replace(at, length, piece)),
        index().prop_map(Change::RepeatLine),
        index().prop_map(Change::DropLine),
        (index(), 0..12_usize).prop_map(|(line, spaces)| Change::Indent(line, spaces)),
        (index(), index()).prop_map(|(a, b)| Change::SwapLines(a, b)),
        index().prop_map(Change::Cut),
    ]
}

fn changed(text: &str, change: &Change) -> String {
    let chars: Vec<char> = text.chars().collect();
    let replaced = |at: usize, length: usize, piece: &str| {
        let end = (at + length).min(chars.len());
        chars[..at].iter().copied().chain(piece.chars()).chain(chars[end..].iter().copied()).collect()
    };
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if chars.is_empty() || lines.is_empty() {
        return text.to_owned();
    }
    match change {
        Change::Insert(at, piece) => return replaced(at.index(chars.len()), 0, piece),
        Change::Delete(at, length) => return replaced(at.index(chars.len()), *length, ""),
        Change::Replace(at, length, piece) => return replaced(at.index(chars.len()), *length, piece),
        Change::Cut(at) => return chars[..at.index(chars.len())].iter().collect(),
        Change::RepeatLine(at) => {
            let at = at.index(lines.len());
            lines.insert(at, lines[at].clone());
        }
        Change::DropLine(at) => drop(lines.remove(at.index(lines.len()))),
        Change::Indent(at, spaces) => {
            let line = &mut lines[at.index(chars.len()) % text.lines().count()];
            *line = format!("{}{}", " ".repeat(*spaces), line.trim_start());
        }
        Change::SwapLines(a, b) => {
            let count = lines.len();
            lines.swap(a.index(count), b.index(count));
        }
    }
    lines.join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_a_catalog_or_a_report(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        law::any_bytes_are_a_catalog_or_a_report(&bytes, &[]);
    }

    #[test]
    fn any_pieces_give_a_catalog_or_a_report(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        law::any_bytes_are_a_catalog_or_a_report(pieces.concat().as_bytes(), &[]);
    }

    #[test]
    fn a_changed_catalog_gives_a_catalog_or_a_report(changes in prop::collection::vec(change(), 1..4)) {
        let text = changes.iter().fold(everything(), |text, change| changed(&text, change));
        law::any_bytes_are_a_catalog_or_a_report(text.as_bytes(), &[]);
    }
}

#[test]
fn every_line_can_be_missing() {
    let text = everything();
    let lines: Vec<&str> = text.lines().collect();
    for missing in 0..lines.len() {
        let rest: Vec<&str> =
            lines.iter().enumerate().filter(|(at, _)| *at != missing).map(|(_, line)| *line).collect();
        law::any_bytes_are_a_catalog_or_a_report(rest.join("\n").as_bytes(), &[]);
    }
}

#[test]
fn a_catalog_can_end_anywhere() {
    let text = everything();
    for (end, _) in text.char_indices().step_by(61) {
        law::any_bytes_are_a_catalog_or_a_report(&text.as_bytes()[..end], &[]);
    }
}
