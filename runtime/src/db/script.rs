//! SQL files that bring their own transaction, run inside ours.

/// The statements of a generated file without its own first `BEGIN …;` and last `COMMIT;`, so that a transaction that
/// also looks before and after can hold them. Anything in between, data that reads like these statements included, is
/// left alone.
pub fn body(sql: &str) -> &str {
    let start = sql
        .split_inclusive('\n')
        .scan(0, |offset, line| {
            let start = *offset;
            *offset += line.len();
            Some((start, line.trim()))
        })
        .find(|(_, line)| !line.is_empty() && !line.starts_with("--"))
        .filter(|(_, line)| matches!(*line, "BEGIN;" | "BEGIN TRANSACTION;" | "START TRANSACTION;"));
    match start {
        Some((offset, line)) => {
            let rest = &sql[offset + line.len()..];
            rest.trim_end().strip_suffix("COMMIT;").unwrap_or(rest)
        }
        None => sql,
    }
}

/// Whether a backslash in a text stands for more than itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    /// It does, as in MySQL.
    Backslash,
    /// It does not, as in SQLite.
    None,
}

/// The statements of a script, each without its semicolon, without empty ones.
///
/// Semicolons in texts, quoted names and comments separate nothing. Compound statements (`BEGIN … END`) are not known:
/// the generated files for MySQL have none, and neither have queries.
pub fn statements(script: &str, escapes: Escapes) -> Vec<&str> {
    let mut statements = Vec::new();
    let (mut start, mut at) = (0, 0);
    let bytes = script.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'\'' | b'"' | b'`') => at = behind_quote(bytes, at, quote, escapes),
            b'-' if bytes[at..].starts_with(b"-- ") => at = behind(bytes, at, b"\n"),
            b'/' if bytes[at..].starts_with(b"/*") => at = behind(bytes, at, b"*/"),
            b';' => {
                statements.push(&script[start..at]);
                at += 1;
                start = at;
            }
            _ => at += 1,
        }
    }
    statements.push(&script[start..]);
    statements.into_iter().map(str::trim).filter(|statement| !is_empty(statement)).collect()
}

/// The position behind a quoted text, in which the quote is doubled or, but for names, follows a backslash.
fn behind_quote(bytes: &[u8], start: usize, quote: u8, escapes: Escapes) -> usize {
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote != b'`' && escapes == Escapes::Backslash => at += 2,
            byte if byte == quote && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn behind(bytes: &[u8], start: usize, end: &[u8]) -> usize {
    let found = bytes[start..].windows(end.len()).position(|window| window == end);
    found.map_or(bytes.len(), |at| start + at + end.len())
}

/// Whether there is nothing but comments.
fn is_empty(statement: &str) -> bool {
    statement.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with("-- "))
}

#[cfg(test)]
mod tests {
    use super::{Escapes, body, statements};

    #[test]
    fn semicolons_in_texts_names_and_comments_separate_nothing() {
        let script = "-- One; two.\nSET NAMES utf8mb4;\n\nINSERT INTO `a;b` VALUES ('it''s; \\'; ', \"x;\");\n/* ; */ SELECT 1;\n-- End.\n";
        let expected = [
            "-- One; two.\nSET NAMES utf8mb4",
            "INSERT INTO `a;b` VALUES ('it''s; \\'; ', \"x;\")",
            "/* ; */ SELECT 1",
        ];
        assert_eq!(statements(script, Escapes::Backslash), expected);
        assert_eq!(statements("SELECT 'open;", Escapes::Backslash), ["SELECT 'open;"]);
        assert_eq!(statements("SELECT '\\'; SELECT 2", Escapes::None), ["SELECT '\\'", "SELECT 2"]);
    }

    #[test]
    fn a_files_own_transaction_is_taken_off() {
        let sql = "-- Header\n-- BEGIN TRANSACTION;\n\nBEGIN TRANSACTION;\nDELETE FROM a;\nCOMMIT;\n";
        assert_eq!(body(sql), "\nDELETE FROM a;\n");
    }

    #[test]
    fn data_that_reads_like_a_transaction_is_left_alone() {
        let sql = "BEGIN TRANSACTION;\nUPDATE a SET b = '\nCOMMIT;\nBEGIN TRANSACTION;\n';\nCOMMIT;\n";
        assert_eq!(body(sql), "\nUPDATE a SET b = '\nCOMMIT;\nBEGIN TRANSACTION;\n';\n");
        assert_eq!(body("INSERT INTO a VALUES ('\nBEGIN;\n');\n"), "INSERT INTO a VALUES ('\nBEGIN;\n');\n");
    }
}
