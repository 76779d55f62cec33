//! Bare values that YAML reads otherwise than people do.

use super::node::PlainType;
use crate::diagnostic::Diagnostic;
use crate::readings;
use crate::source::Span;

/// What is wrong with the bare value at `start..end`, if it does not mean what it seems to.
pub(super) fn misread(text: &str, start: usize, end: usize, span: impl Fn(usize, usize) -> Span) -> Option<Diagnostic> {
    let value = text.get(start..end)?;
    let before = &text.as_bytes()[..start];
    if value.starts_with(|c: char| c.is_ascii_digit())
        && let [.., digit, b','] = before
        && digit.is_ascii_digit()
    {
        let number =
            before[..start - 1].iter().rev().take_while(|byte| byte.is_ascii_digit() || **byte == b',').count();
        let from = start - 1 - number;
        if let Some(from) = call(&before[..from]).filter(|_| value.contains(')')) {
            return Some(of_call(text, from, end, span));
        }
        let written = &text[from..end];
        let is_number = written.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
        let number = match is_number {
            true => readings::write(&readings::readings(written)).unwrap_or_else(|| "write one number".to_owned()),
            false => format!("write `{}`", written.replace(',', "")),
        };
        return Some(
            Diagnostic::error("comma-in-number", span(from, end), format!("the comma makes two values of `{written}`"))
                .help(format!("{number}, or put the whole text in quotes"))
                .help("where two values are meant, put a space behind the comma"),
        );
    }
    if let [b'0', next, ..] = value.as_bytes()
        && next.is_ascii_digit()
        && PlainType::of(value) == PlainType::Number
    {
        let number = value.trim_start_matches('0');
        let number =
            if number.starts_with(|c: char| c.is_ascii_digit()) { number.to_owned() } else { format!("0{number}") };
        return Some(
            Diagnostic::error("leading-zero", span(start, end), format!("is `{value}` a number or a text?"))
                .help(format!("write `{number}`, or, where the zero counts, put it in quotes: \"{value}\"")),
        );
    }
    let rest = text[end..].trim_start_matches([' ', '\t']);
    let comment = rest.strip_prefix('#').filter(|_| rest.len() < text.len() - end)?;
    let said = comment.lines().next().unwrap_or_default();
    if said.starts_with(|c: char| !c.is_whitespace() && c != '#') && PlainType::of(value) == PlainType::Text {
        let hash = text.len() - rest.len();
        return Some(
            Diagnostic::error(
                "comment-in-text",
                span(hash, hash + 1 + said.trim_end().len()),
                "what begins with ` #` is a comment",
            )
            .help("put the whole text in quotes; a comment that is meant has a space behind its `#`"),
        );
    }
    None
}

/// Where a word begins that ends with an opening bracket: `decimal(`.
fn call(before: &[u8]) -> Option<usize> {
    let word = before.strip_suffix(b"(")?;
    let letters = word.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    (letters > 0).then_some(word.len() - letters)
}

/// `decimal(10,2)` between braces, where the comma ends a value.
fn of_call(text: &str, start: usize, end: usize, span: impl Fn(usize, usize) -> Span) -> Diagnostic {
    let written = &text[start..end];
    Diagnostic::error("comma-in-number", span(start, end), format!("the comma makes two values of `{written}`"))
        .help(format!("put it in quotes: \"{written}\""))
}
