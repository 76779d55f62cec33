//! Keys that stand in a mapping twice: one problem for a mapping, from which nothing follows.

use std::borrow::Cow;
use std::collections::HashMap;

use super::node::{Entry, Value};
use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// The mapping without what is doubtful in it, and the report where a key stands there twice.
///
/// Of a key that stands there twice nobody knows which value is meant. Where several keys do, or where a key beside them
/// holds nothing, a line above them is missing or indented wrongly, and the whole mapping is doubtful.
pub(super) fn without(entries: Vec<Entry<'_>>) -> (Value<'_>, Option<Diagnostic>) {
    let mut first: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(entries.len());
    let mut kept: Vec<Entry<'_>> = Vec::with_capacity(entries.len());
    let mut again: Vec<(usize, Span)> = Vec::new();
    for entry in entries {
        match first.get(&entry.key) {
            Some(earlier) => again.push((*earlier, entry.key_span)),
            None => {
                first.insert(entry.key.clone(), kept.len());
                kept.push(entry);
            }
        }
    }
    let Some(report) = report(&kept, &again) else { return (Value::Mapping(kept), None) };
    let is_doubtful = |at: usize| again.iter().any(|(earlier, _)| *earlier == at);
    let empty = kept.iter().enumerate().find(|(at, entry)| entry.value.is_nothing() && !is_doubtful(*at));
    let several = again.iter().any(|(earlier, _)| *earlier != again[0].0);
    if let Some((_, empty)) = empty {
        let help = format!("`{}` holds nothing: indent what belongs to it deeper", empty.key);
        return (Value::Refused, Some(report.also(empty.key_span, "this holds nothing").help(help)));
    }
    if several {
        return (
            Value::Refused,
            Some(report.help("is a line missing above these keys, or are they indented wrongly?")),
        );
    }
    for (earlier, _) in again {
        kept[earlier].value.value = Value::Refused;
    }
    (Value::Mapping(kept), Some(report.help("keep one of them: a key stands once")))
}

fn report(kept: &[Entry<'_>], again: &[(usize, Span)]) -> Option<Diagnostic> {
    let ((earlier, span), others) = again.split_first()?;
    let Entry { key, key_span, .. } = &kept[*earlier];
    let report = Diagnostic::error("duplicate-key", *span, format!("`{key}` stands here twice"))
        .label("again")
        .also(*key_span, "first here");
    Some(others.iter().fold(report, |report, (_, span)| report.also(*span, "so does this")))
}
