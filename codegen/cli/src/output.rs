//! What commands print: colours only on a terminal, and none where `NO_COLOR` is set.

use std::io::{IsTerminal, Write};

use pricebook_emit::build::Failure;
use pricebook_model::render::{self, Style};
use pricebook_types::unseen::turns_direction;
use serde_json::{Value, json};

/// Prints why something could not be done to the standard error.
pub(crate) fn failure(failure: &Failure) {
    let mut out = std::io::stderr().lock();
    let text = match failure {
        Failure::Catalog(report) => render::text(report, style(&out)),
        other => format!("{other}\n"),
    };
    // There is nowhere else to say that this fails.
    let _ = out.write_all(text.as_bytes());
}

/// Prints an error and what to do next to the standard error.
pub(crate) fn error(message: &str, help: &str) {
    let mut out = std::io::stderr().lock();
    let style = style(&out);
    let _ = writeln!(out, "{}: {message}\n  = {}: {help}", paint(style, RED, "error"), paint(style, BOLD, "help"));
}

/// Prints the one JSON document of a command that did what it was asked, or found problems while it did.
pub(crate) fn document(problems: Vec<Value>, rest: Value) -> std::io::Result<()> {
    let mut document = json!({ "problems": problems });
    if let (Some(document), Value::Object(rest)) = (document.as_object_mut(), rest) {
        document.extend(rest);
    }
    writeln!(std::io::stdout().lock(), "{document:#}")
}

/// The same of one that stopped. There is nowhere else to say that this fails.
pub(crate) fn stopped(problems: Vec<Value>) {
    let _ = document(problems, Value::Null);
}

/// ANSI's bold red.
pub(crate) const RED: &str = "1;31";
/// ANSI's bold yellow.
pub(crate) const YELLOW: &str = "1;33";
/// ANSI's bold.
pub(crate) const BOLD: &str = "1";

/// The text in a colour, where there are colours.
pub(crate) fn paint(style: Style, colour: &str, text: &str) -> String {
    match style {
        Style::Plain => text.to_owned(),
        Style::Coloured => format!("\x1b[{colour}m{text}\x1b[0m"),
    }
}

/// Texts of a catalog as a terminal shows them: what turns the direction of a line, or is no character, is escaped.
pub(crate) fn shown(text: &str) -> String {
    let is_hidden = |char: char| (char.is_control() && !matches!(char, '\n' | '\t')) || turns_direction(char);
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        match is_hidden(char) {
            true => shown.extend(char.escape_unicode()),
            false => shown.push(char),
        }
    }
    shown
}

/// Whether a stream gets colours.
pub(crate) fn style(stream: &impl IsTerminal) -> Style {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if stream.is_terminal() && !unwanted { Style::Coloured } else { Style::Plain }
}

/// `1 price`, `2 prices`.
pub(crate) fn count(number: usize, of: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {of}{plural}")
}
