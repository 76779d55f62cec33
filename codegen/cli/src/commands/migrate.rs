//! `cargo catalog migrate NAME`: the next numbered migration, one file for each dialect, and the lock.

use std::io::Write;

use pricebook_emit::Artifact;
use pricebook_emit::build::{Failure, History, Package, Stream, compile, folder, generate, history};
use pricebook_emit::sql::{self, Written};
use pricebook_model::{Catalog, Lock, migrate, nearest, remember};
use serde_json::json;

use crate::args::Migrate;
use crate::outcome::{Ended, Outcome, Stop, after_printing};
use crate::output::{self, document};
use crate::problem::problems;

pub(super) fn run(package: &Package, args: &Migrate) -> Ended {
    name_is_in_snake_case(&args.name)?;
    let mut planned = Planned::find(package, args)?;
    let mut writer = None;
    // Where nothing is to be written, nobody's leave to write is needed.
    if !args.dry_run && planned.written.is_some() {
        writer = Some(history::Writer::enter(package)?);
        // Somebody else may have migrated between the first look and the lock.
        planned = Planned::find(package, args)?;
    }
    let Planned { catalog, lock, written: Some(written) } = planned else {
        if let Some(unknown) = args.accept.first() {
            return Err(nothing_to_accept(unknown, &[]));
        }
        match args.json {
            true => document(Vec::new(), json!({ "steps": [], "hazards": [], "written": [] }))?,
            false => writeln!(std::io::stdout().lock(), "{NOTHING_TO_WRITE}")?,
        }
        return Ok(Outcome::Clean);
    };
    let steps = migrate::diff(&lock.schema, &schema(package.stream(), &catalog));
    let hazards = migrate::hazards(&steps, &catalog);
    let steps: Vec<String> = steps.iter().map(migrate::Step::describe).collect();
    let refused = hazards_are_accepted(&hazards, args).err();
    let is_written = match writer.filter(|_| refused.is_none()) {
        Some(writer) => {
            writer.write(&written.files, &written.lock)?;
            true
        }
        None => false,
    };
    let followed = if is_written { follow(package).err() } else { None };
    let stop = refused.or(followed);
    if args.json {
        let document = as_json(&written, is_written, (&steps, &hazards), args);
        let printed = output::document(stop.as_ref().map_or_else(Vec::new, problems), document);
        return after_printing(printed, stop.map_or(Outcome::Clean, |stop| stop.outcome()));
    }
    let printed = std::io::stdout().lock().write_all(as_text(&written, is_written, &steps, args).as_bytes());
    match stop {
        Some(stop) => Err(stop),
        None => after_printing(printed, Outcome::Clean),
    }
}

/// The migration that is due, if one is.
struct Planned {
    catalog: Catalog,
    lock: Lock,
    written: Option<Written>,
}

impl Planned {
    fn find(package: &Package, args: &Migrate) -> Result<Self, Stop> {
        // Of the lock only what was migrated counts here; whether ids keep their meaning is said by every build.
        let sources = package.sources()?;
        let mut catalog = compile(package, sources.clone(), None)?;
        let lock = History::read(&package.generated())?.lock.unwrap_or(Lock { version: 1, ..Lock::default() });
        rows_are_found_again(compile(package, sources, Some(&lock)))?;
        remember(&mut catalog, Some(&lock));
        let written = next(package.stream(), &catalog, &lock, &args.name);
        Ok(Self { catalog, lock, written })
    }
}

const NOTHING_TO_WRITE: &str = "The tables are as they were last migrated: there is nothing to write.";

fn as_text(written: &Written, is_written: bool, steps: &[String], args: &Migrate) -> String {
    let mut text: String = steps.iter().map(|step| format!("{step}\n")).collect();
    if args.dry_run {
        text.extend(written.files.iter().map(|file| format!("\n-- generated/{}\n\n{}", file.path, file.text)));
    }
    if is_written {
        text.extend(paths(written).iter().map(|path| format!("{path}\n")));
    }
    text
}

fn as_json(
    written: &Written,
    is_written: bool,
    (steps, hazards): (&[String], &[migrate::Hazard]),
    args: &Migrate,
) -> serde_json::Value {
    let named =
        hazards.iter().map(|hazard| json!({ "name": hazard.name, "message": hazard.message })).collect::<Vec<_>>();
    let paths = if is_written { paths(written) } else { Vec::new() };
    let mut document = json!({ "steps": steps, "hazards": named, "written": paths });
    if args.dry_run {
        let file = |file: &Artifact| json!({ "path": format!("generated/{}", file.path), "text": file.text });
        document["files"] = written.files.iter().map(file).collect();
    }
    document
}

fn paths(written: &Written) -> Vec<String> {
    let files = written.files.iter().map(|file| file.path.as_str());
    files.chain([history::LOCK]).map(|path| format!("generated/{path}")).collect()
}

/// Problems that the new lock does not solve were there before; they do not undo the migration.
fn follow(package: &Package) -> Result<(), Stop> {
    folder::write(&package.generated(), &generate(package)?.artifacts)?;
    Ok(())
}

/// A `was:` that names nothing would make a renamed column one that is dropped, with its values, and a new one; under keys
/// of another source no sync finds its rows.
fn rows_are_found_again(compiled: Result<Catalog, Failure>) -> Result<(), Stop> {
    if let Err(Failure::Catalog(mut report)) = compiled {
        report.diagnostics.retain(|found| ["was-never-recorded", "key-of-another-source"].contains(&found.code));
        if !report.diagnostics.is_empty() {
            return Err(Failure::Catalog(report).into());
        }
    }
    Ok(())
}

fn schema(stream: Stream, catalog: &Catalog) -> pricebook_model::lock::Schema {
    match stream {
        Stream::Catalog => migrate::own_schema(catalog),
        Stream::Records => migrate::base_schema(catalog),
    }
}

fn next(stream: Stream, catalog: &Catalog, lock: &Lock, name: &str) -> Option<Written> {
    match stream {
        Stream::Catalog => sql::write_migration(catalog, lock, name),
        Stream::Records => sql::write_base_migration(catalog, lock, name),
    }
}

fn name_is_in_snake_case(name: &str) -> Result<(), Stop> {
    let is_word = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_';
    if name.starts_with(|first: char| first.is_ascii_lowercase()) && name.chars().all(is_word) && name.len() <= 60 {
        return Ok(());
    }
    Err(Stop::usage(format!("`{name}` is no name for a migration"), "use snake case: `add_invoices`"))
}

fn nothing_to_accept(unknown: &str, hazards: &[&str]) -> Stop {
    let help = match (hazards, nearest::nearest(unknown, hazards.iter().copied())) {
        ([], _) => "leave it out: nothing needs to be accepted".to_owned(),
        (_, Some(meant)) => format!("did you mean `--accept {meant}`?"),
        (hazards, None) => format!("what needs to be accepted: {}", hazards.join(", ")),
    };
    Stop::usage(format!("invalid value '{unknown}' for '--accept <HAZARD>': the migration has no such hazard"), help)
}

/// Each hazard must be accepted by its name, and nothing is accepted that is none: it may be a typing error.
fn hazards_are_accepted(hazards: &[migrate::Hazard], args: &Migrate) -> Result<(), Stop> {
    let impossible: Vec<_> = hazards.iter().filter_map(|hazard| Some((hazard, hazard.instead.as_ref()?))).collect();
    if !impossible.is_empty() {
        let lines: Vec<String> = impossible.iter().map(|(hazard, _)| line(hazard)).collect();
        let message =
            format!("the migration fails on databases that were synced, so nothing was written\n{}", lines.join("\n"));
        let mut instead: Vec<&str> = impossible.iter().map(|(_, instead)| instead.as_str()).collect();
        if hazards.iter().any(|hazard| hazard.name.starts_with("drop-column:")) {
            instead
                .push("a column that only has another name now says `was:` with the former one, and keeps its values");
        }
        return Err(Stop::refused(message, instead.join("\n  = help: ")));
    }
    if let Some(unknown) = args.accept.iter().find(|name| hazards.iter().all(|hazard| hazard.name != **name)) {
        let names: Vec<&str> = hazards.iter().map(|hazard| hazard.name.as_str()).collect();
        return Err(nothing_to_accept(unknown, &names));
    }
    let open: Vec<_> = hazards.iter().filter(|hazard| !args.accept.contains(&hazard.name)).collect();
    if open.is_empty() {
        return Ok(());
    }
    let messages: Vec<String> = open.iter().map(|hazard| line(hazard)).collect();
    let flags: Vec<String> = open.iter().map(|hazard| format!("--accept {}", hazard.name)).collect();
    let message = format!("the migration is destructive, so nothing was written\n{}", messages.join("\n"));
    let help = format!("if that is meant: cargo catalog migrate {} {}", args.name, flags.join(" "));
    Err(Stop::refused(message, help))
}

fn line(hazard: &migrate::Hazard) -> String {
    format!("  {}: {}", hazard.name, hazard.message)
}
