//! Why a command stopped, as programs read it: one shape for every command.

use std::path::Path;

use pricebook_emit::build::{self, Failure};
use pricebook_model::render;
use serde::Serialize;
use serde_json::{Value, json};

use crate::import::Note;
use crate::outcome::{NOTHING_WRITTEN, Stop};

/// A problem that has no place in the catalog.
#[derive(Debug, Default, Serialize)]
struct Plain<'a> {
    code: &'a str,
    message: String,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    help: Vec<&'a str>,
}

/// Each with `code`, `message`, `file`, `line`, `column` and `help` (a list); the first four of a place are null where there is
/// none. Those of a catalog also have `end_line`, `end_column`, `label` and `others`, and `revision` where it is a commit's.
pub(crate) fn problems(stop: &Stop) -> Vec<Value> {
    match stop {
        Stop::Failure(failure) => of_failure(failure),
        Stop::BrokenRevision { revision, report } => {
            let mut problems = of_catalog(report);
            problems.iter_mut().for_each(|problem| problem["revision"] = revision.as_str().into());
            problems
        }
        Stop::NotImported(notes) => notes.iter().map(of_import).collect(),
        Stop::Refused { message, help } => vec![plain("refused", message, help)],
        Stop::Usage { message, help } => vec![plain("usage", message, help)],
        Stop::OutputClosed => Vec::new(),
    }
}

/// What the command line asks for and cannot be, in the words of its parser.
pub(crate) fn wrong_usage(message: &str) -> Value {
    let (message, help) = message.trim().split_once("\n\n").unwrap_or((message.trim(), ""));
    plain("usage", message.trim_start_matches("error: "), help)
}

fn plain(code: &str, message: &str, help: &str) -> Value {
    json!(Plain { code, message: message.to_owned(), help: lines(help), ..Plain::default() })
}

fn lines(help: &str) -> Vec<&str> {
    help.split("\n  = help: ").filter(|line| !line.is_empty()).collect()
}

fn of_catalog(report: &pricebook_model::Report) -> Vec<Value> {
    render::diagnostics(report).iter().map(|found| json!(found)).collect()
}

fn of_failure(failure: &Failure) -> Vec<Value> {
    match failure {
        Failure::Catalog(report) => of_catalog(report),
        Failure::History(problems) => problems.iter().map(of_history).collect(),
        Failure::Load(error) => {
            let help = build::unreadable(&error.cause);
            vec![of_file("unreadable-catalog", error.to_string(), &error.shown, &help)]
        }
        Failure::Stale(differences) => differences.iter().map(of_difference).collect(),
        Failure::Io { verb, path, cause } => {
            let message = format!("cannot {verb} {}: {cause}", path.display());
            vec![of_file("io", message, &in_package(path), build::to_do(cause))]
        }
    }
}

fn of_file(code: &str, message: String, file: &str, help: &str) -> Value {
    json!(Plain { code, message, file: Some(file), help: lines(help), ..Plain::default() })
}

/// A path relative to the package, which is the nearest folder above with a catalog or records.
fn in_package(path: &Path) -> String {
    let is_package = |folder: &&Path| ["catalog", "records"].iter().any(|mark| folder.join(mark).is_dir());
    let package = path.ancestors().skip(1).find(is_package);
    let relative = package.and_then(|package| path.strip_prefix(package).ok()).unwrap_or(path);
    relative.display().to_string().replace('\\', "/")
}

fn of_history(build::Problem { code, file, message, help }: &build::Problem) -> Value {
    let (file, line, column) = place(file);
    json!(Plain { code, message: message.clone(), file: Some(file), line, column, help: lines(help) })
}

/// What stands at no line of a file, such as an object of Stripe's, is named in the message.
fn of_import(Note { place: at, what, why, .. }: &Note) -> Value {
    let help = vec![NOTHING_WRITTEN];
    match place(at) {
        (file, Some(line), Some(column)) => {
            let (file, line, column) = (Some(file), Some(line), Some(column));
            json!(Plain { code: "not-imported", message: format!("{what}: {why}"), file, line, column, help })
        }
        _ => json!(Plain { code: "not-imported", message: format!("{at}: {what}: {why}"), help, ..Plain::default() }),
    }
}

/// `generated/catalog.lock:3:1` in its parts; a path without a place as it is.
fn place(path: &str) -> (&str, Option<usize>, Option<usize>) {
    let number = |part: Option<&str>| part.and_then(|part| part.parse().ok());
    let mut parts = path.rsplitn(3, ':');
    match (number(parts.next()), number(parts.next()), parts.next()) {
        (Some(column), Some(line), Some(file)) => (file, Some(line), Some(column)),
        _ => (path, None, None),
    }
}

fn of_difference(difference: &build::Difference) -> Value {
    let text = difference.to_string();
    let (message, help) = text.rsplit_once("\n  = help: ").unwrap_or((&text, ""));
    let message = message.trim_start_matches("error[stale-artifact]: ").to_owned();
    let file = format!("generated/{}", difference.path);
    json!(Plain { code: "stale-artifact", message, file: Some(&file), help: lines(help), ..Plain::default() })
}
