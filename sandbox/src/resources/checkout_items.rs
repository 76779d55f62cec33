//! What a Checkout page sells, and what is taken off.

use serde_json::{Value, json};

use super::coupons::{self, COUPON};
use super::discounts;
use super::prices::{self, PRICE};
use super::products::{self, PRODUCT};
use super::promotion_codes::PROMOTION_CODE;
use crate::call::{Call, is, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, Params, field, required};
use crate::pricing;
use crate::store::Object;

const SHORT: Kind = Kind::Text(5000);
const PRICE_DATA: &[Field] = &[
    required("currency", Kind::Currency),
    field("product", SHORT),
    field(
        "product_data",
        Kind::Hash(&[
            required("name", SHORT),
            field("description", Kind::Text(40_000)),
            field("images", Kind::List(&Kind::Text(2048))),
            field("metadata", Kind::Metadata),
        ]),
    ),
    field(
        "recurring",
        Kind::Hash(&[
            required("interval", Kind::Choice(&["day", "week", "month", "year"])),
            field("interval_count", Kind::Integer(1, 1095)),
        ]),
    ),
    field("unit_amount", Kind::Integer(0, 999_999_999_999)),
    field("unit_amount_decimal", Kind::Decimal),
];
const MOST: Kind = Kind::Integer(1, 999_999);

pub(super) const ITEM_FIELDS: &[Field] = &[
    field(
        "adjustable_quantity",
        Kind::Hash(&[
            required("enabled", Kind::Bool),
            field("maximum", MOST),
            field("minimum", Kind::Integer(0, 999_999)),
        ]),
    ),
    field("metadata", Kind::Metadata),
    field("price", SHORT),
    field("price_data", Kind::Hash(PRICE_DATA)),
    field("quantity", MOST),
];

/// Everything that is sold together.
pub(super) struct Priced {
    pub(super) currency: String,
    pub(super) subtotal: i64,
    pub(super) discount: i64,
    pub(super) items: Vec<Value>,
}

/// Looks prices up, makes those that are only described, and adds up.
pub(super) fn price(call: &mut Call<'_>, params: &Params) -> Result<Priced, Failure> {
    let mut priced = Priced { currency: String::new(), subtotal: 0, discount: 0, items: Vec::new() };
    let is_subscription = params.text("mode") == Some("subscription");
    let items = params.hashes("line_items");
    if items.is_empty() {
        return Err(Failure::missing("line_items"));
    }
    let mut has_recurring = false;
    for (index, item) in items.iter().enumerate() {
        let place = format!("line_items[{index}]");
        let price = price_of(call, item, &place)?;
        let is_recurring = text(&price, "type") == "recurring";
        has_recurring |= is_recurring;
        if is_recurring && !is_subscription {
            let message = "You specified `payment` mode but passed a recurring price. Either switch to `subscription` \
                           mode or use only one-time prices.";
            return Err(Failure::invalid(message).param("mode"));
        }
        let currency = text(&price, "currency").to_owned();
        if !priced.currency.is_empty() && priced.currency != currency {
            let message = format!("All prices of a Checkout Session must have one currency; {currency} is another.");
            return Err(Failure::invalid(message).param(place));
        }
        priced.currency = currency;
        let is_metered = price.get("recurring").is_some_and(|recurring| recurring["usage_type"] == "metered");
        let quantity = match (is_metered, item.integer("quantity")) {
            (true, Some(_)) => {
                let message = "Quantity should not be specified where usage_type is `metered`.";
                return Err(Failure::invalid(message).param(format!("{place}[quantity]")));
            }
            (true, None) => 0,
            (false, None) => return Err(Failure::missing(&format!("{place}[quantity]"))),
            (false, Some(quantity)) => quantity,
        };
        let subtotal = if is_metered { 0 } else { pricing::amount(&price, quantity) };
        priced.subtotal = priced.subtotal.saturating_add(subtotal);
        let line = line(call, item, price, (quantity, subtotal), is_metered);
        priced.items.push(line);
    }
    priced.discount = take_off(call, params, &mut priced.items, &priced.currency)?;
    if is_subscription && !has_recurring {
        let message = "You must provide at least one recurring price in `subscription` mode when using prices.";
        return Err(Failure::invalid(message).param("line_items"));
    }
    Ok(priced)
}

fn line(
    call: &mut Call<'_>,
    item: &Params,
    mut price: Object,
    (quantity, subtotal): (i64, i64),
    is_metered: bool,
) -> Value {
    let product = call.state.store.get(&PRODUCT, text(&price, "product"));
    let name = product.map(|product| text(product, "name").to_owned()).unwrap_or_default();
    price.retain(|field, _| !PRICE.on_request.contains(&field.as_str()));
    json!({
        "id": call.state.ids.next("li_1", 23), "object": "item",
        "adjustable_quantity": item.value("adjustable_quantity"), "amount_discount": 0,
        "amount_subtotal": subtotal, "amount_tax": 0, "amount_total": subtotal,
        "currency": price.get("currency"), "description": name, "metadata": item.or("metadata", json!({})),
        "quantity": if is_metered { Value::Null } else { json!(quantity) }, "price": price,
    })
}

fn price_of(call: &mut Call<'_>, item: &Params, place: &str) -> Result<Object, Failure> {
    let param = format!("{place}[price]");
    match (item.text("price"), item.hash("price_data")) {
        (Some(_), Some(_)) => Err(Failure::exclusive(&param, &format!("{place}[price_data]"))),
        (None, None) => Err(Failure::missing(&param)),
        (Some(id), None) => {
            let price = call.referred(&PRICE, id, &param)?;
            let product = call.state.store.get(&PRODUCT, text(&price, "product"));
            if !is(&price, "active") || !product.is_some_and(|product| is(product, "active")) {
                let message = format!(
                    "The price specified is inactive, or its product is. This field only accepts active prices: {id}"
                );
                return Err(Failure::invalid(message).code("price_inactive").param(param));
            }
            Ok(price)
        }
        (None, Some(data)) => {
            let product = match (data.text("product"), data.hash("product_data")) {
                (Some(id), _) => {
                    text(&call.referred(&PRODUCT, id, &format!("{place}[price_data][product]"))?, "id").to_owned()
                }
                (None, Some(product)) => products::create_from(call, product)?,
                (None, None) => return Err(Failure::missing(&format!("{place}[price_data][product]"))),
            };
            prices::create_from(call, &data, &product, &format!("{place}[price_data]"))
        }
    }
}

/// Takes the discount off the lines that it is for, and says how much it is in all; Stripe takes no second one.
fn take_off(call: &Call<'_>, params: &Params, lines: &mut [Value], currency: &str) -> Result<i64, Failure> {
    let Some(coupon) = coupon(call, params)? else { return Ok(0) };
    let mut meant: Vec<&mut Value> =
        lines.iter_mut().filter(|line| discounts::applies(&coupon, &line["price"]["product"])).collect();
    let amounts: Vec<i64> = meant.iter().map(|line| line["amount_subtotal"].as_i64().unwrap_or_default()).collect();
    let shares = discounts::shares(&coupon, &amounts, currency);
    for (line, (off, amount)) in meant.iter_mut().zip(shares.iter().zip(&amounts)) {
        line["amount_discount"] = json!(off);
        line["amount_total"] = json!(amount - off);
    }
    Ok(shares.iter().sum())
}

/// The coupon of the first discount.
fn coupon(call: &Call<'_>, params: &Params) -> Result<Option<Object>, Failure> {
    let discounts = params.hashes("discounts");
    let Some(discount) = discounts.first() else { return Ok(None) };
    if discounts.len() > 1 {
        return Err(Failure::invalid("You may only apply one discount.").param("discounts"));
    }
    let (id, param) = match (discount.text("coupon"), discount.text("promotion_code")) {
        (Some(id), None) => (id.to_owned(), "discounts[0][coupon]"),
        (None, Some(id)) => {
            let code = call.referred(&PROMOTION_CODE, id, "discounts[0][promotion_code]")?;
            if !is(&code, "active") {
                let message = "This promotion code is not active.";
                return Err(Failure::invalid(message).param("discounts[0][promotion_code]"));
            }
            let coupon = code.get("promotion").and_then(|promotion| promotion["coupon"].as_str()).unwrap_or_default();
            (coupon.to_owned(), "discounts[0][promotion_code]")
        }
        _ => return Err(Failure::exclusive("discounts[0][coupon]", "discounts[0][promotion_code]")),
    };
    let coupon = coupons::at(call.now, call.referred(&COUPON, &id, param)?);
    if !is(&coupon, "valid") {
        return Err(Failure::invalid("Coupon expired: this coupon is no longer valid.")
            .code("coupon_expired")
            .param(param));
    }
    Ok(Some(coupon))
}

/// The list of a session's lines.
pub(super) fn list(session: &str, items: Vec<Value>) -> Value {
    let url = format!("/v1/checkout/sessions/{session}/line_items");
    json!({ "object": "list", "data": items, "has_more": false, "url": url })
}
