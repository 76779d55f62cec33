//! Texts from elsewhere, fit to be printed: on one line and not too long.

/// The text without control characters, of which at most `longest` characters are shown.
pub(crate) fn one_line(text: &str, longest: usize) -> String {
    let mut out = String::new();
    for (at, char) in text.chars().enumerate() {
        match char {
            _ if at == longest => return out + "…",
            char if char.is_control() => out.extend(char.escape_default()),
            char => out.push(char),
        }
    }
    out
}
