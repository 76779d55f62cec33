//! The one writer of values: literals that every setting of a database reads as the same value.
//!
//! Files are read by people and by tools that split lines, so that neither control characters nor what turns the direction
//! of a line ever stand in them as they are.
//! MySQL reads a backslash in two ways (`NO_BACKSLASH_ESCAPES`), so that there it never stands in a literal either.

use std::fmt::Write;

use pricebook_types::Dialect;
use pricebook_types::unseen::turns_direction;

use crate::plain;

/// A text, as an expression of the dialect.
pub(super) fn text(out: &mut String, dialect: Dialect, value: &str) {
    if is_plain(value) {
        return plain(out, value);
    }
    let mut special: Vec<char> = value.chars().filter(|&char| is_special(dialect, char)).collect();
    if special.is_empty() {
        return quoted(out, value.chars());
    }
    if dialect == Dialect::Postgres {
        return escaped(out, value);
    }
    special.sort_unstable();
    special.dedup();
    let mut free = STAND_INS.iter().copied().filter(|&stand_in| !value.contains(stand_in));
    let stands_for: Vec<(char, char)> = special.into_iter().zip(&mut free).collect();
    let stand_in =
        |char| stands_for.iter().find(|(special, _)| *special == char).map_or(char, |(_, stand_in)| *stand_in);
    if value.chars().any(|char| is_special(dialect, stand_in(char))) {
        return hexadecimal(out, dialect, value);
    }
    stands_for.iter().for_each(|_| out.push_str("REPLACE("));
    quoted(out, value.chars().map(stand_in));
    for (special, stand_in) in &stands_for {
        let _ = match dialect {
            // MySQL takes bytes, the others a code point.
            Dialect::Mysql => {
                let bytes = special.encode_utf8(&mut [0; 4]).bytes().fold(0, |code, byte| code << 8 | u32::from(byte));
                write!(out, ", '{stand_in}', CHAR({bytes} USING utf8mb4))")
            }
            _ => write!(out, ", '{stand_in}', CHAR({}))", u32::from(*special)),
        };
    }
}

/// A text as its own value.
pub(super) fn text_of(dialect: Dialect, value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    text(&mut out, dialect, value);
    out
}

/// A truth value.
pub(super) const fn boolean(dialect: Dialect, value: bool) -> &'static str {
    match (dialect, value) {
        (Dialect::Postgres, true) => "TRUE",
        (Dialect::Postgres, false) => "FALSE",
        (Dialect::Sqlite | Dialect::Mysql, true) => "1",
        (Dialect::Sqlite | Dialect::Mysql, false) => "0",
    }
}

/// A text where MySQL takes a constant only: in hexadecimal, if it has special characters.
pub(super) fn mysql_constant(value: &str) -> String {
    if !value.chars().any(|char| is_special(Dialect::Mysql, char)) {
        return text_of(Dialect::Mysql, value);
    }
    value.bytes().fold(String::from("X'"), |out, byte| format!("{out}{byte:02X}")) + "'"
}

/// Characters that stand for special ones inside a `REPLACE`.
const STAND_INS: &[char] = &['~', '^', '|', '`', '#', '@', '$', '%', '&', '*', '+', '=', '<', '>', '!'];

fn is_special(dialect: Dialect, char: char) -> bool {
    char.is_control() || turns_direction(char) || (char == '\\' && dialect != Dialect::Sqlite)
}

/// Whether no dialect has anything to escape in a text, as in most.
pub(super) fn is_plain(value: &str) -> bool {
    plain::is_plain(value, b"'\\")
}

/// A text of which [`is_plain`] holds.
pub(super) fn plain(out: &mut String, value: &str) {
    out.reserve(value.len() + 2);
    out.push('\'');
    out.push_str(value);
    out.push('\'');
}

fn quoted(out: &mut String, chars: impl Iterator<Item = char>) {
    out.push('\'');
    for char in chars {
        if char == '\'' {
            out.push('\'');
        }
        out.push(char);
    }
    out.push('\'');
}

/// PostgreSQL's `E'…'`, which means the same under either `standard_conforming_strings`.
fn escaped(out: &mut String, value: &str) {
    out.push_str("E'");
    for char in value.chars() {
        match char {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            char if is_special(Dialect::Postgres, char) => {
                let _ = write!(out, "\\u{:04X}", u32::from(char));
            }
            char => out.push(char),
        }
    }
    out.push('\'');
}

fn hexadecimal(out: &mut String, dialect: Dialect, value: &str) {
    out.push_str(if dialect == Dialect::Mysql { "CONVERT(X'" } else { "CAST(X'" });
    for byte in value.bytes() {
        let _ = write!(out, "{byte:02X}");
    }
    out.push_str(if dialect == Dialect::Mysql { "' USING utf8mb4)" } else { "' AS TEXT)" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_dialect_could_misread_is_written_otherwise() {
        let all = |value: &str| Dialect::ALL.map(|dialect| text_of(dialect, value)).join("\n");
        insta::assert_snapshot!(all("O'Brien's \"quoted\" plan 🎉"), @r#"
        'O''Brien''s "quoted" plan 🎉'
        'O''Brien''s "quoted" plan 🎉'
        'O''Brien''s "quoted" plan 🎉'
        "#);
        insta::assert_snapshot!(all("Plan \u{202e}1\u{2066}"), @r"
        REPLACE(REPLACE('Plan ~1^', '~', CHAR(8238)), '^', CHAR(8294))
        E'Plan \u202E1\u2066'
        REPLACE(REPLACE('Plan ~1^', '~', CHAR(14844078 USING utf8mb4)), '^', CHAR(14844326 USING utf8mb4))
        ");
        insta::assert_snapshot!(all("C:\\dir~\r\nnext"), @r"
        REPLACE(REPLACE('C:\dir~|^next', '^', CHAR(10)), '|', CHAR(13))
        E'C:\\dir~\r\nnext'
        REPLACE(REPLACE(REPLACE('C:`dir~|^next', '^', CHAR(10 USING utf8mb4)), '|', CHAR(13 USING utf8mb4)), '`', CHAR(92 USING utf8mb4))
        ");
    }
}
