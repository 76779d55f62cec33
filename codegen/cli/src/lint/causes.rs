//! One cause, one finding: what a setting of the catalog, a pattern of a kind or one edit of a price breaks many times.

use std::collections::HashMap;

use rust_decimal::Decimal;

use super::Finding;
use crate::changes::{Change, Subject, What};

/// What several findings of one rule come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Cause {
    /// A setting of the catalog, in words.
    Setting(String),
    /// A pattern of the kind with this id, which its products' prices follow.
    Pattern(String),
    /// An edit of the price with this lookup key, in each of its currencies; the day where it is announced.
    Currencies(String, Option<String>),
    /// Another way of counting for the price with this lookup key: its usage, meter and unit change together.
    Counting(String),
}

/// Findings with the changes that they are about, and their cause where it may have others.
type Group<'a> = (Option<Cause>, Vec<(&'a Change, Finding)>);

/// Findings that have one cause and are accepted alike as one, in the place of the first.
pub(super) fn merged(findings: Vec<(&Change, Finding)>, changes: &[Change]) -> Vec<Finding> {
    let settings: Vec<&Change> = changes.iter().filter(|change| change.subject == Subject::Catalog).collect();
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known = HashMap::new();
    for (change, finding) in findings {
        let Some(cause) = Cause::of(change, finding.rule, &settings) else {
            groups.push((None, vec![(change, finding)]));
            continue;
        };
        let said = (finding.accepted.clone(), finding.accepted_before.clone(), finding.accepted_without_reason);
        let key = (finding.rule, cause.clone(), said);
        let at = *known.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, members)) => members.push((change, finding)),
            None => groups.push((Some(cause), vec![(change, finding)])),
        }
    }
    groups.into_iter().filter_map(|(cause, members)| one(cause.as_ref(), members)).collect()
}

impl Cause {
    fn of(change: &Change, rule: &str, settings: &[&Change]) -> Option<Self> {
        let setting = |name: &str| {
            let is_it = |what: &What| matches!(what, What::Field { field, .. } if field == name);
            settings.iter().find(|setting| is_it(&setting.what))
        };
        let Subject::Price { lookup_key, .. } = &change.subject else {
            return match (rule, &change.subject) {
                ("tax-behavior-changed", Subject::Catalog) => Some(Self::Setting(change.to_string())),
                ("local-id-changed" | "stripe-name-changed", Subject::Product { kind, .. }) => {
                    Some(Self::Pattern(kind.clone()))
                }
                _ => None,
            };
        };
        match rule {
            "tax-behavior-changed" => {
                let setting = setting("tax behavior").filter(|setting| setting.what == change.what)?;
                Some(Self::Setting(setting.to_string()))
            }
            "usage-changed" => Some(Self::Counting(lookup_key.clone())),
            "default-currency-changed" | "currency-dropped" => {
                let setting = setting("currency").filter(|setting| is_about(change, &setting.what));
                Some(setting.map_or_else(
                    || Self::Currencies(lookup_key.clone(), None),
                    |setting| Self::Setting(setting.to_string()),
                ))
            }
            "lookup-key-changed" | "local-id-changed" | "stripe-name-changed" => {
                change.subject.of_product().map(|(kind, _)| Self::Pattern(kind.to_owned()))
            }
            _ => match &change.what {
                What::Amount { .. } => Some(Self::Currencies(lookup_key.clone(), None)),
                What::Announced { on, .. } => Some(Self::Currencies(lookup_key.clone(), Some(on.clone()))),
                What::Tiers { on, .. } => Some(Self::Currencies(lookup_key.clone(), on.clone())),
                _ => None,
            },
        }
    }
}

/// Whether a price follows the catalog from its former default currency to the new one.
fn is_about(change: &Change, setting: &What) -> bool {
    let What::Field { from: before, to: now, .. } = setting else { return false };
    match &change.what {
        What::Field { from, to, .. } => from.eq_ignore_ascii_case(before) && to.eq_ignore_ascii_case(now),
        What::CurrencyDropped { amount } => amount.currency.code().eq_ignore_ascii_case(before),
        _ => false,
    }
}

/// The finding for all of these: about what they have in common, in the words of the one that moves most.
fn one(cause: Option<&Cause>, members: Vec<(&Change, Finding)>) -> Option<Finding> {
    let changes = members.len();
    let others = |what: &str| counted(changes - 1, &format!("more {what}"));
    let common = match cause {
        Some(Cause::Setting(setting)) => {
            let prices = members.iter().filter(|(change, _)| change.subject != Subject::Catalog).count();
            (prices > 0).then(|| (Subject::Catalog, format!("{setting}, for {}", counted(prices, "price"))))
        }
        Some(Cause::Pattern(kind)) if changes > 1 => {
            let is_one =
                members.windows(2).all(|pair| pair[0].0.subject.of_product() == pair[1].0.subject.of_product());
            let of_kind = || Subject::Entry { section: "kind".to_owned(), id: kind.clone(), name: kind.clone() };
            let (subject, others) = match is_one {
                true => (members[0].1.subject.clone(), others("price")),
                false => (of_kind(), format!("{} more of the kind {kind}", changes - 1)),
            };
            Some((subject, format!("{}, and {others} alike", members[0].1.message)))
        }
        Some(Cause::Counting(_)) if changes > 1 => {
            let field = |change: &Change| match &change.what {
                What::Field { field, .. } => Some(field.clone()),
                _ => None,
            };
            let rest: Vec<String> = members.iter().skip(1).filter_map(|(change, _)| field(change)).collect();
            let message = format!("{}, and with it {}", members[0].1.message, rest.join(" and "));
            Some((members[0].1.subject.clone(), message))
        }
        _ => None,
    };
    let further = |first, next| if moves(&next) > moves(&first) { next } else { first };
    let (_, worst) = members.into_iter().reduce(further)?;
    let (subject, message) = common.unwrap_or_else(|| {
        let more = if changes > 1 { format!(", and in {}", others("currency")) } else { String::new() };
        (worst.subject.clone(), format!("{}{more}", worst.message))
    });
    Some(Finding { subject, message, changes, ..worst })
}

/// `1 price`, `2 prices`, `2 more currencies`.
fn counted(count: usize, what: &str) -> String {
    match what.strip_suffix('y') {
        _ if count == 1 => format!("1 {what}"),
        Some(word) => format!("{count} {word}ies"),
        None => format!("{count} {what}s"),
    }
}

/// How far a change moves a price, in percent.
fn moves((change, _): &(&Change, Finding)) -> Option<Decimal> {
    match &change.what {
        What::Amount { percent, .. } | What::Announced { percent, .. } => percent.map(|percent| percent.abs()),
        What::Tiers { raise, cut, .. } => [raise, cut].into_iter().flatten().map(Decimal::abs).max(),
        _ => None,
    }
}
