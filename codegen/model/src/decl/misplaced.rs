//! Entries of a section that are none: keys that stand beside what they belong to, because lines are indented wrongly.
//!
//! One line that is indented wrongly gives one report, whatever it turns its neighbours into.

use super::fields;
use super::read::Diagnostics;
use crate::diagnostic::Diagnostic;
use crate::parse::{Entry, Node, Value};

/// Where an entry of a section stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Where it belongs, as far as can be told.
    Own,
    /// It is an entry, but ids may have been lost in it.
    Doubtful,
    /// It is a key of the entry above.
    Above,
    /// It is no entry, and nobody knows of what it is one.
    Unknown,
}

/// What was seen of a section so far.
#[derive(Default)]
pub(super) struct Misplaced<'n, 's> {
    /// The entry above, with the number of diagnostics before it.
    above: Option<(&'n Entry<'s>, usize)>,
    /// An entry that is no mapping, directly above, and its diagnostic.
    stray: Option<(&'n Entry<'s>, usize)>,
}

impl<'n, 's> Misplaced<'n, 's> {
    /// Where the next entry stands, of which everything behind the first `before` diagnostics was reported.
    pub(super) fn look<T>(
        &mut self,
        entry: &'n Entry<'s>,
        is_sound: bool,
        before: usize,
        read: impl Fn(&Entry<'_>, &mut Diagnostics) -> Option<T>,
        diagnostics: &mut Diagnostics,
    ) -> Place {
        let above = self.above.replace((entry, before));
        if is_sound || diagnostics.len() == before {
            self.stray = None;
            return Place::Own;
        }
        if let Some((stray, at)) = self.stray {
            diagnostics.truncate(before);
            let report = &mut diagnostics[at];
            match stray.value.is_nothing() && report.code == "wrong-type" {
                true => *report = fields::misplaced(stray, entry),
                false => report.secondary.push((entry.key_span, "and this".to_owned())),
            }
            return Place::Unknown;
        }
        if let Some((above, start)) = above
            && let Some(solves) = belongs_to(above, entry, read)
        {
            // What it was missed for is no problem of its own.
            diagnostics.truncate(if solves { start } else { before });
            match diagnostics
                .last_mut()
                .filter(|last| last.code == "misplaced-key" && last.secondary[0].0 == above.key_span)
            {
                Some(report) => report.secondary.push((entry.key_span, "so does this".to_owned())),
                None => diagnostics.push(out_of(above, entry)),
            }
            self.above = Some((above, diagnostics.len()));
            return Place::Above;
        }
        if let Value::Scalar { .. } = entry.value.value {
            self.stray = Some((entry, before));
            return Place::Doubtful;
        }
        // What was moved into the entry may have been an entry itself, which others name.
        if holds_an_unknown_mapping(entry, &diagnostics[before..]) { Place::Doubtful } else { Place::Own }
    }
}

/// Keys that stand beside the entry above, which is sound with them, while none of them can be read as an entry: their
/// report, and the entries as they were meant.
pub(super) fn put_back<'s, T>(
    entries: &[Entry<'s>],
    read: impl Fn(&Entry<'_>, &mut Diagnostics) -> Option<T> + Copy,
) -> Option<(Diagnostic, Vec<Entry<'s>>)> {
    let is_out_of = |above: &Entry<'s>, entry: &Entry<'s>| {
        read(entry, &mut Diagnostics::new()).is_none() && belongs_to(above, entry, read) == Some(true)
    };
    let at = entries.windows(2).position(|pair| is_out_of(&pair[0], &pair[1]))?;
    let (mut above, mut rest) = (entries[at].clone(), &entries[at + 1..]);
    let mut report: Option<Diagnostic> = None;
    while let Some((entry, others)) = rest.split_first().filter(|(entry, _)| is_out_of(&above, entry)) {
        report = Some(match report {
            None => out_of(&above, entry),
            Some(report) => report.also(entry.key_span, "so does this"),
        });
        if let Value::Mapping(keys) = &mut above.value.value {
            keys.push(entry.clone());
        }
        rest = others;
    }
    Some((report?, [&entries[..at], &[above], rest].concat()))
}

/// Whether the entry above knows the key of an entry that cannot be read, and if so, whether it then has no problem.
fn belongs_to<T>(
    above: &Entry<'_>,
    entry: &Entry<'_>,
    read: impl Fn(&Entry<'_>, &mut Diagnostics) -> Option<T>,
) -> Option<bool> {
    let Value::Mapping(keys) = &above.value.value else { return None };
    let problems = |key: Option<Entry<'_>>| {
        let value = Value::Mapping(keys.iter().cloned().chain(key).collect());
        let mut found = Diagnostics::new();
        read(&Entry { value: Node { value, ..above.value.clone() }, ..above.clone() }, &mut found);
        found.len()
    };
    // Of a refused value nothing is reported, so that one report more would be about the key.
    let refused = Entry { value: Node { value: Value::Refused, ..entry.value.clone() }, ..entry.clone() };
    (problems(Some(refused)) <= problems(None)).then(|| problems(Some(entry.clone())) == 0)
}

/// The report of a key that stands beside the entry that it belongs to.
fn out_of(above: &Entry<'_>, entry: &Entry<'_>) -> Diagnostic {
    let (key, of) = (&entry.key, &above.key);
    Diagnostic::error("misplaced-key", entry.key_span, format!("`{key}` stands beside `{of}`, as if it was an id too"))
        .also(above.key_span, "it seems to belong to this")
        .help(format!("indent `{key}` deeper, so that it belongs to `{of}`"))
}

/// Whether one of the keys that were reported as unknown holds a mapping.
fn holds_an_unknown_mapping(entry: &Entry<'_>, reported: &[Diagnostic]) -> bool {
    let Value::Mapping(keys) = &entry.value.value else { return false };
    let is_unknown =
        |key: &Entry<'_>| reported.iter().any(|found| found.code == "unknown-key" && found.primary.0 == key.key_span);
    keys.iter().any(|key| matches!(key.value.value, Value::Mapping(_)) && is_unknown(key))
}
