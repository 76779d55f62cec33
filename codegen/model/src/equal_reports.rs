//! Reports that say the same of several places: a name that is gone, or that another
//! declaration took, is one problem, however often it is used.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;

/// Codes of reports about a name that is not there, or there already, where somebody uses it.
const OF_NAMES: &[&str] =
    &["duplicate-currency", "invalid-attribute", "invalid-pattern", "price-not-allowed", "unknown-attribute"];

/// Places that are shown, beyond which the rest is only counted.
const MAX_PLACES: usize = 5;

/// The diagnostics, in their order, with those that say the same of a name made one.
pub(crate) fn merged(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut first: HashMap<(&str, String), usize> = HashMap::new();
    let mut places = vec![1_usize; diagnostics.len()];
    let mut kept: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    for diagnostic in diagnostics {
        let key = (diagnostic.code, diagnostic.message.clone());
        match first.get(&key).filter(|_| OF_NAMES.contains(&diagnostic.code)) {
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
    for (diagnostic, more) in kept.iter_mut().zip(places).filter(|(_, places)| *places > MAX_PLACES) {
        diagnostic.help.push(format!("it is so in {} more places", more - MAX_PLACES));
    }
    kept
}
