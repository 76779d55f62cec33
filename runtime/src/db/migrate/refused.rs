//! Which statement of a migration SQLite has refused: it does not say, so that they are tried one by one.

use pricebook_types::Dialect;

use crate::db::{Escapes, Session, said, statements};

/// As much of a statement as tells which one it is.
const SHOWN_CHARS: usize = 80;

/// ` at statement 3 of 12, CREATE TABLE a (`, where that can be told. The transaction is taken back, and so is what is tried.
pub(super) async fn statement(session: &mut Session, script: &str, cause: &sqlx::Error) -> Option<String> {
    if session.dialect() != Dialect::Sqlite || !session.shows_its_writes() {
        return None;
    }
    session.rollback().await;
    session.begin().await.ok()?;
    let all = with_triggers(script);
    for (index, one) in all.iter().enumerate() {
        if let Err(refused) = session.run(one).await {
            let line: String = first_line(one).chars().take(SHOWN_CHARS).collect();
            // Another refusal than the first one is of our parting it.
            return (said(&refused) == said(cause))
                .then(|| format!(" at statement {} of {}, {line}", index + 1, all.len()));
        }
    }
    None
}

/// The statements of a script; a trigger's own belong to it.
fn with_triggers(script: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut is_in_trigger = false;
    for part in statements(script, Escapes::None) {
        match all.last_mut().filter(|_| is_in_trigger) {
            Some(trigger) => *trigger = format!("{trigger};\n{part}"),
            None => {
                is_in_trigger = first_line(part).to_ascii_uppercase().starts_with("CREATE TRIGGER ");
                all.push(part.to_owned());
            }
        }
        is_in_trigger &= !part.to_ascii_uppercase().ends_with("END");
    }
    all
}

/// The first that is no comment.
fn first_line(statement: &str) -> &str {
    let mut lines = statement.lines().map(str::trim);
    lines.find(|line| !line.is_empty() && !line.starts_with("--")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::with_triggers;

    #[test]
    fn a_trigger_is_one_statement() {
        let script = "-- A; b.\nCREATE TABLE a (b text);\nCREATE TRIGGER c AFTER UPDATE ON a BEGIN\n  UPDATE a SET b = 'x;';\n  \
                      DELETE FROM a;\nEND;\nSELECT 1;\n";
        let all = with_triggers(script);
        assert_eq!(all.len(), 3, "{all:?}");
        assert!(all[1].starts_with("CREATE TRIGGER c") && all[1].ends_with("DELETE FROM a;\nEND"), "{}", all[1]);
    }
}
