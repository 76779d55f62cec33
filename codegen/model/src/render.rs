//! Reports for people, in the shape of rustc's, and for programs, as JSON. Lines and columns are 1-based.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};
use serde::Serialize;

use crate::diagnostic::{Diagnostic, Report};
use crate::source::{FileId, Position, Sources, Span};

/// Places of one file that are further apart than this stand in snippets of their own.
const MAX_LINES_BETWEEN: usize = 100;

/// Longer lines are not shown, only their places.
const MAX_LINE_BYTES: usize = 4096;

/// Whether text has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// For files and tests.
    Plain,
    /// With ANSI escapes, for terminals.
    Coloured,
}

/// All diagnostics, one after the other, and how many there are.
pub fn text(report: &Report, style: Style) -> String {
    let mut text = String::new();
    for found in &report.diagnostics {
        text.push_str(&diagnostic(found, &report.sources, style));
        text.push('\n');
    }
    let count = report.diagnostics.len();
    let problems = if count == 1 { "problem" } else { "problems" };
    text.push_str(
        &renderer(style)
            .render(&[Group::with_title(Level::ERROR.primary_title(format!("{count} {problems} in the catalog")))]),
    );
    text.push('\n');
    text
}

/// One diagnostic with its lines, ending in a newline.
pub fn diagnostic(diagnostic: &Diagnostic, sources: &Sources, style: Style) -> String {
    let title = Level::ERROR.primary_title(&diagnostic.message).id(diagnostic.code);
    let mut group = title.elements(windows(diagnostic, sources).iter().map(|window| window.element(sources)));
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    let mut text = renderer(style).render(&[group]);
    text.push('\n');
    text
}

fn renderer(style: Style) -> Renderer {
    match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    }
}

/// Lines of one file with the places in them.
struct Window<'a> {
    file: FileId,
    /// 0-based.
    lines: Range<usize>,
    places: Vec<(AnnotationKind, Span, &'a str)>,
}

fn windows<'a>(diagnostic: &'a Diagnostic, sources: &Sources) -> Vec<Window<'a>> {
    let (span, label) = &diagnostic.primary;
    let primary = (AnnotationKind::Primary, *span, label.as_str());
    let others = diagnostic.secondary.iter().map(|(span, label)| (AnnotationKind::Context, *span, label.as_str()));
    let mut windows: Vec<Window<'a>> = Vec::new();
    for place in std::iter::once(primary).chain(others) {
        let lines = sources.line_index(place.1.file, place.1.start)..sources.line_index(place.1.file, place.1.end) + 1;
        let near = windows.iter_mut().find(|window| {
            window.file == place.1.file
                && lines.start <= window.lines.end + MAX_LINES_BETWEEN
                && window.lines.start <= lines.end + MAX_LINES_BETWEEN
        });
        match near {
            Some(window) => {
                window.lines = window.lines.start.min(lines.start)..window.lines.end.max(lines.end);
                window.places.push(place);
            }
            None => windows.push(Window { file: place.1.file, lines, places: vec![place] }),
        }
    }
    windows
}

impl<'a> Window<'a> {
    fn element(&self, sources: &'a Sources) -> Element<'a> {
        let Some(file) = sources.files().get(self.file.0 as usize) else {
            return Origin::path("catalog").into();
        };
        let bytes = sources.line_bytes(self.file, self.lines.clone());
        let shown = &file.text[bytes.clone()];
        if shown.is_empty() || shown.lines().any(|line| line.len() > MAX_LINE_BYTES) {
            let at = sources.position(self.places[0].1);
            return Origin::path(&*file.path).line(at.line).char_column(at.column).into();
        }
        let place = |(kind, span, label): &(AnnotationKind, Span, &'a str)| -> Annotation<'a> {
            let range = span.start as usize - bytes.start..(span.end as usize - bytes.start).min(shown.len());
            let annotation = kind.span(range);
            if label.is_empty() { annotation } else { annotation.label(*label) }
        };
        Snippet::source(shown)
            .path(&*file.path)
            .line_start(self.lines.start + 1)
            .annotations(self.places.iter().map(place))
            .into()
    }
}

/// A diagnostic as JSON: `code`, `message`, `file`, `line`, `column`, `end_line`, `end_column`, `label`, `others` and `help`.
#[derive(Debug, Serialize)]
pub struct Json<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(flatten)]
    at: Position,
    end_line: usize,
    end_column: usize,
    label: &'a str,
    others: Vec<JsonPlace<'a>>,
    help: &'a [String],
}

#[derive(Debug, Serialize)]
struct JsonPlace<'a> {
    #[serde(flatten)]
    at: Position,
    label: &'a str,
}

/// All diagnostics as a JSON array.
pub fn json(report: &Report) -> String {
    let mut text = serde_json::to_string_pretty(&diagnostics(report)).expect("diagnostics are JSON");
    text.push('\n');
    text
}

/// All diagnostics, to be part of a JSON document.
pub fn diagnostics(report: &Report) -> Vec<Json<'_>> {
    let sources = &report.sources;
    (report.diagnostics.iter())
        .map(|found| {
            let (span, label) = &found.primary;
            let end = sources.position(Span { start: span.end, ..*span });
            let others = found.secondary.iter().map(|(span, label)| JsonPlace { at: sources.position(*span), label });
            Json {
                code: found.code,
                message: &found.message,
                at: sources.position(*span),
                end_line: end.line,
                end_column: end.column,
                label,
                others: others.collect(),
                help: &found.help,
            }
        })
        .collect()
}
