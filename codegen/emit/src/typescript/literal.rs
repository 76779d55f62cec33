//! Values and comments as TypeScript source: every text that comes from the catalog passes through here.

use std::borrow::Cow;
use std::fmt::Write as _;

use pricebook_model::catalog::Value;
use pricebook_types::unseen::is_unseen;

use crate::plain::is_plain;

/// A text as a string literal in single quotes.
///
/// Besides what the grammar asks for, it escapes what an embedding page would end a script at (`</`, `<!--`) and what
/// would make the source read differently from what it means (controls, line separators, directional marks).
pub(super) fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_string(&mut out, text);
    out
}

fn push_string(out: &mut String, text: &str) {
    out.push('\'');
    if is_plain(text, b"'\\<") {
        out.push_str(text);
        out.push('\'');
        return;
    }
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' if matches!(chars.peek(), Some('/' | '!')) => out.push_str("\\x3C"),
            char if is_hidden(char) => push_escape(out, char),
            char => out.push(char),
        }
    }
    out.push('\'');
}

/// A property name of an object literal.
pub(super) fn key(name: &str) -> Cow<'_, str> {
    match name {
        // A plain `__proto__` would set the prototype.
        "__proto__" => Cow::Borrowed("['__proto__']"),
        name if is_identifier(name) => Cow::Borrowed(name),
        name => Cow::Owned(string(name)),
    }
}

/// Whether a name needs no quotes as a property.
fn is_identifier(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    name.bytes().all(is_part) && name.bytes().next().is_some_and(|first| !first.is_ascii_digit())
}

/// Text or null.
pub(super) fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "null".to_owned(), string)
}

/// An object on one line: `{ minor: 2900, currency: 'usd' }`; `{}` without fields.
pub(super) fn object<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let mut out = String::from("{");
    for (name, value) in fields {
        let separator = if out.len() == 1 { " " } else { ", " };
        out.push_str(separator);
        out.push_str(&key(name));
        out.push_str(": ");
        out.push_str(&value);
    }
    out.push_str(if out.len() == 1 { "}" } else { " }" });
    out
}

/// A list on one line.
pub(super) fn list(values: impl IntoIterator<Item = String>) -> String {
    format!("[{}]", values.into_iter().collect::<Vec<_>>().join(", "))
}

/// A list with a line for each value.
pub(super) fn lines(values: impl IntoIterator<Item = String>, depth: usize) -> String {
    let mut out = String::from("[");
    for value in values {
        out.push_str(indented(depth + 1));
        out.push_str(&value);
        out.push(',');
    }
    if out.len() > 1 {
        out.push_str(indented(depth));
    }
    out.push(']');
    out
}

/// A value of an attribute or of metadata; decimals stay exact as text.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Text(text) => string(text),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(decimal) => string(&decimal.to_string()),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::List(texts) => list(texts.iter().map(|text| string(text))),
    }
}

/// A union of string literals, `never` without values; a line for each where they do not fit on one.
pub(super) fn union<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    let values: Vec<_> = values.into_iter().map(string).collect();
    let width: usize = values.iter().map(|value| value.len() + 3).sum();
    match values.as_slice() {
        [] => "never".to_owned(),
        _ if width <= 100 => values.join(" | "),
        _ => values.iter().map(|value| format!("\n    | {value}")).collect(),
    }
}

/// A type alias: `export type PlanId = 'starter' | 'professional';`
pub(super) fn alias(name: &str, ty: &str) -> String {
    let space = if ty.starts_with('\n') { "" } else { " " };
    format!("export type {name} ={space}{ty};\n")
}

/// A text as a documentation comment; nothing where it is empty.
pub(super) fn doc(text: &str, depth: usize) -> String {
    let indent = " ".repeat(depth * 4);
    let text = text.trim();
    if is_plain(text, b"*@") && !text.is_empty() {
        return [&indent, "/** ", text, " */\n"].concat();
    }
    let lines: Vec<_> = text.lines().map(comment_line).collect();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("{indent}/** {line} */\n"),
        lines => {
            let body: String =
                lines.iter().map(|line| format!("{indent} * {line}\n").replace(" * \n", " *\n")).collect();
            format!("{indent}/**\n{body}{indent} */\n")
        }
    }
}

/// A line that neither ends its comment nor starts a documentation tag.
fn comment_line(line: &str) -> String {
    if is_plain(line, b"*@") {
        return line.trim_end().to_owned();
    }
    let mut out = String::with_capacity(line.len());
    let mut before = ' ';
    for char in line.trim_end().chars() {
        match char {
            '/' if before == '*' => out.push_str("\\/"),
            '@' if !before.is_alphanumeric() => out.push_str("\\@"),
            char if is_hidden(char) => push_escape(&mut out, char),
            char => out.push(char),
        }
        before = char;
    }
    if out.ends_with('*') {
        out.push(' ');
    }
    out
}

/// What an editor does not show, but the joiners and selectors that emoji are made of, which change nothing else.
fn is_hidden(char: char) -> bool {
    char.is_control() || is_unseen(char) && !matches!(char, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

fn push_escape(out: &mut String, char: char) {
    for unit in char.encode_utf16(&mut [0; 2]) {
        write!(out, "\\u{unit:04x}").expect("writing to a string");
    }
}

/// A line break and the indent of a depth; what is printed is never deeper than eight.
fn indented(depth: usize) -> &'static str {
    const BREAK: &str = "\n                                ";
    &BREAK[..1 + 4 * depth]
}

/// An object literal with a line for each field, written where it stays.
pub(super) struct Object<'a> {
    text: &'a mut String,
    depth: usize,
}

impl Object<'_> {
    /// Appends an object with the fields that `fields` adds, whose closing brace stands `depth` steps from the left.
    pub(super) fn write(text: &mut String, depth: usize, fields: impl FnOnce(&mut Object<'_>)) {
        text.push('{');
        let start = text.len();
        fields(&mut Object { text: &mut *text, depth });
        if text.len() > start {
            text.push_str(indented(depth));
        }
        text.push('}');
    }

    /// Adds a field that is an object.
    pub(super) fn object(&mut self, name: &str, fields: impl FnOnce(&mut Object<'_>)) -> &mut Self {
        self.key(name);
        Object::write(self.text, self.depth + 1, fields);
        self.text.push(',');
        self
    }

    /// Adds a field.
    pub(super) fn field(&mut self, name: &str, value: &str) -> &mut Self {
        self.key(name);
        self.text.push_str(value);
        self.text.push(',');
        self
    }

    /// Adds a field that is a text.
    pub(super) fn string(&mut self, name: &str, text: &str) -> &mut Self {
        self.key(name);
        push_string(self.text, text);
        self.text.push(',');
        self
    }

    /// Adds a field that is computed whenever it is read, as pages and servers live longer than a day.
    pub(super) fn getter(&mut self, name: &str, value: &str) -> &mut Self {
        let (outer, inner) = (indented(self.depth + 1), indented(self.depth + 2));
        for part in [outer, "get ", &key(name), "() {", inner, "return ", value, ";", outer, "},"] {
            self.text.push_str(part);
        }
        self
    }

    fn key(&mut self, name: &str) {
        self.text.push_str(indented(self.depth + 1));
        self.text.push_str(&key(name));
        self.text.push_str(": ");
    }
}

/// An object type with a documented line for each member; a comment on a type's member is what editors show.
#[derive(Default)]
pub(super) struct Shape {
    text: String,
}

impl Shape {
    /// Adds a member that is always there.
    pub(super) fn member(&mut self, about: &str, name: &str, ty: &str) -> &mut Self {
        self.text.push_str(&doc(about, 1));
        writeln!(self.text, "    readonly {}: {ty};", key(name)).expect("writing to a string");
        self
    }

    /// The type.
    pub(super) fn end(&self) -> String {
        if self.text.is_empty() { "{}".to_owned() } else { format!("{{\n{}}}", self.text) }
    }
}
