//! What a YAML file holds, with the place of everything in it.

use std::borrow::Cow;

use crate::source::Span;

/// A value and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node<'s> {
    /// From the first to the last character of the value.
    pub span: Span,
    /// The value.
    pub value: Value<'s>,
}

/// A YAML value that no schema has been applied to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'s> {
    /// Text, in quotes or bare.
    Scalar {
        /// The text, unescaped.
        text: Cow<'s, str>,
        /// Whether it stands there without quotes, so that `12`, `true` and nothing at all are no texts.
        plain: bool,
    },
    /// `[a, b]`, or lines with a dash.
    Sequence(Vec<Node<'s>>),
    /// `{ key: value }`, or lines with a colon; keys are unique.
    Mapping(Vec<Entry<'s>>),
    /// Something that was already reported.
    Refused,
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'s> {
    /// The key.
    pub key: Cow<'s, str>,
    /// The place of the key.
    pub key_span: Span,
    /// The value.
    pub value: Node<'s>,
}

impl Node<'_> {
    /// Whether nothing stands there, not even quotes.
    pub(crate) fn is_nothing(&self) -> bool {
        matches!(&self.value, Value::Scalar { text, plain: true } if PlainType::of(text) == PlainType::Nothing)
    }

    /// What this is, for messages: `a mapping`, `the number 12`, `nothing`.
    pub fn describe(&self) -> String {
        match &self.value {
            Value::Scalar { text, plain: true } => match PlainType::of(text) {
                PlainType::Nothing => "nothing".to_owned(),
                PlainType::Boolean => format!("the boolean `{text}`"),
                PlainType::Number => format!("the number `{text}`"),
                PlainType::Text => format!("the text `{}`", shortened(text)),
            },
            Value::Scalar { text, .. } => format!("the text `{}`", shortened(text)),
            Value::Sequence(_) => "a list".to_owned(),
            Value::Mapping(_) => "a mapping".to_owned(),
            Value::Refused => "a refused value".to_owned(),
        }
    }
}

fn shortened(text: &str) -> Cow<'_, str> {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(40) {
        Some((end, _)) => Cow::Owned(format!("{}…", &line[..end])),
        None => Cow::Borrowed(line),
    }
}

/// What a bare scalar means to a YAML 1.2 reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainType {
    /// Empty, `~` or `null`.
    Nothing,
    /// `true` or `false`.
    Boolean,
    /// A number in any of YAML's notations.
    Number,
    /// Everything else.
    Text,
}

impl PlainType {
    /// The type of a bare scalar in YAML's core schema.
    pub fn of(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Self::Nothing,
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Self::Boolean,
            _ if is_number(text) => Self::Number,
            _ => Self::Text,
        }
    }
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0'..=b'7'));
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    !(whole.is_empty() && fraction.is_empty())
        && all_digits(whole)
        && all_digits(fraction)
        && exponent.is_none_or(|digits| !digits.is_empty() && all_digits(digits))
}
