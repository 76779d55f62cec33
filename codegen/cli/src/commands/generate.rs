//! `cargo catalog generate`: `generated/` as the catalog says.

use std::io::Write;

use pricebook_emit::build::{Failure, Package, compare, folder, foreign, generate};

use crate::outcome::{Ended, Outcome};

pub(super) fn run(package: &Package, check: bool) -> Ended {
    let generated = generate(package)?;
    let mut out = std::io::stdout().lock();
    if check {
        let mut differences = compare(&package.generated(), &generated.artifacts)?;
        if package.generated().exists() {
            differences.extend(foreign(&package.generated(), &generated.artifacts, &generated.history)?);
        }
        if !differences.is_empty() {
            return Err(Failure::Stale(differences).into());
        }
        writeln!(out, "generated/ is what the catalog says: {} files.", generated.artifacts.len())?;
        return Ok(Outcome::Clean);
    }
    let changed = folder::write(&package.generated(), &generated.artifacts)?;
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
        count => writeln!(out, "{count} of {} files changed.", generated.artifacts.len())?,
    }
    Ok(Outcome::Clean)
}
