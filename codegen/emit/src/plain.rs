//! Texts in which no writer of literals has anything to escape, as most are.

/// Whether a text is of printable ASCII alone, without the bytes that mean something where it is written.
///
/// It looks at every byte rather than stop at the first that is not: rustc makes comparisons of sixteen bytes of that.
pub(crate) fn is_plain<const N: usize>(text: &str, special: &[u8; N]) -> bool {
    let is_other = |byte: u8| u8::from(byte.wrapping_sub(b' ') > b'~' - b' ');
    let is_special = |byte: u8| special.iter().fold(0, |found, of| found | u8::from(byte == *of));
    text.bytes().fold(0, |found, byte| found | is_other(byte) | is_special(byte)) == 0
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn only_printable_ascii_without_what_is_special_is_plain() {
        assert!(is_plain("Plan number 7, for teams.", b"\"\\"));
        for text in ["a\\b", "say \"b\"", "a\nb", "caf\u{e9}", "\u{7f}", "a\u{202e}"] {
            assert!(!is_plain(text, b"\"\\"), "{text:?}");
        }
    }
}
