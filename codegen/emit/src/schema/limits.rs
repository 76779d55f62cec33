//! What targets limit, as far as one place of the YAML shows it: lengths, characters, counts and numbers.

use std::ops::RangeInclusive;

use pricebook_model::limits::{NumberLimit, NumberOf, TargetLimits, TextLimit, TextOf};
use serde_json::{Value, json};

/// Text that is as long as every target allows, and holds only characters that all of them allow.
pub(super) fn text(description: &str, of: TextOf) -> Value {
    limited(super::words::text(description), of)
}

/// The schema of a text with the limits of `of` besides its own.
pub(super) fn limited(mut schema: Value, of: TextOf) -> Value {
    let targets = crate::limits();
    let limits: Vec<&TextLimit> =
        targets.iter().flat_map(|target| target.texts).filter(|limit| limit.of == of).collect();
    if let Some(least) = limits.iter().map(|limit| limit.min_chars).max().filter(|least| *least > 0) {
        schema["minLength"] = json!(least);
    }
    if let Some(most) = limits.iter().map(|limit| limit.max_chars).min().filter(|most| *most < usize::MAX) {
        schema["maxLength"] = json!(most);
    }
    if let Some(pattern) = pattern(|char| limits.iter().all(|limit| (limit.allows)(char))) {
        schema["pattern"] = json!(pattern);
    }
    schema
}

/// Where limits tell characters apart: what stands before the letters of far scripts, the blocks of blanks and marks, and private characters.
/// All others are as `é` is, up to U+FFFF, behind which engines read patterns differently.
pub const TOLD_APART: [RangeInclusive<char>; 4] =
    ['\0'..='\u{206f}', '\u{2800}'..='\u{2800}', '\u{3000}'..='\u{3164}', '\u{e000}'..='\u{ffff}'];

/// A pattern of the allowed characters, where some are not.
fn pattern(allows: impl Fn(char) -> bool) -> Option<String> {
    let others = allows('é');
    let mut class = String::new();
    for block in TOLD_APART {
        let mut open: Option<(char, char)> = None;
        for char in block.filter(|char| allows(*char) != others) {
            match &mut open {
                Some((_, last)) if u32::from(*last) + 1 == u32::from(char) && !is_shown(char) => *last = char,
                _ => {
                    push_range(&mut class, open);
                    open = Some((char, char));
                }
            }
        }
        push_range(&mut class, open);
    }
    match (others, class.is_empty()) {
        (true, true) => None,
        (true, false) => Some(format!("^[^{class}]*$")),
        (false, _) => Some(format!("^[{class}]*$")),
    }
}

/// Characters from the first to the last one, as they stand between brackets.
fn push_range(class: &mut String, range: Option<(char, char)>) {
    let Some((first, last)) = range else { return };
    push(class, first);
    if last > first {
        class.push('-');
        push(class, last);
    }
}

/// Whether a pattern shows the character itself.
const fn is_shown(char: char) -> bool {
    char.is_ascii_graphic() || char == ' '
}

fn push(class: &mut String, char: char) {
    match char {
        _ if !is_shown(char) => class.push_str(&format!("\\u{:04x}", u32::from(char))),
        _ if r"\]^-[".contains(char) => class.extend(['\\', char]),
        _ => class.push(char),
    }
}

/// A whole number that every target takes.
pub(super) fn number(description: &str, of: NumberOf) -> Value {
    let targets = crate::limits();
    let limits: Vec<&NumberLimit> =
        targets.iter().flat_map(|target| target.numbers).filter(|limit| limit.of == of).collect();
    let least = limits.iter().map(|limit| limit.min).max().unwrap_or_default();
    let mut schema = super::words::integer(description, i64::from(least));
    if let Some(most) = limits.iter().map(|limit| limit.max).min().filter(|most| *most < u32::MAX) {
        schema["maximum"] = json!(most);
    }
    schema
}

/// The schema with no more entries, in `keyword`, than every target can hold.
pub(super) fn at_most(mut schema: Value, keyword: &str, most: impl Fn(&TargetLimits) -> Option<usize>) -> Value {
    if let Some(most) = crate::limits().iter().filter_map(most).min() {
        schema[keyword] = json!(most);
    }
    schema
}

/// Keys with texts, whole numbers and booleans, as many as every target can hold; not those that the pattern `kept` finds.
pub(super) fn metadata(description: &str, kept: &str, most: impl Fn(&TargetLimits) -> Option<usize>) -> Value {
    let value = json!({ "type": ["string", "integer", "boolean"] });
    let keys = limited(json!({ "not": { "pattern": kept } }), TextOf::MetadataKey);
    let schema = json!({
        "type": "object",
        "description": description,
        "propertyNames": keys,
        "additionalProperties": limited(value, TextOf::MetadataValue),
    });
    at_most(schema, "maxProperties", most)
}
