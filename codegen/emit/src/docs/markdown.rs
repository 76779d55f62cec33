//! Text of the catalog inside Markdown, where it must mean nothing but itself.

use std::fmt::{self, Write as _};

use pricebook_types::unseen::turns_direction;

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
                special if turns_direction(special) => write!(f, "U+{:04X}", u32::from(special))?,
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
    let is_special = |char: char| "<>&|\\`*_[]~#!\n\r\t".contains(char) || turns_direction(char);
    let (at, special) = text.char_indices().find(|(_, char)| is_special(*char))?;
    Some((&text[..at], special, &text[at + special.len_utf8()..]))
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
    fn what_turns_the_direction_is_seen() {
        assert_eq!(Text::new("Plan \u{202e}1.00").to_string(), "Plan U+202E1.00");
    }

    #[test]
    fn hostile_text_stays_in_its_cell() {
        let text = Text::new("a|b `c` <script>*/ ${x} 'q' \"q\" \\ [l](u)\nnext");
        assert_eq!(text.to_string(), "a\\|b \\`c\\` &lt;script&gt;\\*/ ${x} 'q' \"q\" \\\\ \\[l\\](u) next");
    }
}
