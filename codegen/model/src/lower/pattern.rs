//! Patterns of ids and names: `plan_{id}_{price}`.

use crate::catalog::Value;
use crate::decl::AttributeDecl;
use crate::diagnostic::Diagnostic;
use crate::nearest;
use crate::source::{Span, Spanned};

/// A pattern that was checked.
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Kind,
    Id,
    Name,
    Price,
    PriceLabel,
    Currency,
    Attribute(String),
}

/// What placeholders stand for.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    pub(super) kind: &'a str,
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) price: &'a str,
    pub(super) label: &'a str,
    pub(super) currency: &'a str,
    pub(super) attributes: &'a [(String, Value)],
}

/// Whether a pattern is applied to a product or to each of its prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Per {
    Product,
    Price,
}

/// Why a pattern cannot be applied.
pub(super) struct Refusal {
    pub(super) diagnostic: Diagnostic,
    /// The placeholder that differs between prices, where that is the reason.
    pub(super) differing: Option<String>,
}

impl Pattern {
    /// Reads a pattern for products or prices of a kind with these attributes.
    pub(super) fn parse(text: &Spanned<String>, per: Per, attributes: &[AttributeDecl]) -> Result<Self, Box<Refusal>> {
        let mut parts = Vec::new();
        let mut rest = text.value.as_str();
        while let Some(open) = rest.find(['{', '}']) {
            let begin = text.value.len() - rest.len() + open;
            let error = |message: String| {
                let length = rest[open..].find('}').map_or(1, |close| close + 1);
                Diagnostic::error("invalid-pattern", part_of(text, begin, length), message)
            };
            let close = rest[open..].find('}').filter(|_| rest[open..].starts_with('{'));
            let Some(close) = close else {
                let message = "a placeholder is not closed, or closed twice".to_owned();
                let diagnostic = error(message).help("write each placeholder in one pair of braces, as in `{id}`");
                return Err(Box::new(Refusal { diagnostic, differing: None }));
            };
            let placeholder = &rest[open + 1..open + close];
            let diagnostic = match part(placeholder, per, attributes) {
                Ok(part) => {
                    parts.extend([Part::Text(rest[..open].to_owned()), part]);
                    rest = &rest[open + close + 1..];
                    continue;
                }
                Err(Refused::PerProduct) => {
                    let help = "use it where `product_per: price` gives each price a product, or in `lookup_key`";
                    let message =
                        format!("`{{{placeholder}}}` differs between prices, but this is for the whole product");
                    let diagnostic = error(message).help(help);
                    return Err(Box::new(Refusal { diagnostic, differing: Some(placeholder.to_owned()) }));
                }
                Err(Refused::Optional) => {
                    let message = format!("`{{{placeholder}}}` may be missing");
                    let attribute =
                        attributes.iter().find(|known| placeholder.ends_with(&format!(".{}", known.id.value)));
                    let report = match attribute {
                        Some(attribute) => {
                            let place = attribute.required.as_ref().map_or(attribute.id.span, |required| required.span);
                            error(message).also(place, "no product has to say it")
                        }
                        None => error(message),
                    };
                    report.help("make the attribute `required: true`, or give it a `default:`")
                }
                Err(Refused::Unknown) => {
                    let named = attributes.iter().map(|attribute| format!("attribute.{}", attribute.id.value));
                    let named: Vec<String> = named.collect();
                    let fixed = ["kind", "id", "name", "price", "price.label", "currency"].into_iter();
                    let diagnostic = error(format!("there is no placeholder `{{{placeholder}}}`"));
                    let written = |name: &str| format!("{{{name}}}");
                    let valid: Vec<_> = fixed.chain(named.iter().map(String::as_str)).map(written).collect();
                    nearest::help(diagnostic, &written(placeholder), valid.iter().map(String::as_str))
                }
            };
            return Err(Box::new(Refusal { diagnostic, differing: None }));
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self { parts })
    }

    /// The text for one product or price.
    pub(super) fn apply(&self, values: &Values<'_>) -> String {
        let mut text = String::with_capacity(32);
        for part in &self.parts {
            match part {
                Part::Text(part) => text.push_str(part),
                Part::Kind => text.push_str(values.kind),
                Part::Id => text.push_str(values.id),
                Part::Name => text.push_str(values.name),
                Part::Price => text.push_str(values.price),
                Part::PriceLabel => text.push_str(values.label),
                Part::Currency => text.push_str(values.currency),
                Part::Attribute(id) => {
                    let value = values.attributes.iter().find(|(attribute, _)| attribute == id);
                    text.push_str(&value.map(|(_, value)| shown(value)).unwrap_or_default());
                }
            }
        }
        text
    }
}

/// The place of a part of a text; of the whole where escapes move its characters.
fn part_of(text: &Spanned<String>, begin: usize, length: usize) -> Span {
    let Span { start, end, .. } = text.span;
    let quotes = (end - start) as usize - text.value.len().min((end - start) as usize);
    if !matches!(quotes, 0 | 2) {
        return text.span;
    }
    let start = start + (quotes / 2 + begin) as u32;
    Span { start, end: start + length as u32, ..text.span }
}

enum Refused {
    Unknown,
    PerProduct,
    Optional,
}

fn part(placeholder: &str, per: Per, attributes: &[AttributeDecl]) -> Result<Part, Refused> {
    let part = match placeholder {
        "kind" => Part::Kind,
        "id" => Part::Id,
        "name" => Part::Name,
        "currency" => Part::Currency,
        "price" | "price.label" if per == Per::Product => return Err(Refused::PerProduct),
        "price" => Part::Price,
        "price.label" => Part::PriceLabel,
        _ => {
            let id = placeholder.strip_prefix("attribute.").ok_or(Refused::Unknown)?;
            let attribute = attributes.iter().find(|attribute| attribute.id.value == id).ok_or(Refused::Unknown)?;
            let given =
                attribute.required.as_ref().is_some_and(|required| required.value) || attribute.default.is_some();
            return if given { Ok(Part::Attribute(id.to_owned())) } else { Err(Refused::Optional) };
        }
    };
    Ok(part)
}

fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Boolean(value) => value.to_string(),
        Value::List(items) => items.join("-"),
    }
}
