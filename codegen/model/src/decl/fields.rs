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
    /// Keys that must be there and are not, with those that may stand there instead.
    missing: Vec<(&'static str, &'static [&'static str])>,
    /// Keys that belong elsewhere, and where.
    elsewhere: &'static [(&'static [&'static str], &'static str)],
    /// How many diagnostics there were before.
    reported: usize,
    /// Whether every value that was asked for could be read.
    readable: bool,
}

impl<'n, 's> Fields<'n, 's> {
    /// The fields of `node`, which describes `what`; `at` is its key or first line.
    pub(crate) fn of(node: &'n Node<'s>, at: Span, what: &'static str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let reported = diagnostics.len();
        let entries = read::entries(node, diagnostics)?;
        Some(Self {
            what,
            at,
            entries,
            taken: 0,
            asked: [""; MAX_KEYS],
            asked_count: 0,
            missing: Vec::new(),
            elsewhere: &[],
            reported,
            readable: true,
        })
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

    /// The place of a key that is there.
    pub(crate) fn place(&self, key: &str) -> Option<Span> {
        self.entries.iter().find(|entry| entry.key == key).map(|entry| entry.key_span)
    }

    /// The value of an optional key.
    pub(crate) fn optional<T>(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
        read: impl FnOnce(&Node<'_>, &mut Diagnostics) -> Option<T>,
    ) -> Option<T> {
        let entry = self.take(key)?;
        let value = read(&entry.value, diagnostics);
        self.readable &= value.is_some();
        value
    }

    /// The value of a key that must be there.
    pub(crate) fn required<T>(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
        read: impl FnOnce(&Node<'_>, &mut Diagnostics) -> Option<T>,
    ) -> Option<T> {
        if !self.has(key) {
            self.missing(key);
        }
        self.optional(key, diagnostics, read)
    }

    /// Notes a key that must be there and is not.
    pub(crate) fn missing(&mut self, key: &'static str) {
        self.missing.push((key, &[]));
    }

    /// Notes that none of these keys is there, of which the first is asked for.
    pub(crate) fn missing_one_of(&mut self, keys: &'static [&'static str]) {
        self.missing.push((keys[0], keys));
    }

    /// Reports what is missing and what nobody asked for; whether nothing was reported since the mapping was opened.
    pub(crate) fn finish(self, diagnostics: &mut Diagnostics) -> bool {
        if self.taken < self.entries.len() || !self.missing.is_empty() {
            self.report(diagnostics);
        }
        self.readable && self.missing.is_empty() && diagnostics.len() == self.reported
    }

    fn report(&self, diagnostics: &mut Diagnostics) {
        let is_known = |entry: &Entry<'_>| self.asked().any(|known| known == entry.key);
        let unknown: Vec<&Entry<'_>> = self.entries.iter().filter(|entry| !is_known(entry)).collect();
        let (near, far): (Vec<&Entry<'_>>, Vec<&Entry<'_>>) =
            unknown.iter().partition(|entry| nearest::nearest(&entry.key, self.asked()).is_some());
        // A misspelt key is reported as such, and not as missing too.
        let misspelt = |key: &str| unknown.iter().any(|entry| nearest::is_near(&entry.key, key));
        let is_misspelt = |(key, instead): &(&str, &[&str])| misspelt(key) || instead.iter().any(|key| misspelt(key));
        let missing = self.missing.iter().filter(|key| !is_misspelt(key));
        let mut missing = missing.peekable();
        diagnostics.extend(near.into_iter().map(|entry| self.unknown(entry)));
        let Some((first, others)) = far.split_first() else {
            return diagnostics.extend(missing.map(|(key, instead)| self.absent(key, instead)));
        };
        let report = match self.empty_before(first) {
            Some(empty) => {
                diagnostics.retain(|diagnostic| diagnostic.primary.0 != empty.value.span);
                misplaced(empty, first)
            }
            None => self.unknown(first),
        };
        let report = others.iter().fold(report, |report, other| report.also(other.key_span, "nor this"));
        // Who writes another key than is known forgot the one that is missing, in most cases by that.
        // A mapping of nothing but unknown keys is probably something else in the wrong place.
        let misplaced = unknown.len() == self.entries.len() && unknown.len() > 1;
        diagnostics.push(match missing.peek() {
            Some(_) if !misplaced => {
                let keys: Vec<String> = missing.map(|(key, instead)| either(key, instead, ":")).collect();
                report.help(format!("{} needs {}", self.what, keys.join(" and ")))
            }
            _ => report,
        });
    }

    fn absent(&self, key: &str, instead: &[&str]) -> Diagnostic {
        let message = format!("{} needs {}", self.what, either(key, instead, ""));
        Diagnostic::error("missing-key", self.at, message).help(format!("add {}", either(key, instead, ":")))
    }

    /// The known key above an unknown one that holds nothing, so that the unknown one seems to belong to it.
    fn empty_before(&self, unknown: &Entry<'_>) -> Option<&'n Entry<'s>> {
        let before = self.entries.iter().take_while(|entry| entry.key_span != unknown.key_span).last()?;
        before.value.is_nothing().then_some(before)
    }

    fn unknown(&self, entry: &Entry<'_>) -> Diagnostic {
        let message = format!("{} has no key `{}`", self.what, entry.key);
        let diagnostic = Diagnostic::error("unknown-key", entry.key_span, message);
        let run_together =
            |known: &&str| entry.key.strip_prefix(known).is_some_and(|rest| rest.starts_with([':', ' ']));
        if let Some(key) = self.asked().find(run_together) {
            return diagnostic.help(format!("write a colon and a space behind the key: `{key}: …`"));
        }
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

/// The key, or each of those that can stand instead of it: `` `amount` or `tiers` ``.
fn either(key: &str, instead: &[&str], behind: &str) -> String {
    let keys = if instead.is_empty() { &[key] } else { instead };
    keys.iter().map(|key| format!("`{key}{behind}`")).collect::<Vec<_>>().join(" or ")
}

/// The report of a key that stands beside one that holds nothing, and seems to belong to it.
pub(crate) fn misplaced(empty: &Entry<'_>, entry: &Entry<'_>) -> Diagnostic {
    let message = format!("`{}` stands beside `{}`, which holds nothing", entry.key, empty.key);
    Diagnostic::error("misplaced-key", entry.key_span, message)
        .also(empty.key_span, "this holds nothing")
        .help(format!("indent `{}` deeper, so that it belongs to `{}`", entry.key, empty.key))
}
