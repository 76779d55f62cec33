//! Ids as a diagnostic shows them, so that what it shows can be copied into the YAML.

use std::borrow::Cow;
use std::fmt::Write;

use pricebook_types::unseen::{is_unseen, looks_blank};

/// The text as YAML takes it: as it is, or within quotes and with escapes for what nobody would see.
pub(super) fn as_written(text: &str) -> Cow<'_, str> {
    let is_hidden = |char: char| char.is_control() || is_unseen(char) || looks_blank(char);
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut written = String::from("\"");
    for char in text.chars() {
        let code = u32::from(char);
        let _ = match char {
            '"' | '\\' => write!(written, "\\{char}"),
            _ if !is_hidden(char) => write!(written, "{char}"),
            _ if code <= 0xFFFF => write!(written, "\\u{code:04X}"),
            _ => write!(written, "\\U{code:08X}"),
        };
    }
    Cow::Owned(written + "\"")
}

#[cfg(test)]
mod tests {
    use super::as_written;

    #[test]
    fn what_nobody_sees_is_an_escape_that_yaml_reads_back() {
        let cases = [
            ("plan_pro_monthly", "plan_pro_monthly"),
            ("Größe \"L\"", "Größe \"L\""),
            ("pro\u{200b}", "\"pro\\u200B\""),
            ("a\"b\\\u{e0041}", "\"a\\\"b\\\\\\U000E0041\""),
            ("pro\u{a0}1", "\"pro\\u00A01\""),
        ];
        for (text, expected) in cases {
            assert_eq!(as_written(text), expected);
        }
    }
}
