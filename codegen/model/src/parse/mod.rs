//! YAML text to spanned nodes. All trouble becomes diagnostics with a place; nothing panics and nothing hangs.

mod builder;
mod duplicates;
mod misread;
pub mod node;
mod offsets;
mod syntax;
mod text;

pub use node::{Entry, Node, PlainType, Value};
pub use text::MAX_FILE_BYTES;
pub(crate) use text::control_character;

use crate::diagnostic::Diagnostic;
use crate::side_by_side;
use crate::source::{FileId, Source, Span};

/// Deeper nesting is refused; the deepest declaration of a catalog has ten levels.
pub const MAX_DEPTH: usize = 64;

/// What one file holds.
#[derive(Debug)]
pub enum Parsed<'s> {
    /// Nothing but comments.
    Empty,
    /// The top-level keys.
    Sections {
        /// In the order of the file.
        entries: Vec<Entry<'s>>,
        /// Whether all that was written stands where it belongs, as far as can be told without knowing what it means.
        whole: bool,
    },
    /// It could not be read to its end; the reason was reported.
    Unreadable,
}

/// Reads all files, side by side where the machine can; what is found comes in the order of the files.
pub fn parse_all<'s>(sources: &'s [Source], diagnostics: &mut Vec<Diagnostic>) -> Vec<Parsed<'s>> {
    let read = side_by_side::each(sources.len(), |index| {
        let mut found = Vec::new();
        (parse(FileId(index as u32), &sources[index].text, &mut found), found)
    });
    let in_order = read.into_iter().map(|(file, found)| {
        diagnostics.extend(found);
        file
    });
    in_order.collect()
}

/// Reads one file.
pub fn parse<'s>(file: FileId, text: &'s str, diagnostics: &mut Vec<Diagnostic>) -> Parsed<'s> {
    if !text::is_readable(file, text, diagnostics) {
        return Parsed::Unreadable;
    }
    match builder::Builder::new(file, text, diagnostics).build() {
        Err(()) => Parsed::Unreadable,
        Ok((None, _)) => Parsed::Empty,
        Ok((Some(Node { value: Value::Mapping(entries), .. }), whole)) => Parsed::Sections { entries, whole },
        Ok((Some(Node { value: Value::Refused, .. }), _)) => Parsed::Unreadable,
        Ok((Some(node), _)) => {
            let message = format!("a catalog file is a mapping of sections, but this is {}", node.describe());
            let span = first_line(node.span, text);
            diagnostics.push(Diagnostic::error("not-a-mapping", span, message).help("start with a section: `plans:`"));
            Parsed::Unreadable
        }
    }
}

fn first_line(span: Span, text: &str) -> Span {
    let shown = &text[span.start as usize..span.end as usize];
    Span { end: span.start + shown.find(['\n', '\r']).unwrap_or(shown.len()) as u32, ..span }
}
