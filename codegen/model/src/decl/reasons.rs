//! `accept:`: lint rules that may be broken, each with its reason.

use super::read::{Diagnostics, label, map};
use crate::diagnostic::Diagnostic;
use crate::parse::Node;
use crate::source::Spanned;

/// Words that stand where a reason is still to be written.
const PLACEHOLDERS: &[&str] = &["fixme", "n/a", "none", "reason", "tba", "tbd", "todo", "wip", "xx", "xxx", "xxxx"];

/// Whether a text is one of [`PLACEHOLDERS`]; of one without a word `cargo catalog lint` says that it accepts nothing.
fn is_placeholder(reason: &str) -> bool {
    let word = reason.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    PLACEHOLDERS.contains(&word.as_str())
}

/// What `accept:` says: lint rules with the reasons why they may be broken.
pub type Reasons = Vec<(Spanned<String>, Spanned<String>)>;

/// Texts by name: `{ price-raised: "Announced in October." }`.
pub(crate) fn reasons(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Reasons> {
    map(node, diagnostics, |entry, diagnostics| {
        let reason = label(&entry.value, diagnostics)?;
        if is_placeholder(&reason.value) {
            let message = format!("`{}` gives no reason", reason.value);
            diagnostics.push(
                Diagnostic::error("placeholder-reason", reason.span, message)
                    .help("write why customers can live with it, for whoever reads the catalog later"),
            );
            return None;
        }
        Some((Spanned { value: entry.key.clone().into_owned(), span: entry.key_span }, reason))
    })
}
