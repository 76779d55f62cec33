//! The keys of one mapping whose keys are known: what is missing or unknown is reported when all were asked for.

use super::read::{self, Diagnostics};
use crate::diagnostic::Diagnostic;
use crate::nearest;
use crate::parse::{Entry, Node};
use crate::source::Span;

/// A mapping that is being read.
pub(crate) struct Fields<'n, 's> {
    /// What the mapping describes: `a price`.
    what: &'static str,
    /// Where a missing key is reported.
    at: Span,
    entries: &'n [Entry<'s>],
    taken: Vec<bool>,
    asked: Vec<&'static str>,
    missing: Vec<&'static str>,
    /// How many diagnostics there were before.
    reported: usize,
}

impl<'n, 's> Fields<'n, 's> {
    /// The fields of `node`, which describes `what`; `at` is its key or first line.
    pub(crate) fn of(node: &'n Node<'s>, at: Span, what: &'static str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let reported = diagnostics.len();
        let entries = read::entries(node, diagnostics)?;
        let taken = vec![false; entries.len()];
        let asked = Vec::with_capacity(24);
        Some(Self { what, at, entries, taken, asked, missing: Vec::new(), reported })
    }

    /// The entry with this key.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'n Entry<'s>> {
        self.asked.push(key);
        let index = self.entries.iter().position(|entry| entry.key == key)?;
        self.taken[index] = true;
        Some(&self.entries[index])
    }

    /// Whether the key is there, whatever its value.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|entry| entry.key == key)
    }

    /// The value of an optional key.
    pub(crate) fn optional<T>(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
        read: impl FnOnce(&Node<'_>, &mut Diagnostics) -> Option<T>,
    ) -> Option<T> {
        let entry = self.take(key)?;
        read(&entry.value, diagnostics)
    }

    /// The value of a key that must be there.
    pub(crate) fn required<T>(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
        read: impl FnOnce(&Node<'_>, &mut Diagnostics) -> Option<T>,
    ) -> Option<T> {
        let Some(entry) = self.take(key) else {
            self.missing(key);
            return None;
        };
        read(&entry.value, diagnostics)
    }

    /// Notes a key that must be there and is not.
    pub(crate) fn missing(&mut self, key: &'static str) {
        self.missing.push(key);
    }

    /// Reports what is missing and what nobody asked for; whether nothing was reported since the mapping was opened.
    pub(crate) fn finish(self, diagnostics: &mut Diagnostics) -> bool {
        let unknown: Vec<&Entry<'_>> =
            self.entries.iter().zip(&self.taken).filter(|(_, taken)| !**taken).map(|(entry, _)| entry).collect();
        // A mapping of nothing but unknown keys is probably something else in the wrong place.
        let misplaced = unknown.len() == self.entries.len() && unknown.len() > 1;
        let (near, far): (Vec<&Entry<'_>>, Vec<&Entry<'_>>) =
            unknown.iter().partition(|entry| nearest::nearest(&entry.key, self.asked.iter().copied()).is_some());
        for entry in near {
            diagnostics.push(self.unknown(entry));
        }
        if let Some((first, others)) = far.split_first() {
            let report = self.unknown(first);
            diagnostics.push(others.iter().fold(report, |report, other| report.also(other.key_span, "nor this")));
        }
        // A misspelt key is reported as such, and not as missing too.
        let misspelt = |key: &str| unknown.iter().any(|entry| nearest::is_near(&entry.key, key));
        for key in self.missing.iter().filter(|key| !misplaced && !misspelt(key)) {
            let message = format!("{} needs `{key}`", self.what);
            diagnostics.push(Diagnostic::error("missing-key", self.at, message).help(format!("add `{key}:`")));
        }
        diagnostics.len() == self.reported && self.missing.is_empty()
    }

    fn unknown(&self, entry: &Entry<'_>) -> Diagnostic {
        let message = format!("{} has no key `{}`", self.what, entry.key);
        let diagnostic = Diagnostic::error("unknown-key", entry.key_span, message);
        nearest::help(diagnostic, &entry.key, self.asked.iter().copied())
    }
}
