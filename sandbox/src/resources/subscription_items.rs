//! The prices of a subscription, with their quantities. <https://docs.stripe.com/api/subscription_items>

use serde_json::{Value, json};

use super::prices::PRICE;
use super::subscriptions::SUBSCRIPTION;
use super::{Resource, subscription_times as times, subscriptions};
use crate::call::{Call, is, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, Params, field, merge_metadata, required};
use crate::store::Object;

/// They are kept inside of their subscription.
pub(crate) static SUBSCRIPTION_ITEM: Resource =
    Resource { noun: "subscription item", ..Resource::new("subscription_item", ("si_", 14)) };

const SHORT: Kind = Kind::Text(5000);
const QUANTITY: Field = field("quantity", Kind::Integer(0, 999_999));

pub(super) const ITEM: &[Field] = &[required("price", SHORT), QUANTITY, field("metadata", Kind::Metadata)];

pub(super) const ITEM_CHANGE: &[Field] = &[
    QUANTITY,
    field("clear_usage", Kind::Bool),
    field("deleted", Kind::Bool),
    field("id", SHORT),
    field("metadata", Kind::Metadata).clearable(),
    field("price", SHORT),
];

pub(crate) const LIST: &[Field] = &[required("subscription", SHORT)];

const MOST: usize = 20;

/// The items of a subscription.
pub(super) fn of(subscription: &mut Object) -> impl Iterator<Item = &mut Value> {
    let data = subscription.get_mut("items").and_then(|items| items["data"].as_array_mut());
    data.into_iter().flatten()
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

fn price_of(call: &Call<'_>, item: &Params, place: &str) -> Result<Object, Failure> {
    let param = format!("{place}[price]");
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
fn plan(price: &Object) -> Value {
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

/// Changes, adds and takes out items. Another interval begins a new period.
pub(super) fn change(call: &mut Call<'_>, subscription: &mut Object, changes: &[Params]) -> Result<(), Failure> {
    let id = text(subscription, "id").to_owned();
    let mut items: Vec<Value> = of(subscription).map(|item| item.clone()).collect();
    let interval = items.first().map(|item| item["price"]["recurring"].clone());
    for (index, change) in changes.iter().enumerate() {
        let place = format!("items[{index}]");
        let Some(wanted) = change.text("id") else {
            if !change.has("price") {
                return Err(Failure::missing(&format!("{place}[price]")));
            }
            items.push(make(call, &id, change, &place)?);
            continue;
        };
        let position = items.iter().position(|item| item["id"] == wanted);
        let position =
            position.ok_or_else(|| Failure::no_such("subscription item", wanted, &format!("{place}[id]")))?;
        if change.is("deleted") {
            items.remove(position);
        } else {
            change_one(call, &mut items[position], change, &place)?;
        }
    }
    check(&items)?;
    let periods = items.iter().map(|item| (item["current_period_start"].clone(), item["current_period_end"].clone()));
    let period = periods.clone().find(|(start, _)| !start.is_null());
    let is_same = interval.is_some_and(|old| {
        ["interval", "interval_count"].iter().all(|name| old[*name] == items[0]["price"]["recurring"][*name])
    });
    for item in items.iter_mut().filter(|item| item["current_period_start"].is_null()) {
        let (start, end) = period.clone().unwrap_or_default();
        item["current_period_start"] = start;
        item["current_period_end"] = end;
    }
    subscription.insert("items".to_owned(), list(&id, items));
    if !is_same {
        times::begin_period(subscription, call.now);
    }
    Ok(())
}

fn change_one(call: &Call<'_>, item: &mut Value, change: &Params, place: &str) -> Result<(), Failure> {
    if change.has("price") {
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
    let subscription = subscriptions::at(call, found);
    Ok(subscription.get("items").cloned().unwrap_or_default())
}
