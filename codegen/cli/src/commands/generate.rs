//! `cargo catalog generate`: `generated/` as the catalog says.

use std::io::Write;

use pricebook_emit::build::{Failure, Package, compare, folder, foreign, generate};
use serde_json::json;

use crate::outcome::{Ended, Outcome};
use crate::output::document;

pub(super) fn run(package: &Package, check: bool, json: bool) -> Ended {
    let generated = generate(package)?;
    let of = generated.artifacts.len();
    if check {
        let mut differences = compare(&package.generated(), &generated.artifacts)?;
        if package.generated().exists() {
            differences.extend(foreign(&package.generated(), &generated.artifacts, &generated.history)?);
        }
        if !differences.is_empty() {
            return Err(Failure::Stale(differences).into());
        }
        match json {
            true => document(Vec::new(), json!({ "changed": [], "files": of }))?,
            false => writeln!(std::io::stdout().lock(), "generated/ is what the catalog says: {of} files.")?,
        }
        return Ok(Outcome::Clean);
    }
    let changed = folder::write(&package.generated(), &generated.artifacts)?;
    if json {
        let changed: Vec<String> = changed.iter().map(|path| format!("generated/{path}")).collect();
        document(Vec::new(), json!({ "changed": changed, "files": of }))?;
        return Ok(Outcome::Clean);
    }
    let mut out = std::io::stdout().lock();
    let is_sync = |path: &str| path.ends_with("/sync.sql");
    if changed.iter().any(|path| is_sync(path)) {
        writeln!(out, "Generating Service Synchronization SQL...")?;
    }
    for path in &changed {
        let said = if is_sync(path) { "SQL sync script generated: " } else { "" };
        writeln!(out, "{said}generated/{path}")?;
    }
    match changed.len() {
        0 => writeln!(out, "Nothing changed.")?,
        count => writeln!(out, "{count} of {of} files changed.")?,
    }
    Ok(Outcome::Clean)
}
