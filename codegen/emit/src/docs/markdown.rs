//! Text of the catalog inside Markdown, where it must mean nothing but itself.

use std::fmt::{self, Write as _};

/// Text that is shown as it is, on one line: in a table cell, a heading or a paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text(pub(super) String);

impl Text {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '#' | '!' => write!(f, "\\{character}")?,
                '\n' | '\r' | '\t' => f.write_char(' ')?,
                _ => f.write_char(character)?,
            }
        }
        Ok(())
    }
}

/// An id as code: ids hold neither backticks nor bars.
pub(super) struct Code<'a>(pub(super) &'a str);

impl fmt::Display for Code<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn hostile_text_stays_in_its_cell() {
        let text = Text::new("a|b `c` <script>*/ ${x} 'q' \"q\" \\ [l](u)\nnext");
        assert_eq!(text.to_string(), "a\\|b \\`c\\` &lt;script&gt;\\*/ ${x} 'q' \"q\" \\\\ \\[l\\](u) next");
    }
}
