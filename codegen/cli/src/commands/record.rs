//! `cargo catalog record`: what is sold now, into the lock.

use std::io::Write;

use pricebook_emit::build::{History, Package, Stream, compile, history};
use pricebook_model::Lock;

use crate::outcome::{Ended, Outcome, Stop};

pub(super) fn run(package: &Package, check: bool, json: bool) -> Ended {
    if package.stream() == Stream::Records {
        return Err(Stop::usage("the runtime's records sell nothing", "leave out --records"));
    }
    let locked = History::read(&package.generated())?.lock;
    let catalog = compile(package, package.sources()?, locked.as_ref())?;
    let before = locked.unwrap_or(Lock { version: 1, ..Lock::default() });
    let changed = before.unrecorded(&catalog);
    let mut out = std::io::stdout().lock();
    if json {
        if !check && !changed.is_empty() {
            history::write(package, &[], &before.recorded(&catalog))?;
        }
        serde_json::to_writer_pretty(&mut out, &changed).map_err(std::io::Error::from)?;
        writeln!(out)?;
        return Ok(if check && !changed.is_empty() { Outcome::Problems } else { Outcome::Clean });
    }
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
    } else if check {
        let message = format!("{} ids or prices are not recorded, and could vanish or change unseen", changed.len());
        return Err(Stop::refused(message, "run `cargo catalog record` and commit the lock"));
    } else {
        history::write(package, &[], &before.recorded(&catalog))?;
        writeln!(out, "{} recorded in generated/{}.", changed.len(), history::LOCK)?;
    }
    Ok(Outcome::Clean)
}
