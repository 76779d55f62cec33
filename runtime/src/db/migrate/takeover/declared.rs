//! What a `CREATE TABLE` of a migration declares, read from its text.

/// A table as a migration makes it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Declared {
    /// As it is written, quotes included.
    pub(super) quoted: String,
    pub(super) columns: Vec<Column>,
    /// The columns of its primary key.
    pub(super) key: Vec<String>,
    /// The name of the primary key, where it is given one.
    pub(super) key_name: Option<String>,
    /// What it demands besides: `UNIQUE …`, `FOREIGN KEY …`.
    pub(super) constraints: Vec<String>,
}

/// One of its columns.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) quoted: String,
    /// What stands behind its name.
    pub(super) definition: String,
    pub(super) data_type: String,
    pub(super) not_null: bool,
    pub(super) default: Option<String>,
    pub(super) on_update: bool,
    /// Its conditions, each in parentheses, and the name of each where it has one.
    pub(super) checks: Vec<(Option<String>, String)>,
}

/// Words that end the type of a column, or what it has by default.
const KEYWORDS: [&str; 12] = [
    "NOT",
    "NULL",
    "DEFAULT",
    "CHECK",
    "CONSTRAINT",
    "PRIMARY",
    "UNIQUE",
    "REFERENCES",
    "ON",
    "COLLATE",
    "CHARACTER",
    "GENERATED",
];
/// Words with which something begins that is no column.
const CONSTRAINTS: [&str; 7] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK", "KEY", "INDEX"];

impl Declared {
    /// The name without its quotes.
    pub(super) fn name(&self) -> &str {
        unquoted(&self.quoted)
    }

    /// Reads a statement; `None` where it makes no table.
    pub(super) fn read(statement: &str) -> Option<Self> {
        let text = without_comments(statement);
        let (head, rest) = text.split_once('(')?;
        let head = words(head);
        let [create, table, quoted] = head.as_slice() else { return None };
        if !create.eq_ignore_ascii_case("CREATE") || !table.eq_ignore_ascii_case("TABLE") {
            return None;
        }
        let mut declared = Self { quoted: quoted.clone(), ..Self::default() };
        for item in split(rest, |letter| letter == ',') {
            let words = words(&item);
            let is_constraint = |word: &String| CONSTRAINTS.iter().any(|known| word.eq_ignore_ascii_case(known));
            match words.first() {
                Some(first) if is_constraint(first) => declared.constraint(&item, &words),
                Some(_) => declared.column(&words),
                None => {}
            }
        }
        Some(declared)
    }

    fn constraint(&mut self, item: &str, words: &[String]) {
        let (name, rest) = match words {
            [constraint, name, rest @ ..] if is(constraint, "CONSTRAINT") => (Some(unquoted(name).to_owned()), rest),
            _ => (None, words),
        };
        match rest {
            [primary, key, columns, ..] if is(primary, "PRIMARY") && is(key, "KEY") => {
                let columns = columns.trim_start_matches('(').trim_end_matches(')');
                self.key =
                    split(columns, |letter| letter == ',').iter().map(|name| unquoted(name).to_owned()).collect();
                self.key_name = name;
            }
            _ => self.constraints.push(item.to_owned()),
        }
    }

    fn column(&mut self, words: &[String]) {
        let [quoted, rest @ ..] = words else { return };
        let ends = |word: &String| KEYWORDS.iter().any(|known| is(word, known));
        let until_keyword = |words: &[String]| {
            words.iter().take_while(|word| !ends(word)).map(String::as_str).collect::<Vec<_>>().join(" ")
        };
        let behind = |word: &str| rest.iter().position(|one| is(one, word)).map(|at| &rest[at + 1..]);
        let mut checks = Vec::new();
        for (at, _) in rest.iter().enumerate().filter(|(_, word)| is(word, "CHECK")) {
            let named = at.checked_sub(2).filter(|before| is(&rest[*before], "CONSTRAINT"));
            let name = named.map(|before| unquoted(&rest[before + 1]).to_owned());
            checks.extend(rest.get(at + 1).map(|condition| (name, condition.clone())));
        }
        let name = unquoted(quoted).to_owned();
        if behind("PRIMARY").is_some() {
            self.key.push(name.clone());
        }
        if ["UNIQUE", "REFERENCES"].iter().any(|word| behind(word).is_some()) {
            self.constraints.push(words.join(" "));
        }
        self.columns.push(Column {
            name,
            quoted: quoted.clone(),
            definition: rest.join(" "),
            data_type: until_keyword(rest),
            not_null: rest.windows(2).any(|two| is(&two[0], "NOT") && is(&two[1], "NULL")),
            default: behind("DEFAULT").map(until_keyword).filter(|default| !is(default, "NULL") && !default.is_empty()),
            on_update: rest.windows(2).any(|two| is(&two[0], "ON") && is(&two[1], "UPDATE")),
            checks,
        });
    }
}

fn is(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}

/// A name without its quotes, which none of ours has within.
pub(super) fn unquoted(name: &str) -> &str {
    name.trim().trim_matches(['"', '`'])
}

/// Words that stand apart: what is within parentheses or quotes belongs to one.
fn words(text: &str) -> Vec<String> {
    split(text, char::is_whitespace)
}

/// Comments go, texts that hold what looks like one stay.
fn without_comments(text: &str) -> String {
    let (mut out, mut quote, mut letters) = (String::with_capacity(text.len()), None, text.chars().peekable());
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(end), _) if letter == end => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(letter),
            (None, '-') if letters.peek() == Some(&'-') => {
                letters.by_ref().find(|letter| *letter == '\n');
                out.push('\n');
                continue;
            }
            _ => {}
        }
        out.push(letter);
    }
    out
}

/// The parts between separators that stand in no quotes and no parentheses, up to a parenthesis that closes more than was
/// opened.
fn split(text: &str, is_separator: impl Fn(char) -> bool) -> Vec<String> {
    let (mut parts, mut depth, mut quote) = (vec![String::new()], 0_usize, None);
    for letter in text.chars() {
        match (quote, letter) {
            (Some(end), _) if letter == end => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(letter),
            (None, '(') => depth += 1,
            (None, ')') if depth == 0 => break,
            (None, ')') => depth -= 1,
            (None, _) if depth == 0 && is_separator(letter) => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        parts.last_mut().expect("one is always there").push(letter);
    }
    let parts = parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::Declared;

    #[test]
    fn what_the_compiler_writes_is_read() {
        let sql = r#"-- The services; on sale (all).
CREATE TABLE "services" (
  "id" VARCHAR(255) NOT NULL,
  -- One of two, (or none).
  "kind" VARCHAR(64) CONSTRAINT "ck_kind" CHECK ("kind" IN ('a, b', 'c -- d')) DEFAULT 'c -- d',
  "weight" NUMERIC(28, 12),
  CONSTRAINT "pk_services" PRIMARY KEY ("id", "kind"),
  CONSTRAINT "fk" FOREIGN KEY ("kind") REFERENCES "kinds" ("id") ON DELETE CASCADE
)"#;
        let read = Declared::read(sql).expect("a table");
        assert_eq!((read.name(), read.key_name.as_deref()), ("services", Some("pk_services")));
        assert_eq!(read.key, ["id", "kind"]);
        assert_eq!(read.constraints.len(), 1);
        let types: Vec<_> = read.columns.iter().map(|column| column.data_type.as_str()).collect();
        assert_eq!(types, ["VARCHAR(255)", "VARCHAR(64)", "NUMERIC(28, 12)"]);
        let kind = &read.columns[1];
        assert_eq!(kind.checks, [(Some("ck_kind".to_owned()), "(\"kind\" IN ('a, b', 'c -- d'))".to_owned())]);
        assert_eq!((kind.default.as_deref(), kind.not_null, read.columns[0].not_null), (Some("'c -- d'"), false, true));
    }

    #[test]
    fn a_table_by_hand_is_read_and_other_statements_are_none() {
        let read =
            Declared::read("CREATE TABLE teas (id VARCHAR(64) PRIMARY KEY, name TEXT UNIQUE);").expect("a table");
        assert_eq!((read.key.as_slice(), read.constraints.len()), (["id".to_owned()].as_slice(), 1));
        assert_eq!(Declared::read("CREATE INDEX a ON teas (id)"), None);
        assert_eq!(Declared::read("CREATE TABLE copy AS SELECT 1"), None);
    }
}
