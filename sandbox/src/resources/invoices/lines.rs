//! The lines of invoices. <https://docs.stripe.com/api/invoice-line-item>

use chrono::DateTime;
use serde_json::{Value, json};

use super::super::Resource;
use super::super::discounts::DISCOUNT;
use super::super::prices::PRICE;
use super::super::products::PRODUCT;
use crate::call::{Call, text};
use crate::store::Object;

/// They are kept inside of their invoice.
pub(crate) static LINE_ITEM: Resource = Resource {
    links: &[("discounts", &DISCOUNT), ("pricing.price_details.price", &PRICE)],
    ..Resource::new("line_item", ("il_1", 23))
};

/// What a line is about, and for how much.
pub(in crate::resources) struct Billed<'a> {
    pub(in crate::resources) amount: i64,
    pub(in crate::resources) description: String,
    pub(in crate::resources) period: (i64, i64),
    /// As a whole number, where it is one.
    pub(in crate::resources) quantity: Option<i64>,
    pub(in crate::resources) quantity_decimal: String,
    /// The item of a subscription as it is at the time.
    pub(in crate::resources) item: &'a Value,
}

/// A line for an item of a subscription.
pub(in crate::resources) fn of_subscription(call: &mut Call<'_>, billed: &Billed<'_>) -> Value {
    let price = &billed.item["price"];
    let parent = json!({
        "invoice_item_details": null,
        "subscription_item_details": {
            "invoice_item": null, "proration": false, "proration_details": { "credited_items": null },
            "subscription": billed.item["subscription"], "subscription_item": billed.item["id"],
        },
        "type": "subscription_item_details",
    });
    json!({
        "id": call.new_id(&LINE_ITEM), "object": "line_item",
        "amount": billed.amount, "currency": price["currency"], "description": billed.description,
        "discount_amounts": [], "discountable": true, "discounts": [], "invoice": null, "livemode": false,
        "metadata": billed.item["metadata"], "parent": parent,
        "period": { "end": billed.period.1, "start": billed.period.0 }, "pretax_credit_amounts": [],
        "pricing": pricing(price), "quantity": billed.quantity, "quantity_decimal": billed.quantity_decimal,
        "subscription": billed.item["subscription"], "subtotal": billed.amount, "taxes": [],
    })
}

/// A line for an invoice item.
pub(super) fn of_item(call: &mut Call<'_>, item: &Object) -> Value {
    let of = |name: &str| item.get(name).cloned().unwrap_or_default();
    let subscription = of("parent")["subscription_details"].clone();
    let (kind, details) = match subscription["subscription_item"].as_str() {
        Some(subscription_item) => (
            "subscription_item_details",
            json!({
                "invoice_item": of("id"), "proration": of("proration"), "proration_details": { "credited_items": null },
                "subscription": subscription["subscription"], "subscription_item": subscription_item,
            }),
        ),
        None => (
            "invoice_item_details",
            json!({
                "invoice_item": of("id"), "proration": of("proration"), "proration_details": { "credited_items": null },
                "subscription": subscription["subscription"],
            }),
        ),
    };
    let mut parent = json!({ "invoice_item_details": null, "subscription_item_details": null, "type": kind });
    parent[kind] = details;
    json!({
        "id": call.new_id(&LINE_ITEM), "object": "line_item",
        "amount": of("amount"), "currency": of("currency"), "description": of("description"), "discount_amounts": [],
        "discountable": of("discountable"), "discounts": [], "invoice": null, "livemode": false,
        "metadata": of("metadata"), "parent": parent, "period": of("period"), "pretax_credit_amounts": [],
        "pricing": of("pricing"), "quantity": of("quantity"), "quantity_decimal": of("quantity_decimal"),
        "subscription": subscription["subscription"], "subtotal": of("amount"), "taxes": [],
    })
}

/// How a line says what it costs.
pub(in crate::resources) fn pricing(price: &Value) -> Value {
    json!({
        "price_details": { "price": price["id"], "product": price["product"] }, "type": "price_details",
        "unit_amount_decimal": price["unit_amount_decimal"],
    })
}

pub(super) fn list(invoice: &str, lines: Vec<Value>) -> Value {
    json!({ "object": "list", "data": lines, "has_more": false, "url": format!("/v1/invoices/{invoice}/lines") })
}

/// Every line of an invoice.
pub(in crate::resources) fn of(invoice: &Object) -> &[Value] {
    invoice.get("lines").and_then(|lines| lines["data"].as_array()).map(Vec::as_slice).unwrap_or_default()
}

/// What a price sells: the name of its product.
pub(in crate::resources) fn product_name(call: &Call<'_>, price: &Value) -> String {
    let product = call.state.store.get(&PRODUCT, price["product"].as_str().unwrap_or_default());
    product.map(|product| text(product, "name").to_owned()).unwrap_or_default()
}

/// `15 Jan 2027`
pub(in crate::resources) fn day(at: i64) -> String {
    DateTime::from_timestamp(at, 0).unwrap_or_default().format("%d %b %Y").to_string()
}
