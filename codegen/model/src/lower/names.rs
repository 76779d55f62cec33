//! Names that follow from other names.

use heck::ToUpperCamelCase;

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
