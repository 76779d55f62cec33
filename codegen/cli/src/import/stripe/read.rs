//! Reads one of Stripe's objects, or says what in it is not as Stripe writes it, and where.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// A place in a file of JSON: `account.json`, and `/prices/3` in it.
#[derive(Clone, Debug)]
pub(super) struct At<'a> {
    pub(super) file: &'a str,
    /// As RFC 6901 writes it: empty for the whole file.
    pointer: String,
}

impl<'a> At<'a> {
    pub(super) fn whole(file: &'a str) -> Self {
        Self { file, pointer: String::new() }
    }

    /// A field or an element of what stands here.
    pub(super) fn below(&self, step: impl std::fmt::Display) -> Self {
        let step = step.to_string().replace('~', "~0").replace('/', "~1");
        Self { file: self.file, pointer: format!("{}/{step}", self.pointer) }
    }
}

impl std::fmt::Display for At<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.pointer.as_str() {
            "" => f.write_str(self.file),
            pointer => write!(f, "{} at {pointer}", self.file),
        }
    }
}

/// # Errors
/// In words: ``its `tiers[0].flat_amount` is the text "free", and Stripe has a whole number there (account.json at …)``.
pub(super) fn read<T: DeserializeOwned>(object: &Value, at: &At<'_>) -> Result<T, String> {
    serde_path_to_error::deserialize(object).map_err(|error| {
        let (field, at) = below(error.path(), at.clone());
        let found = error.path().iter().try_fold(object, |value, step| match step {
            Segment::Seq { index } => value.get(index),
            Segment::Map { key } => value.get(key),
            Segment::Enum { .. } | Segment::Unknown => Some(value),
        });
        format!("{} ({at})", words(&error.inner().to_string(), &field, found))
    })
}

/// The name and the place of a field within an object: `tiers[0].flat_amount`.
fn below<'a>(path: &Path, at: At<'a>) -> (String, At<'a>) {
    path.iter().fold((String::new(), at), |(field, at), step| match step {
        Segment::Seq { index } => (format!("{field}[{index}]"), at.below(index)),
        Segment::Map { key } => (join(&field, key), at.below(key)),
        Segment::Enum { .. } | Segment::Unknown => (field, at),
    })
}

fn join(object: &str, field: &str) -> String {
    if object.is_empty() { field.to_owned() } else { format!("{object}.{field}") }
}

/// What serde says of a field, in the words of people who know Stripe's objects.
fn words(cause: &str, field: &str, found: Option<&Value>) -> String {
    /// Of so many nobody reads the list.
    const MOST_CHOICES: usize = 12;
    if let Some(name) = cause.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        return format!("its `{}` is missing", join(field, name));
    }
    let is = format!("{} is {}", named(field), found.map_or_else(|| "nothing".to_owned(), shown));
    if let Some((_, choices)) = cause.strip_prefix("unknown variant ").and_then(|rest| rest.split_once(", expected ")) {
        let choices = choices.strip_prefix("one of ").unwrap_or(choices);
        return match choices.matches(',').count() + 1 {
            many if many > MOST_CHOICES => format!("{is}, which is none of the {many} values that are known there"),
            _ => format!("{is}, and Stripe has {} there", choices.replace("`, `", "` or `")),
        };
    }
    let beyond = cause.starts_with("invalid value: ");
    let expected = cause.strip_prefix("expected ").or_else(|| Some(cause.rsplit_once(", expected ")?.1));
    match expected {
        Some(expected) => format!("{is}, and Stripe has {} there", type_in_words(expected, beyond)),
        None => format!("{is}: {cause}"),
    }
}

fn named(field: &str) -> String {
    if field.is_empty() { "it".to_owned() } else { format!("its `{field}`") }
}

/// A type as serde names it; the bounds of a number where it is beyond them.
fn type_in_words(expected: &str, beyond: bool) -> String {
    match expected {
        "u16" if beyond => format!("a whole number from 0 to {}", u16::MAX),
        "u32" if beyond => format!("a whole number from 0 to {}", u32::MAX),
        "u64" if beyond => "a whole number that is not below 0".to_owned(),
        "i64" | "u16" | "u32" | "u64" => "a whole number".to_owned(),
        "f64" => "a number".to_owned(),
        "a string" => "a text".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        other if other.starts_with("struct ") => "an object".to_owned(),
        other => other.to_owned(),
    }
}

/// A value as it stands in the file, where that is short.
fn shown(value: &Value) -> String {
    const MOST_CHARS: usize = 40;
    match value {
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
        Value::String(text) if text.chars().count() > MOST_CHARS => {
            let start: String = text.chars().take(MOST_CHARS).collect();
            format!("a text that begins with {}", Value::String(start))
        }
        Value::String(_) => format!("the text {value}"),
        plain => plain.to_string(),
    }
}
