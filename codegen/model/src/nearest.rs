//! What was probably meant: the nearest of the valid names.

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;

/// As many valid names as are listed where none is near.
const MAX_LISTED: usize = 12;

/// Whether one name is a plausible misspelling of the other.
pub fn is_near(a: &str, b: &str) -> bool {
    a != b && distance_limit(a, b).is_some()
}

fn distance_limit(a: &str, b: &str) -> Option<usize> {
    let longest = a.len().max(b.len());
    if a.len().abs_diff(b.len()) > longest / 3 + 1 || longest > 256 {
        return None;
    }
    let distance = strsim::osa_distance(a, b);
    (distance <= longest / 3).then_some(distance)
}

/// The valid name that is nearest to `name`, if one is near.
pub fn nearest<'a>(name: &str, valid: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    valid.filter_map(|valid| Some((distance_limit(name, valid)?, valid))).min().map(|(_, valid)| valid)
}

/// Adds the nearest valid name as help, or else the list of valid names where it is short.
pub fn help<'a>(diagnostic: Diagnostic, name: &str, valid: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    if let Some(meant) = nearest(name, valid.clone()) {
        return diagnostic.help(format!("did you mean `{meant}`?"));
    }
    // What is listed twice by mistake is reported of its own.
    let mut seen = HashSet::new();
    let valid = valid.filter(|name| seen.insert(*name));
    let mut listed: Vec<String> = valid.take(MAX_LISTED + 1).map(|name| format!("`{name}`")).collect();
    if listed.is_empty() {
        return diagnostic.help("nothing of this sort is declared: declare it first, or remove this");
    }
    let more = if listed.len() > MAX_LISTED { " …" } else { "" };
    listed.truncate(MAX_LISTED);
    diagnostic.help(format!("valid: {}{more}", listed.join(", ")))
}
