//! `cargo catalog lint`: changes that break promises to customers.

use std::io::Write;

use chrono::Utc;
use pricebook_emit::build::{Package, Stream};
use pricebook_model::render::Style;
use pricebook_model::source::Position;
use serde::Serialize;
use serde_json::json;

use super::annotation::{annotation, path_in_repository};
use super::broken;
use crate::args::{Lint, LintFormat};
use crate::changes::Subject;
use crate::lint::{Bounds, Finding, Level, lint, rules};
use crate::outcome::{Ended, Outcome, Stop, after_printing};
use crate::output::{BOLD, RED, YELLOW, document, paint, shown, style};
use crate::place::Places;
use crate::revision;

/// A finding with its place: where the subject is declared, or was.
#[derive(Serialize)]
struct Placed {
    #[serde(flatten)]
    finding: Finding,
    #[serde(flatten)]
    at: Option<Position>,
    /// The commit whose place it is, of what is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
    /// What to do, unless it is accepted.
    help: Vec<String>,
}

impl Placed {
    /// The place for people: `catalog/plans.yaml:6:3`, and where that is a commit's, `HEAD:catalog/plans.yaml:6:3`.
    fn place(&self) -> Option<String> {
        let Position { file, line, column } = self.at.as_ref()?;
        let commit = self.revision.as_ref().map(|revision| format!("{revision}:")).unwrap_or_default();
        Some(format!("{commit}{file}:{line}:{column}"))
    }
}

pub(super) fn run(package: &Package, args: &Lint) -> Ended {
    if package.stream() == Stream::Records {
        return Err(Stop::usage("the runtime's records sell nothing", "leave out --records"));
    }
    let format = if args.json { LintFormat::Json } else { args.format };
    let folder = if format == LintFormat::Github { path_in_repository(package.root()) } else { String::new() };
    let compared = revision::at(package, &args.against).and_then(|old| Ok((old, revision::now(package)?)));
    let (old, new) = match compared {
        Ok(compared) => compared,
        Err(stop) if format == LintFormat::Github => {
            // Where nobody reads them, the standard error still says why.
            let _ = std::io::stdout().lock().write_all(broken::annotations(&stop, &folder).as_bytes());
            return Err(stop);
        }
        Err(stop) => return Err(stop),
    };
    let (places, former) = (Places::of(&new.sources), Places::of(&old.sources));
    let today = args.today.unwrap_or_else(|| Utc::now().date_naive());
    let bounds = Bounds { max_raise: args.max_raise, max_cut: args.max_cut, today };
    let findings: Vec<Placed> = lint(&old.catalog, &new.catalog, &bounds)
        .into_iter()
        .map(|finding| {
            let help = if finding.accepted.is_none() { vec![help(&finding)] } else { Vec::new() };
            let now = places.find(&finding.subject);
            let before = if now.is_none() { former.find(&finding.subject) } else { None };
            let revision = before.map(|_| args.against.clone());
            Placed { finding, at: now.or(before).cloned(), revision, help }
        })
        .collect();
    let least = if args.strict { Level::Warning } else { Level::Error };
    let broken = findings.iter().any(|placed| placed.finding.accepted.is_none() && placed.finding.level >= least);
    let mut out = std::io::stdout().lock();
    let printed = match format {
        LintFormat::Text => out.write_all(as_text(args, &findings, style(&out)).as_bytes()),
        LintFormat::Json => {
            drop(out);
            document(Vec::new(), json!({ "against": args.against, "findings": findings }))
        }
        LintFormat::Github => out.write_all(as_annotations(&findings, &folder).as_bytes()),
    };
    after_printing(printed, if broken { Outcome::Problems } else { Outcome::Clean })
}

fn as_text(args: &Lint, findings: &[Placed], style: Style) -> String {
    let mut text = String::new();
    for placed in findings {
        let Placed { finding, help, .. } = placed;
        let (level, colour) = match (&finding.accepted, finding.level) {
            (Some(_), _) => ("accepted", BOLD),
            (None, Level::Error) => (finding.level.name(), RED),
            (None, Level::Warning) => (finding.level.name(), YELLOW),
            (None, Level::Note) => (finding.level.name(), BOLD),
        };
        let head = paint(style, colour, &format!("{level}[{}]", finding.rule));
        text.push_str(&format!("{head}: {}\n", shown(&finding.message)));
        if let Some(place) = placed.place() {
            text.push_str(&format!(" --> {place}\n"));
        }
        text.push_str(&match &finding.accepted {
            Some(reason) => format!("  = because: {reason}\n\n"),
            None => format!("  = help: {}\n\n", help.join("\n")),
        });
    }
    let open = findings.iter().filter(|placed| placed.finding.accepted.is_none());
    let errors = open.clone().filter(|placed| placed.finding.level == Level::Error).count();
    let rest = open.count() - errors;
    let accepted = findings.len() - errors - rest;
    let errors = if errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") };
    let rest = if rest == 1 { "1 warning or note".to_owned() } else { format!("{rest} warnings or notes") };
    text + &format!("Against {}: {errors}, {rest}, {accepted} accepted.\n", args.against)
}

/// What to do about a finding that is not accepted.
fn help(finding: &Finding) -> String {
    let Finding { rule, accepted_before, accepted_without_reason, subject, .. } = finding;
    if *accepted_without_reason {
        return format!("`accept:` names `{rule}` and gives no reason: say in words why it is meant");
    }
    if let Some(reason) = accepted_before {
        return format!("“{reason}” was said of an earlier change: write another reason, or remove it");
    }
    if rules().any(|known| known.id == *rule && known.breaks.is_none()) {
        return format!("`cargo catalog explain {rule}` says what to do");
    }
    // What is gone has no place of its own.
    let place = match (*rule, subject) {
        ("id-gone", Subject::Product { kind, .. }) => format!("at the kind `{kind}`"),
        ("id-gone", _) | (_, Subject::Catalog | Subject::Table { .. }) => "at `catalog:`".to_owned(),
        ("meter-gone", _) => "in its line of `retired:`".to_owned(),
        (_, Subject::Entry { section, .. }) if ["feature", "meter", "environment"].contains(&section.as_str()) => {
            "at `catalog:`".to_owned()
        }
        ("price-gone", _) => "at the product".to_owned(),
        ("group-changed", _) => "there, or at `catalog:` where the group is gone".to_owned(),
        ("price-retired" | "product-retired" | "coupon-retired", _) => "in its line of `retired:`".to_owned(),
        _ => "there".to_owned(),
    };
    let kept = match *rule {
        "id-gone" => "say `was:` at its new id, or list it in `retired:`; ",
        "table-without-active" => {
            "add a column to the kind's table: active: { type: boolean, from: active, default: true }; "
        }
        "announced-too-late" => "write the amount at the price where it shall hold now; ",
        "coupon-lowered" => "keep it for those who have it, and make another coupon; ",
        "price-slashed" => "see whether a digit is missing or the decimal point is one place off; ",
        "former-amount-changed" => "put back what it was; ",
        "meter-gone" => "keep it as long as somebody may be charged by it; ",
        "price-gone" => "keep it under `grandfathered:`, or list it in `retired:`; ",
        _ => "",
    };
    format!("{kept}if it is meant, say why {place}: accept: {{ {rule}: \"…\" }}")
}

/// Annotations of GitHub Actions.
fn as_annotations(findings: &[Placed], folder: &str) -> String {
    let open = findings.iter().filter(|placed| placed.finding.accepted.is_none());
    open.map(|placed| {
        let Placed { finding, at, revision, help } = placed;
        let level = if finding.level == Level::Note { "notice" } else { finding.level.name() };
        let help = help.join("\n");
        // At the line of a former commit something else may stand now.
        match revision.as_ref().and(placed.place()) {
            Some(before) => {
                let message = format!("{}\nIt stood at {before}\n{help}", finding.message);
                annotation(level, folder, None, finding.rule, &message)
            }
            None => annotation(level, folder, at.as_ref(), finding.rule, &format!("{}\n{help}", finding.message)),
        }
    })
    .collect()
}
