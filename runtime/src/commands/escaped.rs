//! What commands print, without what a terminal would obey or not show: a value of the database cannot pass for another one.

use std::io::{self, Write};

use crate::services::is_hidden;

/// How a character is written that is not to be printed as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `\u{202e}`. Line breaks and tabs stay, and colours where the output takes some.
    Text {
        /// Whether it does.
        colours: bool,
    },
    /// `\u202e`, which is the same text to whoever reads the JSON.
    Json,
}

/// An output that notes whether anything was written.
pub(super) struct Noting<'a> {
    pub(super) to: &'a mut dyn Write,
    pub(super) was_written: bool,
}

impl Write for Noting<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.was_written = true;
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// An output that is given texts.
pub(super) struct Escaped<'a> {
    pub(super) to: &'a mut dyn Write,
    pub(super) form: Form,
}

impl Write for Escaped<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for chunk in bytes.utf8_chunks() {
            self.put(chunk.valid())?;
            self.to.write_all(chunk.invalid())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Escaped<'_> {
    fn put(&mut self, mut text: &str) -> io::Result<()> {
        while let Some(at) = text.find(|char| self.is_special(char)) {
            let (before, rest) = text.split_at(at);
            self.to.write_all(before.as_bytes())?;
            let colour = colour(rest).filter(|_| self.form == Form::Text { colours: true });
            let char = rest.chars().next().unwrap_or_default();
            match colour {
                Some(colour) => self.to.write_all(colour.as_bytes())?,
                None => self.escape(char)?,
            }
            text = &rest[colour.map_or(char.len_utf8(), str::len)..];
        }
        self.to.write_all(text.as_bytes())
    }

    fn is_special(&self, char: char) -> bool {
        is_hidden(char) || char.is_control() && char != '\n' && (char != '\t' || self.form == Form::Json)
    }

    fn escape(&mut self, char: char) -> io::Result<()> {
        match self.form {
            Form::Text { .. } => write!(self.to, "{}", char.escape_unicode()),
            Form::Json => {
                let mut units = [0; 2];
                char.encode_utf16(&mut units).iter().try_for_each(|unit| write!(self.to, "\\u{unit:04x}"))
            }
        }
    }
}

/// The sequence that a text begins with, where it only says in which colour to go on.
fn colour(text: &str) -> Option<&str> {
    let rest = text.strip_prefix("\x1b[")?;
    let end = rest.find(|char: char| !char.is_ascii_digit() && char != ';')?;
    rest[end..].starts_with('m').then(|| &text[..end + 3])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(form: Form, text: &str) -> String {
        let mut out = Vec::new();
        Escaped { to: &mut out, form }.write_all(text.as_bytes()).expect("memory takes it");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn what_turns_or_hides_text_is_named() {
        let text = |text| printed(Form::Text { colours: true }, text);
        assert_eq!(text("a\u{202e}b\u{feff}\u{ad}"), "a\\u{202e}b\\u{feff}\\u{ad}");
        assert_eq!(text("a\tb\nGrüße 👋 日本語"), "a\tb\nGrüße 👋 日本語");
        assert_eq!(text("\x1b[1;31mred\x1b[0m"), "\x1b[1;31mred\x1b[0m");
        assert_eq!(printed(Form::Text { colours: false }, "\x1b[31m"), "\\u{1b}[31m");
        assert_eq!(text("\x1b[2J\x1b]0;title\x07\r\x1b"), "\\u{1b}[2J\\u{1b}]0;title\\u{7}\\u{d}\\u{1b}");
    }

    #[test]
    fn json_stays_the_same_value() {
        let value = serde_json::json!({ "name": "a\u{202e}b\u{e0041}\t\u{1b}" });
        let text = printed(Form::Json, &value.to_string());
        assert!(text.contains("a\\u202eb\\udb40\\udc41\\t\\u001b"), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), value);
    }
}
