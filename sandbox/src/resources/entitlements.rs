//! What customers may use at the moment. <https://docs.stripe.com/api/entitlements/active-entitlement>

use serde_json::{Value, json};

use super::Resource;
use super::customers;
use super::events;
use super::features::FEATURE;
use super::product_features::PRODUCT_FEATURE;
use super::subscriptions::{SUBSCRIPTION, items};
use crate::call::{Call, as_object, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, required};
use crate::store::Object;

pub(crate) static ACTIVE_ENTITLEMENT: Resource = Resource {
    noun: "active entitlement",
    links: &[("feature", &FEATURE)],
    hidden: &["customer"],
    indexed: &["customer"],
    ..Resource::new("entitlements.active_entitlement", ("ent_test_", 32))
};

pub(crate) const LIST: &[Field] = &[required("customer", Kind::Text(5000))];

/// While a subscription is so, its customer has what its products entitle to.
const ENTITLING: [&str; 3] = ["active", "past_due", "trialing"];

/// Brings a customer's entitlements up to their subscriptions, and tells of what is different.
pub(super) fn refresh(call: &mut Call<'_>, customer: &str) -> Result<(), Failure> {
    let had: Vec<Object> = call.state.store.all_with(&ACTIVE_ENTITLEMENT, "customer", customer).cloned().collect();
    let wanted = wanted(call, customer);
    let is_same = had.len() == wanted.len() && had.iter().all(|own| wanted.iter().any(|id| text(own, "feature") == id));
    if is_same {
        return Ok(());
    }
    for gone in had.iter().filter(|own| !wanted.iter().any(|id| text(own, "feature") == id)) {
        call.delete_quietly(&ACTIVE_ENTITLEMENT, gone)?;
    }
    for feature in wanted.iter().filter(|id| !had.iter().any(|own| text(own, "feature") == *id)) {
        let lookup_key = call.state.store.get(&FEATURE, feature).map(|feature| text(feature, "lookup_key").to_owned());
        let made = json!({
            "id": call.new_id(&ACTIVE_ENTITLEMENT), "object": "entitlements.active_entitlement",
            "customer": customer, "feature": feature, "livemode": false, "lookup_key": lookup_key,
        });
        call.keep_quietly(&ACTIVE_ENTITLEMENT, made)?;
    }
    let has: Vec<Object> = call.state.store.all_with(&ACTIVE_ENTITLEMENT, "customer", customer).cloned().collect();
    let previous = as_object(json!({ "entitlements": list(customer, had) }));
    let summary = json!({
        "object": "entitlements.active_entitlement_summary",
        "customer": customer, "entitlements": list(customer, has), "livemode": false,
    });
    events::record(call, "entitlements.active_entitlement_summary.updated", as_object(summary), Some(previous))
}

fn list(customer: &str, mut entitlements: Vec<Object>) -> Value {
    for entitlement in &mut entitlements {
        entitlement.remove("customer");
    }
    let url = format!("/v1/customer/{customer}/entitlements");
    json!({ "object": "list", "data": entitlements, "has_more": false, "url": url })
}

/// The features of the products that the customer has, each once.
fn wanted(call: &Call<'_>, customer: &str) -> Vec<String> {
    let store = &call.state.store;
    let mut features = Vec::new();
    let entitling = |subscription: &&Object| ENTITLING.contains(&text(subscription, "status"));
    for subscription in store.all_with(&SUBSCRIPTION, "customer", customer).filter(entitling) {
        for item in items::in_order(subscription) {
            let product = item["price"]["product"].as_str().unwrap_or_default();
            for attached in store.all_with(&PRODUCT_FEATURE, "product", product) {
                let feature = text(attached, "entitlement_feature").to_owned();
                if !features.contains(&feature) {
                    features.push(feature);
                }
            }
        }
    }
    features
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&ACTIVE_ENTITLEMENT).map(Value::Object)
}

pub(crate) fn list_of_customer(call: &mut Call<'_>) -> Result<Value, Failure> {
    let customer = call.params.text("customer").unwrap_or_default();
    customers::referred(call, customer, "customer")?;
    call.list_where(&ACTIVE_ENTITLEMENT, |entitlement| text(entitlement, "customer") == customer)
}
