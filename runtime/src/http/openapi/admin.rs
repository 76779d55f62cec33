//! The description of the lists for administrators, made from the lists themselves.

use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{OpenApi, Required};

use super::{always_true, error, json};
use crate::http::api::admin::listing::{Column, Form, Listing, Test};
use crate::http::api::admin::{LARGEST_PAGE, LISTINGS, LONGEST_TEXT, PAGE};

/// Adds every list.
pub(super) fn describe(api: &mut OpenApi) {
    for listing in &LISTINGS {
        let path = format!("/api/admin/{}", listing.name);
        api.paths.paths.insert(path, PathItem::new(HttpMethod::Get, list(listing)));
    }
}

fn list(listing: &Listing) -> OperationBuilder {
    let item = listing
        .columns
        .iter()
        .fold(ObjectBuilder::new(), |item, column| item.property(column.name, value(column)).required(column.name));
    let cursor = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .description(Some("For the next page; null on the last one"));
    let page = ObjectBuilder::new()
        .property("items", ArrayBuilder::new().items(item).description(Some("The newest first")))
        .required("items")
        .property("nextCursor", cursor)
        .required("nextCursor");
    let answer = ObjectBuilder::new()
        .property("success", always_true())
        .required("success")
        .property("data", page)
        .required("data");
    let operation = OperationBuilder::new()
        .tag("administrators")
        .operation_id(Some(format!("list_{}", listing.name.replace(['-', '/'], "_"))))
        .summary(Some(listing.title))
        .description(Some("The newest first. New rows move no page, for a cursor is the id of a row."))
        .security(SecurityRequirement::new("token", [""; 0]))
        .parameter(parameter("limit", "Rows on a page", limit()))
        .parameter(parameter("cursor", "The nextCursor of the page before", cursor_of_page()));
    let filter = |operation: OperationBuilder, name, test| match test {
        Test::Is => operation.parameter(parameter(name, "Only rows with just this", text())),
        Test::IsMissing => {
            let flag = ObjectBuilder::new().schema_type(Type::Boolean);
            operation.parameter(parameter(name, "Only those for which this is so", flag))
        }
    };
    let operation =
        listing.filters.iter().fold(operation, |operation, known| filter(operation, known.name, known.test));
    operation
        .response("200", json("A page", answer))
        .response("401", error("The token is missing or not taken"))
        .response("403", error("The token permits too little"))
        .response("422", error("A parameter that is not there, or not so"))
        .response("429", error("Too many requests"))
        .response("503", error("The database does not answer"))
}

fn parameter(name: &str, description: &str, schema: impl Into<utoipa::openapi::RefOr<Schema>>) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
}

fn limit() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(1))
        .maximum(Some(LARGEST_PAGE))
        .default(Some(PAGE.into()))
}

fn cursor_of_page() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[0-9a-fA-F-]{36}$"))
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(LONGEST_TEXT))
}

/// What a column is in JSON. Of a JSON column nothing is said but that it is there.
fn value(column: &Column) -> Schema {
    let (of_type, format) = match column.form {
        Form::Text => (Type::String, None),
        Form::Moment => (Type::String, Some("date-time")),
        Form::Integer => (Type::Integer, None),
        Form::Boolean => (Type::Boolean, None),
        Form::Json => return ObjectBuilder::new().schema_type(SchemaType::AnyValue).into(),
    };
    let object = match column.nullable {
        true => ObjectBuilder::new().schema_type(SchemaType::from_iter([of_type, Type::Null])),
        false => ObjectBuilder::new().schema_type(of_type),
    };
    let format = format.map(|format| utoipa::openapi::schema::SchemaFormat::Custom(format.to_owned()));
    object.format(format).into()
}
