//! Places in a TypeScript file as people name them.

use oxc_span::Span;

use crate::import::note::Note;

/// A file with its line starts.
pub(super) struct Lines<'a> {
    file: &'a str,
    text: &'a str,
}

impl<'a> Lines<'a> {
    pub(super) fn of(file: &'a str, text: &'a str) -> Self {
        Self { file, text }
    }

    /// `file:line:column`, both from 1, the column in characters.
    pub(super) fn place(&self, span: Span) -> String {
        self.place_of_byte(span.start as usize)
    }

    fn place_of_byte(&self, byte: usize) -> String {
        let before = self.text.get(..byte).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line_number = before.matches('\n').count() + 1;
        format!("{}:{line_number}:{}", self.file, before[line_start..].chars().count() + 1)
    }

    /// What the parser says about some bytes of the file.
    pub(super) fn syntax_error(&self, first_byte: usize, message: &str) -> Note {
        Note::new(self.place_of_byte(first_byte), "syntax", message)
    }
}
