//! Texts of SQLite that are not UTF-8: it keeps whatever bytes somebody wrote by hand.

/// What stands for a byte that belongs to no letter: `\u{fffd}(E9)`. The byte is named, so that no two texts look alike.
fn named(byte: u8) -> String {
    format!("\u{fffd}({byte:02X})")
}

/// The text, in which each byte that belongs to no letter is named.
pub(super) fn shown(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let chunks = error.as_bytes().utf8_chunks();
        chunks
            .flat_map(|chunk| [chunk.valid().to_owned(), chunk.invalid().iter().copied().map(named).collect()])
            .collect()
    })
}

/// Literals of SQLite, of which each that is not UTF-8 is written as its bytes and gives the same text.
pub(super) fn literals(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let mut rest = error.as_bytes();
        let mut out = String::new();
        while let Some(start) = rest.iter().position(|byte| *byte == b'\'') {
            let (before, quoted) = rest.split_at(start);
            let (inner, after) = quoted_text(&quoted[1..]);
            out.push_str(&shown(before.to_vec()));
            match String::from_utf8(inner) {
                Ok(text) => out.push_str(&format!("'{}'", text.replace('\'', "''"))),
                Err(error) => out.push_str(&format!("CAST(x'{}' AS TEXT)", hexadecimal(error.as_bytes()))),
            }
            rest = after;
        }
        out + &shown(rest.to_vec())
    })
}

/// What stands before the closing quote, in which a doubled one stands for one, and what follows.
fn quoted_text(bytes: &[u8]) -> (Vec<u8>, &[u8]) {
    let (mut inner, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        match (bytes[at], bytes.get(at + 1)) {
            (b'\'', Some(b'\'')) => at += 1,
            (b'\'', _) => return (inner, &bytes[at + 1..]),
            _ => {}
        }
        inner.push(bytes[at]);
        at += 1;
    }
    (inner, &[])
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{literals, shown};

    #[test]
    fn a_byte_that_belongs_to_no_letter_is_named() {
        assert_eq!(shown(b"caf\xe9".to_vec()), "caf\u{fffd}(E9)");
        assert_eq!(shown(b"\xff\xc3ole\xcc".to_vec()), "\u{fffd}(FF)\u{fffd}(C3)ole\u{fffd}(CC)");
        assert_ne!(shown("caf\u{fffd}".into()), shown(b"caf\xe9".to_vec()));
    }

    #[test]
    fn only_the_literal_that_is_not_utf_8_is_written_as_its_bytes() {
        let written = b"'it''s', x'00FF', 'a''\xe9', NULL, CAST(x'C3' AS TEXT), 7".to_vec();
        assert_eq!(literals(written), "'it''s', x'00FF', CAST(x'6127E9' AS TEXT), NULL, CAST(x'C3' AS TEXT), 7");
    }
}
