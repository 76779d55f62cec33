//! `metadata:` of products and prices: keys with texts, whole numbers and booleans.

use super::read::{self, Diagnostics};
use crate::catalog::Value;
use crate::diagnostic::Diagnostic;
use crate::parse::{Node, PlainType};
use crate::source::Spanned;

/// Keys with their values, as written.
pub type MetadataDecl = Vec<(Spanned<String>, Spanned<Value>)>;

pub(super) fn metadata(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<MetadataDecl> {
    read::map(node, diagnostics, |entry, diagnostics| {
        let (text, plain) = read::scalar(&entry.value, "a text, a whole number or a boolean", diagnostics)?;
        let value = match PlainType::of(text) {
            PlainType::Boolean if plain => Value::Boolean(read::boolean(&entry.value, diagnostics)?.value),
            PlainType::Number if plain => match read::integer(&entry.value, &mut Vec::new()) {
                Some(number) => Value::Integer(number.value),
                None => {
                    let message = format!("metadata holds texts, whole numbers and booleans, but `{text}` is none");
                    diagnostics.push(
                        Diagnostic::error("wrong-type", entry.value.span, message)
                            .help(format!("put it in quotes: \"{text}\"")),
                    );
                    return None;
                }
            },
            _ => Value::Text(read::text(&entry.value, diagnostics)?.value),
        };
        let key = Spanned { value: entry.key.clone().into_owned(), span: entry.key_span };
        Some((key, Spanned { value, span: entry.value.span }))
    })
}
