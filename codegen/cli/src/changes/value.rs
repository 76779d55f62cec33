//! Values of any shape in words, so that what differs is told apart.

use serde_json::{Map, Value};

/// Longer texts are told by what differs; the diff of the YAML shows them whole.
const MOST_CHARS: usize = 80;

/// Two values that differ, in words that differ too: of long lists only what is on one side.
pub(super) fn words(from: &Value, to: &Value) -> (String, String) {
    let whole = (text(from), text(to));
    let is_long = |(from, to): &(String, String)| [from, to].iter().any(|words| words.chars().count() > MOST_CHARS);
    if whole.0 == whole.1 {
        // A number and a text of its digits, or none and an empty text.
        return (from.to_string(), to.to_string());
    }
    if is_long(&whole)
        && let (Some(before), Some(now)) = (elements(from), elements(to))
    {
        let only = |these: &[String], others: &[String]| {
            these.iter().filter(|element| !others.contains(element)).cloned().collect::<Vec<_>>().join(", ")
        };
        let parts = (only(&before, &now), only(&now, &before));
        if parts.0 != parts.1 {
            return parts;
        }
    }
    whole
}

/// A value for people: a text without quotes, nothing as an empty text.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(_) | Value::Object(_) => elements(value).unwrap_or_default().join(", "),
        other => other.to_string(),
    }
}

/// The parts of a list or an object, in words.
fn elements(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(items) => Some(items.iter().map(element).collect()),
        Value::Object(fields) => Some(fields.iter().filter(|(_, value)| !value.is_null()).map(field).collect()),
        _ => None,
    }
}

/// A part of a list: `seats: 10` for a name with its value, `seats (ty: integer, required: true)` for something with an id.
fn element(item: &Value) -> String {
    match item {
        Value::Array(pair) => match &pair[..] {
            [Value::String(name), value @ Value::Object(_)] => format!("{name}: {}", untagged(value)),
            // A value of an enum that is not described.
            [Value::String(name), Value::String(said)] if said.is_empty() => name.clone(),
            [Value::String(name), value] => format!("{name}/{}", text(value)),
            _ => format!("({})", text(item)),
        },
        Value::Object(fields) => match fields.get("id").or_else(|| fields.get("name")) {
            Some(Value::String(name)) => {
                let rest =
                    fields.iter().filter(|(key, value)| !["id", "name"].contains(&key.as_str()) && !value.is_null());
                let rest: Vec<String> = rest.map(field).collect();
                if rest.is_empty() { name.clone() } else { format!("{name} ({})", rest.join(", ")) }
            }
            _ => format!("({})", text(item)),
        },
        other => text(other),
    }
}

fn field((name, value): (&String, &Value)) -> String {
    let name = name.replace('_', " ");
    match value {
        Value::Object(_) | Value::Array(_) => format!("{name} ({})", text(value)),
        Value::Bool(true) => name,
        Value::Bool(false) => format!("not {name}"),
        other => format!("{name} {}", text(other)),
    }
}

/// The value of an attribute without the name of its type: `{"integer": 10}` is `10`.
fn untagged(value: &Value) -> String {
    const TYPES: [&str; 5] = ["text", "integer", "decimal", "boolean", "list"];
    let only = |fields: &Map<String, Value>| {
        let (name, value) = fields.iter().next().filter(|_| fields.len() == 1)?;
        TYPES.contains(&name.as_str()).then(|| text(value))
    };
    value.as_object().and_then(only).unwrap_or_else(|| format!("({})", text(value)))
}

/// Two texts that differ, each within quotes: of long ones the part around where they begin to differ.
pub(super) fn quoted(from: &str, to: &str) -> (String, String) {
    const CHARS_BEFORE: usize = 20;
    let alike = from.chars().zip(to.chars()).take_while(|(before, now)| before == now).count();
    let is_short = |text: &str| text.chars().count() <= MOST_CHARS;
    let first = if is_short(from) && is_short(to) { 0 } else { alike.saturating_sub(CHARS_BEFORE) };
    let quoted = |text: &str| {
        let rest = text.chars().count().saturating_sub(first);
        let part: String = text.chars().skip(first).take(MOST_CHARS).collect();
        let (before, after) = (if first > 0 { "…" } else { "" }, if rest > MOST_CHARS { "…" } else { "" });
        if text.is_empty() { "(none)".to_owned() } else { format!("“{before}{part}{after}”") }
    };
    (quoted(from), quoted(to))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn told(from: Value, to: Value) -> String {
        let (from, to) = words(&from, &to);
        let (from, to) = quoted(&from, &to);
        format!("{from} → {to}")
    }

    #[test]
    fn lists_attributes_and_groups_are_words() {
        let attributes = |seats: i64| json!([["seats", { "integer": seats }], ["popular", { "boolean": true }]]);
        assert_eq!(told(attributes(10), attributes(5)), "“seats: 10, popular: true” → “seats: 5, popular: true”");
        assert_eq!(told(json!(["starter", "growth"]), json!(["starter"])), "“starter, growth” → “starter”");
        assert_eq!(told(json!([["plan", "starter"]]), json!([])), "“plan/starter” → (none)");
        let rounded = |up: bool| json!({ "divide_by": 5, "round_up": up });
        assert_eq!(told(rounded(true), rounded(false)), "“divide by 5, round up” → “divide by 5, not round up”");
        assert_eq!(told(json!([["x", ""], ["y", "Why"]]), json!([["x", ""]])), "“x, y/Why” → “x”");
        let column = |max: i64| json!([{ "id": "name", "ty": { "text": { "max": max } }, "default": null }]);
        assert_eq!(told(column(9), column(8)), "“name (ty (text (max 9)))” → “name (ty (text (max 8)))”");
    }

    #[test]
    fn long_lists_and_texts_show_what_differs() {
        let lines = |last: &str| json!(["Executive-grade analysis of the market".repeat(3), "Next day", last]);
        assert_eq!(told(lines("A call"), lines("Two calls")), "“A call” → “Two calls”");
        let long = |end: &str| json!(format!("{}{end}", "word ".repeat(40)));
        assert_eq!(told(long("a"), long("b")), "“…word word word word a” → “…word word word word b”");
        assert_eq!(told(long(""), long("b")), "“…word word word word ” → “…word word word word b”");
    }

    #[test]
    fn what_reads_alike_is_told_as_it_is_written() {
        assert_eq!(told(json!("3"), json!(3)), "“\"3\"” → “3”");
        assert_eq!(told(json!(null), json!("")), "“null” → “\"\"”");
        assert_eq!(told(json!(["a, b"]), json!(["a", "b"])), "“[\"a, b\"]” → “[\"a\",\"b\"]”");
    }

    fn value() -> impl Strategy<Value = Value> {
        let plain = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (0..12_i64).prop_map(Value::from),
            "[ab1, :()/]{0,3}".prop_map(Value::from),
            "[ab]{78,84}".prop_map(Value::from),
        ];
        plain.prop_recursive(3, 12, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("(id|name|text|integer|a)", inner, 0..3)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_differs_is_printed_differently(from in value(), to in value()) {
            let (before, now) = words(&from, &to);
            let (before, now) = quoted(&before, &now);
            prop_assert_eq!(before == now, from == to, "{} and {}", from, to);
        }
    }
}
