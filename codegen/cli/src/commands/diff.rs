//! `cargo catalog diff`: what a change of the catalog means for customers and for each target.

use std::io::Write;

use chrono::Utc;
use pricebook_emit::build::{Package, Stream};
use serde::Serialize;
use serde_json::json;

use crate::args::Diff;
use crate::changes::{Change, changes};
use crate::outcome::{Ended, Outcome, Stop};
use crate::output::{document, shown};
use crate::revision;
use crate::targets::{Effect, Targets};

/// A change in words, with what it does; or, without a detail, what follows from all changes together.
#[derive(Serialize)]
struct Told {
    text: String,
    detail: Option<Change>,
    effect: Effect,
}

pub(super) fn run(package: &Package, args: &Diff) -> Ended {
    if package.stream() == Stream::Records {
        return Err(Stop::usage("the runtime's records sell nothing", "leave out --records"));
    }
    let old = revision::at(package, &args.against)?.catalog;
    let new = revision::now(package)?.catalog;
    let today = args.today.unwrap_or_else(|| Utc::now().date_naive()).to_string();
    let targets = Targets::of(&old, &new, &today);
    let changes = changes(&old, &new);
    let (effects, rest) = targets.effects(&changes);
    let told = |(change, effect): (Change, Effect)| Told { text: change.told(&today), effect, detail: Some(change) };
    let mut changes: Vec<Told> = changes.into_iter().zip(effects).map(told).collect();
    if !rest.is_nothing() {
        changes.push(Told { text: "Besides, as a consequence".to_owned(), detail: None, effect: rest });
    }
    if args.json {
        document(Vec::new(), json!({ "against": args.against, "changes": changes, "totals": targets.totals() }))?;
        return Ok(Outcome::Clean);
    }
    let text = match args {
        Diff { markdown: true, .. } => shown(&as_markdown(args, &changes, &targets)),
        _ => shown(&as_text(args, &changes, &targets)),
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(Outcome::Clean)
}

fn as_text(args: &Diff, changes: &[Told], targets: &Targets) -> String {
    if changes.is_empty() {
        return format!("The catalog means the same as at {}.\n", args.against);
    }
    let lines: String = changes.iter().map(|change| format!("{}\n", line(change))).collect();
    format!("{lines}\n{}\n", targets.summary())
}

/// `Starter Plan monthly 29.00 → 35.00 USD (+20.7 %); new Stripe price; 1 row`.
fn line(change: &Told) -> String {
    let mut line = change.text.clone();
    for part in change.effect.words() {
        line.push_str("; ");
        line.push_str(&part);
    }
    line
}

fn as_markdown(args: &Diff, changes: &[Told], targets: &Targets) -> String {
    if changes.is_empty() {
        return format!("The catalog means the same as at `{}`.\n", escaped(&args.against));
    }
    let mut text = format!("### What changes for customers, against `{}`\n\n", escaped(&args.against));
    let rows = changes.iter().map(|Told { text, effect, .. }| {
        let stripe = effect.stripe.join(", ");
        format!("| {} | {} | {} |\n", escaped(text), escaped(&stripe), effect.rows)
    });
    let rows: Vec<String> = rows.collect();
    let (shown, hidden) = rows.split_at(fitting(&rows));
    if !hidden.is_empty() {
        // What a reader must know of a table that does not end stands in front of it.
        text.push_str(&format!("{} changes. {}\n\n", rows.len(), escaped(&targets.summary())));
    }
    text.push_str("| Change | Stripe | Rows |\n| --- | --- | ---: |\n");
    text.extend(shown.iter().map(String::as_str));
    match hidden.len() {
        0 => format!("{text}\n{}\n", escaped(&targets.summary())),
        more => format!("{text}\n… and {more} more: `cargo catalog diff --against {}`\n", escaped(&args.against)),
    }
}

/// How many of the rows fit into a comment: GitHub takes 65,536 characters, and there are words around the table.
fn fitting(rows: &[String]) -> usize {
    const MOST_CHARS: usize = 60_000;
    let mut chars = 0;
    let fits = |row: &&String| {
        chars += row.chars().count();
        chars <= MOST_CHARS
    };
    rows.iter().take_while(fits).count()
}

/// Catalog texts stay texts: no cell ends early, and no markup comes in.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '@' | '!' => out.extend(['\\', char]),
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}
