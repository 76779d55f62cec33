//! What it costs. A price never changes its amount. <https://docs.stripe.com/api/prices>

use serde_json::{Value, json};

use super::price_amounts::{self, CURRENCY_OPTIONS, CUSTOM, TIERS};
use super::{Resource, products};
use crate::call::{Call, as_object, is, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, Params, field, required};
use crate::store::Object;

pub(crate) static PRICE: Resource = Resource {
    links: &[("product", &products::PRODUCT)],
    on_request: &["currency_options", "tiers"],
    indexed: &["lookup_key", "product"],
    ..Resource::new("price", ("price_1", 23))
};

const INTERVAL: Kind = Kind::Choice(&["day", "week", "month", "year"]);
pub(super) const TAX_BEHAVIOR: Kind = Kind::Choice(&["exclusive", "inclusive", "unspecified"]);

pub(crate) const CREATE: &[Field] = &[
    required("currency", Kind::Currency),
    field("active", Kind::Bool),
    field("billing_scheme", Kind::Choice(&["per_unit", "tiered"])),
    field("currency_options", Kind::ByCurrency(CURRENCY_OPTIONS)),
    field("custom_unit_amount", Kind::Hash(CUSTOM)),
    field("lookup_key", Kind::Text(200)),
    field("metadata", Kind::Metadata),
    field("nickname", Kind::Text(5000)),
    field("product", Kind::Text(5000)),
    field("product_data", Kind::Hash(PRODUCT_DATA)),
    field("recurring", Kind::Hash(RECURRING)),
    field("tax_behavior", TAX_BEHAVIOR),
    field("tiers", Kind::List(&Kind::Hash(TIERS))),
    field("tiers_mode", Kind::Choice(&["graduated", "volume"])),
    field("transfer_lookup_key", Kind::Bool),
    field("transform_quantity", Kind::Hash(TRANSFORM)),
    field("unit_amount", price_amounts::AMOUNT),
    field("unit_amount_decimal", Kind::Decimal),
];

/// What a product may bring as its first price.
pub(crate) const DEFAULT_PRICE_DATA: &[Field] = &[
    required("currency", Kind::Currency),
    field("currency_options", Kind::ByCurrency(CURRENCY_OPTIONS)),
    field("custom_unit_amount", Kind::Hash(CUSTOM)),
    field("metadata", Kind::Metadata),
    field("recurring", Kind::Hash(&[required("interval", INTERVAL), field("interval_count", Kind::Integer(1, 1095))])),
    field("tax_behavior", TAX_BEHAVIOR),
    field("unit_amount", price_amounts::AMOUNT),
    field("unit_amount_decimal", Kind::Decimal),
];

const PRODUCT_DATA: &[Field] = &[
    required("name", Kind::Text(5000)),
    field("active", Kind::Bool),
    field("id", Kind::Text(500)),
    field("metadata", Kind::Metadata),
    field("statement_descriptor", Kind::Text(22)),
    field("tax_code", Kind::Text(100)),
    field("unit_label", Kind::Text(12)),
];

const RECURRING: &[Field] = &[
    required("interval", INTERVAL),
    field("interval_count", Kind::Integer(1, 1095)),
    field("meter", Kind::Text(5000)),
    field("trial_period_days", Kind::Integer(1, 730)),
    field("usage_type", Kind::Choice(&["licensed", "metered"])),
];

const TRANSFORM: &[Field] =
    &[required("divide_by", Kind::Integer(1, i64::MAX)), required("round", Kind::Choice(&["down", "up"]))];

pub(crate) const UPDATE: &[Field] = &[
    field("active", Kind::Bool),
    field("currency_options", Kind::ByCurrency(CURRENCY_OPTIONS)).clearable(),
    field("lookup_key", Kind::Text(200)).clearable(),
    field("metadata", Kind::Metadata).clearable(),
    field("nickname", Kind::Text(5000)).clearable(),
    field("tax_behavior", TAX_BEHAVIOR),
    field("transfer_lookup_key", Kind::Bool),
];

pub(crate) const LIST: &[Field] = &[
    field("active", Kind::Bool),
    field("created", Kind::Range),
    field("currency", Kind::Currency),
    field("lookup_keys", Kind::List(&Kind::Text(200))),
    field("product", Kind::Text(5000)),
    field(
        "recurring",
        Kind::Hash(&[
            field("interval", INTERVAL),
            field("meter", Kind::Text(5000)),
            field("usage_type", Kind::Choice(&["licensed", "metered"])),
        ]),
    ),
    field("type", Kind::Choice(&["one_time", "recurring"])),
];
const MOST_LOOKUP_KEYS: usize = 10;

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let product = match (params.text("product"), params.hash("product_data")) {
        (Some(_), Some(_)) => return Err(Failure::exclusive("product", "product_data")),
        (None, None) => return Err(Failure::missing("product")),
        (Some(id), None) => {
            call.referred(&products::PRODUCT, id, "product")?;
            id.to_owned()
        }
        (None, Some(data)) => products::create_from(call, data)?,
    };
    create_from(call, &params, &product, "").map(Value::Object)
}

/// Creates a price of a product. `above` is where its parameters stand in the request.
pub(crate) fn create_from(call: &mut Call<'_>, params: &Params, product: &str, above: &str) -> Result<Object, Failure> {
    let recurring = match params.hash("recurring") {
        None => Value::Null,
        Some(recurring) => recurrence(call, &recurring)?,
    };
    let metadata = match params.has("metadata") {
        true => crate::params::merge_metadata(&json!({}), &params.value("metadata"))?,
        false => json!({}),
    };
    let mut price = as_object(json!({
        "id": call.new_id(&PRICE), "object": "price",
        "active": params.or("active", true), "billing_scheme": params.or("billing_scheme", "per_unit"),
        "created": call.now, "currency": params.value("currency"), "custom_unit_amount": null, "livemode": false,
        "lookup_key": null, "metadata": metadata, "nickname": params.value("nickname"), "product": product,
        "recurring": recurring, "tax_behavior": params.or("tax_behavior", "unspecified"), "tiers_mode": null,
        "transform_quantity": params.value("transform_quantity"),
        "type": if recurring.is_null() { "one_time" } else { "recurring" },
        "unit_amount": null, "unit_amount_decimal": null,
    }));
    price_amounts::write(&mut price, params, above)?;
    if let Some(key) = params.text("lookup_key") {
        take_lookup_key(call, &mut price, key, params.is("transfer_lookup_key"))?;
    }
    call.create(&PRICE, Value::Object(price.clone()), "price.created")?;
    Ok(price)
}

fn recurrence(call: &Call<'_>, recurring: &Params) -> Result<Value, Failure> {
    let count = recurring.integer("interval_count").unwrap_or(1);
    let (interval, most) = match recurring.text("interval") {
        Some("day") => ("day", 1095),
        Some("week") => ("week", 156),
        Some("month") => ("month", 36),
        _ => ("year", 3),
    };
    if count > most {
        let message = format!(
            "Invalid interval_count: maximum of three years interval allowed (3 years, 36 months, or 156 weeks); \
             {count} {interval}s is more."
        );
        return Err(Failure::invalid(message).param("recurring[interval_count]"));
    }
    let usage = recurring.text("usage_type").unwrap_or("licensed");
    match (usage, recurring.text("meter")) {
        ("metered", None) => {
            let message =
                "You must specify a meter when creating a metered price: usage records are no longer supported.";
            return Err(Failure::invalid(message).code("parameter_missing").param("recurring[meter]"));
        }
        ("licensed", Some(_)) => {
            let message = "You may only specify a meter for prices with `recurring[usage_type]=metered`.";
            return Err(Failure::invalid(message).param("recurring[meter]"));
        }
        (_, Some(meter)) => drop(call.referred(&super::meters::METER, meter, "recurring[meter]")?),
        _ => {}
    }
    Ok(json!({
        "interval": interval, "interval_count": count, "meter": recurring.value("meter"),
        "trial_period_days": recurring.value("trial_period_days"), "usage_type": usage,
    }))
}

/// Gives a price its lookup key, which another one, archived or not, must hand over.
fn take_lookup_key(call: &mut Call<'_>, price: &mut Object, key: &str, may_transfer: bool) -> Result<(), Failure> {
    let holder = call.state.store.first_with(&PRICE, "lookup_key", key).cloned();
    if let Some(mut holder) = holder.filter(|holder| text(holder, "id") != text(price, "id")) {
        if !may_transfer {
            let message = format!("A price (`{}`) already uses that lookup key.", text(&holder, "id"));
            return Err(Failure::invalid(message).param("lookup_key"));
        }
        holder.insert("lookup_key".to_owned(), Value::Null);
        call.update(&PRICE, holder, "price.updated")?;
    }
    price.insert("lookup_key".to_owned(), json!(key));
    Ok(())
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut price = call.found(&PRICE)?;
    let params = call.params.clone();
    if params.bool("active") == Some(false) && is_default(call, &price) {
        return Err(Failure::invalid("This price cannot be archived because it is the default price of its product."));
    }
    if let Some(behavior) = params.text("tax_behavior") {
        let old = text(&price, "tax_behavior");
        if old != "unspecified" && old != behavior {
            let message = format!("The tax_behavior of a price cannot be changed once it is set to `{old}`.");
            return Err(Failure::invalid(message).param("tax_behavior"));
        }
    }
    match params.text("lookup_key") {
        Some(key) => take_lookup_key(call, &mut price, key, params.is("transfer_lookup_key"))?,
        None => params.copy_to(&mut price, &["lookup_key"]),
    }
    params.copy_to(&mut price, &["active", "nickname", "tax_behavior"]);
    call.merge_metadata(&mut price)?;
    price_amounts::update_currencies(&mut price, &params)?;
    call.update(&PRICE, price, "price.updated")
}

fn is_default(call: &Call<'_>, price: &Object) -> bool {
    let product = call.state.store.get(&products::PRODUCT, text(price, "product"));
    is(price, "active") && product.is_some_and(|product| text(product, "default_price") == text(price, "id"))
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&PRICE).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    if call.params.texts("lookup_keys").len() > MOST_LOOKUP_KEYS {
        let message = format!("You may only specify up to {MOST_LOOKUP_KEYS} lookup keys.");
        return Err(Failure::invalid(message).param("lookup_keys"));
    }
    let equal = ["active", "currency", "product", "type"].map(Filter::Equals);
    let others = [
        Filter::Within("created"),
        Filter::OneOf("lookup_keys", "lookup_key"),
        Filter::Parts("recurring", &["interval", "meter", "usage_type"]),
    ];
    call.list(&PRICE, &[&equal[..], &others].concat())
}
