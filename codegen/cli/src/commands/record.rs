//! `cargo catalog record`: what is sold now, into the lock.

use std::io::Write;

use pricebook_emit::build::{History, Package, Stream, compile, history};
use pricebook_model::Lock;
use serde_json::json;

use crate::outcome::{Ended, Outcome, Stop};
use crate::output::document;
use crate::problem::problems;

pub(super) fn run(package: &Package, check: bool, json: bool) -> Ended {
    if package.stream() == Stream::Records {
        return Err(Stop::usage("the runtime's records sell nothing", "leave out --records"));
    }
    let writer = if check { None } else { Some(history::Writer::enter(package)?) };
    let locked = History::read(&package.generated())?.lock;
    let catalog = compile(package, package.sources()?, locked.as_ref())?;
    let before = locked.unwrap_or(Lock { version: 1, ..Lock::default() });
    let changed = before.unrecorded(&catalog);
    if json {
        if let Some(writer) = writer.filter(|_| !changed.is_empty()) {
            writer.write(&[], &before.recorded(&catalog))?;
        }
        let problems = if check && !changed.is_empty() { problems(&not_recorded(changed.len())) } else { Vec::new() };
        let ended = if problems.is_empty() { Outcome::Clean } else { Outcome::Problems };
        let key = if check { "unrecorded" } else { "recorded" };
        document(problems, json!({ key: changed }))?;
        return Ok(ended);
    }
    let mut out = std::io::stdout().lock();
    for item in &changed {
        let amounts = item.amounts.last().map_or(String::new(), |amounts| format!(": {amounts}"));
        let state = match (item.renamed_to.as_str(), item.retired) {
            ("", true) => " (retired)".to_owned(),
            ("", false) => String::new(),
            (now, _) => format!(" (now {now})"),
        };
        writeln!(out, "{}/{}{amounts}{state}", item.what, item.id)?;
    }
    if changed.is_empty() {
        writeln!(out, "generated/{} already holds everything that is sold.", history::LOCK)?;
    } else if let Some(writer) = writer {
        writer.write(&[], &before.recorded(&catalog))?;
        writeln!(out, "{} recorded in generated/{}.", changed.len(), history::LOCK)?;
    } else {
        return Err(not_recorded(changed.len()));
    }
    Ok(Outcome::Clean)
}

fn not_recorded(count: usize) -> Stop {
    let message = format!("{count} ids or prices are not recorded, and could vanish or change unseen");
    Stop::refused(message, "run `cargo catalog record` and commit the lock")
}
