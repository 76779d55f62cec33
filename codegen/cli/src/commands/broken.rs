//! A catalog with problems, where a program reads the output: it finds them there and not only on the standard error.

use std::io::Write;

use pricebook_emit::build::Failure;
use pricebook_model::diagnostic::Report;
use pricebook_model::render;

use super::annotation::annotation;
use crate::outcome::{Ended, Outcome, Stop};

/// How programs read problems.
#[derive(Clone, Copy)]
pub(super) enum Reader<'a> {
    /// As `check --json` gives them.
    Json,
    /// Annotations of GitHub Actions, for a package in this folder of its repository.
    Github(&'a str),
}

/// Ends a command that stopped at a catalog with problems by printing them; anything else is still to be said.
pub(super) fn told(stop: Stop, reader: Option<Reader<'_>>) -> Ended {
    let report = match &stop {
        Stop::Failure(failure) => match &**failure {
            Failure::Catalog(report) => Some(report),
            _ => None,
        },
        _ => None,
    };
    let (Some(report), Some(reader)) = (report, reader) else { return Err(stop) };
    let text = match reader {
        Reader::Json => render::json(report),
        Reader::Github(folder) => annotations(report, folder),
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Outcome::Problems)
}

fn annotations(report: &Report, folder: &str) -> String {
    let problems = report.diagnostics.iter().map(|found| {
        let message: Vec<&str> = std::iter::once(&found.message).chain(&found.help).map(String::as_str).collect();
        annotation("error", folder, Some(&found.position(&report.sources)), found.code, &message.join("\n"))
    });
    problems.collect()
}
