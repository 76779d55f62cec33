//! The description of the API as a page, without anything from elsewhere.

use askama::Template;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use pricebook_types::Artifacts;
use serde_json::Value;

use super::openapi;

/// The page takes its style from us, and nothing else from anywhere.
pub(in crate::http) const SECURITY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'");
const STYLE: &str = concat!(include_str!("../../../templates/tokens.css"), include_str!("../../../templates/docs.css"));

#[derive(Template)]
#[template(path = "docs.html")]
struct Page {
    title: String,
    description: String,
    operations: Vec<Operation>,
    schemas: Vec<(String, String)>,
}

struct Operation {
    method: String,
    path: String,
    summary: String,
    description: String,
    parameters: Vec<Parameter>,
    body: String,
    responses: Vec<(String, String)>,
}

struct Parameter {
    name: String,
    place: String,
    required: bool,
    description: String,
}

/// `/docs`.
pub(in crate::http) fn page(artifacts: &Artifacts) -> Result<Response, Box<dyn std::error::Error>> {
    let api = serde_json::to_value(openapi(artifacts))?;
    let page = Page {
        title: text(&api["info"]["title"]),
        description: text(&api["info"]["description"]),
        operations: entries(&api["paths"]).flat_map(|(path, item)| operations(path, item)).collect(),
        schemas: entries(&api["components"]["schemas"]).map(|(name, schema)| (name.clone(), pretty(schema))).collect(),
    };
    Ok(answer(header::HeaderName::from_static("content-type"), "text/html; charset=utf-8", page.render()?))
}

/// `/docs/style.css`.
pub(in crate::http) fn style() -> Response {
    answer(header::CONTENT_TYPE, "text/css; charset=utf-8", STYLE.to_owned())
}

fn answer(name: HeaderName, media_type: &'static str, body: String) -> Response {
    let headers = [(name, HeaderValue::from_static(media_type)), (header::CONTENT_SECURITY_POLICY, SECURITY)];
    (headers, body).into_response()
}

fn operations<'a>(path: &'a str, item: &'a Value) -> impl Iterator<Item = Operation> + 'a {
    entries(item).map(move |(method, operation)| Operation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        summary: text(&operation["summary"]),
        description: text(&operation["description"]),
        parameters: operation["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
        body: operation["requestBody"]["content"]["application/json"].get("schema").map(schema).unwrap_or_default(),
        responses: entries(&operation["responses"])
            .map(|(status, response)| (status.clone(), text(&response["description"])))
            .collect(),
    })
}

fn parameter(parameter: &Value) -> Parameter {
    Parameter {
        name: text(&parameter["name"]),
        place: text(&parameter["in"]),
        required: parameter["required"] == true,
        description: text(&parameter["description"]),
    }
}

/// The name of a schema, or what it says.
fn schema(schema: &Value) -> String {
    let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
    name.map_or_else(|| pretty(schema), str::to_owned)
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
