//! The keys of one mapping whose keys are known: unknown ones are reported when all were asked for.

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
    /// How many diagnostics there were before.
    reported: usize,
}

impl<'n, 's> Fields<'n, 's> {
    /// The fields of `node`, which describes `what`; `at` is its key or first line.
    pub(crate) fn of(node: &'n Node<'s>, at: Span, what: &'static str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let reported = diagnostics.len();
        let entries = read::entries(node, diagnostics)?;
        Some(Self { what, at, entries, taken: vec![false; entries.len()], asked: Vec::with_capacity(24), reported })
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
            self.missing(key, diagnostics);
            return None;
        };
        read(&entry.value, diagnostics)
    }

    /// Reports a key that must be there; once, whatever else is said about it.
    pub(crate) fn missing(&self, key: &str, diagnostics: &mut Diagnostics) {
        // A misspelt key is reported as such, and not as missing too.
        let near = |entry: &&Entry<'_>| nearest::is_near(&entry.key, key) && !self.asked.contains(&&*entry.key);
        if self.entries.iter().zip(&self.taken).any(|(entry, taken)| !taken && near(&entry)) {
            return;
        }
        let message = format!("{} needs `{key}`", self.what);
        diagnostics.push(Diagnostic::error("missing-key", self.at, message).help(format!("add `{key}:`")));
    }

    /// Reports what nobody asked for; whether nothing was reported since the mapping was opened.
    pub(crate) fn finish(self, diagnostics: &mut Diagnostics) -> bool {
        for (entry, _) in self.entries.iter().zip(&self.taken).filter(|(_, taken)| !**taken) {
            let message = format!("{} has no key `{}`", self.what, entry.key);
            let diagnostic = Diagnostic::error("unknown-key", entry.key_span, message);
            diagnostics.push(nearest::help(diagnostic, &entry.key, self.asked.iter().copied()));
        }
        diagnostics.len() == self.reported
    }
}
