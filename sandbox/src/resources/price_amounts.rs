//! The amounts of a price: flat, by tiers, chosen by the customer, and in other currencies.

use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::prices::TAX_BEHAVIOR;
use crate::failure::Failure;
use crate::params::{Field, Kind, Params, field, required};
use crate::store::Object;

/// Twelve digits are the most that any currency has: <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>
pub(super) const AMOUNT: Kind = Kind::Integer(0, 999_999_999_999);

pub(super) const CUSTOM: &[Field] =
    &[required("enabled", Kind::Bool), field("maximum", AMOUNT), field("minimum", AMOUNT), field("preset", AMOUNT)];

pub(super) const TIERS: &[Field] = &[
    required("up_to", Kind::UpTo),
    field("flat_amount", AMOUNT),
    field("flat_amount_decimal", Kind::Decimal),
    field("unit_amount", AMOUNT),
    field("unit_amount_decimal", Kind::Decimal),
];

pub(super) const CURRENCY_OPTIONS: &[Field] = &[
    field("custom_unit_amount", Kind::Hash(CUSTOM)),
    field("tax_behavior", TAX_BEHAVIOR),
    field("tiers", Kind::List(&Kind::Hash(TIERS))),
    field("unit_amount", AMOUNT),
    field("unit_amount_decimal", Kind::Decimal),
];

/// Writes the amounts of a new price. `above` is where its parameters stand in the request.
pub(super) fn write(price: &mut Object, params: &Params, above: &str) -> Result<(), Failure> {
    let is_tiered = params.text("billing_scheme") == Some("tiered");
    if !is_tiered {
        for param in ["tiers", "tiers_mode"] {
            if params.has(param) {
                let message = format!("You may only specify `{param}` when `billing_scheme` is set to `tiered`.");
                return Err(Failure::invalid(message).param(param));
            }
        }
    } else if params.has("transform_quantity") {
        let message = "You may not use `transform_quantity` with `billing_scheme=tiered`.";
        return Err(Failure::invalid(message).param("transform_quantity"));
    } else if !params.has("tiers_mode") {
        return Err(Failure::missing("tiers_mode"));
    }
    price.extend(amounts(params, is_tiered, above)?);
    if is_tiered {
        price.insert("tiers_mode".to_owned(), params.value("tiers_mode"));
    }
    let currency = price.get("currency").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut options = Object::new();
    let base = ["custom_unit_amount", "tax_behavior", "tiers", "unit_amount", "unit_amount_decimal"];
    let own = base.iter().filter_map(|field| Some(((*field).to_owned(), price.get(*field)?.clone())));
    options.insert(currency, Value::Object(own.collect()));
    price.insert("currency_options".to_owned(), Value::Object(options));
    update_currencies(price, params)
}

/// Writes the amounts in further currencies; a currency without any is taken out.
pub(super) fn update_currencies(price: &mut Object, params: &Params) -> Result<(), Failure> {
    let own = price.get("currency").and_then(Value::as_str).unwrap_or_default().to_owned();
    let is_tiered = price.get("billing_scheme") == Some(&json!("tiered"));
    let mut options = price.get("currency_options").and_then(Value::as_object).cloned().unwrap_or_default();
    if params.has("currency_options") && params.value("currency_options").is_null() {
        options.retain(|currency, _| *currency == own);
    }
    for (currency, _) in params.hash("currency_options").iter().flat_map(Params::entries) {
        let name = format!("currency_options[{currency}]");
        if currency == own {
            let message = "You are specifying an update to a currency option that matches the top-level currency for \
                           this price. Please remove this currency option and update the top-level params instead.";
            return Err(Failure::invalid(message).param(name));
        }
        let sent = params.hash("currency_options").and_then(|options| options.hash(currency));
        match sent {
            None => drop(options.remove(currency)),
            Some(sent) => {
                let mut option = amounts(&sent, is_tiered, &name)?;
                option.insert("tax_behavior".to_owned(), sent.or("tax_behavior", "unspecified"));
                options.insert(currency.to_owned(), Value::Object(option));
            }
        }
    }
    price.insert("currency_options".to_owned(), Value::Object(options));
    Ok(())
}

/// The amounts in one currency, of which exactly one form is given.
fn amounts(params: &Params, is_tiered: bool, above: &str) -> Result<Object, Failure> {
    let place = |name: &str| if above.is_empty() { name.to_owned() } else { format!("{above}[{name}]") };
    let forms = ["unit_amount", "unit_amount_decimal", "custom_unit_amount", "tiers"];
    let given: Vec<&str> = forms.into_iter().filter(|form| params.has(form)).collect();
    match given[..] {
        [_] => {}
        [one, other, ..] => return Err(Failure::exclusive(&place(one), &place(other))),
        [] if is_tiered => return Err(Failure::missing(&place("tiers"))),
        [] => return Err(Failure::missing(&place("unit_amount"))),
    }
    let mut amounts = Object::new();
    let mut set = |name: &str, value: Value| drop(amounts.insert(name.to_owned(), value));
    set("custom_unit_amount", Value::Null);
    if is_tiered {
        if given != ["tiers"] {
            let message = format!("You may not specify `{}` when `billing_scheme` is set to `tiered`.", given[0]);
            return Err(Failure::invalid(message).param(place(given[0])));
        }
        set("tiers", tiers(&params.hashes("tiers"), &place("tiers"))?);
    }
    let (unit, decimal) = amount(params, "unit_amount");
    set("unit_amount", unit);
    set("unit_amount_decimal", decimal);
    if let Some(custom) = params.hash("custom_unit_amount") {
        if !custom.is("enabled") {
            let message = "`custom_unit_amount[enabled]` must be true; leave the parameter out otherwise.";
            return Err(Failure::invalid(message).param(place("custom_unit_amount[enabled]")));
        }
        let (maximum, minimum) = (custom.value("maximum"), custom.value("minimum"));
        set("custom_unit_amount", json!({ "maximum": maximum, "minimum": minimum, "preset": custom.value("preset") }));
    }
    Ok(amounts)
}

/// An amount as a whole number, where it is one, and as a decimal.
fn amount(params: &Params, name: &str) -> (Value, Value) {
    if let Some(whole) = params.integer(name) {
        return (json!(whole), json!(whole.to_string()));
    }
    let Some(text) = params.text(&format!("{name}_decimal")) else { return (Value::Null, Value::Null) };
    let decimal = Decimal::from_str(text).unwrap_or_default();
    let whole = if decimal.fract().is_zero() { decimal.to_i64().map_or(Value::Null, Value::from) } else { Value::Null };
    (whole, json!(text))
}

fn tiers(tiers: &[Params], place: &str) -> Result<Value, Failure> {
    let mut shown = Vec::new();
    let mut last_up_to = 0;
    for (index, tier) in tiers.iter().enumerate() {
        let refuse = |message: &str, name: &str| Failure::invalid(message).param(format!("{place}[{index}][{name}]"));
        for name in ["flat_amount", "unit_amount"] {
            if tier.has(name) && tier.has(&format!("{name}_decimal")) {
                return Err(Failure::exclusive(&format!("{place}[{index}][{name}]"), &format!("{name}_decimal")));
            }
        }
        let ((flat, flat_decimal), (unit, unit_decimal)) = (amount(tier, "flat_amount"), amount(tier, "unit_amount"));
        if flat_decimal.is_null() && unit_decimal.is_null() {
            return Err(refuse("Each tier must have `unit_amount` or `flat_amount`, or both.", "unit_amount"));
        }
        let is_last = index + 1 == tiers.len();
        match tier.integer("up_to") {
            Some(_) if is_last => {
                return Err(refuse("The last tier must have `up_to` set to `inf`.", "up_to"));
            }
            Some(up_to) if up_to <= last_up_to => {
                return Err(refuse("The `up_to` of each tier must be more than that of the one before.", "up_to"));
            }
            Some(up_to) => last_up_to = up_to,
            None if !is_last => return Err(refuse("Only the last tier may have `up_to` set to `inf`.", "up_to")),
            None => {}
        }
        shown.push(json!({
            "flat_amount": flat, "flat_amount_decimal": flat_decimal, "unit_amount": unit,
            "unit_amount_decimal": unit_decimal, "up_to": tier.integer("up_to"),
        }));
    }
    Ok(Value::Array(shown))
}
