//! Problems of a catalog as data; [`crate::render`] turns them into text.

use std::fmt;

use crate::render;
use crate::source::{Position, Sources, Span};

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// In kebab case, naming the fault: `unknown-feature`; listed in [`crate::codes::CODES`].
    pub code: &'static str,
    /// What was seen, in one sentence without a full stop.
    pub message: String,
    /// Where, with a few words under the caret (may be empty).
    pub primary: (Span, String),
    /// Other places that take part.
    pub secondary: Vec<(Span, String)>,
    /// What to do.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), primary: (span, String::new()), secondary: Vec::new(), help: Vec::new() }
    }

    /// Words under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.primary.1 = label.into();
        self
    }

    /// Another place.
    #[must_use]
    pub fn also(mut self, span: Span, label: impl Into<String>) -> Self {
        self.secondary.push((span, label.into()));
        self
    }

    /// What to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Line and column of the primary place.
    pub fn position(&self, sources: &Sources) -> Position {
        sources.position(self.primary.0)
    }
}

/// All problems of a catalog, sorted by place; never empty when returned as an error.
#[derive(Clone, Default)]
pub struct Report {
    /// The texts that the diagnostics point into.
    pub sources: Sources,
    /// The problems.
    pub diagnostics: Vec<Diagnostic>,
}

impl fmt::Display for Report {
    /// As [`crate::render::text`] without colours.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&render::text(self, render::Style::Plain))
    }
}

impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Report {}
