//! `cargo catalog lint`: changes that break promises to customers.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use pricebook_emit::build::{Package, Stream};
use pricebook_model::render::Style;
use pricebook_model::source::Position;
use serde::Serialize;

use crate::args::{Lint, LintFormat};
use crate::lint::{Bounds, Finding, Level, lint};
use crate::outcome::{Ended, Outcome, Stop};
use crate::output::{BOLD, RED, YELLOW, paint, style};
use crate::place::Places;
use crate::revision;

/// A finding with its place: where the subject is declared, or was.
#[derive(Serialize)]
struct Placed {
    #[serde(flatten)]
    finding: Finding,
    #[serde(flatten)]
    at: Option<Position>,
}

pub(super) fn run(package: &Package, args: &Lint) -> Ended {
    if package.stream() == Stream::Records {
        return Err(Stop::usage("the runtime's records sell nothing", "leave out --records"));
    }
    let old = revision::at(package, &args.against)?;
    let new = revision::now(package)?;
    let (places, former) = (Places::of(&new.sources), Places::of(&old.sources));
    let bounds = Bounds { max_raise: args.max_raise, max_cut: args.max_cut };
    let findings: Vec<Placed> = lint(&old.catalog, &new.catalog, &bounds)
        .into_iter()
        .map(|finding| {
            let at = places.find(&finding.subject).or_else(|| former.find(&finding.subject)).cloned();
            Placed { finding, at }
        })
        .collect();
    let mut out = std::io::stdout().lock();
    let text = match if args.json { LintFormat::Json } else { args.format } {
        LintFormat::Text => as_text(args, &findings, style(&out)),
        LintFormat::Json => format!("{}\n", serde_json::to_string_pretty(&findings).expect("findings are JSON")),
        LintFormat::Github => as_annotations(&findings, &path_in_repository(package.root())),
    };
    out.write_all(text.as_bytes())?;
    let least = if args.strict { Level::Warning } else { Level::Error };
    let broken = findings.iter().any(|placed| placed.finding.accepted.is_none() && placed.finding.level >= least);
    Ok(if broken { Outcome::Problems } else { Outcome::Clean })
}

fn as_text(args: &Lint, findings: &[Placed], style: Style) -> String {
    let mut text = String::new();
    for Placed { finding, at } in findings {
        let (level, colour) = match (&finding.accepted, finding.level) {
            (Some(_), _) => ("accepted", BOLD),
            (None, Level::Error) => (finding.level.name(), RED),
            (None, Level::Warning) => (finding.level.name(), YELLOW),
            (None, Level::Note) => (finding.level.name(), BOLD),
        };
        let head = paint(style, colour, &format!("{level}[{}]", finding.rule));
        text.push_str(&format!("{head}: {}\n", finding.message));
        if let Some(Position { file, line, column }) = at {
            text.push_str(&format!(" --> {file}:{line}:{column}\n"));
        }
        text.push_str(&match &finding.accepted {
            Some(reason) => format!("  = because: {reason}\n\n"),
            None => format!("  = help: {}\n\n", help(finding)),
        });
    }
    let open = findings.iter().filter(|placed| placed.finding.accepted.is_none());
    let errors = open.clone().filter(|placed| placed.finding.level == Level::Error).count();
    let rest = open.count() - errors;
    let accepted = findings.len() - errors - rest;
    text + &format!("Against {}: {errors} errors, {rest} warnings and notes, {accepted} accepted.\n", args.against)
}

fn help(finding: &Finding) -> String {
    let rule = finding.rule;
    if finding.subject.of_product().is_none() || matches!(rule, "id-gone" | "price-gone" | "product-retired") {
        return format!("`cargo catalog explain {rule}` says what to do");
    }
    format!("if it is meant, say why there: accept: {{ {rule}: \"…\" }}")
}

/// Workflow commands of GitHub Actions, which show findings at their lines.
fn as_annotations(findings: &[Placed], folder: &str) -> String {
    let open = findings.iter().filter(|placed| placed.finding.accepted.is_none());
    open.map(|Placed { finding, at }| {
        let level = if finding.level == Level::Note { "notice" } else { finding.level.name() };
        let place = at.as_ref().map_or(String::new(), |Position { file, line, column }| {
            format!("file={},line={line},col={column},", property(&format!("{folder}{file}")))
        });
        let message = format!("{}\n{}", finding.message, help(finding)).replace('%', "%25").replace('\n', "%0A");
        format!("::{level} {place}title={}::{message}\n", property(finding.rule))
    })
    .collect()
}

fn property(text: &str) -> String {
    let replaced = [('%', "%25"), ('\r', "%0D"), ('\n', "%0A"), (':', "%3A"), (',', "%2C")];
    replaced.iter().fold(text.to_owned(), |text, (char, code)| text.replace(*char, code))
}

/// The package's folder below the repository's root, with a slash behind it, or nothing.
fn path_in_repository(root: &Path) -> String {
    let output = Command::new("git").arg("-C").arg(root).args(["rev-parse", "--show-prefix"]).output();
    let prefix = output.ok().filter(|output| output.status.success());
    prefix.map_or(String::new(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
