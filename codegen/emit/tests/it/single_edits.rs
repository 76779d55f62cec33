//! One problem, one diagnostic: every slip of the keyboard in the real catalog gives one report at most, at the slip.
//!
//! `PRICEBOOK_CASES` says how many of the edits are tried, at least 100; there are some thousands.

use pricebook_model::source::Span;
use pricebook_model::{Lock, Report, Source, Sources, compile};

use crate::diagnostics::{catalog, lock};

/// How a line, or a line with what is indented below it, comes to be wrong.
#[derive(Clone, Copy, Debug)]
enum Slip {
    LineDeeper,
    LineShallower,
    BlockDeeper,
    BlockShallower,
    LineTwice,
    BlockTwice,
    LineGone,
    BlockGone,
    KeyMisspelt,
    KeyReplaced,
    ColonGone,
    SpaceAfterColonGone,
    DashGone,
    /// The nth word of the value gets another letter.
    WordMisspelt(usize),
    /// The nth quote or bracket is missing.
    SignGone(usize),
}

const OF_EVERY_LINE: &[Slip] = &[
    Slip::LineDeeper,
    Slip::LineShallower,
    Slip::BlockDeeper,
    Slip::BlockShallower,
    Slip::LineTwice,
    Slip::BlockTwice,
    Slip::LineGone,
    Slip::BlockGone,
    Slip::KeyMisspelt,
    Slip::KeyReplaced,
    Slip::ColonGone,
    Slip::SpaceAfterColonGone,
    Slip::DashGone,
];

/// One edit of the real catalog.
struct Edit {
    file: usize,
    line_index: usize,
    /// Behind the last edited line, in the edited text.
    lines_end: usize,
    slip: Slip,
    text: String,
}

impl Edit {
    fn report(&self, files: &[Source], lock: &Lock) -> Option<Report> {
        let mut files = files.to_vec();
        files[self.file].text.clone_from(&self.text);
        compile(Sources::new(files), &pricebook_emit::limits(), Some(lock)).err()
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty() || line.trim_start().starts_with('#')
}

/// Behind the last line of the block that the line opens.
fn block_end(lines: &[&str], at: usize) -> usize {
    let below = lines[at + 1..].iter().take_while(|line| is_blank(line) || indent(line) > indent(lines[at]));
    let mut end = at + 1 + below.count();
    while is_blank(lines[end - 1]) {
        end -= 1;
    }
    end
}

/// The byte ranges of words behind the key.
fn words(line: &str) -> Vec<(usize, usize)> {
    let value = line.find(": ").map_or(line.len(), |colon| colon + 2);
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in line.char_indices().chain([(line.len(), ' ')]) {
        match (start, c.is_ascii_alphanumeric() || c == '_') {
            (None, true) if at >= value => start = Some(at),
            (Some(from), false) => {
                words.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    words
}

fn slipped(lines: &[&str], at: usize, slip: Slip) -> Option<Vec<String>> {
    let line = lines[at];
    let end = block_end(lines, at);
    let shifted = |deeper: bool, end: usize| {
        let shift = |line: &&str| match deeper {
            true => Some(format!("  {line}")),
            false => match is_blank(line) {
                true => Some((*line).to_owned()),
                false => line.strip_prefix("  ").map(str::to_owned),
            },
        };
        lines[at..end].iter().map(shift).collect::<Option<Vec<String>>>()
    };
    let colon = line.find(": ").or_else(|| line.strip_suffix(':').map(str::len));
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let one = |line: String| Some([vec![line], owned(&lines[at + 1..end])].concat());
    match slip {
        Slip::LineDeeper => one(format!("  {line}")),
        Slip::LineShallower => one(line.strip_prefix("  ")?.to_owned()),
        Slip::BlockDeeper | Slip::BlockShallower if end == at + 1 => None,
        Slip::BlockDeeper => shifted(true, end),
        Slip::BlockShallower => shifted(false, end),
        Slip::LineTwice => Some([owned(&[line]), owned(&lines[at..end])].concat()),
        Slip::BlockTwice if end == at + 1 => None,
        Slip::BlockTwice => Some([owned(&lines[at..end]), owned(&lines[at..end])].concat()),
        Slip::LineGone => Some(owned(&lines[at + 1..end])),
        Slip::BlockGone if end == at + 1 => None,
        Slip::BlockGone => Some(Vec::new()),
        Slip::KeyMisspelt => one(format!("{}x{}", &line[..colon?], &line[colon?..])),
        Slip::KeyReplaced => one(format!("{}zzqqzz{}", &line[..indent(line)], &line[colon?..])),
        Slip::ColonGone => one(format!("{}{}", &line[..colon?], &line[colon? + 1..])),
        Slip::SpaceAfterColonGone => one(line.replacen(": ", ":", usize::from(colon.is_some()))),
        Slip::DashGone => one(format!("{}{}", &line[..indent(line)], line.trim_start().strip_prefix("- ")?)),
        Slip::WordMisspelt(nth) => {
            let (_, end) = words(line)[nth];
            one(format!("{}x{}", &line[..end], &line[end..]))
        }
        Slip::SignGone(nth) => {
            let (place, sign) = line.match_indices(['{', '}', '[', ']', '"', '\'']).nth(nth)?;
            one(format!("{}{}", &line[..place], &line[place + sign.len()..]))
        }
    }
}

fn edits(files: &[Source]) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (file, source) in files.iter().enumerate().filter(|(_, source)| !source.base) {
        let lines: Vec<&str> = source.text.lines().collect();
        for at in (0..lines.len()).filter(|at| !is_blank(lines[*at])) {
            let words = (0..words(lines[at]).len()).map(Slip::WordMisspelt);
            let signs = lines[at].matches(['{', '}', '[', ']', '"', '\'']).count();
            let slips = OF_EVERY_LINE.iter().copied().chain(words).chain((0..signs).map(Slip::SignGone));
            for slip in slips {
                let Some(block) = slipped(&lines, at, slip) else { continue };
                let before = lines[..at].iter().map(|line| (*line).to_owned());
                let after = lines[block_end(&lines, at)..].iter().map(|line| (*line).to_owned());
                let lines_end = at + block.len();
                let text: Vec<String> = before.chain(block).chain(after).collect();
                edits.push(Edit { file, line_index: at, lines_end, slip, text: text.join("\n") + "\n" });
            }
        }
    }
    edits
}

/// As many of the edits as `PRICEBOOK_CASES` says, from everywhere.
fn sample(edits: &[Edit]) -> Vec<&Edit> {
    let cases = std::env::var("PRICEBOOK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(128);
    edits.iter().step_by((edits.len() / cases).max(1)).collect()
}

/// Why a report may stand elsewhere than where the slip is.
fn seen_elsewhere(slip: Slip, code: &str) -> Option<&'static str> {
    match (slip, code) {
        (Slip::LineGone | Slip::BlockGone, _) => Some("nothing is left to point at"),
        (Slip::KeyMisspelt | Slip::KeyReplaced, _) => Some("a name is missed where it is used"),
        (Slip::WordMisspelt(_), "invalid-attribute" | "unknown-section") => Some("a name is missed where it is used"),
        (Slip::WordMisspelt(_) | Slip::SignGone(_), "id-vanished") => Some("what patterns gave is missed in the lock"),
        (Slip::LineTwice, "tiers-of-currencies-differ") => Some("steps are counted against those of other currencies"),
        _ => None,
    }
}

/// Whether the report is at the lines of an edit or names them; of a text that is no YAML, it is there or below.
fn is_at_the_edit(edit: &Edit, path: &str, report: &Report) -> bool {
    let found = &report.diagnostics[0];
    let line_index = |span: Span| report.sources.position(span).line - 1;
    let first = line_index(found.primary.0);
    if found.code == "yaml-syntax" {
        return found.position(&report.sources).file == path && first >= edit.line_index;
    }
    let places = std::iter::once(&found.primary).chain(&found.secondary).map(|(span, _)| *span);
    places.filter(|span| report.sources.position(*span).file == path).any(|span| {
        let end = Span { start: span.end, ..span };
        line_index(span) < edit.lines_end && line_index(end) >= edit.line_index
    })
}

/// What is reported of an edit, where that is more than one problem, stands elsewhere or does not say what to do.
fn misled(edit: &Edit, files: &[Source], lock: &Lock) -> Option<String> {
    let report = edit.report(files, lock)?;
    let source = &files[edit.file];
    let one = report.diagnostics.len() == 1 && !report.diagnostics[0].help.is_empty();
    let there = || {
        seen_elsewhere(edit.slip, report.diagnostics[0].code).is_some() || is_at_the_edit(edit, &source.path, &report)
    };
    if one && there() {
        return None;
    }
    let line = source.text.lines().nth(edit.line_index).unwrap_or_default();
    Some(format!("{}:{} {:?}\n{line}\n{report}\n", source.path, edit.line_index + 1, edit.slip))
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
