//! Reports that say the same of several places: a name that is gone, or that another
//! declaration took, is one problem, however often it is used.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::Diagnostic;

/// Codes of reports about a name that is not there, or there already, where somebody uses it.
const OF_NAMES: &[&str] =
    &["duplicate-currency", "invalid-attribute", "invalid-pattern", "price-not-allowed", "unknown-attribute"];

/// Codes of reports that are one problem only where there are many: then it is the currency that is another one.
const OF_MANY: &[&str] = &["amount-too-fine"];

/// What a report says of the place that names the default currency.
pub(crate) const DEFAULT_CURRENCY: &str = "the default currency";

/// Places that are shown, beyond which the rest is only counted.
pub(crate) const MAX_PLACES: usize = 5;

/// The diagnostics, in their order, with those that say the same of a name made one.
pub(crate) fn merged(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
    for diagnostic in &diagnostics {
        *counts.entry((diagnostic.code, &diagnostic.message)).or_default() += 1;
    }
    let many = counts.into_iter().filter(|((code, _), count)| OF_MANY.contains(code) && *count > MAX_PLACES);
    let many: HashSet<String> = many.map(|((_, message), _)| message.to_owned()).collect();
    let is_merged = |diagnostic: &Diagnostic| {
        OF_NAMES.contains(&diagnostic.code) || OF_MANY.contains(&diagnostic.code) && many.contains(&diagnostic.message)
    };
    let mut first: HashMap<(&str, String), usize> = HashMap::new();
    let mut places = vec![1_usize; diagnostics.len()];
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics {
        let key = (diagnostic.code, diagnostic.message.clone());
        match first.get(&key).filter(|_| is_merged(&diagnostic)) {
            None => {
                first.insert(key, kept.len());
                kept.push(diagnostic);
            }
            Some(&at) => {
                places[at] += 1;
                if places[at] <= MAX_PLACES {
                    kept[at].secondary.push((diagnostic.primary.0, "and here".to_owned()));
                }
            }
        }
    }
    let (mut kept, places) = without_doubled_default(kept, places);
    for (diagnostic, more) in kept.iter_mut().zip(places).filter(|(_, places)| *places > MAX_PLACES) {
        diagnostic.help.push(format!("it is so in {} more places", more - MAX_PLACES));
        if OF_MANY.contains(&diagnostic.code) {
            diagnostic.help.push("or, where the default currency is wrong, mend that".to_owned());
        }
    }
    kept
}

/// Leaves out that amounts in a currency are there already where many are too fine for it as the default one: both follow from
/// the one line that names it, which is shown.
fn without_doubled_default(mut kept: Vec<Diagnostic>, places: Vec<usize>) -> (Vec<Diagnostic>, Vec<usize>) {
    let currency = |many: &Diagnostic| many.message.split(' ').next().unwrap_or_default().to_owned();
    let default_place = |diagnostic: &Diagnostic| {
        let mut places = diagnostic.secondary.iter().filter(|_| diagnostic.code == "duplicate-currency");
        places.find(|(_, label)| label == DEFAULT_CURRENCY).map(|(span, _)| *span)
    };
    for many in 0..kept.len() {
        if !OF_MANY.contains(&kept[many].code) || places[many] <= MAX_PLACES {
            continue;
        }
        let ending = format!(" in {}", currency(&kept[many]));
        let mut doubled = kept.iter().filter(|diagnostic| diagnostic.message.ends_with(&ending));
        if let Some(span) = doubled.find_map(default_place) {
            kept[many].secondary.push((span, DEFAULT_CURRENCY.to_owned()));
            let stays =
                |diagnostic: &Diagnostic| !diagnostic.message.ends_with(&ending) || default_place(diagnostic).is_none();
            return kept.into_iter().zip(places).filter(|(diagnostic, _)| stays(diagnostic)).unzip();
        }
    }
    (kept, places)
}
