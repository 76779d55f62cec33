//! What wrangler prints with `--json`: `[{"results": [{"column": value, …}], "success": true}, …]`, or an error.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use crate::db::Texts;

/// The rows of each statement.
pub(super) type Results = Vec<Vec<Texts>>;

#[derive(serde::Deserialize)]
struct Answer {
    #[serde(default)]
    results: Vec<Row>,
}

/// The values of an object in the order in which they stand there.
struct Row(Texts);

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Values;
        impl<'de> Visitor<'de> for Values {
            type Value = Row;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
                let mut row = Vec::new();
                while let Some((IgnoredAny, value)) = map.next_entry::<IgnoredAny, Value>()? {
                    row.push(text(value));
                }
                Ok(Row(row))
            }
        }
        deserializer.deserialize_map(Values)
    }
}

/// Whole numbers beyond 2^53 are rounded there: queries give them as texts.
fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// The rows of each statement.
pub(super) fn results(stdout: &[u8]) -> Result<Results, String> {
    let answers: Vec<Answer> =
        serde_json::from_slice(stdout).map_err(|cause| format!("wrangler's answer cannot be read: {cause}"))?;
    Ok(answers.into_iter().map(|answer| answer.results.into_iter().map(|Row(row)| row).collect()).collect())
}

/// Why a command failed: `{"error": {"text": …}}`, otherwise what it said last.
pub(super) fn error(stdout: &[u8], stderr: &[u8]) -> String {
    let told: Option<Value> = serde_json::from_slice(stdout).ok();
    let told = told.and_then(|value| value["error"]["text"].as_str().map(str::to_owned));
    told.unwrap_or_else(|| {
        let said = [stdout, stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).join("\n");
        let lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
        let last: Vec<_> = lines.rev().take(3).collect();
        let last: Vec<_> = last.into_iter().rev().collect();
        format!("wrangler failed: {}", last.join(" "))
    })
}

#[cfg(test)]
mod tests {
    use super::{error, results};

    #[test]
    fn values_come_in_the_order_of_the_columns() {
        let stdout = br#"[{"results": [{"z": 1, "a": null, "m": "t", "b": true}], "success": true}, {"results": []}]"#;
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(results(stdout), Ok(vec![vec![vec![text("1"), None, text("t"), text("true")]], vec![]]));
        assert!(results(b"Done!").is_err_and(|message| message.contains("cannot be read")));
    }

    #[test]
    fn an_error_is_what_was_said() {
        assert_eq!(error(br#"{"error": {"text": "no such table: x"}}"#, b""), "no such table: x");
        assert_eq!(error(b"", b"\nfirst\n\n  second \n"), "wrangler failed: first second");
    }
}
