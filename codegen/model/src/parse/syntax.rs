//! The YAML reader's complaints in our words.

use saphyr_parser::ScanError;

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// Parts of the reader's messages, and what to do about them.
const HELP: &[(&str, &str)] = &[
    ("simple key expect", "write a `:` and a space after the key, and keep it on one line"),
    ("mapping values are not allowed", "put a text that holds `: ` in quotes"),
    ("did not find expected ',' or ']'", "close the list with `]`"),
    ("did not find expected ',' or '}'", "close the mapping with `}`"),
    ("unexpected end of stream", "close the quote"),
    ("trailing content", "put the whole text in one pair of quotes"),
    (
        "Unicode character escape",
        "write the character itself; an escape is one for the whole character, as in \"\\U0001F600\", and half of a pair is none",
    ),
    ("escape character", "write a backslash as `\\\\`, or use single quotes"),
    (
        "quoted scalar",
        "close the quote on the line on which the text ends, or indent what belongs to it deeper than its key",
    ),
    ("indentation", "indent it as deep as its neighbours"),
    ("block end", "indent it as deep as its neighbours"),
    ("block mapping", "indent it as deep as its neighbours"),
];

/// A syntax error at `span`, with the code that fits.
pub(super) fn diagnostic(error: &ScanError, span: Span, text: &str) -> Diagnostic {
    let info = error.info();
    if info.contains("recursion limit") {
        return too_deep(span);
    }
    let line_start = text[..span.start as usize].rfind('\n').map_or(0, |newline| newline + 1);
    let indent = text[line_start..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t'));
    if info.contains("tab") && !info.contains("stable") || indent.clone().any(|byte| byte == b'\t') {
        let tab = text[line_start..].find('\t').map_or(span.start as usize, |tab| line_start + tab);
        let tab = Span { start: tab as u32, end: (tab + 1).min(text.len()) as u32, ..span };
        return Diagnostic::error("yaml-tab", tab, "a tab stands where YAML allows spaces only")
            .help("indent with spaces");
    }
    if info.contains("unknown anchor") {
        return Diagnostic::error("yaml-alias", span, "aliases are refused")
            .help("write the value out, or, where it is a text that begins with `*`, put it in quotes");
    }
    if info.contains("mapping values are not allowed")
        && let Some(colon) = colon_without_space(text, line_start, span)
    {
        return Diagnostic::error("yaml-syntax", colon, "a key ends with a colon and a space")
            .help("write a space behind the colon");
    }
    let help = HELP.iter().find(|(part, _)| info.contains(part)).map(|(_, help)| *help);
    Diagnostic::error("yaml-syntax", span, format!("this is not valid YAML: {info}")).help(
        help.unwrap_or("look at this line and the one above it for a quote, bracket or colon too many or too few"),
    )
}

/// The colon of `name:Professional` in the line before, which makes a text of what should be a key.
fn colon_without_space(text: &str, line_start: usize, of: Span) -> Option<Span> {
    let before = text[..line_start].trim_end();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = &before[start..];
    let colon = line.find(':').filter(|at| !line[at + 1..].is_empty() && !line[at + 1..].starts_with(' '))?;
    let is_key = line[..colon].trim_start().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let place = (start + colon) as u32;
    is_key.then_some(Span { start: place, end: place + 1, ..of })
}

/// Nesting beyond [`super::MAX_DEPTH`].
pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("this is nested more than {} levels deep", super::MAX_DEPTH);
    Diagnostic::error("yaml-too-deep", span, message)
        .help("look for brackets that are not closed: nothing in a catalog is nested so deep")
}
