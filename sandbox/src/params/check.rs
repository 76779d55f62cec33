//! Checks a form against what its endpoint declares, and gives each value its type.

use std::str::FromStr;

use pricebook_types::Currency;
use rust_decimal::Decimal;
use serde_json::{Map, Number, Value, json};

use super::form::{Branch, Key, Node};
use super::{Field, Kind, Params};
use crate::failure::Failure;

/// <https://docs.stripe.com/api/metadata>
const METADATA_KEYS: usize = 50;
const METADATA_KEY_LENGTH: usize = 40;
const METADATA_VALUE_LENGTH: usize = 500;
/// Of `unit_amount_decimal`.
const DECIMAL_PLACES: u32 = 12;

/// The values of a form.
///
/// # Errors
/// All unknown parameters at once, else the first that is missing or wrong.
pub(crate) fn check(form: &Branch, fields: &[&[Field]]) -> Result<Params, Failure> {
    let fields: Vec<Field> = fields.iter().flat_map(|fields| fields.iter().copied()).collect();
    let mut unknown = Vec::new();
    find_unknown(form, &fields, "", &mut unknown);
    if !unknown.is_empty() {
        return Err(Failure::unknown(&unknown).early());
    }
    hash(form, &fields, "").map(Params::new).map_err(Failure::early)
}

/// `recurring[interval]`, of the hash at `above`.
fn name_below(above: &str, name: &str) -> String {
    if above.is_empty() { name.to_owned() } else { format!("{above}[{name}]") }
}

fn find_unknown(branch: &Branch, fields: &[Field], above: &str, unknown: &mut Vec<String>) {
    for (key, node) in &branch.entries {
        let name = name_below(above, &key.text());
        match fields.iter().find(|field| field.name == key.text()) {
            None => unknown.push(name),
            Some(field) => find_unknown_in(node, field.kind, &name, unknown),
        }
    }
}

fn find_unknown_in(node: &Node, kind: Kind, name: &str, unknown: &mut Vec<String>) {
    let Node::Branch(branch) = node else { return };
    match kind {
        Kind::Hash(fields) => find_unknown(branch, fields, name, unknown),
        Kind::List(each) => {
            for (key, node) in &branch.entries {
                find_unknown_in(node, *each, &name_below(name, &key.text()), unknown);
            }
        }
        Kind::ByCurrency(fields) => {
            for (key, node) in &branch.entries {
                find_unknown_in(node, Kind::Hash(fields), &name_below(name, &key.text()), unknown);
            }
        }
        _ => {}
    }
}

fn hash(branch: &Branch, fields: &[Field], above: &str) -> Result<Map<String, Value>, Failure> {
    let mut values = Map::new();
    for field in fields {
        let name = name_below(above, field.name);
        let node = branch.entries.iter().find(|(key, _)| key.text() == field.name).map(|(_, node)| node);
        match node {
            None if field.is_required => return Err(Failure::missing(&name)),
            None => {}
            Some(node) => {
                values.insert(field.name.to_owned(), value_of(node, field, &name)?);
            }
        }
    }
    Ok(values)
}

fn value_of(node: &Node, field: &Field, name: &str) -> Result<Value, Failure> {
    match node {
        Node::Text(text) if text.is_empty() => match field.kind {
            _ if field.is_clearable => Ok(Value::Null),
            Kind::Metadata => Ok(Value::Null),
            _ => Err(cannot_be_empty(name)),
        },
        Node::Text(text) => plain(text, field.kind, name),
        Node::Branch(branch) => nested(branch, field.kind, name),
    }
}

fn cannot_be_empty(name: &str) -> Failure {
    let message = format!(
        "You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; however \
         '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty value."
    );
    Failure::invalid(message).code("parameter_invalid_empty").param(name)
}

fn nested(branch: &Branch, kind: Kind, name: &str) -> Result<Value, Failure> {
    match kind {
        Kind::Hash(fields) => hash(branch, fields, name).map(Value::Object),
        Kind::List(each) => list(branch, *each, name),
        Kind::ByCurrency(fields) => by_currency(branch, fields, name),
        Kind::Metadata | Kind::Texts => metadata(branch, name),
        Kind::Range => {
            let bounds = ["gt", "gte", "lt", "lte"];
            let mut range = Map::new();
            for (key, node) in &branch.entries {
                let name = name_below(name, &key.text());
                match node {
                    Node::Text(text) if bounds.contains(&key.text().as_str()) => {
                        range.insert(key.text(), integer(text, i64::MIN, i64::MAX, &name)?);
                    }
                    _ => return Err(Failure::unknown(&[name])),
                }
            }
            Ok(Value::Object(range))
        }
        _ => Err(Failure::invalid(format!("Invalid string: {name} is an object")).param(name)),
    }
}

fn list(branch: &Branch, each: Kind, name: &str) -> Result<Value, Failure> {
    let element = |(key, node): (&Key, &Node)| {
        let name = name_below(name, &key.text());
        match (key, node) {
            (Key::Name(_), _) => Err(Failure::invalid("Invalid array").param(name)),
            (_, Node::Text(text)) if text.is_empty() => Err(cannot_be_empty(&name)),
            (_, Node::Text(text)) => plain(text, each, &name),
            (_, Node::Branch(branch)) => nested(branch, each, &name),
        }
    };
    branch.entries.iter().map(element).collect::<Result<_, _>>().map(Value::Array)
}

fn by_currency(branch: &Branch, fields: &[Field], name: &str) -> Result<Value, Failure> {
    let mut options = Map::new();
    for (key, node) in &branch.entries {
        let name = name_below(name, &key.text());
        let Value::String(code) = currency(&key.text(), &name)? else { continue };
        match node {
            Node::Branch(branch) => options.insert(code, Value::Object(hash(branch, fields, &name)?)),
            // An empty text takes the currency out.
            Node::Text(text) if text.is_empty() => options.insert(code, Value::Null),
            Node::Text(_) => return Err(Failure::invalid("Invalid object").param(name)),
        };
    }
    Ok(Value::Object(options))
}

fn metadata(branch: &Branch, name: &str) -> Result<Value, Failure> {
    let mut values = Map::new();
    for (key, node) in &branch.entries {
        let key = key.text();
        let Node::Text(text) = node else {
            return Err(Failure::invalid(format!("Metadata values must be strings: {key}")).param(name));
        };
        let key_length = key.chars().count();
        if key_length > METADATA_KEY_LENGTH {
            return Err(Failure::invalid(format!(
                "Metadata keys can have up to {METADATA_KEY_LENGTH} characters, but you passed in a key that is \
                 {key_length} characters. Invalid key: {key}"
            ))
            .param(name));
        }
        let length = text.chars().count();
        if length > METADATA_VALUE_LENGTH {
            return Err(Failure::invalid(format!(
                "Metadata values can have up to {METADATA_VALUE_LENGTH} characters, but you passed in a value that is \
                 {length} characters. Invalid value: {text}"
            ))
            .param(name_below(name, &key)));
        }
        values.insert(key, json!(text));
    }
    Ok(Value::Object(values))
}

/// The metadata of an object after a request: sent keys are written, empty ones taken away, null takes all away.
pub(crate) fn merge_metadata(old: &Value, sent: &Value) -> Result<Value, Failure> {
    let Value::Object(sent) = sent else { return Ok(json!({})) };
    let mut merged = old.as_object().cloned().unwrap_or_default();
    for (key, value) in sent {
        match value.as_str() {
            Some("") => merged.remove(key),
            _ => merged.insert(key.clone(), value.clone()),
        };
    }
    if merged.len() > METADATA_KEYS {
        let message =
            format!("Metadata can only have {METADATA_KEYS} keys, but this object would have {}.", merged.len());
        return Err(Failure::invalid(message).param("metadata"));
    }
    Ok(Value::Object(merged))
}

fn plain(text: &str, kind: Kind, name: &str) -> Result<Value, Failure> {
    match kind {
        Kind::Text(most) => {
            if text.chars().count() > most {
                let message = format!("Invalid string: {name} must be at most {most} characters");
                return Err(Failure::invalid(message).param(name));
            }
            Ok(json!(text))
        }
        Kind::Bool => match text {
            "true" => Ok(json!(true)),
            "false" => Ok(json!(false)),
            _ => Err(Failure::invalid(format!("Invalid boolean: {text}")).param(name)),
        },
        Kind::Integer(least, most) => integer(text, least, most, name),
        Kind::Range => integer(text, i64::MIN, i64::MAX, name),
        Kind::UpTo if text == "inf" => Ok(json!("inf")),
        Kind::TimeOrNow if text == "now" => Ok(json!("now")),
        Kind::TimeOrNow => integer(text, 0, i64::MAX, name),
        Kind::UpTo => integer(text, 1, i64::MAX, name),
        Kind::Decimal => decimal(text, name).map(|value| json!(value.normalize().to_string())),
        Kind::Percent => percent(text, name),
        Kind::Measure => measure(text, name),
        Kind::Currency => currency(text, name),
        Kind::Choice(choices) if choices.contains(&text) => Ok(json!(text)),
        Kind::Choice(choices) => {
            let choices = match choices.split_last() {
                Some((last, others)) if !others.is_empty() => format!("{}, or {last}", others.join(", ")),
                _ => choices.concat(),
            };
            Err(Failure::invalid(format!("Invalid {name}: must be one of {choices}")).param(name))
        }
        Kind::List(_) => Err(Failure::invalid("Invalid array").param(name)),
        Kind::Hash(_) | Kind::ByCurrency(_) | Kind::Metadata | Kind::Texts => {
            Err(Failure::invalid("Invalid object").param(name))
        }
    }
}

fn integer(text: &str, least: i64, most: i64, name: &str) -> Result<Value, Failure> {
    let invalid = |message: String| Failure::invalid(message).code("parameter_invalid_integer").param(name);
    let value = i64::from_str(text).map_err(|_| invalid(format!("Invalid integer: {text}")))?;
    if value < least {
        return Err(invalid(format!("This value must be greater than or equal to {least}.")));
    }
    if value > most {
        return Err(invalid(format!("This value must be less than or equal to {most}.")));
    }
    Ok(json!(value))
}

fn decimal(text: &str, name: &str) -> Result<Decimal, Failure> {
    let value = Decimal::from_str_exact(text).ok().filter(|value| value.normalize().scale() <= DECIMAL_PLACES);
    value.filter(|value| !value.is_sign_negative()).ok_or_else(|| {
        let message = format!("Invalid decimal: {text}; must contain at maximum {DECIMAL_PLACES} decimal places.");
        Failure::invalid(message).param(name)
    })
}

fn percent(text: &str, name: &str) -> Result<Value, Failure> {
    let value = decimal(text, name)?.normalize();
    if value > Decimal::ONE_HUNDRED || value.is_zero() {
        return Err(
            Failure::invalid(format!("Invalid percentage: {name} must be more than 0 and at most 100.")).param(name)
        );
    }
    number(value, name)
}

fn measure(text: &str, name: &str) -> Result<Value, Failure> {
    let value = decimal(text, name)?.normalize();
    if value.scale() > 2 {
        return Err(Failure::invalid("Invalid decimal: must contain at maximum two decimal places.").param(name));
    }
    number(value, name)
}

fn number(value: Decimal, name: &str) -> Result<Value, Failure> {
    Number::from_str(&value.to_string()).map(Value::Number).map_err(|_| Failure::invalid("Invalid number").param(name))
}

fn currency(text: &str, name: &str) -> Result<Value, Failure> {
    let code = text.to_lowercase();
    match Currency::ALL.iter().find(|currency| currency.code() == code) {
        Some(currency) => Ok(json!(currency.code())),
        None => {
            let known: Vec<_> = Currency::ALL.iter().map(|currency| currency.code()).collect();
            let message =
                format!("Invalid currency: {code}. Stripe currently supports these currencies: {}", known.join(", "));
            Err(Failure::invalid(message).param(name))
        }
    }
}
