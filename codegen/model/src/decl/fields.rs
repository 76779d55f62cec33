//! The keys of one mapping whose keys are known: what is missing or unknown is reported when all were asked for.

use super::read::{self, Diagnostics};
use crate::diagnostic::Diagnostic;
use crate::nearest;
use crate::parse::{Entry, Node};
use crate::source::Span;

/// No mapping has more known keys.
const MAX_KEYS: usize = 24;

/// A mapping that is being read.
pub(crate) struct Fields<'n, 's> {
    /// What the mapping describes: `a price`.
    what: &'static str,
    /// Where a missing key is reported.
    at: Span,
    entries: &'n [Entry<'s>],
    /// How many of the entries were asked for.
    taken: usize,
    /// The keys that were asked for, in the first places.
    asked: [&'static str; MAX_KEYS],
    asked_count: usize,
    missing: Vec<&'static str>,
    /// Keys that belong elsewhere, and where.
    elsewhere: &'static [(&'static [&'static str], &'static str)],
    /// How many diagnostics there were before.
    reported: usize,
}

impl<'n, 's> Fields<'n, 's> {
    /// The fields of `node`, which describes `what`; `at` is its key or first line.
    pub(crate) fn of(node: &'n Node<'s>, at: Span, what: &'static str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let reported = diagnostics.len();
        let entries = read::entries(node, diagnostics)?;
        let asked = [""; MAX_KEYS];
        Some(Self { what, at, entries, taken: 0, asked, asked_count: 0, missing: Vec::new(), elsewhere: &[], reported })
    }

    /// Names keys that people write here and that belong elsewhere; no keys stand for all others.
    pub(crate) fn elsewhere(&mut self, keys: &'static [(&'static [&'static str], &'static str)]) {
        self.elsewhere = keys;
    }

    /// The entry with this key.
    pub(crate) fn take(&mut self, key: &'static str) -> Option<&'n Entry<'s>> {
        self.asked[self.asked_count] = key;
        self.asked_count += 1;
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
        self.taken += 1;
        Some(entry)
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
        if self.taken == self.entries.len() && self.missing.is_empty() {
            return diagnostics.len() == self.reported;
        }
        let unknown: Vec<&Entry<'_>> =
            self.entries.iter().filter(|entry| !self.asked().any(|known| known == entry.key)).collect();
        // A mapping of nothing but unknown keys is probably something else in the wrong place.
        let misplaced = unknown.len() == self.entries.len() && unknown.len() > 1;
        let (near, far): (Vec<&Entry<'_>>, Vec<&Entry<'_>>) =
            unknown.iter().partition(|entry| nearest::nearest(&entry.key, self.asked()).is_some());
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
        if nearest::nearest(&entry.key, self.asked()).is_none() {
            let belongs = |(keys, _): &&(&[&str], &str)| keys.is_empty() || keys.contains(&&*entry.key);
            if let Some((_, place)) = self.elsewhere.iter().find(belongs) {
                return diagnostic.help(*place);
            }
        }
        nearest::help(diagnostic, &entry.key, self.asked())
    }

    fn asked(&self) -> impl Iterator<Item = &'static str> + Clone + use<> {
        self.asked.into_iter().take(self.asked_count)
    }
}
