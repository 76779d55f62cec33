//! What customers type to get a coupon. <https://docs.stripe.com/api/promotion_codes>

use serde_json::{Value, json};

use super::Resource;
use super::coupons::COUPON;
use crate::call::{Call, is, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field, required};
use crate::store::Object;

pub(crate) static PROMOTION_CODE: Resource = Resource {
    noun: "promotion code",
    links: &[("promotion.coupon", &COUPON)],
    ..Resource::new("promotion_code", ("promo_1", 23))
};

const AMOUNT: Kind = Kind::Integer(0, 999_999_999_999);
const CURRENCY_OPTIONS: Field = field("currency_options", Kind::ByCurrency(&[field("minimum_amount", AMOUNT)]));

pub(crate) const CREATE: &[Field] = &[
    required(
        "promotion",
        Kind::Hash(&[required("type", Kind::Choice(&["coupon"])), required("coupon", Kind::Text(5000))]),
    ),
    field("active", Kind::Bool),
    field("code", Kind::Text(500)),
    field("expires_at", Kind::Integer(0, i64::MAX)),
    field("max_redemptions", Kind::Integer(1, i64::MAX)),
    field("metadata", Kind::Metadata),
    field(
        "restrictions",
        Kind::Hash(&[
            CURRENCY_OPTIONS,
            field("first_time_transaction", Kind::Bool),
            field("minimum_amount", AMOUNT),
            field("minimum_amount_currency", Kind::Currency),
        ]),
    ),
];

pub(crate) const UPDATE: &[Field] = &[
    field("active", Kind::Bool),
    field("metadata", Kind::Metadata).clearable(),
    field("restrictions", Kind::Hash(&[CURRENCY_OPTIONS])),
];

pub(crate) const LIST: &[Field] = &[
    field("active", Kind::Bool),
    field("code", Kind::Text(500)),
    field("coupon", Kind::Text(5000)),
    field("created", Kind::Range),
];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let promotion = params.hash("promotion").unwrap_or_default();
    call.referred(&COUPON, promotion.text("coupon").unwrap_or_default(), "promotion[coupon]")?;
    let code = match params.text("code") {
        Some(code) if !code.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-') => {
            let message = format!("Promotion codes may only contain letters, digits and dashes: {code}");
            return Err(Failure::invalid(message).param("code"));
        }
        Some(code) => code.to_owned(),
        None => call.state.ids.next("", 8).to_uppercase(),
    };
    let is_active = params.bool("active").unwrap_or(true);
    if is_active && holder(call, &code).is_some() {
        return Err(taken(&code));
    }
    let restrictions = params.hash("restrictions").unwrap_or_default();
    if restrictions.has("minimum_amount") != restrictions.has("minimum_amount_currency") {
        return Err(Failure::missing("restrictions[minimum_amount_currency]"));
    }
    let mut restricted = json!({
        "first_time_transaction": restrictions.is("first_time_transaction"),
        "minimum_amount": restrictions.value("minimum_amount"),
        "minimum_amount_currency": restrictions.value("minimum_amount_currency"),
    });
    if restrictions.has("currency_options") {
        restricted["currency_options"] = restrictions.value("currency_options");
    }
    let promotion_code = json!({
        "id": call.new_id(&PROMOTION_CODE), "object": "promotion_code",
        "active": is_active, "code": code, "created": call.now, "customer": null, "customer_account": null,
        "expires_at": params.value("expires_at"), "livemode": false,
        "max_redemptions": params.value("max_redemptions"), "metadata": call.new_metadata()?,
        "promotion": { "coupon": promotion.value("coupon"), "type": "coupon" }, "restrictions": restricted,
        "times_redeemed": 0,
    });
    call.create(&PROMOTION_CODE, promotion_code, "promotion_code.created")
}

/// The active code that customers would get by typing this one; capitals make no difference.
fn holder(call: &Call<'_>, code: &str) -> Option<Object> {
    let shelf = call.state.store.shelf(&PROMOTION_CODE)?;
    let holds = |other: &&Object| is(other, "active") && text(other, "code").eq_ignore_ascii_case(code);
    shelf.newest_first().map(|(_, other)| other).find(holds).cloned()
}

fn taken(code: &str) -> Failure {
    let message = format!("An active promotion code with `code: {code}` already exists.");
    Failure::invalid(message).code("resource_already_exists").param("code")
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut code = call.found(&PROMOTION_CODE)?;
    if call.params.is("active") && !is(&code, "active") && holder(call, text(&code, "code")).is_some() {
        return Err(taken(text(&code, "code")));
    }
    call.params.copy_to(&mut code, &["active"]);
    call.merge_metadata(&mut code)?;
    if let (Some(sent), Some(Value::Object(restrictions))) =
        (call.params.hash("restrictions"), code.get_mut("restrictions"))
    {
        sent.copy_to(restrictions, &["currency_options"]);
    }
    call.update(&PROMOTION_CODE, code, "promotion_code.updated")
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&PROMOTION_CODE).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let coupon = call.params.text("coupon");
    call.list_where(&PROMOTION_CODE, |code| {
        let own = code.get("promotion").and_then(|promotion| promotion.get("coupon")).and_then(Value::as_str);
        let filters = [Filter::Equals("active"), Filter::Equals("code"), Filter::Within("created")];
        coupon.is_none_or(|coupon| own == Some(coupon)) && filters.iter().all(|filter| filter.passes(call, code))
    })
}
