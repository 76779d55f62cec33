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
        let mut rest = self.0.as_str();
        while let Some((plain, special, behind)) = split_at_special(rest) {
            f.write_str(plain)?;
            match special {
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '&' => f.write_str("&amp;")?,
                '\n' | '\r' | '\t' => f.write_char(' ')?,
                _ => write!(f, "\\{special}")?,
            }
            rest = behind;
        }
        f.write_str(rest)
    }
}

/// What stands before the first character that Markdown would read as its own, that character, and what stands behind it.
fn split_at_special(text: &str) -> Option<(&str, char, &str)> {
    let at = text.bytes().position(|byte| b"<>&|\\`*_[]~#!\n\r\t".contains(&byte))?;
    Some((&text[..at], char::from(text.as_bytes()[at]), &text[at + 1..]))
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
