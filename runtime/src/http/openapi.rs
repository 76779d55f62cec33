//! The description of the API in OpenAPI 3.1, with the routes of each kind of the catalog, and the page to read it.

use pricebook_types::{Artifacts, Kind};
use utoipa::OpenApi;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{AdditionalProperties, ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, ResponseBuilder};

use super::api::admin::{cache, stripe};
use super::api::{billing_portal, checkout, payments, probes};

mod admin;
mod page;

pub(super) use page::{SECURITY as PAGE_SECURITY, page, style};

#[derive(OpenApi)]
#[openapi(
    paths(
        payments::create, checkout::create, billing_portal::open, cache::clear, probes::health, probes::ready, probes::metrics,
        stripe::status::show, stripe::sync_products::sync, stripe::job::show, stripe::job::follow,
        stripe::events::event, stripe::events::pricing_plan_change, stripe::queue::replay,
    ),
    tags(
        (name = "anyone", description = "Pages of shops, their back ends, and whoever checks that prices are right"),
        (name = "administrators", description = "Whoever administers, with an admin's token, or an operator's where the list is theirs"),
        (name = "operators", description = "Whoever keeps the server running, by machine"),
    ),
)]
struct Described;

/// The description of the API for a catalog.
pub fn openapi(artifacts: &Artifacts) -> utoipa::openapi::OpenApi {
    let mut api = Described::openapi();
    api.info.title = artifacts.title.to_owned();
    api.info.version = env!("CARGO_PKG_VERSION").to_owned();
    api.info.description = Some(format!("What {} sells, and how it is paid for.", artifacts.title));
    api.info.license = None;
    let components = api.components.get_or_insert_default();
    components.schemas.insert("Product".to_owned(), product().into());
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.security_schemes.insert("metrics".to_owned(), RefOr::T(SecurityScheme::Http(bearer)));
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("pbk_…");
    let bearer = bearer.description(Some(
        "Of a user's program; routes of administrators ask for an admin's, some lists for an operator's. `pricebook user token add` makes one",
    ));
    components.security_schemes.insert("token".to_owned(), RefOr::T(SecurityScheme::Http(bearer.build())));
    admin::describe(&mut api);
    for kind in artifacts.kinds {
        api.paths.paths.insert(format!("/{}", kind.plural), PathItem::new(HttpMethod::Get, list(kind)));
        api.paths.paths.insert(format!("/{}/{{id}}", kind.plural), PathItem::new(HttpMethod::Get, one(kind)));
    }
    api
}

/// An exact amount in major units.
pub(super) fn amount() -> RefOr<Schema> {
    let number = ObjectBuilder::new().schema_type(Type::Number).minimum(Some(0)).examples([serde_json::json!(299)]);
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(r"^\d+(\.\d+)?$"))
        .examples([serde_json::json!("29.50")]);
    let description = "Major units: whole ones as a number, others as a text";
    OneOfBuilder::new().item(number).item(text).description(Some(description)).into()
}

fn list(kind: &Kind) -> OperationBuilder {
    let (title, plural) = (kind.title.to_lowercase(), kind.plural);
    let bust = ParameterBuilder::new()
        .name("bust")
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some("With any value, such as the time in seconds, the database is read anew"))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
    let answer = ObjectBuilder::new()
        .property("success", always_true())
        .required("success")
        .property(plural, ArrayBuilder::new().items(Ref::from_schema_name("Product")))
        .required(plural);
    OperationBuilder::new()
        .tag("anyone")
        .operation_id(Some(format!("list_{plural}")))
        .summary(Some(format!("Every active {title}")))
        .description(Some("As the database has them. Answers carry an ETag, and 304 says that it is still right."))
        .parameter(bust)
        .response("200", json("All of them", answer))
        .response("304", ResponseBuilder::new().description("As the caller has it"))
        .response("429", error("Too many requests"))
        .response("503", error("The database does not answer"))
}

fn one(kind: &Kind) -> OperationBuilder {
    let title = kind.title.to_lowercase();
    let id = ParameterBuilder::new()
        .name("id")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
    let answer = ObjectBuilder::new()
        .property("success", always_true())
        .required("success")
        .property(kind.id, Ref::from_schema_name("Product"))
        .required(kind.id);
    OperationBuilder::new()
        .tag("anyone")
        .operation_id(Some(format!("get_{}", kind.id)))
        .summary(Some(format!("One active {title}")))
        .description(Some("As the list has it. Answers carry an ETag, and 304 says that it is still right."))
        .parameter(id)
        .response("200", json("The product", answer))
        .response("304", ResponseBuilder::new().description("As the caller has it"))
        .response("404", error("Not found or inactive"))
        .response("429", error("Too many requests"))
        .response("503", error("The database does not answer"))
}

fn product() -> Schema {
    let range =
        ObjectBuilder::new().property("min", amount()).required("min").property("max", amount()).required("max");
    let nullable = |schema: RefOr<Schema>| OneOfBuilder::new().item(schema).item(null());
    let free = ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(true)));
    let properties: [(&str, RefOr<Schema>); 10] = [
        ("id", text("The id").into()),
        ("name", text("The name").into()),
        ("description", text("What it is, or empty").into()),
        (
            "priceRange",
            OneOfBuilder::new().item(range).item(null()).description(Some("Null without a plain price")).into(),
        ),
        ("depositAmount", nullable(amount()).description(Some("Null where there is no deposit")).into()),
        ("currency", text("ISO 4217 in lower case").into()),
        ("billingType", text("one-time, monthly, yearly, recurring or free").into()),
        ("features", ArrayBuilder::new().items(text("A line of the price list")).into()),
        ("metadata", free.into()),
        ("active", ObjectBuilder::new().schema_type(Type::Boolean).into()),
    ];
    let product = properties
        .into_iter()
        .fold(ObjectBuilder::new(), |product, (name, schema)| product.property(name, schema).required(name));
    product.description(Some("What is sold, as the database has it")).into()
}

fn text(description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(description))
}

fn null() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Null)
}

fn always_true() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Boolean).enum_values(Some([true]))
}

fn json(description: &str, schema: impl Into<RefOr<Schema>>) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content("application/json", content)
}

fn error(description: &str) -> ResponseBuilder {
    json(description, Ref::from_schema_name("APIError"))
}
