//! What a product entitles to. <https://docs.stripe.com/api/product-feature>

use serde_json::{Value, json};

use super::Resource;
use super::features::FEATURE;
use super::products::PRODUCT;
use crate::call::{Call, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, required};
use crate::store::Object;

/// Kept with the ids of its product and its feature; shown without the one and with the other's object.
pub(crate) static PRODUCT_FEATURE: Resource = Resource {
    noun: "product feature",
    indexed: &["product"],
    hidden: &["product"],
    ..Resource::new("product_feature", ("prodft_", 14))
};

pub(crate) const CREATE: &[Field] = &[required("entitlement_feature", Kind::Text(5000))];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let product = call.found(&PRODUCT)?;
    let (product, id) = (text(&product, "id"), call.params.text("entitlement_feature").unwrap_or_default().to_owned());
    call.referred(&FEATURE, &id, "entitlement_feature")?;
    let mut others = call.state.store.all_with(&PRODUCT_FEATURE, "product", product);
    if others.any(|other| text(other, "entitlement_feature") == id) {
        let message = "This feature is already attached to this product.";
        return Err(Failure::invalid(message).code("resource_already_exists").param("entitlement_feature"));
    }
    drop(others);
    let attached = json!({
        "id": call.new_id(&PRODUCT_FEATURE), "object": "product_feature",
        "entitlement_feature": id, "livemode": false, "product": product,
    });
    let attached = call.keep_quietly(&PRODUCT_FEATURE, attached)?;
    Ok(with_feature(call, attached))
}

/// The object of the address, which must be of the product before it.
fn attached(call: &Call<'_>) -> Result<Object, Failure> {
    let product = call.found(&PRODUCT)?;
    let attached = call.found_as(&PRODUCT_FEATURE, 1)?;
    match text(&attached, "product") == text(&product, "id") {
        true => Ok(attached),
        false => Err(Failure::not_found(PRODUCT_FEATURE.noun, text(&attached, "id"))),
    }
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    let attached = attached(call)?;
    Ok(with_feature(call, Value::Object(attached)))
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let product = call.found(&PRODUCT)?;
    let mut list = call.list_where(&PRODUCT_FEATURE, |attached| text(attached, "product") == text(&product, "id"))?;
    if let Some(data) = list["data"].as_array_mut() {
        *data = std::mem::take(data).into_iter().map(|attached| with_feature(call, attached)).collect();
    }
    Ok(list)
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let attached = attached(call)?;
    call.delete_quietly(&PRODUCT_FEATURE, &attached)
}

fn with_feature(call: &Call<'_>, mut attached: Value) -> Value {
    let feature = attached["entitlement_feature"].as_str().and_then(|id| call.state.store.get(&FEATURE, id));
    attached["entitlement_feature"] = feature.cloned().map_or(Value::Null, Value::Object);
    attached
}
