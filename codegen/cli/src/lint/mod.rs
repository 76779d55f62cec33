//! Changes that break a promise to customers, unless the catalog gives a reason.

mod about;
mod acceptance;
mod broken;
mod causes;
mod fields;
mod misnamed;
mod moves;
mod names;
mod rules;

use std::collections::HashSet;

use chrono::NaiveDate;
use pricebook_model::Catalog;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::changes::{Change, Subject, What, changes};
use acceptance::{Acceptance, Place, Side};
pub use fields::{Decision, FIELDS};
use names::UNUSED_REASON;
pub use rules::rules;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// To be known.
    Note,
    /// To be thought about.
    Warning,
    /// To be accepted with a reason, or undone.
    Error,
}

/// What may be done without a reason: how far prices may move, in percent, and which announced days have come.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Upwards.
    pub max_raise: Decimal,
    /// Downwards.
    pub max_cut: Decimal,
    /// The day of the change, in UTC.
    pub today: NaiveDate,
}

/// A rule about one change.
#[derive(Debug)]
pub struct Rule {
    /// In kebab case; what `accept:` names.
    pub id: &'static str,
    /// How bad it is to break it.
    pub level: Level,
    /// What it forbids and why, in one or two sentences.
    pub about: &'static str,
    /// Whether a change breaks it; `None` for rules about what `accept:` says.
    pub breaks: Option<fn(&Change, &Bounds) -> bool>,
}

/// A broken rule.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The rule's id; `code` in JSON, as of every problem.
    #[serde(rename = "code")]
    pub rule: &'static str,
    /// The rule's level.
    pub level: Level,
    /// What changed, in words.
    pub message: String,
    /// What it is about.
    pub subject: Subject,
    /// Why the catalog says that it is meant.
    pub accepted: Option<String>,
    /// Why the catalog said that an earlier change was meant, which does not count for this one.
    pub accepted_before: Option<String>,
    /// Whether the catalog says that it is meant and not why, as where the help's `"…"` was pasted.
    pub accepted_without_reason: bool,
    /// How many changes of one cause it tells of: those of all prices where the whole catalog's tax changed.
    pub changes: usize,
}

impl Rule {
    fn finding(&self, message: String, subject: Subject) -> Finding {
        let Self { id: rule, level, .. } = *self;
        Finding {
            rule,
            level,
            message,
            subject,
            accepted: None,
            accepted_before: None,
            accepted_without_reason: false,
            changes: 1,
        }
    }

    /// For `cargo catalog explain`.
    pub fn explanation(&self) -> String {
        let level = match self.level {
            Level::Note => "a note",
            Level::Warning => "a warning",
            Level::Error => "an error",
        };
        let Self { id, about, .. } = self;
        let accept = match self.breaks {
            Some(_) => format!(" {ACCEPT}\n\n```yaml\naccept: {{ {id}: \"Agreed with every customer.\" }}\n```"),
            None => String::new(),
        };
        format!("# {id}\n\n{about}\n\n`cargo catalog lint` reports it as {level}.{accept}")
    }
}

const ACCEPT: &str = "Where it is meant, say why: at the price, the product, the coupon, the group or the line of \
                      `retired:`, or for all of a kind at the kind, or for all at `catalog:`. A reason counts for one \
                      change: one that stood there before accepts nothing new, and one without a word nothing at all.";

impl Level {
    /// `error`, `warning` or `note`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Every rule that the changes from `old` to `new` break, in the order of the changes and once for each cause; then what
/// `accept:` says wrongly.
pub fn lint(old: &Catalog, new: &Catalog, bounds: &Bounds) -> Vec<Finding> {
    let mut broken = Vec::new();
    let mut used = HashSet::new();
    let changes = changes(old, new);
    let (old, new) = (&Side::of(old), &Side::of(new));
    for change in &changes {
        for rule in broken::broken_by(change, bounds) {
            let mut finding = rule.finding(message(change, bounds), change.subject.clone());
            match acceptance::acceptance(old, new, &change.subject, rule.id) {
                Some((place, Acceptance::Given(reason))) => {
                    used.insert((place, rule.id));
                    finding.accepted = Some(reason);
                }
                Some((_, Acceptance::Spent(reason))) => finding.accepted_before = Some(reason),
                Some((place, Acceptance::Wordless)) => {
                    used.insert((place, rule.id));
                    finding.accepted_without_reason = true;
                }
                None => {}
            }
            broken.push((change, finding));
        }
    }
    let misnamed = misnamed::take(old, new, &mut broken);
    let mut findings = causes::merged(broken, &changes);
    findings.extend(misnamed);
    for place in Place::all(new) {
        for (rule, reason) in place.accepts(new).iter().filter(|(rule, _)| is_rule(rule)) {
            let is_used = used.contains(&(place.clone(), rule.as_str()));
            if !is_used && place.is_new(old, new, rule, reason) {
                let message = format!("{place} accepts `{rule}`, which nothing there breaks");
                findings.extend(about_reason(UNUSED_REASON, message, place.subject(new)));
            }
        }
    }
    findings
}

fn is_rule(id: &str) -> bool {
    rules().any(|rule| rule.id == id)
}

/// A finding about what an `accept:` says.
fn about_reason(id: &str, message: String, subject: Subject) -> Option<Finding> {
    rules().find(|rule| rule.id == id).map(|rule| rule.finding(message, subject))
}

/// The change in words, and whether it is made before its day or announced after it.
fn message(change: &Change, bounds: &Bounds) -> String {
    let early =
        if change.what.announced().is_some() && !bounds.is_due(&change.what) { ", a day still to come" } else { "" };
    format!("{}{early}", change.told(&bounds.today.to_string()))
}

impl Bounds {
    /// Whether a change only makes what was announced for a day that has come.
    pub(crate) fn is_due(&self, what: &What) -> bool {
        let day = what.announced().and_then(|day| day.parse::<NaiveDate>().ok());
        day.is_some_and(|day| day <= self.today)
    }
}
