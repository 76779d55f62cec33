//! What is taken off. <https://docs.stripe.com/api/coupons>

use serde_json::{Value, json};

use super::{Resource, products};
use crate::call::{Call, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, Params, field, required};
use crate::store::Object;

pub(crate) static COUPON: Resource =
    Resource { on_request: &["applies_to", "currency_options"], ..Resource::new("coupon", ("", 8)) };

const OFF: Kind = Kind::Integer(1, 999_999_999_999);
const CURRENCY_OPTIONS: &[Field] = &[required("amount_off", OFF)];

pub(crate) const CREATE: &[Field] = &[
    field("amount_off", OFF),
    field("applies_to", Kind::Hash(&[field("products", Kind::List(&Kind::Text(5000)))])),
    field("currency", Kind::Currency),
    field("currency_options", Kind::ByCurrency(CURRENCY_OPTIONS)),
    field("duration", Kind::Choice(&["forever", "once", "repeating"])),
    field("duration_in_months", Kind::Integer(1, 60)),
    field("id", Kind::Text(200)),
    field("max_redemptions", Kind::Integer(1, i64::MAX)),
    field("metadata", Kind::Metadata).clearable(),
    field("name", Kind::Text(40)),
    field("percent_off", Kind::Percent),
    field("redeem_by", Kind::Integer(0, i64::MAX)),
];

pub(crate) const UPDATE: &[Field] = &[
    field("currency_options", Kind::ByCurrency(CURRENCY_OPTIONS)),
    field("metadata", Kind::Metadata).clearable(),
    field("name", Kind::Text(40)),
];

pub(crate) const LIST: &[Field] = &[field("created", Kind::Range)];

/// <https://docs.stripe.com/api/coupons/create#create_coupon-redeem_by>
const LATEST_SECS: i64 = 5 * 366 * 24 * 60 * 60;

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let id = match params.text("id") {
        Some(id) if call.state.store.get(&COUPON, id).is_some() => return Err(Failure::exists("Coupon")),
        Some(id) => id.to_owned(),
        None => call.new_id(&COUPON),
    };
    check(call, &params)?;
    let mut coupon = json!({
        "id": id, "object": "coupon",
        "amount_off": params.value("amount_off"), "created": call.now, "currency": params.value("currency"),
        "duration": params.or("duration", "once"), "duration_in_months": params.value("duration_in_months"),
        "livemode": false, "max_redemptions": params.value("max_redemptions"), "metadata": call.new_metadata()?,
        "name": params.value("name"), "percent_off": params.value("percent_off"), "redeem_by": params.value("redeem_by"),
        "times_redeemed": 0, "valid": true,
    });
    if params.has("applies_to") {
        coupon["applies_to"] =
            json!({ "products": params.hash("applies_to").map(|applies| applies.value("products")) });
    }
    if let Some(currency) = params.text("currency") {
        coupon["currency_options"] = json!({ currency: { "amount_off": params.value("amount_off") } });
        write_currencies(&mut coupon, &params, currency)?;
    }
    call.create(&COUPON, coupon, "coupon.created")
}

fn check(call: &Call<'_>, params: &Params) -> Result<(), Failure> {
    match (params.has("amount_off"), params.has("percent_off")) {
        (true, true) => return Err(Failure::exclusive("amount_off", "percent_off")),
        (false, false) => {
            let message = "Must provide percent_off or amount_off, but neither was passed.";
            return Err(Failure::invalid(message).code("parameter_missing").param("percent_off"));
        }
        (true, false) if !params.has("currency") => return Err(Failure::missing("currency")),
        _ => {}
    }
    let is_repeating = params.text("duration") == Some("repeating");
    if is_repeating != params.has("duration_in_months") {
        let message = match is_repeating {
            true => "You must pass duration_in_months when passing duration=repeating.",
            false => "You may only pass duration_in_months when passing duration=repeating.",
        };
        return Err(Failure::invalid(message).param("duration_in_months"));
    }
    if params.integer("redeem_by").is_some_and(|until| until <= call.now || until > call.now + LATEST_SECS) {
        let message = "redeem_by must be in the future, and at most five years from now.";
        return Err(Failure::invalid(message).param("redeem_by"));
    }
    let products = params.hash("applies_to").unwrap_or_default();
    for (index, id) in products.texts("products").into_iter().enumerate() {
        call.referred(&products::PRODUCT, id, &format!("applies_to[products][{index}]"))?;
    }
    Ok(())
}

fn write_currencies(coupon: &mut Value, params: &Params, own: &str) -> Result<(), Failure> {
    for (currency, option) in params.hash("currency_options").iter().flat_map(Params::entries) {
        if currency == own {
            let message = "The coupon's own currency is set by `currency` and `amount_off`.";
            return Err(Failure::invalid(message).param(format!("currency_options[{currency}]")));
        }
        coupon["currency_options"][currency] = option.clone();
    }
    Ok(())
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut coupon = call.found(&COUPON)?;
    call.params.copy_to(&mut coupon, &["name"]);
    call.merge_metadata(&mut coupon)?;
    let own = text(&coupon, "currency").to_owned();
    if call.params.has("currency_options") && own.is_empty() {
        let message = "You may only set currency_options of a coupon with an amount_off.";
        return Err(Failure::invalid(message).param("currency_options"));
    }
    let mut coupon = Value::Object(coupon);
    write_currencies(&mut coupon, &call.params.clone(), &own)?;
    call.update(&COUPON, crate::call::as_object(coupon), "coupon.updated")
}

/// The coupon as it is at the moment: one whose time is over is no longer valid.
pub(crate) fn at(now: i64, mut coupon: Object) -> Object {
    let until = coupon.get("redeem_by").and_then(Value::as_i64);
    let number = |name: &str| coupon.get(name).and_then(Value::as_i64);
    let is_used_up = number("max_redemptions").is_some_and(|most| number("times_redeemed").unwrap_or_default() >= most);
    let valid = !is_used_up && until.is_none_or(|until| now < until);
    coupon.insert("valid".to_owned(), json!(valid));
    coupon
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&COUPON).map(|coupon| Value::Object(at(call.now, coupon)))
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut list = call.list(&COUPON, &[Filter::Within("created")])?;
    if let Some(data) = list["data"].as_array_mut() {
        let coupons = std::mem::take(data).into_iter().map(crate::call::as_object);
        *data = coupons.map(|coupon| Value::Object(at(call.now, coupon))).collect();
    }
    Ok(list)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let coupon = call.found(&COUPON)?;
    call.delete(&COUPON, coupon, "coupon.deleted")
}
