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

/// What [`is_date`] holds of, in words.
pub(crate) const DATE_WORDS: &str = "a date from the year 1000 to 9999, such as `2027-01-31`";

/// Whether a text is an ISO 8601 date that every database can hold.
pub(crate) fn is_date(text: &str) -> bool {
    let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d");
    date.is_ok_and(|date| date.to_string() == text && DATE_YEARS.contains(&date.year()))
}

/// The value of an attribute of type `ty`, or a report at its place.
pub(super) fn value(
    raw: &Spanned<RawValue>,
    ty: &AttributeType,
    context: &Context<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Value> {
    let written = match (&raw.value, ty) {
        (RawValue::List(items), AttributeType::List) => return Some(Value::List(items.clone())),
        (RawValue::Scalar(text, plain), _) if *ty != AttributeType::List => {
            Written { text, plain: *plain, span: raw.span }
        }
        _ => {
            let found = if matches!(raw.value, RawValue::List(_)) { "a list" } else { "a single value" };
            diagnostics.push(mismatch(raw.span, ty, None, found));
            return None;
        }
    };
    let enum_values = match ty {
        AttributeType::Enum(name) => match context.enums.get(&**name) {
            Some(Some(decl)) => Some(decl.values.iter().map(|(value, _)| &*value.value).collect()),
            // What is wrong with the enum was reported there.
            _ => return Some(Value::Text(written.text.to_owned())),
        },
        AttributeType::OneOf(values) => Some(values.iter().map(String::as_str).collect()),
        _ => None,
    };
    let read = match enum_values {
        Some(values) => written.one_of(values),
        None => written.of_type(ty).ok_or_else(|| Box::new(written.refused(ty))),
    };
    read.map_err(|problem| diagnostics.push(*problem)).ok()
}

/// A single value as it stands in the file.
#[derive(Clone, Copy)]
struct Written<'a> {
    text: &'a str,
    /// Without quotes.
    plain: bool,
    span: Span,
}

impl Written<'_> {
    fn is_bare_number_or_word(&self) -> bool {
        self.plain && PlainType::of(self.text) != PlainType::Text
    }

    fn of_type(&self, ty: &AttributeType) -> Option<Value> {
        let Self { text, plain, .. } = *self;
        match ty {
            AttributeType::Text { max } => (!self.is_bare_number_or_word()
                && max.is_none_or(|max| text.chars().count() <= max as usize))
            .then(|| Value::Text(text.to_owned())),
            AttributeType::Integer { min, max } => {
                (text.parse().ok()).filter(|number: &i64| plain && is_within(*number, *min, *max)).map(Value::Integer)
            }
            AttributeType::Decimal => Decimal::from_str_exact(text).ok().filter(fits_column).map(Value::Decimal),
            AttributeType::Boolean => match text {
                "true" if plain => Some(Value::Boolean(true)),
                "false" if plain => Some(Value::Boolean(false)),
                _ => None,
            },
            AttributeType::Date => is_date(text).then(|| Value::Text(text.to_owned())),
            AttributeType::OneOf(_) | AttributeType::Enum(_) | AttributeType::List => None,
        }
    }

    fn one_of(&self, values: Vec<&str>) -> Result<Value, Box<Diagnostic>> {
        if values.contains(&self.text) {
            return Ok(Value::Text(self.text.to_owned()));
        }
        let message = format!("`{}` is none of the values", self.text);
        let diagnostic = Diagnostic::error("invalid-attribute", self.span, message);
        Err(Box::new(nearest::help(diagnostic, self.text, values.into_iter())))
    }

    /// What is wrong with a value that is none of the type.
    fn refused(&self, ty: &AttributeType) -> Diagnostic {
        let Self { text, plain, span } = *self;
        let is_text = matches!(ty, AttributeType::Text { .. });
        if is_text && self.is_bare_number_or_word() {
            let message = format!("expected a text, found `{text}`");
            return Diagnostic::error("invalid-attribute", span, message).help(format!("put it in quotes: \"{text}\""));
        }
        // What stands in quotes is a text.
        let bare = match ty {
            AttributeType::Integer { .. } => PlainType::of(text) == PlainType::Number,
            AttributeType::Boolean => matches!(text, "true" | "false"),
            _ => false,
        };
        if !plain && bare {
            let message = format!("expected {}, found the text `{text}`", expected(ty));
            let error = Diagnostic::error("invalid-attribute", span, message);
            return error.help(format!("remove the quotes: `{text}`"));
        }
        match is_text {
            true => mismatch(span, ty, None, &text.chars().count().to_string()),
            false => mismatch(span, ty, Some(text), &format!("`{text}`")),
        }
    }
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

fn mismatch(span: Span, ty: &AttributeType, text: Option<&str>, found: &str) -> Diagnostic {
    let message = format!("expected {}, found {found}", expected(ty));
    let help = format!("write {}, or change what the kind says of this attribute", example(ty, text));
    Diagnostic::error("invalid-attribute", span, message).help(help)
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
        AttributeType::Date => DATE_WORDS.to_owned(),
        AttributeType::OneOf(_) | AttributeType::Enum(_) => "one of its values".to_owned(),
        AttributeType::List => "a list".to_owned(),
    }
}

/// A value as it may be written, near to what was.
fn example(ty: &AttributeType, text: Option<&str>) -> String {
    match ty {
        AttributeType::Text { .. } => "a shorter text".to_owned(),
        AttributeType::Integer { min, max } => {
            let (min, max) = (min.unwrap_or(i64::MIN), max.unwrap_or(i64::MAX));
            let written = text.and_then(|text| text.parse().ok()).unwrap_or(0_i64);
            format!("a number such as `{}`", written.min(max).max(min))
        }
        AttributeType::Decimal => "a number such as `0.5`".to_owned(),
        AttributeType::Boolean => "`true` or `false`".to_owned(),
        AttributeType::Date => "a day as `2027-01-31`".to_owned(),
        AttributeType::OneOf(_) | AttributeType::Enum(_) => "one of its values".to_owned(),
        AttributeType::List => "a list: `[first, second]`".to_owned(),
    }
}
