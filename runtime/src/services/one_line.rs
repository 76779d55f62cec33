//! Texts from elsewhere, fit to be printed: on one line, not too long, and with nothing in them that nobody sees.

use pricebook_types::unseen::is_unseen;

/// The text without control characters and hidden ones, of which at most `longest` characters are shown.
pub(crate) fn one_line(text: &str, longest: usize) -> String {
    let mut out = String::new();
    for (at, char) in text.chars().enumerate() {
        match char {
            _ if at == longest => return out + "…",
            char if char.is_control() => out.extend(char.escape_default()),
            char if is_hidden(char) => out.extend(char.escape_unicode()),
            char => out.push(char),
        }
    }
    out
}

/// Whether a character is not seen, or turns the direction of those around it. What joins letters or pictures, or chooses
/// their shape, is part of them.
pub(crate) fn is_hidden(char: char) -> bool {
    is_unseen(char) && !matches!(char, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}
