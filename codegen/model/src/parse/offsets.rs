//! From the parser's character counts to byte offsets.

/// Characters between two remembered offsets.
const STRIDE: usize = 64;

/// Byte offsets of characters in one text.
pub(super) struct Offsets<'s> {
    text: &'s str,
    /// The byte offset of every [`STRIDE`]th character; empty for ASCII, where both counts agree.
    strides: Vec<u32>,
}

impl<'s> Offsets<'s> {
    pub(super) fn new(text: &'s str) -> Self {
        let strides = match text.is_ascii() {
            true => Vec::new(),
            false => text.char_indices().step_by(STRIDE).map(|(offset, _)| offset as u32).collect(),
        };
        Self { text, strides }
    }

    /// The byte offset of the character with this index; the text's length where there is none.
    pub(super) fn byte(&self, index: usize) -> usize {
        if self.strides.is_empty() {
            return index.min(self.text.len());
        }
        let Some(start) = self.strides.get(index / STRIDE).map(|start| *start as usize) else {
            return self.text.len();
        };
        let rest = &self.text[start..];
        start + rest.char_indices().nth(index % STRIDE).map_or(rest.len(), |(offset, _)| offset)
    }
}
