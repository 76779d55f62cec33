//! SQL files that bring their own transaction, run inside ours.

/// The statements of a generated file without its own first `BEGIN …;` and last `COMMIT;`, so that a transaction that
/// also looks before and after can hold them. Anything in between, data that reads like these statements included, is
/// left alone.
pub fn body(sql: &'static str) -> &'static str {
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

#[cfg(test)]
mod tests {
    use super::body;

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
