//! The prices of a subscription, with their quantities. <https://docs.stripe.com/api/subscription_items>

use serde_json::{Value, json};

use super::super::Resource;
use super::super::prices::{self, PRICE};
use super::super::products::PRODUCT;
use super::prorations::Change;
use super::{PRORATION, SUBSCRIPTION, at, change as change_of, times};
use crate::call::{Call, is, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, Params, field, merge_metadata, required};
use crate::store::Object;

/// They are kept inside of their subscription.
pub(crate) static SUBSCRIPTION_ITEM: Resource =
    Resource { noun: "subscription item", ..Resource::new("subscription_item", ("si_", 14)) };

const SHORT: Kind = Kind::Text(5000);
const QUANTITY: Field = field("quantity", Kind::Integer(0, 999_999));

const PRICE_DATA: Field = field(
    "price_data",
    Kind::Hash(&[
        required("currency", Kind::Currency),
        required("product", SHORT),
        required(
            "recurring",
            Kind::Hash(&[
                required("interval", Kind::Choice(&["day", "month", "week", "year"])),
                field("interval_count", Kind::Integer(1, 1095)),
            ]),
        ),
        field("tax_behavior", prices::TAX_BEHAVIOR),
        field("unit_amount", Kind::Integer(0, 999_999_999_999)),
        field("unit_amount_decimal", Kind::Decimal),
    ]),
);

pub(in crate::resources) const ITEM: &[Field] =
    &[field("price", SHORT), PRICE_DATA, QUANTITY, field("metadata", Kind::Metadata)];

pub(in crate::resources) const ITEM_CHANGE: &[Field] = &[
    PRICE_DATA,
    QUANTITY,
    field("clear_usage", Kind::Bool),
    field("deleted", Kind::Bool),
    field("id", SHORT),
    field("metadata", Kind::Metadata).clearable(),
    field("price", SHORT),
];

const BEHAVIOR: Field =
    field("payment_behavior", Kind::Choice(&["allow_incomplete", "default_incomplete", "error_if_incomplete"]));
const PRORATION_DATE: Field = field("proration_date", Kind::Integer(0, i64::MAX));

pub(crate) const CREATE: &[Field] = &[
    required("subscription", SHORT),
    field("metadata", Kind::Metadata),
    field("price", SHORT),
    BEHAVIOR,
    PRICE_DATA,
    PRORATION,
    PRORATION_DATE,
    QUANTITY,
];

pub(crate) const UPDATE: &[Field] = &[
    field("metadata", Kind::Metadata).clearable(),
    field("price", SHORT),
    BEHAVIOR,
    PRICE_DATA,
    PRORATION,
    PRORATION_DATE,
    QUANTITY,
];

pub(crate) const DELETE: &[Field] = &[field("clear_usage", Kind::Bool), BEHAVIOR, PRORATION, PRORATION_DATE];

pub(crate) const LIST: &[Field] = &[required("subscription", SHORT)];

const MOST: usize = 20;

/// The items of a subscription.
pub(super) fn of(subscription: &mut Object) -> impl Iterator<Item = &mut Value> {
    let data = subscription.get_mut("items").and_then(|items| items["data"].as_array_mut());
    data.into_iter().flatten()
}

/// The items of a subscription, to look at.
pub(in crate::resources) fn in_order(subscription: &Object) -> &[Value] {
    subscription.get("items").and_then(|items| items["data"].as_array()).map(Vec::as_slice).unwrap_or_default()
}

/// Whether an item is billed by what was used.
pub(super) fn is_metered(item: &Value) -> bool {
    item["price"]["recurring"]["usage_type"] == "metered"
}

pub(super) fn list(subscription: &str, items: Vec<Value>) -> Value {
    let url = format!("/v1/subscription_items?subscription={subscription}");
    json!({ "object": "list", "data": items, "has_more": false, "url": url })
}

/// A new item; its period is set by its subscription.
pub(super) fn make(call: &mut Call<'_>, subscription: &str, item: &Params, place: &str) -> Result<Value, Failure> {
    let price = price_of(call, item, place)?;
    let is_metered = price.get("recurring").is_some_and(|recurring| recurring["usage_type"] == "metered");
    if is_metered && item.has("quantity") {
        let message = "Quantity is not allowed for prices with usage_type `metered`.";
        return Err(Failure::invalid(message).param(format!("{place}[quantity]")));
    }
    let metadata = merge_metadata(&json!({}), &item.or("metadata", json!({})))?;
    let mut made = json!({
        "id": call.new_id(&SUBSCRIPTION_ITEM), "object": "subscription_item",
        "billing_thresholds": null, "created": call.now, "current_period_end": null, "current_period_start": null,
        "discounts": [], "metadata": metadata, "plan": plan(&price), "price": price, "subscription": subscription,
        "tax_rates": [],
    });
    if !is_metered {
        made["quantity"] = json!(item.integer("quantity").unwrap_or(1));
    }
    Ok(made)
}

fn price_of(call: &mut Call<'_>, item: &Params, place: &str) -> Result<Object, Failure> {
    let param = if place.is_empty() { "price".to_owned() } else { format!("{place}[price]") };
    if let Some(data) = item.hash("price_data") {
        let product = data.text("product").unwrap_or_default().to_owned();
        call.referred(&PRODUCT, &product, &format!("{param}_data[product]"))?;
        return prices::create_from(call, &data, &product, &format!("{param}_data"));
    }
    if !item.has("price") {
        return Err(Failure::missing(&param));
    }
    let price = call.referred(&PRICE, item.text("price").unwrap_or_default(), &param)?;
    if text(&price, "type") != "recurring" {
        let message = "The price specified is set to `type=one_time` but this field only accepts prices with \
                       `type=recurring`.";
        return Err(Failure::invalid(message).param(param));
    }
    if !is(&price, "active") {
        let message = "The price specified is inactive. This field only accepts active prices.";
        return Err(Failure::invalid(message).code("price_inactive").param(param));
    }
    Ok(price)
}

/// The price in the words of the older API, which items still have.
pub(in crate::resources) fn plan(price: &Object) -> Value {
    let of = |name: &str| price.get(name).cloned().unwrap_or_default();
    let recurring = of("recurring");
    json!({
        "id": of("id"), "object": "plan",
        "active": of("active"), "amount": of("unit_amount"), "amount_decimal": of("unit_amount_decimal"),
        "billing_scheme": of("billing_scheme"), "created": of("created"), "currency": of("currency"),
        "interval": recurring["interval"], "interval_count": recurring["interval_count"], "livemode": false,
        "metadata": of("metadata"), "meter": recurring["meter"], "nickname": of("nickname"), "product": of("product"),
        "tiers_mode": of("tiers_mode"), "transform_usage": of("transform_quantity"),
        "trial_period_days": recurring["trial_period_days"], "usage_type": recurring["usage_type"],
    })
}

/// Items must fit together.
pub(super) fn check(items: &[Value]) -> Result<(), Failure> {
    let refuse = |message: String| Err(Failure::invalid(message).param("items"));
    let Some(first) = items.first() else {
        return refuse("A subscription must have at least one active item.".to_owned());
    };
    if items.len() > MOST {
        return refuse(format!("Subscriptions can have at most {MOST} items."));
    }
    for (index, item) in items.iter().enumerate() {
        let (price, of_first) = (&item["price"], &first["price"]);
        if items[..index].iter().any(|other| other["price"]["id"] == price["id"]) {
            return refuse("Cannot add multiple subscription items with the same price.".to_owned());
        }
        if price["currency"] != of_first["currency"] {
            return refuse("All prices on a subscription must have the same currency.".to_owned());
        }
        let period =
            |price: &Value| (price["recurring"]["interval"].clone(), price["recurring"]["interval_count"].clone());
        if period(price) != period(of_first) {
            return refuse(
                "Currently if you are subscribed to multiple prices, they must all have the same `recurring.interval`."
                    .to_owned(),
            );
        }
    }
    Ok(())
}

/// What has become of the items of a subscription.
pub(super) struct Changed {
    /// Those with another price or quantity, before and after.
    pub(super) items: Vec<Change>,
    pub(super) has_other_interval: bool,
}

/// Changes, adds and takes out items. The period stays as it is.
pub(super) fn change(call: &mut Call<'_>, subscription: &mut Object, changes: &[Params]) -> Result<Changed, Failure> {
    let id = text(subscription, "id").to_owned();
    let mut items = in_order(subscription).to_vec();
    let interval = items.first().map(|item| item["price"]["recurring"].clone()).unwrap_or_default();
    let mut changed = Changed { items: Vec::new(), has_other_interval: false };
    for (index, change) in changes.iter().enumerate() {
        let place = format!("items[{index}]");
        let Some(wanted) = change.text("id") else {
            items.push(make(call, &id, change, &place)?);
            changed.items.push((None, items.last().cloned()));
            continue;
        };
        let position = items.iter().position(|item| item["id"] == wanted);
        let position =
            position.ok_or_else(|| Failure::no_such("subscription item", wanted, &format!("{place}[id]")))?;
        if change.is("deleted") {
            changed.items.push((Some(items.remove(position)), None));
            continue;
        }
        let old = items[position].clone();
        change_one(call, &mut items[position], change, &place)?;
        let is_same =
            old["price"]["id"] == items[position]["price"]["id"] && old["quantity"] == items[position]["quantity"];
        if !is_same {
            changed.items.push((Some(old), Some(items[position].clone())));
        }
    }
    check(&items)?;
    changed.has_other_interval =
        ["interval", "interval_count"].iter().any(|name| interval[*name] != items[0]["price"]["recurring"][*name]);
    let (start, end) = times::period(subscription);
    for item in items.iter_mut().filter(|item| item["current_period_start"].is_null()) {
        item["current_period_start"] = json!(start);
        item["current_period_end"] = json!(end);
    }
    subscription.insert("items".to_owned(), list(&id, items));
    Ok(changed)
}

fn change_one(call: &mut Call<'_>, item: &mut Value, change: &Params, place: &str) -> Result<(), Failure> {
    if change.has("price") || change.has("price_data") {
        let price = price_of(call, change, place)?;
        item["plan"] = plan(&price);
        item["price"] = Value::Object(price);
    }
    if let Some(quantity) = change.integer("quantity") {
        item["quantity"] = json!(quantity);
    }
    if change.has("metadata") {
        item["metadata"] = merge_metadata(&item["metadata"], &change.value("metadata"))?;
    }
    Ok(())
}

/// The items of the subscription that is named.
pub(crate) fn list_of(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = call.params.text("subscription").unwrap_or_default();
    let found = call.referred(&SUBSCRIPTION, id, "subscription")?;
    call.list_of(in_order(&at(call, found)), SUBSCRIPTION_ITEM.noun)
}

/// The subscription of the item of the address, and the item.
fn found(call: &Call<'_>) -> Result<(String, Value), Failure> {
    let id = call.ids.first().map(String::as_str).unwrap_or_default();
    let shelf = call.state.store.shelf(&SUBSCRIPTION);
    let mut subscriptions = shelf.into_iter().flat_map(|shelf| shelf.newest_first());
    let found = subscriptions.find_map(|(_, subscription)| {
        let item = in_order(subscription).iter().find(|item| item["id"] == id)?;
        Some((text(subscription, "id").to_owned(), item.clone()))
    });
    found.ok_or_else(|| Failure::not_found(SUBSCRIPTION_ITEM.noun, id))
}

/// Changes the items of a subscription as if the subscription itself had been asked to.
fn change_in(call: &mut Call<'_>, subscription: String, mut item: Value) -> Result<Value, Failure> {
    let sent = call.params.clone();
    for (name, value) in sent.entries() {
        if ["metadata", "price", "price_data", "quantity", "clear_usage"].contains(&name) {
            item[name] = value.clone();
        }
    }
    let own = std::mem::replace(&mut call.ids, vec![subscription]);
    let params = json!({
        "items": [item], "payment_behavior": sent.value("payment_behavior"),
        "proration_behavior": sent.value("proration_behavior"), "proration_date": sent.value("proration_date"),
    });
    let result = call.with(params, change_of::update);
    call.ids = own;
    result
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let subscription = call.params.text("subscription").unwrap_or_default().to_owned();
    call.referred(&SUBSCRIPTION, &subscription, "subscription")?;
    let changed = change_in(call, subscription, json!({}))?;
    let last = changed["items"]["data"].as_array().and_then(|items| items.last().cloned());
    Ok(last.unwrap_or_default())
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    found(call).map(|(_, item)| item)
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let (subscription, item) = found(call)?;
    change_in(call, subscription, json!({ "id": item["id"] }))?;
    found(call).map(|(_, item)| item)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let (subscription, item) = found(call)?;
    change_in(call, subscription, json!({ "id": item["id"], "deleted": true }))?;
    Ok(json!({ "id": item["id"], "object": "subscription_item", "deleted": true }))
}
