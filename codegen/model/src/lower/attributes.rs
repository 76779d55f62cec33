//! Values of attributes, typed by their kind.

use std::ops::RangeInclusive;

use chrono::Datelike;
use rust_decimal::Decimal;

use super::Context;
use crate::catalog::{AttributeType, Value};
use crate::decl::RawValue;
use crate::diagnostic::Diagnostic;
use crate::nearest;
use crate::parse::PlainType;
use crate::source::{Span, Spanned};

/// Digits before and after the point of a decimal attribute's column.
pub(super) const DECIMAL_COLUMN: (u8, u8) = (28, 10);

/// The years that every database's dates have; MySQL's begin latest.
const DATE_YEARS: RangeInclusive<i32> = 1000..=9999;

/// The value of an attribute of type `ty`, or a report at its place.
pub(super) fn value(
    raw: &Spanned<RawValue>,
    ty: &AttributeType,
    context: &Context<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Value> {
    let span = raw.span;
    let (text, plain) = match (&raw.value, ty) {
        (RawValue::List(items), AttributeType::List) => return Some(Value::List(items.clone())),
        (RawValue::Scalar(text, plain), _) if *ty != AttributeType::List => (text.as_str(), *plain),
        _ => {
            let found = if matches!(raw.value, RawValue::List(_)) { "a list" } else { "a single value" };
            report(diagnostics, span, ty, found.to_owned());
            return None;
        }
    };
    let value = match ty {
        AttributeType::Text { .. } if plain && PlainType::of(text) != PlainType::Text => {
            let message = format!("expected a text, found `{text}`");
            let diagnostic = Diagnostic::error("invalid-attribute", span, message);
            diagnostics.push(diagnostic.help(format!("put it in quotes: \"{text}\"")));
            return None;
        }
        AttributeType::Text { max } => {
            if max.is_some_and(|max| text.chars().count() > max as usize) {
                report(diagnostics, span, ty, text.chars().count().to_string());
                return None;
            }
            Some(Value::Text(text.to_owned()))
        }
        AttributeType::Integer { min, max } => {
            (text.parse().ok()).filter(|number: &i64| plain && is_within(*number, *min, *max)).map(Value::Integer)
        }
        AttributeType::Decimal => Decimal::from_str_exact(text).ok().filter(fits_column).map(Value::Decimal),
        AttributeType::Boolean => match text {
            "true" if plain => Some(Value::Boolean(true)),
            "false" if plain => Some(Value::Boolean(false)),
            _ => None,
        },
        AttributeType::Date => (chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
            .filter(|date| date.to_string() == text && DATE_YEARS.contains(&date.year()))
            .map(|_| Value::Text(text.to_owned())),
        AttributeType::OneOf(values) => {
            return one_of(text, span, &mut values.iter().map(String::as_str), diagnostics);
        }
        AttributeType::Enum(name) => match context.enums.get(&**name) {
            Some(Some(decl)) => {
                return one_of(text, span, &mut decl.values.iter().map(|(value, _)| &*value.value), diagnostics);
            }
            _ => Some(Value::Text(text.to_owned())),
        },
        AttributeType::List => None,
    };
    if value.is_none() {
        // What stands in quotes is a text.
        let bare = match ty {
            AttributeType::Integer { .. } => PlainType::of(text) == PlainType::Number,
            AttributeType::Boolean => matches!(text, "true" | "false"),
            _ => false,
        };
        if plain || !bare {
            report(diagnostics, span, ty, format!("`{text}`"));
        } else {
            let message = format!("expected {}, found the text `{text}`", expected(ty));
            let error = Diagnostic::error("invalid-attribute", span, message);
            diagnostics.push(error.help(format!("remove the quotes: `{text}`")));
        }
    }
    value
}

/// Bounds that leave nothing between them are reported at the kind, and not at every value.
fn is_within(number: i64, min: Option<i64>, max: Option<i64>) -> bool {
    let contradict = min.zip(max).is_some_and(|(min, max)| min > max);
    contradict || min.is_none_or(|min| min <= number) && max.is_none_or(|max| number <= max)
}

fn fits_column(number: &Decimal) -> bool {
    let (precision, scale) = DECIMAL_COLUMN;
    let limit = Decimal::from(10_u64.pow(u32::from(precision - scale)));
    let normal = number.normalize();
    normal.scale() <= u32::from(scale) && normal.abs() < limit
}

fn one_of(
    text: &str,
    span: Span,
    values: &mut dyn Iterator<Item = &str>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Value> {
    let values: Vec<&str> = values.collect();
    if values.contains(&text) {
        return Some(Value::Text(text.to_owned()));
    }
    let diagnostic = Diagnostic::error("invalid-attribute", span, format!("`{text}` is none of the values"));
    diagnostics.push(nearest::help(diagnostic, text, values.into_iter()));
    None
}

fn report(diagnostics: &mut Vec<Diagnostic>, span: Span, ty: &AttributeType, found: String) {
    let message = format!("expected {}, found {found}", expected(ty));
    let help = format!("write {}, or change what the kind says of this attribute", example(ty));
    diagnostics.push(Diagnostic::error("invalid-attribute", span, message).help(help));
}

fn expected(ty: &AttributeType) -> String {
    match ty {
        AttributeType::Text { max: Some(max) } => format!("a text of at most {max} characters"),
        AttributeType::Text { max: None } => "a text".to_owned(),
        AttributeType::Integer { min: None, max: None } => "a whole number".to_owned(),
        AttributeType::Integer { min: Some(min), max: None } => format!("a whole number, at least {min}"),
        AttributeType::Integer { min: None, max: Some(max) } => format!("a whole number, at most {max}"),
        AttributeType::Integer { min: Some(min), max: Some(max) } => format!("a whole number from {min} to {max}"),
        AttributeType::Decimal => "a decimal number with at most 18 digits before and 10 after the point".to_owned(),
        AttributeType::Boolean => "`true` or `false`".to_owned(),
        AttributeType::Date => "a date from the year 1000 to 9999, such as `2027-01-31`".to_owned(),
        AttributeType::OneOf(_) | AttributeType::Enum(_) => "one of its values".to_owned(),
        AttributeType::List => "a list".to_owned(),
    }
}

/// A value as it may be written.
fn example(ty: &AttributeType) -> String {
    match ty {
        AttributeType::Text { .. } => "a shorter text".to_owned(),
        AttributeType::Integer { min, max } => {
            let least = min.unwrap_or_default();
            format!("a number such as `{}`", max.map_or(least, |max| max.min(least)))
        }
        AttributeType::Decimal => "a number such as `0.5`".to_owned(),
        AttributeType::Boolean => "`true` or `false`".to_owned(),
        AttributeType::Date => "a day as `2027-01-31`".to_owned(),
        AttributeType::OneOf(_) | AttributeType::Enum(_) => "one of its values".to_owned(),
        AttributeType::List => "a list: `[first, second]`".to_owned(),
    }
}
