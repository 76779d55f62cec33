//! Names that follow from other names.

use heck::ToUpperCamelCase;
use sha2::{Digest, Sha256};

/// The longest name that every database keeps whole.
const LONGEST_NAME: usize = 63;

/// The name of a constraint that has none of its own: `prefix_table_column`; where that would be too long it ends in a
/// hash, which keeps it apart from others.
pub fn of_constraint(prefix: &str, table: &str, column: &str) -> String {
    let parts = [prefix, table, column];
    let full = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    if full.len() <= LONGEST_NAME {
        return full;
    }
    let hash = Sha256::digest(full.as_bytes());
    let hash: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{}_{hash}", &full[..LONGEST_NAME - 9])
}

/// The name of the unique constraint of a column with `unique: true`.
pub fn of_unique(table: &str, column: &str) -> String {
    of_constraint("uq", table, column)
}

/// The name of the foreign key of a column with `references:`.
pub fn of_reference(table: &str, column: &str) -> String {
    of_constraint("fk", table, column)
}

/// The name of a table's row: `service_instances` → `ServiceInstance`.
pub fn row_name(table: &str) -> String {
    match table.rsplit_once('_') {
        Some((before, last)) => format!("{before}_{}", singular(last)).to_upper_camel_case(),
        None => singular(table).to_upper_camel_case(),
    }
}

/// The name of the row of a kind's table; the kind's own name is its enum's.
pub fn kind_row_name(kind: &str) -> String {
    format!("{}Row", kind.to_upper_camel_case())
}

/// `yearly_2024` → `Yearly 2024`.
pub fn in_words(id: &str) -> String {
    let mut words = id.replace(['_', '-'], " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// One of what an id names: `api_calls` → `api call`.
pub(crate) fn one_of(id: &str) -> String {
    let words = id.replace('_', " ");
    match words.rsplit_once(' ') {
        Some((before, last)) => format!("{before} {}", singular(last)),
        None => singular(&words),
    }
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "zes", "uses"] {
        if word.ends_with(ending) {
            return word[..word.len() - 2].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if !stem.is_empty() && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// `service_instance` → `ServiceInstance`.
pub fn upper_camel(id: &str) -> String {
    // Nearly all ids; what `heck` makes of them, without looking for other words.
    if !id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')) {
        return id.to_upper_camel_case();
    }
    let mut name = String::with_capacity(id.len());
    for word in id.split(['_', '-']) {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_of_constraints_are_shortened_and_stay_apart() {
        assert_eq!(of_constraint("pk", "plans", ""), "pk_plans");
        let long = |last: &str| of_constraint("chk", &"t".repeat(60), last);
        assert_eq!(long("a").len(), 63);
        assert_ne!(long("a"), long("b"));
    }

    #[test]
    fn the_short_way_makes_the_same_names() {
        let ids = ["plan_starter_monthly", "market-pulse", "a", "", "_", "x__y", "api2go", "v2_0", "2024_plan", "_x_"];
        for id in ids {
            assert_eq!(upper_camel(id), id.to_upper_camel_case(), "{id}");
        }
        assert_eq!(upper_camel("mixedCase"), "MixedCase");
    }
}
