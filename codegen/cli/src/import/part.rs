//! The part of an entry that a line of its YAML belongs to, and that can be left out without the rest.

use super::draft::Entry;
use super::yaml::Yaml;

/// A part of an entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    /// The positions that lead to it, from the entry's body on.
    path: Vec<usize>,
    /// Where it stands in the source, for notes.
    pub(super) place: String,
    /// What it is there: `price`, `metadata.target`.
    pub(super) what: String,
    /// What of it is at fault, where that cannot be left out without changing what the rest means: `tier 2`.
    pub(super) fault: Option<String>,
}

/// One step down: a position and what stands there, `prices` or a list's item.
struct Step<'a> {
    position: usize,
    name: &'a str,
    value: &'a Yaml,
}

impl Part {
    /// The smallest part at a line of the entry that can be left out, where 0 is the line of its id; `None` where that is the
    /// whole entry.
    pub(super) fn at(entry: &Entry, line: usize) -> Option<Self> {
        let prices = entry.prices.as_ref()?;
        let mut steps = Vec::new();
        descend(&entry.body, line.checked_sub(1)?, &mut steps);
        let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
        let place_of = |key: &str| prices.get(key).unwrap_or(&entry.place).clone();
        let (depth, place, what) = match names[..] {
            ["prices", key, "metadata", name, ..] => (4, place_of(key), format!("metadata.{name}")),
            ["prices", key, "label", ..] => (3, place_of(key), "nickname".to_owned()),
            ["prices", key, "currencies" | "currency_tax_behavior", code, ..] => {
                (4, place_of(key), currency_option(code))
            }
            ["prices", key, "tiers" | "custom_amount", "currencies", code, ..] => {
                (5, place_of(key), currency_option(code))
            }
            ["prices", _, "grandfathered", _, "currencies", code, ..] => {
                (6, place_of(key_of(steps[3].value)), currency_option(code))
            }
            ["prices", _, "grandfathered", _, "tiers", "currencies", code, ..] => {
                (7, place_of(key_of(steps[3].value)), currency_option(code))
            }
            ["prices", _, "grandfathered", _, ..] => (4, place_of(key_of(steps[3].value)), "price".to_owned()),
            // A product of which no price has a place of its own has one, and is nothing without it.
            ["prices", ..] if prices.is_empty() => return None,
            ["prices", key, ..] => (2, place_of(key), "price".to_owned()),
            ["metadata", name, ..] => (2, entry.place.clone(), format!("metadata.{name}")),
            ["features", name, ..] => (2, entry.place.clone(), format!("feature {name}")),
            [list @ ("images" | "marketing_features"), _, ..] => (2, entry.place.clone(), list.to_owned()),
            [
                field @ ("description"
                | "tax_code"
                | "statement_descriptor"
                | "unit_label"
                | "url"
                | "package_dimensions"),
                ..,
            ] => (1, entry.place.clone(), field.to_owned()),
            _ => return None,
        };
        let of_price = what == "price";
        let tier = steps[depth..].windows(3).find(|steps| of_price && steps[0].name == "tiers");
        let fault = tier.map(|steps| format!("tier {}", steps[2].position + 1));
        Some(Self { path: steps[..depth].iter().map(|step| step.position).collect(), place, what, fault })
    }

    /// The part without what of it is at fault.
    pub(super) fn whole(self) -> Self {
        Self { fault: None, ..self }
    }

    /// Takes the part out of the entry's body, and what holds nothing without it.
    pub(super) fn remove_from(&self, body: &mut Yaml) {
        remove(body, &self.path);
    }
}

/// Of a price in another currency, as Stripe calls it.
fn currency_option(code: &str) -> String {
    format!("currency_options.{code}")
}

/// The key of a grandfathered price.
fn key_of(former: &Yaml) -> &str {
    let Yaml::Map(fields) = former else { return "" };
    fields
        .iter()
        .find_map(|(name, value)| match value {
            Yaml::Text(key) if name == "key" => Some(key.as_str()),
            _ => None,
        })
        .unwrap_or_default()
}

/// The steps to what stands at a line below the key of `value`.
fn descend<'a>(value: &'a Yaml, mut line: usize, steps: &mut Vec<Step<'a>>) {
    match value {
        Yaml::Map(entries) => {
            for (position, (name, value)) in entries.iter().enumerate() {
                let lines = 1 + lines_below(value);
                if line < lines {
                    steps.push(Step { position, name, value });
                    return line.checked_sub(1).map_or((), |line| descend(value, line, steps));
                }
                line -= lines;
            }
        }
        Yaml::List(items) => {
            for (position, value) in items.iter().enumerate() {
                let lines = lines_of_item(value);
                if line < lines {
                    steps.push(Step { position, name: "", value });
                    return descend(value, line, steps);
                }
                line -= lines;
            }
        }
        Yaml::Plain(_) | Yaml::Text(_) => {}
    }
}

/// The lines that a value takes below that of its key.
fn lines_below(value: &Yaml) -> usize {
    match value {
        Yaml::Map(entries) => entries.iter().map(|(_, value)| 1 + lines_below(value)).sum(),
        Yaml::List(items) => items.iter().map(lines_of_item).sum(),
        Yaml::Plain(_) | Yaml::Text(_) => 0,
    }
}

/// A mapping begins behind its dash.
fn lines_of_item(item: &Yaml) -> usize {
    lines_below(item).max(1)
}

fn remove(value: &mut Yaml, path: &[usize]) {
    let Some((position, rest)) = path.split_first() else { return };
    let child = match value {
        Yaml::Map(entries) => &mut entries[*position].1,
        Yaml::List(items) => &mut items[*position],
        Yaml::Plain(_) | Yaml::Text(_) => return,
    };
    remove(child, rest);
    if rest.is_empty() || lines_below(child) == 0 {
        match value {
            Yaml::Map(entries) => drop(entries.remove(*position)),
            Yaml::List(items) => drop(items.remove(*position)),
            Yaml::Plain(_) | Yaml::Text(_) => {}
        }
    }
}
