//! A typed reader over nodes: each function gives a value with its place, or one diagnostic.

use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::Datelike;
use pricebook_types::Currency;
use pricebook_types::unseen::{is_unseen, looks_blank};
use rust_decimal::Decimal;

use crate::diagnostic::Diagnostic;
use crate::nearest;
use crate::parse::{Entry, Node, PlainType, Value, control_character};
use crate::readings::{self, readings};
use crate::source::{Span, Spanned};

/// Where readers report.
pub(crate) type Diagnostics = Vec<Diagnostic>;

/// The part of a value's first line, so that a report of a long value stays short.
pub(crate) fn head(node: &Node<'_>) -> Span {
    match &node.value {
        Value::Mapping(entries) => entries.first().map_or(node.span, |entry| entry.key_span),
        Value::Sequence(items) => items.first().map_or(node.span, head),
        _ => node.span,
    }
}

fn wrong_type<T>(node: &Node<'_>, expected: &str, diagnostics: &mut Diagnostics) -> Option<T> {
    if node.value != Value::Refused {
        let message = format!("expected {expected}, found {}", node.describe());
        let diagnostic = Diagnostic::error("wrong-type", head(node), message);
        diagnostics.push(diagnostic.help(match (expected, &node.value) {
            ("a text", Value::Mapping(entries)) if entries.len() == 1 => {
                "put a text that holds `: ` in quotes".to_owned()
            }
            ("a text", Value::Sequence(_)) => "put a text that begins with `[` in quotes".to_owned(),
            (_, _) if node.is_nothing() => format!("write {expected} behind the key, or remove the key"),
            ("a list", Value::Mapping(_)) => "begin each entry of a list with `- `".to_owned(),
            ("a list", _) => "put what the list holds in brackets: `[first, second]`".to_owned(),
            ("a mapping", _) => {
                "write `key: value` below the key, each on a line of its own, indented deeper".to_owned()
            }
            _ => format!("write {expected}, or remove the key"),
        }));
    }
    None
}

/// The text of a scalar and whether it is bare.
pub(crate) fn scalar<'n>(node: &'n Node<'_>, expected: &str, diagnostics: &mut Diagnostics) -> Option<(&'n str, bool)> {
    match &node.value {
        Value::Scalar { text, plain } if !(*plain && PlainType::of(text) == PlainType::Nothing) => Some((text, *plain)),
        _ => wrong_type(node, expected, diagnostics),
    }
}

/// A text, which is empty or shows something; bare numbers and booleans are none.
pub(crate) fn text(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let (text, plain) = scalar(node, "a text", diagnostics)?;
    if plain && PlainType::of(text) != PlainType::Text {
        let message = format!("expected a text, found {}", node.describe());
        diagnostics
            .push(Diagnostic::error("wrong-type", node.span, message).help(format!("put it in quotes: \"{text}\"")));
        return None;
    }
    // Only escapes within quotes can bring a control character: raw ones were refused with their file.
    let control = |c: &char| c.is_control() && !matches!(c, '\n' | '\t');
    if !plain && let Some(character) = text.chars().find(control) {
        diagnostics.push(control_character(node.span, character));
        return None;
    }
    if !text.is_empty() && !shows_something(text) {
        diagnostics.push(empty_text(node.span, "a text must stand here, but nothing of it can be seen"));
        return None;
    }
    Some(Spanned { value: text.to_owned(), span: node.span })
}

fn shows_something(text: &str) -> bool {
    text.chars().any(|char| !char.is_whitespace() && !is_unseen(char) && !looks_blank(char))
}

fn empty_text(span: Span, message: &str) -> Diagnostic {
    Diagnostic::error("empty-text", span, message).help("write the text; what may be left out is left out with its key")
}

/// A text that is not empty.
pub(crate) fn label(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let text = text(node, diagnostics)?;
    if text.value.is_empty() {
        diagnostics.push(empty_text(node.span, "a text must stand here, but it is empty"));
        return None;
    }
    Some(text)
}

/// `true` or `false`.
pub(crate) fn boolean(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<bool>> {
    let (text, plain) = scalar(node, "`true` or `false`", diagnostics)?;
    let value = match text {
        "true" if plain => true,
        "false" if plain => false,
        _ => {
            let meant = match text.to_ascii_lowercase().as_str() {
                "true" | "false" if !plain => "remove the quotes",
                "true" | "yes" | "on" | "y" | "1" => "write `true`",
                "false" | "no" | "off" | "n" | "0" => "write `false`",
                _ => "write `true` or `false`",
            };
            let message = format!("expected `true` or `false`, found {}", node.describe());
            diagnostics.push(Diagnostic::error("invalid-boolean", node.span, message).help(meant));
            return None;
        }
    };
    Some(Spanned { value, span: node.span })
}

/// A whole number of type `N`.
pub(crate) fn integer<N: FromStr>(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<N>> {
    let (text, plain) = scalar(node, "a whole number", diagnostics)?;
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = plain && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole && let Ok(value) = text.parse() {
        return Some(Spanned { value, span: node.span });
    }
    let message = match whole {
        true => format!("the number `{text}` is out of range here"),
        false => format!("expected a whole number, found {}", node.describe()),
    };
    let mut diagnostic = Diagnostic::error("invalid-integer", node.span, message);
    if !plain && text.parse::<N>().is_ok() {
        diagnostic = diagnostic.help(format!("remove the quotes: `{text}`"));
    }
    let whole = readings(text).into_iter().filter(|number| !number.contains('.'));
    if let Some(help) = readings::write(&whole.collect::<Vec<_>>()) {
        diagnostic = diagnostic.help(help);
    }
    if diagnostic.help.is_empty() {
        diagnostic = diagnostic.help(match text.parse::<i128>() {
            Ok(number) if number < 0 => "write a number that is not below 0",
            Ok(_) => "write a smaller number",
            Err(_) => "write digits only, as in `14`",
        });
    }
    diagnostics.push(diagnostic);
    None
}

/// An exact decimal number, bare or in quotes, without an exponent.
pub(crate) fn decimal(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<Decimal>> {
    let (text, _) = scalar(node, "a decimal number", diagnostics)?;
    if is_decimal(text)
        && let Ok(value) = Decimal::from_str_exact(text)
    {
        return Some(Spanned { value, span: node.span });
    }
    let diagnostic = Diagnostic::error(
        "invalid-decimal",
        node.span,
        match is_decimal(text) {
            true => format!("the number `{text}` has more digits than can be kept exactly"),
            false => format!("expected a decimal number, found {}", node.describe()),
        },
    );
    diagnostics.push(match readings::write(&readings(text)) {
        Some(help) => diagnostic.help(format!("{help}: digits and a point, no currency signs, units or separators")),
        None if is_decimal(text) => diagnostic.help("write at most 28 digits"),
        None => diagnostic.help("write digits and a point, as in `29.00`"),
    });
    None
}

fn is_decimal(text: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    unsigned.split_once('.').map_or_else(|| digits(unsigned), |(whole, fraction)| digits(whole) && digits(fraction))
}

/// The years in which something can begin or end that is sold. The amounts that are no announced change stand in the
/// database from 1970-01-01 on, and a year of another century is a slip of the keyboard.
const YEARS: RangeInclusive<i32> = 2000..=2099;

/// An ISO 8601 date, kept as text.
pub(crate) fn date(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let (text, _) = scalar(node, "a date", diagnostics)?;
    let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    if let Some(date) = date.filter(|date| text.len() == 10 && date.to_string() == text) {
        if YEARS.contains(&date.year()) {
            return Some(Spanned { value: text.to_owned(), span: node.span });
        }
        let help = format!("write a day from {}-01-01 to {}-12-31", YEARS.start(), YEARS.end());
        let message = format!("nothing that is sold begins or ends in the year {}", date.year());
        diagnostics.push(Diagnostic::error("date-out-of-range", node.span, message).help(help));
        return None;
    }
    let message = format!("expected a date, found {}", node.describe());
    diagnostics
        .push(Diagnostic::error("invalid-date", node.span, message).help("write year, month and day: `2027-01-31`"));
    None
}

/// An ISO 4217 code in lower case.
pub(crate) fn currency(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<Currency>> {
    let (text, _) = scalar(node, "a currency", diagnostics)?;
    currency_code(text, node.span, diagnostics).map(|value| Spanned { value, span: node.span })
}

/// The currency that a value or key names.
pub(crate) fn currency_code(text: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<Currency> {
    match text.parse::<Currency>() {
        Ok(currency) if currency.code() == text => Some(currency),
        Ok(currency) => {
            let message = format!("currencies are written in lower case, but this is `{text}`");
            diagnostics.push(
                Diagnostic::error("unknown-currency", span, message).help(format!("write `{}`", currency.code())),
            );
            None
        }
        Err(_) => {
            let message = format!("`{text}` is no ISO 4217 code of a currency that can be charged in");
            let diagnostic = Diagnostic::error("unknown-currency", span, message);
            let meant: Vec<String> = (currency_called(text).into_iter().chain(transposed(text)))
                .map(|meant| format!("`{}`, the {}", meant.code(), meant.title()))
                .collect();
            diagnostics.push(match meant.is_empty() {
                false => diagnostic.help(format!("did you mean {}?", meant.join(", or "))),
                true => diagnostic.help("write three lower-case letters: `usd`"),
            });
            None
        }
    }
}

/// The one currency whose name holds this word: codes are too short for a nearest one to be what is meant.
fn currency_called(word: &str) -> Option<Currency> {
    let word = word.to_lowercase();
    let holds = |currency: &&Currency| currency.title().to_lowercase().split(' ').any(|part| part == word);
    let mut called = Currency::ALL.iter().filter(holds);
    called.next().copied().filter(|_| called.next().is_none())
}

/// The currencies whose codes are this one with two neighbours exchanged: `gpb`.
fn transposed(code: &str) -> impl Iterator<Item = Currency> {
    let letters: Vec<char> = code.to_lowercase().chars().collect();
    (1..letters.len()).take(2).filter_map(move |at| {
        let mut letters = letters.clone();
        letters.swap(at - 1, at);
        letters.into_iter().collect::<String>().parse().ok()
    })
}

/// One of a few words.
pub(crate) fn choice<T: Copy>(
    node: &Node<'_>,
    words: &[(&str, T)],
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<T>> {
    let listed = || words.iter().map(|(word, _)| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    let Value::Scalar { text, .. } = &node.value else {
        return wrong_type(node, &format!("one of {}", listed()), diagnostics);
    };
    if let Some((_, value)) = words.iter().find(|(word, _)| word == text) {
        return Some(Spanned { value: *value, span: node.span });
    }
    let message = format!("expected one of {}, found {}", listed(), node.describe());
    let diagnostic = Diagnostic::error("unknown-choice", node.span, message);
    diagnostics.push(match nearest::nearest(text, words.iter().map(|(word, _)| *word)) {
        Some(meant) => diagnostic.help(format!("did you mean `{meant}`?")),
        None => diagnostic.help("write one of them, or look whether the line is indented as it should be"),
    });
    None
}

/// An id in snake case.
pub(crate) fn id(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    let (text, _) = scalar(node, "an id", diagnostics)?;
    checked_id(text, node.span, IdForm::Snake, diagnostics)
}

/// The alphabet of ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdForm {
    /// `[a-z][a-z0-9_]*`
    Snake,
    /// `[a-z][a-z0-9_-]*`
    Product,
    /// `[A-Za-z0-9][A-Za-z0-9_-]*`: coupons keep the ids that Stripe knows them by, such as `jMT0WJUD`.
    Coupon,
}

/// An id of a value or key.
pub(crate) fn checked_id(
    text: &str,
    span: Span,
    form: IdForm,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<String>> {
    let (capitals, hyphens) = (form == IdForm::Coupon, form != IdForm::Snake);
    let letter = |c: char| c.is_ascii_lowercase() || capitals && c.is_ascii_uppercase();
    let first = |c: char| letter(c) || capitals && c.is_ascii_digit();
    let allowed = |c: char| letter(c) || c.is_ascii_digit() || c == '_' || hyphens && c == '-';
    if text.starts_with(first) && text.chars().all(allowed) {
        return Some(Spanned { value: text.to_owned(), span });
    }
    let rule = match form {
        IdForm::Snake => "an id is a lower-case letter, then lower-case letters, digits and `_`",
        IdForm::Product => "a product's id is a lower-case letter, then lower-case letters, digits, `_` and `-`",
        IdForm::Coupon => "a coupon's id holds letters, digits, `_` and `-`, and begins with a letter or digit",
    };
    let mut diagnostic = Diagnostic::error("invalid-id", span, format!("`{text}` cannot be an id")).help(rule);
    let meant = heck::ToSnakeCase::to_snake_case(text);
    if meant.starts_with(|c: char| c.is_ascii_lowercase()) && meant.chars().all(allowed) && meant.len() <= 64 {
        diagnostic = diagnostic.help(format!("write `{meant}`"));
    }
    diagnostics.push(diagnostic);
    None
}

/// The items of a list, each read by `item`; all or nothing.
pub(crate) fn list<T>(
    node: &Node<'_>,
    diagnostics: &mut Diagnostics,
    mut item: impl FnMut(&Node<'_>, &mut Diagnostics) -> Option<T>,
) -> Option<Vec<T>> {
    let Value::Sequence(items) = &node.value else {
        return wrong_type(node, "a list", diagnostics);
    };
    let read: Vec<Option<T>> = items.iter().map(|node| item(node, diagnostics)).collect();
    read.into_iter().collect()
}

/// The entries of a mapping whose keys are names that the catalog chooses; all or nothing.
pub(crate) fn map<T>(
    node: &Node<'_>,
    diagnostics: &mut Diagnostics,
    mut entry: impl FnMut(&Entry<'_>, &mut Diagnostics) -> Option<T>,
) -> Option<Vec<T>> {
    let before = diagnostics.len();
    let entries = entries(node, diagnostics)?;
    let read: Vec<Option<T>> = entries.iter().map(|item| entry(item, diagnostics)).collect();
    let read: Option<Vec<T>> = read.into_iter().collect();
    if read.is_none() && diagnostics.len() > before + 1 {
        strangers_are_one_problem(entries, before, diagnostics);
    }
    read
}

/// A key that holds nothing or a mapping, where neither can stand, was moved here with those below it.
fn strangers_are_one_problem(entries: &[Entry<'_>], before: usize, diagnostics: &mut Diagnostics) {
    let is_strange = |found: &Diagnostic| {
        matches!(found.code, "wrong-type" | "unknown-choice")
            && entries.iter().any(|entry| {
                found.primary.0 == head(&entry.value)
                    && (entry.value.is_nothing() || matches!(entry.value.value, Value::Mapping(_)))
            })
    };
    let Some(first) = (before..diagnostics.len()).find(|at| is_strange(&diagnostics[*at])) else { return };
    let others: Vec<Diagnostic> = diagnostics.drain(first + 1..).collect();
    let empty =
        entries.iter().any(|entry| diagnostics[first].primary.0 == entry.value.span && entry.value.is_nothing());
    for other in others {
        match empty || is_strange(&other) {
            true => diagnostics[first].secondary.push((other.primary.0, "and this".to_owned())),
            false => diagnostics.push(other),
        }
    }
}

/// The entries of a mapping.
pub(crate) fn entries<'n, 's>(node: &'n Node<'s>, diagnostics: &mut Diagnostics) -> Option<&'n [Entry<'s>]> {
    match &node.value {
        Value::Mapping(entries) => Some(entries),
        _ => wrong_type(node, "a mapping", diagnostics),
    }
}
