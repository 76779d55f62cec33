//! A writer of YAML that reads back as exactly the same texts, whatever they hold.
//!
//! Only what an import needs: block mappings and lists, plain scalars where nothing can be mistaken, double quotes with
//! escapes everywhere else.

use std::fmt::Write;

/// A YAML value to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Yaml {
    /// A number, a boolean or a word that is known to be safe: written as it stands.
    Plain(String),
    /// Any text.
    Text(String),
    /// A block list.
    List(Vec<Yaml>),
    /// A block mapping, in order.
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A number, boolean or safe word.
    pub fn plain(value: impl ToString) -> Self {
        Self::Plain(value.to_string())
    }

    /// A mapping of the fields that are there.
    pub fn map<const N: usize>(fields: [(&str, Option<Yaml>); N]) -> Self {
        Self::Map(fields.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
    }

    /// `None` where a list or mapping is empty.
    pub fn unless_empty(self) -> Option<Self> {
        match &self {
            Self::List(items) if items.is_empty() => None,
            Self::Map(entries) if entries.is_empty() => None,
            _ => Some(self),
        }
    }
}

/// A document: the entries of its top-level mapping.
pub fn document(entries: &[(String, Yaml)]) -> String {
    let mut out = String::new();
    map(entries, 0, &mut out);
    out
}

/// One entry of a mapping that stands `indent` deep, with its newline.
pub fn entry(key: &str, value: &Yaml, indent: usize) -> String {
    let mut out = " ".repeat(indent);
    scalar(key, &mut out);
    out.push(':');
    nested(value, indent + 2, &mut out);
    out.push('\n');
    out
}

fn map(entries: &[(String, Yaml)], indent: usize, out: &mut String) {
    for (index, (key, value)) in entries.iter().enumerate() {
        if index > 0 || indent > 0 {
            start_line(indent, out);
        }
        scalar(key, out);
        out.push(':');
        nested(value, indent + 2, out);
    }
}

/// What follows a key or a dash.
fn nested(value: &Yaml, indent: usize, out: &mut String) {
    match value {
        Yaml::Plain(plain) => {
            out.push(' ');
            out.push_str(plain);
        }
        Yaml::Text(text) => {
            out.push(' ');
            scalar(text, out);
        }
        Yaml::List(items) if items.is_empty() => out.push_str(" []"),
        Yaml::Map(entries) if entries.is_empty() => out.push_str(" {}"),
        Yaml::List(items) => {
            for item in items {
                start_line(indent, out);
                out.push('-');
                match item {
                    Yaml::Map(entries) if !entries.is_empty() => inline_map(entries, indent + 2, out),
                    _ => nested(item, indent + 2, out),
                }
            }
        }
        Yaml::Map(entries) => map(entries, indent, out),
    }
}

/// A mapping whose first entry stands behind a dash.
fn inline_map(entries: &[(String, Yaml)], indent: usize, out: &mut String) {
    for (index, (key, value)) in entries.iter().enumerate() {
        if index == 0 {
            out.push(' ');
        } else {
            start_line(indent, out);
        }
        scalar(key, out);
        out.push(':');
        nested(value, indent + 2, out);
    }
}

fn start_line(indent: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

fn scalar(text: &str, out: &mut String) {
    if is_plain(text) {
        out.push_str(text);
    } else {
        quoted(text, out);
    }
}

/// Whether a text without quotes is read as the same text by YAML 1.1 and 1.2 alike.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.ends_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.'))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            // Letters and signs of other scripts stay readable; what has no shape or changes direction is escaped.
            _ if c.is_alphanumeric() || is_visible(c) => out.push(c),
            _ => escape(c, out),
        }
    }
    out.push('"');
}

fn is_visible(c: char) -> bool {
    matches!(c, '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{ff}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}'
        | '\u{20a0}'..='\u{20cf}' | '\u{2190}'..='\u{2bff}' | '\u{3001}'..='\u{303f}' | '\u{1f300}'..='\u{1faff}')
}

fn escape(c: char, out: &mut String) {
    let code = u32::from(c);
    let written = match code {
        0..=0xff => write!(out, "\\x{code:02x}"),
        0x100..=0xffff => write!(out, "\\u{code:04x}"),
        _ => write!(out, "\\U{code:08x}"),
    };
    written.expect("a string takes every character");
}
