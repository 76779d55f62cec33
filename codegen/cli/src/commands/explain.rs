//! `cargo catalog explain CODE`: the long text about a diagnostic or a lint rule.

use std::io::Write;

use pricebook_emit::build;
use pricebook_model::{codes, nearest};
use serde_json::json;

use crate::lint;
use crate::outcome::{Ended, Outcome, Stop};
use crate::output::document;

pub(super) fn one(code: &str, json: bool) -> Ended {
    let name = code.trim_start_matches("error[").trim_end_matches(']');
    let Some((_, text)) = texts().find(|(known, _)| *known == name) else {
        let help = match nearest::nearest(name, texts().map(|(known, _)| known)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "`cargo catalog explain --list` lists them".to_owned(),
        };
        return Err(Stop::usage(format!("there is no code or lint rule `{name}`"), help));
    };
    match json {
        true => document(Vec::new(), json!({ "code": name, "text": text.trim_end() }))?,
        false => writeln!(std::io::stdout().lock(), "{}", text.trim_end())?,
    }
    Ok(Outcome::Clean)
}

pub(super) fn all(json: bool) -> Ended {
    let mut names: Vec<&str> = texts().map(|(name, _)| name).collect();
    names.sort_unstable();
    if json {
        document(Vec::new(), json!({ "codes": names }))?;
        return Ok(Outcome::Clean);
    }
    let mut out = std::io::stdout().lock();
    names.iter().try_for_each(|name| writeln!(out, "{name}"))?;
    Ok(Outcome::Clean)
}

/// Every name with its explanation.
fn texts() -> impl Iterator<Item = (&'static str, String)> {
    let catalog = codes::CODES.iter().map(|code| (code.name, code.explanation.to_owned()));
    let files = build::CODES.iter().map(|(name, text)| (*name, format!("# {name}\n\n{text}")));
    catalog.chain(files).chain(lint::rules().map(|rule| (rule.id, rule.explanation())))
}
