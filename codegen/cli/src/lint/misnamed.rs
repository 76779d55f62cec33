//! An `accept:` that names no rule: with the findings that it was written for it is one problem.

use pricebook_model::nearest;

use super::acceptance::{Place, Side};
use super::names::UNKNOWN_RULE;
use super::{Finding, about_reason, is_rule, rules};
use crate::changes::Change;

/// A finding for each name that is no rule's; what such a new reason was meant for is taken out of `broken` and told there.
pub(super) fn take(old: &Side<'_>, new: &Side<'_>, broken: &mut Vec<(&Change, Finding)>) -> Vec<Finding> {
    let mut found = Vec::new();
    for place in Place::all(new) {
        for (written, reason) in place.accepts(new).iter().filter(|(rule, _)| !is_rule(rule)) {
            let mut said = format!("{place} accepts `{written}`, which is no rule");
            let there = match place.is_new(old, new, written, reason) {
                true => broken_at(&place, broken),
                false => Vec::new(),
            };
            let meant = meant(written, &there);
            let is_meant = |finding: &Finding| {
                finding.accepted.is_none()
                    && Some(finding.rule) == meant
                    && Place::of(&finding.subject).contains(&place)
            };
            if let Some(meant) = meant {
                said.push_str(&format!("; did you mean `{meant}`?"));
            }
            if there.iter().any(|rule| Some(*rule) == meant) {
                let (taken, rest) = std::mem::take(broken).into_iter().partition(|(_, finding)| is_meant(finding));
                *broken = rest;
                said.push_str(&told(&taken));
            }
            found.extend(about_reason(UNKNOWN_RULE, said, place.subject(new)));
        }
    }
    found
}

/// The rules that are broken where a reason may stand, without one.
fn broken_at(place: &Place, broken: &[(&Change, Finding)]) -> Vec<&'static str> {
    let open = broken.iter().filter(|(_, finding)| finding.accepted.is_none());
    open.filter(|(_, finding)| Place::of(&finding.subject).contains(place)).map(|(_, finding)| finding.rule).collect()
}

/// The rule that was meant: one that is broken there, or at least one that there is.
fn meant(written: &str, there: &[&'static str]) -> Option<&'static str> {
    let only = there.first().filter(|first| there.iter().all(|rule| rule == *first)).copied();
    let near = || nearest::nearest(written, rules().map(|rule| rule.id));
    nearest::nearest(written, there.iter().copied()).or(only).or_else(near)
}

/// The changes that a reason was written for.
fn told(findings: &[(&Change, Finding)]) -> String {
    let Some(((_, first), others)) = findings.split_first() else { return String::new() };
    match others.len() {
        0 => format!(" {}", first.message),
        more => format!(" {}, and {more} more", first.message),
    }
}
