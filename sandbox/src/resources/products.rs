//! What is sold. <https://docs.stripe.com/api/products>

use serde_json::{Value, json};

use super::{Resource, prices};
use crate::call::{Call, as_object, is, text};
use crate::failure::Failure;
use crate::list::Filter;
use crate::params::{Field, Kind, Params, field, required};
use crate::store::Object;

pub(crate) static PRODUCT: Resource = Resource {
    links: &[("default_price", &prices::PRICE)],
    on_request: &["tax_details"],
    ..Resource::new("product", ("prod_", 14))
};

const MARKETING_FEATURES: Kind = Kind::List(&Kind::Hash(&[required("name", Kind::Text(80))]));
const SIZE: Kind = Kind::Measure;
const PACKAGE: Kind = Kind::Hash(&[
    required("height", SIZE),
    required("length", SIZE),
    required("weight", SIZE),
    required("width", SIZE),
]);
const TAX_DETAILS: Kind =
    Kind::Hash(&[field("performance_location", Kind::Text(100)), field("tax_code", Kind::Text(100)).clearable()]);
const MOST_MARKETING_FEATURES: usize = 15;

pub(crate) const CREATE: &[Field] = &[
    required("name", Kind::Text(5000)),
    field("active", Kind::Bool),
    field("default_price_data", Kind::Hash(prices::DEFAULT_PRICE_DATA)),
    field("description", Kind::Text(40_000)),
    field("id", Kind::Text(500)),
    field("images", Kind::List(&Kind::Text(2048))),
    field("marketing_features", MARKETING_FEATURES),
    field("metadata", Kind::Metadata),
    field("package_dimensions", PACKAGE),
    field("shippable", Kind::Bool),
    field("statement_descriptor", Kind::Text(22)),
    field("tax_code", Kind::Text(100)),
    field("tax_details", TAX_DETAILS),
    field("type", Kind::Choice(&["good", "service"])),
    field("unit_label", Kind::Text(12)),
    field("url", Kind::Text(5000)),
];

pub(crate) const UPDATE: &[Field] = &[
    field("active", Kind::Bool),
    field("default_price", Kind::Text(5000)).clearable(),
    field("description", Kind::Text(40_000)).clearable(),
    field("images", Kind::List(&Kind::Text(2048))).clearable(),
    field("marketing_features", MARKETING_FEATURES).clearable(),
    field("metadata", Kind::Metadata).clearable(),
    field("name", Kind::Text(5000)),
    field("package_dimensions", PACKAGE).clearable(),
    field("shippable", Kind::Bool),
    field("statement_descriptor", Kind::Text(22)),
    field("tax_code", Kind::Text(100)).clearable(),
    field("tax_details", TAX_DETAILS).clearable(),
    field("unit_label", Kind::Text(12)).clearable(),
    field("url", Kind::Text(5000)).clearable(),
];

pub(crate) const LIST: &[Field] = &[
    field("active", Kind::Bool),
    field("created", Kind::Range),
    field("ids", Kind::List(&Kind::Text(5000))),
    field("shippable", Kind::Bool),
    field("type", Kind::Choice(&["good", "service"])),
    field("url", Kind::Text(5000)),
];

pub(crate) fn create(call: &mut Call<'_>) -> Result<Value, Failure> {
    let id = match call.params.text("id") {
        Some(id) if call.state.store.get(&PRODUCT, id).is_some() => return Err(Failure::exists("Product")),
        Some(id) => id.to_owned(),
        None => call.new_id(&PRODUCT),
    };
    let mut product = as_object(json!({
        "id": id, "object": "product",
        "active": true, "created": call.now, "default_price": null, "description": null, "images": [], "livemode": false,
        "marketing_features": [], "metadata": call.new_metadata()?, "name": "", "package_dimensions": null,
        "shippable": null, "statement_descriptor": null, "tax_code": null, "type": "service", "unit_label": null,
        "updated": call.now, "url": null,
    }));
    write(call, &mut product)?;
    call.params.copy_to(&mut product, &["type"]);
    let created = call.create(&PRODUCT, Value::Object(product.clone()), "product.created")?;
    let Some(data) = call.params.hash("default_price_data") else { return Ok(created) };
    let price = prices::create_from(call, &data, &id, "default_price_data")?;
    product.insert("default_price".to_owned(), price.get("id").cloned().unwrap_or_default());
    call.update(&PRODUCT, product, "product.updated")
}

/// Creates a product that another object describes, and returns its id.
pub(crate) fn create_from(call: &mut Call<'_>, params: Params) -> Result<String, Failure> {
    let whole = std::mem::replace(&mut call.params, params);
    let created = create(call);
    call.params = whole;
    Ok(created?["id"].as_str().unwrap_or_default().to_owned())
}

pub(crate) fn update(call: &mut Call<'_>) -> Result<Value, Failure> {
    let mut product = call.found(&PRODUCT)?;
    if let Some(id) = call.params.text("default_price") {
        let price = call.referred(&prices::PRICE, id, "default_price")?;
        if text(&price, "product") != text(&product, "id") {
            let message = format!("The price specified is not associated with this product: {id}");
            return Err(Failure::invalid(message).param("default_price"));
        }
        if !is(&price, "active") {
            let message = "The default price must be active; this price is archived.";
            return Err(Failure::invalid(message).param("default_price"));
        }
    }
    call.params.copy_to(&mut product, &["default_price"]);
    call.merge_metadata(&mut product)?;
    write(call, &mut product)?;
    if call.state.store.get(&PRODUCT, text(&product, "id")) != Some(&product) {
        product.insert("updated".to_owned(), json!(call.now));
    }
    call.update(&PRODUCT, product, "product.updated")
}

/// Writes what create and update have in common.
fn write(call: &Call<'_>, product: &mut Object) -> Result<(), Failure> {
    if call.params.hashes("marketing_features").len() > MOST_MARKETING_FEATURES {
        let message = format!("You can only have up to {MOST_MARKETING_FEATURES} marketing features on a product.");
        return Err(Failure::invalid(message).param("marketing_features"));
    }
    if let Some(descriptor) = call.params.text("statement_descriptor") {
        check_descriptor(descriptor)?;
    }
    let fields = [
        "active",
        "description",
        "images",
        "marketing_features",
        "name",
        "package_dimensions",
        "shippable",
        "statement_descriptor",
        "tax_code",
        "tax_details",
        "unit_label",
        "url",
    ];
    call.params.copy_to(product, &fields);
    for list in ["images", "marketing_features"] {
        if product.get(list) == Some(&Value::Null) {
            product.insert(list.to_owned(), json!([]));
        }
    }
    Ok(())
}

/// <https://docs.stripe.com/get-started/account/statement-descriptors>
fn check_descriptor(text: &str) -> Result<(), Failure> {
    let refused = |message: &str| Err(Failure::invalid(message).param("statement_descriptor"));
    if text.contains(['<', '>', '\\', '\'', '"', '*']) {
        return refused("The statement descriptor cannot contain any of the following characters: <, >, \\, ', \", *.");
    }
    match text.chars().any(char::is_alphabetic) {
        true => Ok(()),
        false => refused("The statement descriptor must contain at least one alphabetic character."),
    }
}

pub(crate) fn retrieve(call: &mut Call<'_>) -> Result<Value, Failure> {
    call.found(&PRODUCT).map(Value::Object)
}

pub(crate) fn list(call: &mut Call<'_>) -> Result<Value, Failure> {
    let equal = ["active", "shippable", "type", "url"].map(Filter::Equals);
    call.list(&PRODUCT, &[&equal[..], &[Filter::Within("created"), Filter::OneOf("ids", "id")]].concat())
}

pub(crate) fn delete(call: &mut Call<'_>) -> Result<Value, Failure> {
    let product = call.found(&PRODUCT)?;
    let id = text(&product, "id");
    if call.state.store.first_with(&prices::PRICE, "product", id).is_some() {
        return Err(Failure::invalid("This product cannot be deleted because it has one or more user-created prices."));
    }
    call.delete(&PRODUCT, product, "product.deleted")
}
