//! What must hold of a file's text before it is read as YAML.

use pricebook_types::unseen::turns_direction;

use crate::diagnostic::Diagnostic;
use crate::equal_reports::MAX_PLACES;
use crate::source::{FileId, Span};

/// Larger files are refused; 100,000 products with two prices are below it.
pub const MAX_FILE_BYTES: usize = 64 << 20;

/// Reports a text that is too large, was not UTF-8, or holds control characters or what shows reviewers another text than is
/// read; whether it can be read.
pub(super) fn is_readable(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> bool {
    if text.len() > MAX_FILE_BYTES {
        let message = format!("this file is larger than {} MiB, the most that is read of one", MAX_FILE_BYTES >> 20);
        let span = Span { file, start: 0, end: 0 };
        diagnostics.push(
            Diagnostic::error("file-too-large", span, message)
                .help("split the file: every `*.yaml` below the folder belongs to the catalog"),
        );
        return false;
    }
    if is_utf16(text) {
        let end = text.chars().next().map_or(0, char::len_utf8) as u32;
        let report = Diagnostic::error("invalid-utf8", Span { file, start: 0, end }, "this file is UTF-16");
        diagnostics.push(report.help("save the file as UTF-8"));
        return false;
    }
    let before = diagnostics.len();
    for found in unreadable(file, text) {
        match diagnostics[before..].iter_mut().find(|first| first.message == found.message) {
            // A file in another encoding has such a character in every other line, and is one problem.
            Some(first) if first.secondary.len() < MAX_PLACES => {
                first.secondary.push((found.primary.0, "and here".to_owned()));
            }
            Some(_) => {}
            None => diagnostics.push(found),
        }
    }
    diagnostics.len() == before
}

/// Whether every second byte is zero, as it is of ASCII in UTF-16; a byte order mark became two U+FFFD.
fn is_utf16(text: &str) -> bool {
    const SEEN: usize = 16;
    let zeros = text.chars().filter(|char| *char != '\u{FFFD}').take(SEEN).filter(|char| *char == '\0').count();
    zeros == SEEN / 2
}

fn unreadable(file: FileId, text: &str) -> impl Iterator<Item = Diagnostic> {
    // The first bytes of all that is looked for: ASCII controls, C1 controls (C2 80–9F), what turns the direction
    // (E2 80 AA–AE, E2 81 A6–A9) and U+FFFD (EF BF BD).
    let suspicious =
        |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r') || matches!(byte, 0x7F | 0xC2 | 0xE2 | 0xEF);
    text.bytes().enumerate().filter(move |(_, byte)| suspicious(*byte)).filter_map(move |(start, _)| {
        let character = text[start..].chars().next()?;
        let span = Span { file, start: start as u32, end: (start + character.len_utf8()) as u32 };
        match character {
            '\u{FFFD}' => Some(
                Diagnostic::error("invalid-utf8", span, "there are bytes here that are not UTF-8")
                    .help("save the file as UTF-8"),
            ),
            '\u{85}' => None,
            _ if turns_direction(character) => Some(turned(span, character)),
            _ if character.is_control() => Some(control_character(span, character)),
            _ => None,
        }
    })
}

/// The report of a character that turns the direction of what follows in its line, an amount perhaps.
fn turned(span: Span, character: char) -> Diagnostic {
    let code = u32::from(character);
    let message = format!("U+{code:04X} turns the direction of the line: reviewers see another text than is read");
    Diagnostic::error("control-character", span, message)
        .help(format!("remove it; where a text needs it, write it in double quotes as `\\u{code:04x}`"))
}

/// The report of a control character, raw or written as an escape.
pub(crate) fn control_character(span: Span, character: char) -> Diagnostic {
    let message = format!("the control character U+{:04X} cannot stand in a catalog", u32::from(character));
    Diagnostic::error("control-character", span, message).help("remove it")
}
