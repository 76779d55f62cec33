//! One kind of the live API against its validation table, field by field.

use std::collections::BTreeSet;

use pricebook_types::Currency;
use pricebook_types::validation::{LiveAmounts, LiveItem, LiveKind, MetadataValue, Number, PriceRange};
use serde::Serialize;
use serde_json::{Map, Value};

use super::answer::{Answered, amount};
use super::shown;
use crate::services::major::{decimal, from_major};

/// Something that the live API answers differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LiveDifference {
    /// The kind's id.
    pub kind: String,
    /// The product's id.
    pub id: String,
    /// What differs: `price`, `deposit`, `name` …; `listed` where the product is missing or should be.
    pub field: String,
    /// The same for people.
    pub message: String,
}

/// A product that is as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sound {
    /// The product's id.
    pub id: String,
    /// `$1495` or `$29 to $290`; `None` where no price has a plain amount.
    pub price: Option<String>,
    /// `$299`
    pub deposit: Option<String>,
}

/// What comparing a kind gives.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) sound: Vec<Sound>,
    pub(super) differences: Vec<LiveDifference>,
}

/// Compares a kind. `title` is its name for people; the products of the catalog's first kind are told by their id alone.
pub(super) fn compare(
    title: &str,
    is_first: bool,
    kind: &LiveKind<'_>,
    answered: &[Answered<'_>],
    day: &str,
) -> Compared {
    let mut compared = Compared::default();
    for item in &kind.items {
        let mut findings = Findings { kind, title, is_first, id: &item.id, found: Vec::new() };
        let mut shown = answered.iter().filter(|answered| answered.id == *item.id && is_listed(answered));
        match (shown.next(), item.active) {
            (Some(answered), true) => {
                findings.of_item(item, answered, day);
                if shown.next().is_some() {
                    findings.listed("found more than once in API");
                }
                if findings.found.is_empty() {
                    compared.sound.push(sound(item, day));
                }
            }
            (Some(_), false) => findings.listed("is not for sale, but found in API"),
            (None, true) => findings.listed("not found in API"),
            (None, false) => {}
        }
        compared.differences.append(&mut findings.found);
    }
    let known: BTreeSet<_> = kind.items.iter().map(|item| &*item.id).collect();
    let unknown: BTreeSet<_> = answered.iter().map(|answered| &*answered.id).filter(|id| !known.contains(id)).collect();
    for id in unknown {
        let mut findings = Findings { kind, title, is_first, id, found: Vec::new() };
        findings.listed("found in API, but not in the catalog");
        compared.differences.append(&mut findings.found);
    }
    compared
}

/// An API may list everything, and say of each whether it is sold.
fn is_listed(answered: &Answered<'_>) -> bool {
    !matches!(answered.raw("active"), Some("false" | "0"))
}

fn sound(item: &LiveItem<'_>, day: &str) -> Sound {
    let LiveAmounts { price_range, deposit_amount } = item.amounts_on(day);
    let money = |number: &Number<'_>| shown::money(number, item.currency);
    let price = price_range.as_ref().map(|PriceRange { min, max }| match min == max {
        true => money(min),
        false => format!("{} to {}", money(min), money(max)),
    });
    Sound { id: item.id.to_string(), price, deposit: deposit_amount.as_ref().map(money) }
}

/// What is found about one product.
struct Findings<'a> {
    kind: &'a LiveKind<'a>,
    title: &'a str,
    is_first: bool,
    id: &'a str,
    found: Vec<LiveDifference>,
}

impl Findings<'_> {
    fn add(&mut self, field: &str, message: String) {
        let (kind, id) = (self.kind.kind.to_string(), shown::text(self.id));
        self.found.push(LiveDifference { kind, id, field: field.to_owned(), message });
    }

    fn listed(&mut self, what: &str) {
        self.add("listed", format!("{} '{}' {what}", self.title, shown::text(self.id)));
    }

    fn mismatch(&mut self, field: &str, name: &str, expected: &str, got: &str) {
        let of = if self.is_first { String::new() } else { format!("{} ", self.kind.kind) };
        self.add(field, format!("{of}{}: {name} mismatch. Expected: {expected}, Got: {got}", self.id));
    }

    fn of_item(&mut self, item: &LiveItem<'_>, answered: &Answered<'_>, day: &str) {
        let amounts = item.amounts_on(day);
        self.of_price(amounts.price_range.as_ref(), answered.range(), item.currency);
        let deposit = answered.raw("depositAmount");
        self.of_amount("deposit", "Deposit", amounts.deposit_amount.as_ref(), deposit, item.currency);
        self.of_text("name", "Name", &item.name, answered.raw("name"));
        self.of_text("description", "Description", &item.description, answered.raw("description").or(Some("\"\"")));
        self.of_text("billingType", "Billing type", item.billing_type.as_str(), answered.raw("billingType"));
        // An API with one currency need not name it.
        if let Some(currency) = answered.raw("currency") {
            self.of_text("currency", "Currency", item.currency.code(), Some(&currency.to_ascii_lowercase()));
        }
        let (features, metadata) = answered.features_and_metadata();
        self.of_features(item, &features.unwrap_or_default());
        self.of_metadata(item, &metadata.unwrap_or_default());
    }

    /// The same wrong amount at both ends is one difference. An API of single prices need not have both ends.
    fn of_price(
        &mut self,
        expected: Option<&PriceRange<'_>>,
        (min, max): (Option<&str>, Option<&str>),
        currency: Currency,
    ) {
        self.of_amount("price", "Price", expected.map(|range| &range.min), min, currency);
        let is_single = expected.is_none_or(|range| range.min == range.max);
        if is_single && (max.is_none() || max == min) {
            return;
        }
        self.of_amount("price", "Highest price", expected.map(|range| &range.max), max, currency);
    }

    fn of_amount(
        &mut self,
        field: &str,
        name: &str,
        expected: Option<&Number<'_>>,
        got: Option<&str>,
        currency: Currency,
    ) {
        let got_amount = got.and_then(amount);
        let equal = match expected {
            None => got.is_none(),
            Some(expected) => got_amount.is_some() && decimal(expected) == got_amount,
        };
        if !equal {
            let expected = shown::or_nothing(expected.map(|number| shown::money(number, currency)));
            let got = match got_amount {
                Some(amount) => Some(shown::money(&from_major(amount, currency), currency)),
                None => got.map(shown::text),
            };
            self.mismatch(field, name, &expected, &shown::or_nothing(got));
        }
    }

    fn of_text(&mut self, field: &str, name: &str, expected: &str, got: Option<&str>) {
        let text = got.and_then(|raw| serde_json::from_str::<String>(raw).ok());
        if text.as_deref() != Some(expected) {
            let got = text.as_deref().map(shown::quoted).or_else(|| got.map(shown::text));
            self.mismatch(field, name, &shown::quoted(expected), &shown::or_nothing(got));
        }
    }

    /// Tells the first line that differs.
    fn of_features(&mut self, item: &LiveItem<'_>, got: &[String]) {
        let line = |at: usize| (item.features.get(at).map(|line| &**line), got.get(at).map(|line| &**line));
        let differs = (0..item.features.len().max(got.len())).map(line).find(|(expected, got)| expected != got);
        if let Some((expected, got)) = differs {
            let [expected, got] = [expected, got].map(|line| shown::or_nothing(line.map(shown::quoted)));
            self.mismatch("features", "Features", &expected, &got);
        }
    }

    fn of_metadata(&mut self, item: &LiveItem<'_>, got: &Map<String, Value>) {
        let keys: BTreeSet<&str> = item.metadata.keys().map(|key| &**key).chain(got.keys().map(|key| &**key)).collect();
        for key in keys {
            let (expected, got) = (item.metadata.get(key).map(json), got.get(key));
            if expected.as_ref() != got {
                let [expected, got] = [expected.as_ref(), got]
                    .map(|value| shown::or_nothing(value.map(|value| shown::text(&value.to_string()))));
                self.mismatch("metadata", &format!("Metadata '{}'", shown::text(key)), &expected, &got);
            }
        }
    }
}

fn json(value: &MetadataValue<'_>) -> Value {
    match value {
        MetadataValue::Boolean(truth) => Value::from(*truth),
        MetadataValue::Integer(number) => Value::from(*number),
        MetadataValue::Text(text) => Value::from(&**text),
    }
}
