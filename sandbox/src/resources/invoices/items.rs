//! Amounts that wait for an invoice: by hand, and of changes of subscriptions. <https://docs.stripe.com/api/invoiceitems>

use serde_json::{Value, json};

use super::super::Resource;
use super::super::customers::{self, CUSTOMER};
use super::super::prices::{self, PRICE};
use super::super::subscriptions::SUBSCRIPTION;
use super::{INVOICE, lines, totals};
use crate::call::{Call, as_object, is, number, set, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, Params, field, required};
use crate::pricing;
use crate::store::Object;

pub(crate) static INVOICE_ITEM: Resource = Resource {
    noun: "invoiceitem",
    links: &[("customer", &CUSTOMER), ("invoice", &INVOICE), ("pricing.price_details.price", &PRICE)],
    indexed: &["customer", "invoice"],
    ..Resource::new("invoiceitem", ("ii_1", 23))
};

const SHORT: Kind = Kind::Text(5000);
const AMOUNT: Kind = Kind::Integer(-999_999_999_999, 999_999_999_999);
const PERIOD: Field = field(
    "period",
    Kind::Hash(&[required("end", Kind::Integer(0, i64::MAX)), required("start", Kind::Integer(0, i64::MAX))]),
);

pub(crate) const CREATE: &[Field] = &[
    required("customer", SHORT),
    field("amount", AMOUNT),
    field("currency", Kind::Currency),
    field("description", SHORT),
    field("discountable", Kind::Bool),
    field("invoice", SHORT),
    field("metadata", Kind::Metadata).clearable(),
    PERIOD,
    field("pricing", Kind::Hash(&[field("price", SHORT)])),
    field("quantity", Kind::Integer(0, 999_999)),
    field("subscription", SHORT),
    field("tax_behavior", prices::TAX_BEHAVIOR),
    field("unit_amount_decimal", Kind::Decimal),
];

pub(crate) const UPDATE: &[Field] = &[
    field("amount", AMOUNT),
    field("description", SHORT),
    field("discountable", Kind::Bool),
    field("metadata", Kind::Metadata).clearable(),
    PERIOD,
    field("quantity", Kind::Integer(0, 999_999)),
    field("unit_amount_decimal", Kind::Decimal),
];

pub(crate) const LIST: &[Field] =
    &[field("date", Kind::Range), field("customer", SHORT), field("invoice", SHORT), field("pending", Kind::Bool)];

/// What is known of a new item.
pub(in crate::resources) struct NewItem<'a> {
    pub(in crate::resources) customer: &'a str,
    pub(in crate::resources) currency: &'a str,
    pub(in crate::resources) amount: i64,
    pub(in crate::resources) description: String,
    pub(in crate::resources) period: (i64, i64),
    pub(in crate::resources) quantity: i64,
    pub(in crate::resources) pricing: Value,
    /// The subscription, and its item.
    pub(in crate::resources) of: Option<(&'a str, Option<&'a str>)>,
    pub(in crate::resources) is_proration: bool,
}

/// Keeps an item that waits for the next invoice.
pub(in crate::resources) fn make(call: &mut Call<'_>, new: &NewItem<'_>) -> Result<Value, Failure> {
    let parent = new.of.map(|(subscription, item)| {
        let mut details = json!({ "subscription": subscription });
        if let Some(item) = item {
            details["subscription_item"] = json!(item);
        }
        json!({ "subscription_details": details, "type": "subscription_details" })
    });
    let item = json!({
        "id": call.new_id(&INVOICE_ITEM), "object": "invoiceitem",
        "amount": new.amount, "currency": new.currency, "customer": new.customer, "customer_account": null,
        "date": call.now, "description": new.description, "discountable": !new.is_proration, "discounts": [],
        "invoice": null, "livemode": false, "metadata": {}, "net_amount": new.amount, "parent": parent,
        "period": { "end": new.period.1, "start": new.period.0 }, "pricing": new.pricing,
        "proration": new.is_proration, "quantity": new.quantity, "quantity_decimal": new.quantity.to_string(),
        "tax_rates": [], "test_clock": null,
    });
    call.create(&INVOICE_ITEM, item, "invoiceitem.created")
}

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let params = call.params.clone();
    let customer = customers::referred(call, params.text("customer").unwrap_or_default(), "customer")?;
    let invoice = params.text("invoice").map(|id| draft(call, id, text(&customer, "id"))).transpose()?;
    if let Some(subscription) = params.text("subscription") {
        call.referred(&SUBSCRIPTION, subscription, "subscription")?;
    }
    let quantity = params.integer("quantity").unwrap_or(1);
    let (amount, currency, description, pricing) = worth(call, &params, quantity)?;
    let own = invoice.as_ref().map(|invoice| text(invoice, "currency").to_owned());
    if own.is_some_and(|own| own != currency) {
        let message = "The currency of the invoice item must be that of the invoice.";
        return Err(Failure::invalid(message).param("currency"));
    }
    let period = params.hash("period").unwrap_or_default();
    let at = |name: &str| period.integer(name).unwrap_or(call.now);
    let period = (at("start"), at("end"));
    let new = NewItem {
        customer: text(&customer, "id"),
        currency: &currency,
        amount,
        description: params.text("description").map_or(description, str::to_owned),
        period,
        quantity,
        pricing,
        of: params.text("subscription").map(|id| (id, None)),
        is_proration: false,
    };
    let mut item = as_object(make(call, &new)?);
    params.copy_to(&mut item, &["discountable"]);
    call.merge_metadata(&mut item)?;
    call.keep_quietly(&INVOICE_ITEM, Value::Object(item.clone()))?;
    if let Some(invoice) = invoice {
        item = bill(call, item, text(&invoice, "id"))?;
        rewrite(call, invoice, &item, true)?;
    }
    Ok(Value::Object(item))
}

/// Amount, currency, description and pricing of an item by hand.
fn worth(call: &Call<'_>, params: &Params, quantity: i64) -> Result<(i64, String, String, Value), Failure> {
    let priced = params.hash("pricing").unwrap_or_default();
    if let Some(id) = priced.text("price") {
        let price = call.referred(&PRICE, id, "pricing[price]")?;
        if text(&price, "type") != "one_time" {
            let message = "The price specified is set to `type=recurring` but this field only accepts prices with \
                           `type=one_time`.";
            return Err(Failure::invalid(message).param("pricing[price]"));
        }
        let (amount, currency) = (pricing::amount(&price, quantity), text(&price, "currency").to_owned());
        let price = Value::Object(price);
        return Ok((amount, currency, lines::product_name(call, &price), lines::pricing(&price)));
    }
    let Some(currency) = params.text("currency") else { return Err(Failure::missing("currency")) };
    let decimal = params.value("unit_amount_decimal");
    let (amount, unit) = match params.integer("amount") {
        Some(amount) => (amount, json!(amount.to_string())),
        None if decimal.is_null() => return Err(Failure::missing("amount")),
        None => {
            let flat = as_object(json!({ "unit_amount_decimal": decimal.clone() }));
            (pricing::amount(&flat, quantity), decimal)
        }
    };
    Ok((amount, currency.to_owned(), String::new(), json!({ "type": "price_details", "unit_amount_decimal": unit })))
}

/// The draft of a customer to which something is to be added.
fn draft(call: &Call<'_>, id: &str, customer: &str) -> Result<Object, Failure> {
    let invoice = call.referred(&INVOICE, id, "invoice")?;
    if text(&invoice, "status") != "draft" {
        let message = "You can only add invoice items to invoices with a status of `draft`.";
        return Err(Failure::invalid(message).code("invoice_not_editable").param("invoice"));
    }
    if text(&invoice, "customer") != customer {
        return Err(Failure::invalid("The invoice belongs to another customer.").param("invoice"));
    }
    Ok(invoice)
}

/// Writes an item into its draft, in place of the line that it has there, or takes that line out.
fn rewrite(call: &mut Call<'_>, mut invoice: Object, item: &Object, stays: bool) -> Result<(), Failure> {
    let mut line = lines::of_item(call, item);
    line["invoice"] = invoice["id"].clone();
    let is_of_item = |line: &Value| {
        ["invoice_item_details", "subscription_item_details"]
            .iter()
            .any(|details| line["parent"][details]["invoice_item"] == item["id"])
    };
    if let Some(data) = invoice.get_mut("lines").and_then(|lines| lines["data"].as_array_mut()) {
        let place = data.iter().position(is_of_item);
        data.retain(|line| !is_of_item(line));
        if stays {
            data.insert(place.unwrap_or(data.len()), line);
        }
    }
    totals::write(call, &mut invoice)?;
    call.update(&INVOICE, invoice, "invoice.updated").map(drop)
}

/// The items of a customer that wait for an invoice: of a subscription, and those of none.
pub(in crate::resources) fn pending(call: &Call<'_>, customer: &str, subscription: Option<&str>) -> Vec<Object> {
    let is_meant = |item: &&Object| {
        let own = item.get("parent").and_then(|parent| parent["subscription_details"]["subscription"].as_str());
        item["invoice"].is_null() && (own.is_none() || own == subscription)
    };
    call.state.store.all_with(&INVOICE_ITEM, "customer", customer).filter(is_meant).cloned().collect()
}

/// An item waits no longer.
pub(super) fn bill(call: &mut Call<'_>, mut item: Object, invoice: &str) -> Result<Object, Failure> {
    set(&mut item, "invoice", invoice);
    call.keep_quietly(&INVOICE_ITEM, Value::Object(item)).map(as_object)
}

/// The items of an invoice that goes wait again.
pub(super) fn release(call: &mut Call<'_>, invoice: &str) -> Result<(), Failure> {
    let items: Vec<Object> = call.state.store.all_with(&INVOICE_ITEM, "invoice", invoice).cloned().collect();
    for mut item in items {
        set(&mut item, "invoice", Value::Null);
        call.keep_quietly(&INVOICE_ITEM, Value::Object(item))?;
    }
    Ok(())
}

/// The item of the address and its draft, if it has one, as long as they can be changed.
fn changeable(call: &Call<'_>) -> Result<(Object, Option<Object>), Failure> {
    let item = call.found(&INVOICE_ITEM)?;
    let invoice = call.state.store.get(&INVOICE, text(&item, "invoice")).cloned();
    if invoice.as_ref().is_some_and(|invoice| text(invoice, "status") != "draft") {
        let message = "This invoice item belongs to an invoice that is finalized, and can't be changed any more.";
        return Err(Failure::invalid(message).code("invoice_not_editable"));
    }
    Ok((item, invoice))
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let (mut item, invoice) = changeable(call)?;
    let params = call.params.clone();
    if is(&item, "proration") && ["amount", "quantity", "unit_amount_decimal"].iter().any(|name| params.has(name)) {
        return Err(Failure::invalid("The amount of a proration can't be changed."));
    }
    params.copy_to(&mut item, &["amount", "description", "discountable", "quantity"]);
    let quantity = item["quantity"].as_i64().unwrap_or(1);
    if let Some(unit) = params.text("unit_amount_decimal") {
        item["pricing"]["unit_amount_decimal"] = json!(unit);
    }
    if !params.has("amount") && (params.has("quantity") || params.has("unit_amount_decimal")) {
        let flat = as_object(json!({ "unit_amount_decimal": item["pricing"]["unit_amount_decimal"] }));
        set(&mut item, "amount", pricing::amount(&flat, quantity));
    }
    let amount = number(&item, "amount");
    set(&mut item, "net_amount", amount);
    set(&mut item, "quantity_decimal", quantity.to_string());
    if let Some(period) = params.hash("period") {
        set(&mut item, "period", json!({ "end": period.value("end"), "start": period.value("start") }));
    }
    call.merge_metadata(&mut item)?;
    let item = as_object(call.keep_quietly(&INVOICE_ITEM, Value::Object(item))?);
    if let Some(invoice) = invoice {
        rewrite(call, invoice, &item, true)?;
    }
    Ok(Value::Object(item))
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let (item, invoice) = changeable(call)?;
    if let Some(invoice) = invoice {
        rewrite(call, invoice, &item, false)?;
    }
    call.delete(&INVOICE_ITEM, item, "invoiceitem.deleted")
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&INVOICE_ITEM).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let equal = ["customer", "invoice"].map(Filter::Equals);
    let (pending, created) = (call.params.bool("pending"), Filter::Within("date"));
    call.list_where(&INVOICE_ITEM, |item| {
        pending.is_none_or(|pending| item["invoice"].is_null() == pending)
            && equal.iter().chain([&created]).all(|filter| filter.passes(call, item))
    })
}
