//! The few shapes that the schema is made of.

use pricebook_model::LINT_RULES;
use serde_json::{Map, Value, json};

/// Ids of everything but products and coupons.
pub(super) const SNAKE_ID: &str = "^[a-z][a-z0-9_]*$";

/// Ids of products.
pub(super) const PRODUCT_ID: &str = "^[a-z][a-z0-9_-]*$";

/// Ids of coupons, which are Stripe's.
pub(super) const COUPON_ID: &str = "^[A-Za-z0-9][A-Za-z0-9_-]*$";

/// A mapping with these keys and no others.
pub(super) fn object<'a>(
    description: &str,
    required: &[&str],
    properties: impl IntoIterator<Item = (&'a str, Value)>,
) -> Value {
    let properties: Map<String, Value> = properties.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    json!({
        "type": "object",
        "description": description,
        "required": required,
        "properties": properties,
        "additionalProperties": false,
    })
}

/// A mapping from ids to `value`.
pub(super) fn map(description: &str, id: &str, value: Value) -> Value {
    json!({
        "type": "object",
        "description": description,
        "propertyNames": { "pattern": id },
        "additionalProperties": value,
    })
}

/// What `cargo catalog lint` may let pass.
pub(super) fn reasons() -> Value {
    definition("reasons")
}

/// The definition of that: every rule, for editors to complete. Of a name that is none the linter tells what it means.
pub(super) fn reasons_definition() -> Value {
    let mut schema = map("Lint rules that are accepted, with the reason.", "^[a-z][a-z0-9-]*$", text("The reason."));
    let rules = LINT_RULES.iter().map(|rule| {
        let about =
            format!("Why customers can live with it; `cargo catalog explain {rule}` says what the rule forbids.");
        ((*rule).to_owned(), text(&about))
    });
    schema["properties"] = Value::Object(rules.collect());
    schema
}

/// A list of `items`.
pub(super) fn list(description: &str, items: Value) -> Value {
    json!({ "type": "array", "description": description, "items": items })
}

/// A list of at least one entry.
pub(super) fn some(description: &str, items: Value) -> Value {
    let mut schema = list(description, items);
    schema["minItems"] = json!(1);
    schema
}

/// Text of at least one character.
pub(super) fn text(description: &str) -> Value {
    json!({ "type": "string", "minLength": 1, "description": description })
}

/// Text that matches a pattern.
pub(super) fn pattern(description: &str, pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern, "description": description })
}

/// One of these words.
pub(super) fn choice<T: AsRef<str>>(description: &str, words: impl IntoIterator<Item = T>) -> Value {
    let words: Vec<String> = words.into_iter().map(|word| word.as_ref().to_owned()).collect();
    json!({ "type": "string", "enum": words, "description": description })
}

/// True or false.
pub(super) fn boolean(description: &str) -> Value {
    json!({ "type": "boolean", "description": description })
}

/// A whole number of at least `minimum`.
pub(super) fn integer(description: &str, minimum: i64) -> Value {
    json!({ "type": "integer", "minimum": minimum, "description": description })
}

/// An ISO 8601 date.
pub(super) fn date(description: &str) -> Value {
    pattern(description, r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")
}

/// A day on which something begins or ends that is sold.
pub(super) fn day_of_sale(description: &str) -> Value {
    pattern(description, r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")
}

/// An exact decimal that is not negative; in quotes or bare, it is read as text.
pub(super) fn decimal(description: &str) -> Value {
    json!({
        "type": ["number", "string"],
        "minimum": 0,
        "pattern": r"^[0-9]+(\.[0-9]+)?$",
        "description": description,
    })
}

/// An exact decimal above zero.
pub(super) fn positive(description: &str) -> Value {
    let mut schema = decimal(description);
    schema["exclusiveMinimum"] = json!(0);
    schema
}

/// A share in percent.
pub(super) fn percent(description: &str) -> Value {
    let mut schema = positive(description);
    schema["maximum"] = json!(100);
    schema
}

/// A currency by its ISO 4217 code.
pub(super) fn currency(description: &str) -> Value {
    json!({ "$ref": "#/$defs/currency", "description": description })
}

/// A reference to one of the schema's definitions.
pub(super) fn definition(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// Either the short form or the long one.
pub(super) fn either(short: Value, long: Value) -> Value {
    json!({ "anyOf": [short, long] })
}

/// The same schema with a description of its own.
pub(super) fn described(description: &str, mut schema: Value) -> Value {
    schema["description"] = json!(description);
    schema
}
