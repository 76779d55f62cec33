//! Values of any shape in words, so that what differs is told apart.

use serde_json::{Map, Value};

/// Longer texts are told by what differs; the diff of the YAML shows them whole.
const MOST_CHARS: usize = 80;

/// The field that says what something is.
const TYPE: &str = "ty";

/// How a value is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// As people say it: texts without quotes, values without their types, and nothing of what is empty.
    Plain,
    /// With all of that, where two values read alike without it.
    Exact,
}

/// Two values that differ, in words that differ too: of long lists only what is on one side.
pub(super) fn words(from: &Value, to: &Value) -> (String, String) {
    let told = [Manner::Plain, Manner::Exact].map(|manner| within(manner, from, to));
    let differing = told.into_iter().find(|(before, now)| before != now);
    differing.unwrap_or_else(|| (from.to_string(), to.to_string()))
}

fn within(manner: Manner, from: &Value, to: &Value) -> (String, String) {
    let whole = (manner.text(from), manner.text(to));
    let is_long = |(from, to): &(String, String)| [from, to].iter().any(|words| words.chars().count() > MOST_CHARS);
    if is_long(&whole)
        && let (Some(before), Some(now)) = (manner.elements(from), manner.elements(to))
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
    Manner::Plain.text(value)
}

impl Manner {
    fn text(self, value: &Value) -> String {
        match value {
            Value::String(text) if self == Self::Plain => text.clone(),
            Value::Null if self == Self::Plain => String::new(),
            Value::Array(_) | Value::Object(_) => self.elements(value).unwrap_or_default().join(", "),
            other => other.to_string(),
        }
    }

    /// The parts of a list or an object, in words.
    fn elements(self, value: &Value) -> Option<Vec<String>> {
        match value {
            Value::Array(items) => Some(items.iter().map(|item| self.element(item)).collect()),
            Value::Object(fields) => Some(self.fields(fields.iter())),
            _ => None,
        }
    }

    /// A part of a list: `seats: 10` for a name with its value, `seats (integer, required)` for something with an id.
    fn element(self, item: &Value) -> String {
        match item {
            Value::Array(pair) => match &pair[..] {
                [Value::String(name), value @ Value::Object(_)] => format!("{name}: {}", self.attribute(value)),
                // A value of an enum that is not described.
                [Value::String(name), Value::String(said)] if said.is_empty() => name.clone(),
                [Value::String(name), value] => format!("{name}/{}", self.text(value)),
                _ => format!("({})", self.text(item)),
            },
            Value::Object(fields) => match fields.get("id").or_else(|| fields.get("name")) {
                Some(Value::String(name)) => {
                    let rest = self.fields(fields.iter().filter(|(key, _)| !["id", "name"].contains(&key.as_str())));
                    if rest.is_empty() { name.clone() } else { format!("{name} ({})", rest.join(", ")) }
                }
                _ => format!("({})", self.text(item)),
            },
            other => self.text(other),
        }
    }

    fn fields<'a>(self, fields: impl Iterator<Item = (&'a String, &'a Value)>) -> Vec<String> {
        let is_said = |(name, value): &(&String, &Value)| self == Self::Exact || *name == TYPE || !is_empty(value);
        fields.filter(is_said).map(|field| self.field(field)).collect()
    }

    fn field(self, (name, value): (&String, &Value)) -> String {
        let words = name.replace('_', " ");
        match value {
            // What something is needs no name: `integer`, `text (max 64)`.
            Value::String(_) | Value::Object(_) if name == TYPE => self.type_name(value),
            Value::Object(_) | Value::Array(_) => format!("{words} ({})", self.text(value)),
            Value::Bool(true) => words,
            Value::Bool(false) => format!("not {words}"),
            other => format!("{words} {}", self.text(other)),
        }
    }

    fn type_name(self, value: &Value) -> String {
        match value.as_object().and_then(only) {
            Some((name, bounds)) if is_empty(bounds) => name.clone(),
            Some((name, bounds)) => format!("{name} ({})", self.text(bounds)),
            None => self.text(value),
        }
    }

    /// The value of an attribute; plainly without the name of its type: `{"integer": 10}` is `10`.
    fn attribute(self, value: &Value) -> String {
        const TYPES: [&str; 5] = ["text", "integer", "decimal", "boolean", "list"];
        match value.as_object().and_then(only).filter(|(name, _)| TYPES.contains(&name.as_str())) {
            Some((_, value)) if self == Self::Plain => self.text(value),
            Some((name, value)) => format!("{name} {}", self.text(value)),
            None => format!("({})", self.text(value)),
        }
    }
}

/// The field of an object that has no other.
fn only(fields: &Map<String, Value>) -> Option<(&String, &Value)> {
    fields.iter().next().filter(|_| fields.len() == 1)
}

/// Whether nothing is said by a value, nor by any that it holds.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_empty),
        Value::Bool(_) | Value::Number(_) => false,
    }
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
        let weight = |required: bool| json!([{ "id": "weight", "ty": { "integer": { "min": null } }, "required": required, "description": "" }]);
        assert_eq!(
            told(weight(true), weight(false)),
            "“weight (required, integer)” → “weight (not required, integer)”"
        );
        assert_eq!(told(column(9), column(8)), "“name (text (max 9))” → “name (text (max 8))”");
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
        let of = |value: Value| json!([["grade", { "text": "fine" }], ["weight", value]]);
        let exact = "“grade: text \"fine\", weight: integer 5” → “grade: text \"fine\", weight: text \"5\"”";
        assert_eq!(told(of(json!({ "integer": 5 })), of(json!({ "text": "5" }))), exact);
        assert_eq!(told(json!(["a, b"]), json!(["a", "b"])), "“\"a, b\"” → “\"a\", \"b\"”");
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
