//! One problem, one diagnostic: every slip of the keyboard in the real catalog gives one report at most, at the slip.
//!
//! `PRICEBOOK_CASES` says how many of the edits are tried, at least 100; there are some thousands.

use pricebook_model::source::Span;
use pricebook_model::{Lock, Report, Source, Sources, compile};

use crate::diagnostics::{catalog, lock};
use crate::slips::{Slip, Slipped, slips};

/// One edit of the real catalog.
struct Edit {
    file: usize,
    slipped: Slipped,
}

impl Edit {
    fn report(&self, files: &[Source], lock: &Lock) -> Option<Report> {
        let mut files = files.to_vec();
        files[self.file].text.clone_from(&self.slipped.text);
        compile(Sources::new(files), &pricebook_emit::limits(), Some(lock)).err()
    }
}

fn edits(files: &[Source]) -> Vec<Edit> {
    let own = files.iter().enumerate().filter(|(_, source)| !source.base);
    own.flat_map(|(file, source)| slips(&source.text).into_iter().map(move |slipped| Edit { file, slipped })).collect()
}

/// As many of the edits as `PRICEBOOK_CASES` says, from everywhere.
fn sample(edits: &[Edit]) -> Vec<&Edit> {
    let cases = std::env::var("PRICEBOOK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(128);
    edits.iter().step_by((edits.len() / cases).max(1)).collect()
}

/// Codes of what is not there, which has no place.
const MISSING: [&str; 11] = [
    "attribute-required",
    "invalid-pattern",
    "metered-without-meter",
    "missing-key",
    "price-required",
    "product-without-price",
    "table-without-key",
    "text-too-short",
    "tiers-without-end",
    "too-few-prices",
    "wrong-type",
];

/// Why a report may stand elsewhere than where the slip is.
fn seen_elsewhere(slip: Slip, code: &str) -> Option<&'static str> {
    let leaves_nothing = matches!(slip, Slip::LineGone | Slip::BlockGone);
    let loses_a_name = leaves_nothing || matches!(slip, Slip::KeyMisspelt | Slip::KeyReplaced);
    let is_another_word = matches!(slip, Slip::WordMisspelt(_) | Slip::SignGone(_) | Slip::ChoiceOther(..));
    match code {
        "id-vanished" if loses_a_name || is_another_word => Some("what patterns gave is missed in the lock"),
        "invalid-attribute" | "unknown-section" if loses_a_name || is_another_word => {
            Some("a name is missed where it is used")
        }
        "invalid-attribute" if matches!(slip, Slip::NumberLonger(_)) => Some("values are held to the kind's bounds"),
        code if code.starts_with("unknown-") && loses_a_name => Some("a name is missed where it is used"),
        "schema-not-migrated" if loses_a_name || matches!(slip, Slip::LineDown) => {
            Some("values of an enum are compared where a column holds them")
        }
        "tiers-of-currencies-differ" if leaves_nothing || matches!(slip, Slip::LineTwice) => {
            Some("steps are counted against those of other currencies")
        }
        code if MISSING.contains(&code) && leaves_nothing => Some("nothing is left to point at"),
        _ => None,
    }
}

/// Whether the report is at the lines of an edit or names them; of a text that is no YAML, it is there or below.
fn is_at_the_edit(edit: &Edit, path: &str, report: &Report) -> bool {
    let found = &report.diagnostics[0];
    let line_index = |span: Span| report.sources.position(span).line - 1;
    let first = line_index(found.primary.0);
    if found.code == "yaml-syntax" {
        return found.position(&report.sources).file == path && first >= edit.slipped.line_index;
    }
    let places = std::iter::once(&found.primary).chain(&found.secondary).map(|(span, _)| *span);
    places.filter(|span| report.sources.position(*span).file == path).any(|span| {
        let end = Span { start: span.end, ..span };
        line_index(span) < edit.slipped.lines_end && line_index(end) >= edit.slipped.line_index
    })
}

/// What is reported of an edit, where that is more than one problem, stands elsewhere or does not say what to do.
fn misled(edit: &Edit, files: &[Source], lock: &Lock) -> Option<String> {
    let report = edit.report(files, lock)?;
    let source = &files[edit.file];
    let one = report.diagnostics.len() == 1 && !report.diagnostics[0].help.is_empty();
    let there = || {
        seen_elsewhere(edit.slipped.slip, report.diagnostics[0].code).is_some()
            || is_at_the_edit(edit, &source.path, &report)
    };
    if one && there() {
        return None;
    }
    let line = source.text.lines().nth(edit.slipped.line_index).unwrap_or_default();
    Some(format!("{}:{} {:?}\n{line}\n{report}\n", source.path, edit.slipped.line_index + 1, edit.slipped.slip))
}

#[test]
fn a_slip_of_the_keyboard_is_one_problem() {
    let (files, lock) = (catalog(), lock());
    let edits = edits(&files);
    let sample = sample(&edits);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let misled: Vec<String> = std::thread::scope(|scope| {
        let parts: Vec<_> = (sample.chunks(sample.len().div_ceil(threads)))
            .map(|part| scope.spawn(|| part.iter().filter_map(|edit| misled(edit, &files, &lock)).collect::<Vec<_>>()))
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("no edit makes the compiler panic")).collect()
    });
    let (many, tried) = (misled.len(), sample.len());
    assert!(tried >= 100, "{tried} edits are too few to say anything");
    assert!(
        misled.is_empty(),
        "{many} of {tried} edits give several reports, or one elsewhere or without help:\n{}",
        misled.concat()
    );
}
