//! Line breaks and comments for statements that come as one long line.

use pricebook_types::unseen::turns_direction;

/// Breaks the first parenthesis of a statement into one line for each of its items, with the comments above them.
pub(super) fn list(statement: &str, comments: &[Vec<String>]) -> String {
    let Some((open, close, items)) = items(statement) else { return statement.to_owned() };
    let mut out = format!("{} (\n", statement[..open].trim_end());
    for (index, item) in items.iter().enumerate() {
        for line in comments.get(index).into_iter().flatten() {
            out.push_str(&format!("  -- {line}\n"));
        }
        let comma = if index + 1 < items.len() { "," } else { "" };
        out.push_str(&format!("  {item}{comma}\n"));
    }
    out + ")" + &statement[close + 1..]
}

/// The places of the first parenthesis that is open outside of quotes and of its end, and the items between.
fn items(statement: &str) -> Option<(usize, usize, Vec<&str>)> {
    let (mut open, mut start, mut depth, mut quote) = (None, 0, 0_usize, None);
    let mut items = Vec::new();
    for (at, char) in statement.char_indices() {
        match (quote, char) {
            (Some(mark), char) if char == mark => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quote = Some(char),
            (None, '(') => {
                depth += 1;
                if depth == 1 && open.is_none() {
                    open = Some(at);
                    start = at + 1;
                }
            }
            (None, ',') if depth == 1 => {
                items.push(statement[start..at].trim());
                start = at + 1;
            }
            (None, ')') => {
                depth -= 1;
                if depth == 0 {
                    items.push(statement[start..at].trim());
                    return Some((open?, at, items));
                }
            }
            (None, _) => {}
        }
    }
    None
}

/// Items separated by commas, with line breaks where lines would grow beyond what a reviewer reads.
pub(super) struct Flow<'a> {
    out: &'a mut String,
    indent: &'a str,
    /// Bytes on the current line; `None` before the first item.
    line: Option<usize>,
}

impl<'a> Flow<'a> {
    /// Appends to `out`; lines after the first start with `indent`.
    pub(super) fn new(out: &'a mut String, indent: &'a str) -> Self {
        Self { out, indent, line: None }
    }

    /// Appends an item.
    pub(super) fn item(&mut self, item: &str) {
        self.write(|out| out.push_str(item));
    }

    /// Appends the item that `write` appends. It is written where it stays, for catalogs have millions of them.
    pub(super) fn write(&mut self, write: impl FnOnce(&mut String)) {
        const WIDTH: usize = 110;
        if self.line.is_some() {
            self.out.push_str(", ");
        }
        let start = self.out.len();
        write(self.out);
        let bytes = self.out.len() - start;
        let line = match self.line {
            Some(line) if line + bytes > WIDTH => {
                self.out.replace_range(start - 1..start, "\n");
                self.out.insert_str(start, self.indent);
                0
            }
            line => line.unwrap_or_default(),
        };
        self.line = Some(line + bytes + 2);
    }
}

/// Items in a [`Flow`] of their own.
pub(super) fn flowing(indent: &str, items: impl Iterator<Item = impl AsRef<str>>) -> String {
    let mut out = String::new();
    let mut flow = Flow::new(&mut out, indent);
    items.for_each(|item| flow.item(item.as_ref()));
    out
}

/// A text as comment lines of readable length, without comment signs.
pub(super) fn wrap(text: &str) -> Vec<String> {
    const WIDTH: usize = 110;
    let mut lines: Vec<String> = Vec::new();
    let is_between = |char: char| char.is_whitespace() || char.is_control() || turns_direction(char);
    for word in text.split(is_between).filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{list, wrap};

    #[test]
    fn a_comment_is_read_in_the_direction_in_which_it_is_written() {
        assert_eq!(wrap("Plan \u{202e}1,00$\u{202c} and\nmore"), ["Plan 1,00$ and more"]);
    }

    #[test]
    fn only_the_outermost_commas_outside_of_quotes_break_lines() {
        let statement =
            "CREATE TABLE \"a(\" ( \"x\" t CHECK (\"x\" IN ('1,''(', '2')), PRIMARY KEY (\"x\", \"y\") ) ENGINE=x";
        let comments = [vec!["The x.".to_owned()]];
        insta::assert_snapshot!(list(statement, &comments), @r#"
        CREATE TABLE "a(" (
          -- The x.
          "x" t CHECK ("x" IN ('1,''(', '2')),
          PRIMARY KEY ("x", "y")
        ) ENGINE=x
        "#);
    }
}
