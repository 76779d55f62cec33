//! Literals of Rust, printed so that rustc reads exactly what was meant.

use std::fmt::Write;

use pricebook_types::unseen::is_unseen;

use crate::plain::is_plain;

/// A string literal of any text.
///
/// Control characters and those that turn the direction of writing are escaped: rustc refuses them in a source.
pub(super) fn text(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    push_text(&mut literal, text);
    literal
}

/// [`text`], appended.
pub(super) fn push_text(literal: &mut String, text: &str) {
    literal.push('"');
    if is_plain(text, b"\"\\") {
        literal.push_str(text);
    } else {
        text.chars().for_each(|character| push_character(literal, character));
    }
    literal.push('"');
}

fn push_character(literal: &mut String, character: char) {
    match character {
        '"' | '\\' | '\n' | '\r' | '\t' => literal.extend(character.escape_default()),
        _ if is_hidden(character) => literal.extend(character.escape_unicode()),
        _ => literal.push(character),
    }
}

/// A string literal, or `None`, in an `Option`.
pub(super) fn optional(value: Option<&str>) -> String {
    value.map_or_else(|| "None".to_owned(), |value| format!("Some({})", text(value)))
}

/// The lines of a doc comment, each without its sign; at least one.
pub(super) fn doc_lines(text: &str) -> impl Iterator<Item = String> {
    let text = if text.trim().is_empty() { "(without a description)" } else { text };
    text.trim().split('\n').map(|line| {
        let line = line.trim();
        match is_plain(line, b"") {
            true => line.to_owned(),
            false => line.chars().map(|character| if is_hidden(character) { ' ' } else { character }).collect(),
        }
    })
}

/// A doc comment of one or more lines.
pub(super) fn push_doc(source: &mut String, indent: &str, text: &str) {
    for line in doc_lines(text) {
        let space = if line.is_empty() { "" } else { " " };
        writeln!(source, "{indent}///{space}{line}").expect("writing to a String succeeds");
    }
}

fn is_hidden(character: char) -> bool {
    character.is_control() || is_unseen(character)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_literal_reads_back_as_its_text(any in any::<String>()) {
            let parsed: syn::LitStr = syn::parse_str(&text(&any)).expect("a literal");
            prop_assert_eq!(parsed.value(), any);
        }

        #[test]
        fn a_doc_comment_stays_one(any in any::<String>()) {
            let mut source = String::new();
            push_doc(&mut source, "", &any);
            source.push_str("struct Item;");
            let item: syn::ItemStruct = syn::parse_str(&source).expect("an item");
            prop_assert_eq!(item.ident.to_string(), "Item");
        }
    }

    #[test]
    fn what_turns_the_direction_of_writing_is_escaped() {
        assert_eq!(text("a\u{202e}b\u{2066}"), r#""a\u{202e}b\u{2066}""#);
        assert_eq!(text("שלום 🎉 \"*/ ${x}\\"), r#""שלום 🎉 \"*/ ${x}\\""#);
    }
}
