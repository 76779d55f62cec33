//! Who pays. <https://docs.stripe.com/api/customers>

use serde_json::{Value, json};

use super::Resource;
use super::addresses::{ADDRESS, SHIPPING, address, shipping};
use super::payment_methods::{self, PAYMENT_METHOD};
use super::subscriptions;
use crate::call::{Call, as_object, is, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, field};
use crate::store::Object;

pub(crate) static CUSTOMER: Resource = Resource {
    links: &[("invoice_settings.default_payment_method", &PAYMENT_METHOD)],
    ..Resource::new("customer", ("cus_", 14))
};

const SHORT: Kind = Kind::Text(5000);
const INVOICE_SETTINGS: &[Field] =
    &[field("default_payment_method", SHORT).clearable(), field("footer", SHORT).clearable()];

pub(crate) const CREATE: &[Field] = &[
    field("address", Kind::Hash(ADDRESS)).clearable(),
    field("balance", Kind::Integer(i64::MIN, i64::MAX)),
    field("description", SHORT).clearable(),
    field("email", Kind::Text(512)).clearable(),
    field("invoice_prefix", Kind::Text(12)),
    field("invoice_settings", Kind::Hash(INVOICE_SETTINGS)),
    field("metadata", Kind::Metadata).clearable(),
    field("name", Kind::Text(256)).clearable(),
    field("next_invoice_sequence", Kind::Integer(1, i64::MAX)),
    field("payment_method", SHORT),
    field("phone", Kind::Text(20)).clearable(),
    field("preferred_locales", Kind::List(&SHORT)),
    field("shipping", Kind::Hash(SHIPPING)).clearable(),
    field("tax_exempt", Kind::Choice(&["exempt", "none", "reverse"])).clearable(),
];

/// A payment method is attached, and not changed here.
pub(crate) const UPDATE: &[Field] = CREATE;

pub(crate) const LIST: &[Field] = &[field("created", Kind::Range), field("email", Kind::Text(512))];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut customer = as_object(json!({
        "id": call.new_id(&CUSTOMER), "object": "customer",
        "address": null, "balance": 0, "created": call.now, "currency": null, "default_source": null,
        "delinquent": false, "description": null, "discount": null, "email": null,
        "invoice_prefix": call.state.ids.next("", 8).to_uppercase(),
        "invoice_settings": {
            "custom_fields": null, "default_payment_method": null, "footer": null, "rendering_options": null,
        },
        "livemode": false, "metadata": {}, "name": null, "next_invoice_sequence": 1, "phone": null,
        "preferred_locales": [], "shipping": null, "tax_exempt": "none", "test_clock": null,
    }));
    let method = call.params.text("payment_method").map(str::to_owned);
    let mut attached = Object::new();
    if let Some(method) = method {
        // It must be there before the method can be attached to it.
        call.keep_quietly(&CUSTOMER, Value::Object(customer.clone()))?;
        attached = payment_methods::attach_to(call, &method, text(&customer, "id"), "payment_method")?;
    }
    write(call, &mut customer, &attached)?;
    call.create(&CUSTOMER, Value::Object(customer), "customer.created")
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut customer = living(call)?;
    write(call, &mut customer, &Object::new())?;
    call.update(&CUSTOMER, customer, "customer.updated")
}

/// `attached` is the payment method that has come with the customer, if one has.
fn write(call: &Call<'_>, customer: &mut Object, attached: &Object) -> Result<(), Failure> {
    let params = &call.params;
    if let Some(email) = params.text("email").filter(|email| !email.contains('@')) {
        return Err(Failure::invalid(format!("Invalid email address: {email}")).code("email_invalid").param("email"));
    }
    let plain = [
        "balance",
        "description",
        "email",
        "invoice_prefix",
        "name",
        "next_invoice_sequence",
        "phone",
        "preferred_locales",
    ];
    params.copy_to(customer, &plain);
    if params.has("tax_exempt") {
        customer.insert("tax_exempt".to_owned(), json!(params.text("tax_exempt").unwrap_or("none")));
    }
    if params.has("address") {
        customer.insert("address".to_owned(), params.hash("address").map_or(Value::Null, |lines| address(&lines)));
    }
    if params.has("shipping") {
        customer.insert("shipping".to_owned(), shipping(params.hash("shipping").as_ref()));
    }
    if let Some(settings) = params.hash("invoice_settings") {
        let id = text(customer, "id").to_owned();
        let mut default = settings.value("default_payment_method");
        if let Some(method) = settings.text("default_payment_method") {
            let param = "invoice_settings[default_payment_method]";
            // `pm_card_visa` and its like have ids of their own as soon as they are attached.
            let is_attached = !attached.is_empty() && call.params.text("payment_method") == Some(method);
            let method = if is_attached { attached.clone() } else { call.referred(&PAYMENT_METHOD, method, param)? };
            default = json!(text(&method, "id"));
            if text(&method, "customer") != id {
                let message = format!(
                    "The customer does not have a payment method with the ID {}. The payment method must be attached \
                     to the customer.",
                    text(&method, "id")
                );
                return Err(Failure::invalid(message).code("resource_missing").param(param));
            }
        }
        if let Some(Value::Object(old)) = customer.get_mut("invoice_settings") {
            settings.copy_to(old, &["footer"]);
            if settings.has("default_payment_method") {
                old.insert("default_payment_method".to_owned(), default);
            }
        }
    }
    call.merge_metadata(customer)
}

/// The customer of the address, unless it was deleted.
pub(crate) fn living(call: &Call<'_>) -> Result<Object, Failure> {
    let customer = call.found(&CUSTOMER)?;
    if is(&customer, "deleted") { Err(Failure::not_found("customer", text(&customer, "id"))) } else { Ok(customer) }
}

/// The customer that a parameter names, unless it was deleted.
pub(crate) fn referred(call: &Call<'_>, id: &str, param: &str) -> Result<Object, Failure> {
    let customer = call.referred(&CUSTOMER, id, param)?;
    if is(&customer, "deleted") { Err(Failure::no_such("customer", id, param)) } else { Ok(customer) }
}

/// A deleted one is still told to be deleted.
pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&CUSTOMER).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let filters = [Filter::Equals("email"), Filter::Within("created")];
    call.list_where(&CUSTOMER, |customer| {
        !is(customer, "deleted") && filters.iter().all(|filter| filter.passes(call, customer))
    })
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let customer = living(call)?;
    let id = text(&customer, "id").to_owned();
    subscriptions::end_all(call, &id)?;
    payment_methods::detach_all(call, &id)?;
    let deleted = call.delete(&CUSTOMER, customer, "customer.deleted")?;
    call.keep_quietly(&CUSTOMER, deleted)
}
