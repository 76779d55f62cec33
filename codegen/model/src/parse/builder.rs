//! The parser's events to nodes: refuses what a reviewer could misread, and keeps the place of everything.

use saphyr_parser::{Event, Parser, ScalarStyle, Span as ParserSpan, StrInput};

use super::misread::misread;
use super::node::{Entry, Node, Value};
use super::offsets::Offsets;
use super::{MAX_DEPTH, duplicates, syntax};
use crate::diagnostic::Diagnostic;
use crate::source::{FileId, Span};

/// Mappings up to this size are searched for duplicate keys one by one.
const SMALL_MAPPING: usize = 16;

pub(super) struct Builder<'s, 'd> {
    file: FileId,
    text: &'s str,
    offsets: Offsets<'s>,
    open: Vec<Open<'s>>,
    root: Option<Node<'s>>,
    /// Whether all keys stand where they seem to belong.
    whole: bool,
    diagnostics: &'d mut Vec<Diagnostic>,
}

/// A collection that has begun.
enum Open<'s> {
    Sequence { start: usize, items: Vec<Node<'s>> },
    Mapping { start: usize, entries: Vec<Entry<'s>>, key: Option<Node<'s>> },
}

impl<'s, 'd> Builder<'s, 'd> {
    pub(super) fn new(file: FileId, text: &'s str, diagnostics: &'d mut Vec<Diagnostic>) -> Self {
        Self { file, text, offsets: Offsets::new(text), open: Vec::new(), root: None, whole: true, diagnostics }
    }

    /// The document's node, `None` for an empty file, and whether it is whole; an error where reading stopped early.
    pub(super) fn build(mut self) -> Result<(Option<Node<'s>>, bool), ()> {
        let mut parser = Parser::<StrInput<'s>>::new_from_str(self.text);
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            match event {
                Ok((Event::DocumentStart(_), span)) => {
                    documents += 1;
                    if documents > 1 {
                        self.refuse_second_document(span);
                        return Err(());
                    }
                }
                Ok((Event::StreamEnd, _)) => break,
                Ok((event, span)) => self.take(event, span)?,
                Err(error) => {
                    let start = self.offsets.byte(error.marker().index());
                    let span = self.visible(start);
                    let diagnostic = syntax::diagnostic(&error, span, self.text);
                    let is_of_brackets = diagnostic.code == "yaml-syntax" && !error.info().contains("quot");
                    let opened = self.open_bracket().filter(|bracket| is_of_brackets && bracket.start < span.start);
                    self.diagnostics.push(match opened {
                        Some(bracket) => diagnostic.also(bracket, "opened here"),
                        None => diagnostic,
                    });
                    return Err(());
                }
            }
        }
        let is_empty = |node: &Node<'_>| matches!(&node.value, Value::Scalar { text, plain: true } if text.is_empty());
        Ok((self.root.filter(|node| !is_empty(node)), self.whole))
    }

    /// The last bracket or brace that is not closed.
    fn open_bracket(&self) -> Option<Span> {
        let (Open::Sequence { start, .. } | Open::Mapping { start, .. }) = self.open.last()?;
        self.text[*start..].starts_with(['[', '{']).then(|| self.span(*start, *start + 1))
    }

    fn take(&mut self, event: Event<'s>, span: ParserSpan) -> Result<(), ()> {
        let start = self.offsets.byte(span.start.index());
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let end = self.scalar_end(start, self.offsets.byte(span.end.index()));
                let plain = style == ScalarStyle::Plain;
                let refused =
                    self.refuse_properties(start, anchor, tag.is_some()) || plain && self.refuse_misread(start, end);
                let value = if refused { Value::Refused } else { Value::Scalar { text, plain } };
                self.add(Node { span: self.span(start, end), value });
            }
            Event::Alias(_) => {
                let end = self.scalar_end(start, self.offsets.byte(span.end.index()));
                self.add(Node { span: self.span(start, end), value: Value::Refused });
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_properties(start, anchor, tag.is_some());
                self.begin(Open::Sequence { start, items: Vec::new() })?;
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_properties(start, anchor, tag.is_some());
                self.begin(Open::Mapping { start, entries: Vec::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.finish(start),
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, open: Open<'s>) -> Result<(), ()> {
        if self.open.len() == MAX_DEPTH {
            let (Open::Sequence { start, .. } | Open::Mapping { start, .. }) = open;
            let span = self.visible(start);
            self.diagnostics.push(syntax::too_deep(span));
            return Err(());
        }
        self.open.push(open);
        Ok(())
    }

    fn finish(&mut self, end_marker: usize) {
        let closing = self.text[end_marker..].starts_with([']', '}']);
        let node = match self.open.pop() {
            Some(Open::Sequence { start, items }) => {
                let last = items.last().map_or(start, |node| node.span.end as usize);
                let end = if closing && self.text[start..].starts_with('[') { end_marker + 1 } else { last };
                Node { span: self.span(start, end), value: Value::Sequence(items) }
            }
            Some(Open::Mapping { start, entries, .. }) => {
                let last = entries.last().map_or(start, |entry| entry.value.span.end as usize);
                let end = if closing && self.text[start..].starts_with('{') { end_marker + 1 } else { last };
                let span = self.span(start, end);
                Node { span, value: self.mapping(entries) }
            }
            None => return,
        };
        self.add(node);
    }

    fn add(&mut self, node: Node<'s>) {
        match self.open.last_mut() {
            None => self.root = Some(node),
            Some(Open::Sequence { items, .. }) => items.push(node),
            Some(Open::Mapping { key: key @ None, .. }) => *key = Some(node),
            Some(Open::Mapping { entries, key, .. }) => {
                let key = key.take().expect("a key before its value");
                match key.value {
                    Value::Scalar { text, plain: true } if text == "<<" => self.diagnostics.push(
                        Diagnostic::error("yaml-merge-key", key.span, "merge keys are refused")
                            .help("write the keys out"),
                    ),
                    Value::Scalar { text, .. } => entries.push(Entry { key: text, key_span: key.span, value: node }),
                    Value::Refused => {
                        // Of a value that its comma made two, neither half means anything.
                        let is_half = self.text[..key.span.start as usize].ends_with(',');
                        if let Some(half) = entries.last_mut().filter(|_| is_half) {
                            half.value.value = Value::Refused;
                        }
                    }
                    Value::Sequence(_) | Value::Mapping(_) => self.diagnostics.push(
                        Diagnostic::error("key-not-text", key.span, "a key is a text, not a list or a mapping")
                            .help("write `key: value`"),
                    ),
                }
            }
        }
    }

    /// The entries as a mapping, where no key stands twice.
    fn mapping(&mut self, entries: Vec<Entry<'s>>) -> Value<'s> {
        if entries.len() <= SMALL_MAPPING {
            let unique = |index: usize| entries[..index].iter().all(|earlier| earlier.key != entries[index].key);
            if (1..entries.len()).all(unique) {
                return Value::Mapping(entries);
            }
        }
        let (value, found) = duplicates::without(entries);
        self.whole &= value != Value::Refused;
        self.diagnostics.extend(found);
        value
    }

    /// Reports a bare value that does not mean what it seems to; whether it is one.
    fn refuse_misread(&mut self, start: usize, end: usize) -> bool {
        let found = misread(self.text, start, end, |start, end| self.span(start, end));
        let is_one = found.is_some();
        self.diagnostics.extend(found);
        is_one
    }

    /// Reports an anchor or a tag in front of a value; whether there was one.
    fn refuse_properties(&mut self, start: usize, anchor: usize, tagged: bool) -> bool {
        if anchor == 0 && !tagged {
            return false;
        }
        let sign = if anchor > 0 { '&' } else { '!' };
        let line = self.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        // Before a block collection the property stands on an earlier line, so the nearest sign before it is meant.
        let place = match self.text[start..].starts_with(['&', '!']) {
            true => start,
            false => self.text[..start].rfind(sign).unwrap_or(line),
        };
        let length = self.text[place..].find([' ', '\n', '\r', ',']).unwrap_or(self.text.len() - place);
        let span = self.span(place, place + length);
        self.diagnostics.push(match anchor > 0 {
            true => Diagnostic::error("yaml-alias", span, "anchors and aliases are refused")
                .help("write the value out, or, where it is a text that begins with `&`, put it in quotes"),
            false => {
                Diagnostic::error("yaml-tag", span, "tags are refused").help("leave it away: types follow from the key")
            }
        });
        true
    }

    fn refuse_second_document(&mut self, span: ParserSpan) {
        let start = self.offsets.byte(span.start.index());
        let span = self.visible(start);
        self.diagnostics.push(
            Diagnostic::error("yaml-documents", span, "a second document begins here; a file holds one")
                .help("move it to a file of its own, or remove the `---`"),
        );
    }

    /// The end of a scalar without the white space that the parser counts to it.
    fn scalar_end(&self, start: usize, end: usize) -> usize {
        start + self.text[start..end.max(start)].trim_end().len()
    }

    /// One character at `start`, or, past the end of a line, the last one before it.
    fn visible(&self, start: usize) -> Span {
        let start = start.min(self.text.len());
        match self.text[start..].chars().next() {
            Some(character) if !matches!(character, '\n' | '\r') => self.span(start, start + character.len_utf8()),
            _ => {
                let line = self.text[..start].trim_end_matches(['\n', '\r']);
                let last = line.chars().next_back().map_or(0, char::len_utf8);
                self.span(line.len() - last, line.len())
            }
        }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: start as u32, end: end.max(start) as u32 }
    }
}
