//! `services.config.ts`: service objects in TypeScript, read by a TypeScript parser without being run.

mod place;
mod services;
mod value;

use oxc_allocator::Allocator;
use oxc_ast::ast::Expression;
use oxc_parser::Parser;
use oxc_span::SourceType;
use pricebook_types::Currency;

use super::Options;
use super::draft::{Draft, Imported, slug};
use super::note::{Failure, Note};
use place::Lines;
use value::{Constants, Value, ValueKind, bare};

/// Imports the services of one module.
pub(super) fn import(file: &str, text: &str, options: &Options) -> Result<Imported, Failure> {
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, text, SourceType::ts()).parse();
    let lines = Lines::of(file, text);
    if !parsed.diagnostics.is_empty() {
        let errors = parsed.diagnostics.iter().map(|error| {
            let first_byte = error.labels.first().map_or(0, |label| label.offset() as usize);
            lines.syntax_error(first_byte, &error.message)
        });
        return Err(Failure::Source(errors.collect()));
    }
    let constants = Constants::of(&parsed.program);
    let candidates: Vec<_> = constants.iter().filter(|(_, value)| holds_services(value)).collect();
    let Some((name, _)) = candidates.first() else {
        let why = "no constant holds services: objects with `id`, `name` and `price`, in an object or a list";
        return Err(Failure::Source(vec![Note::new(file, "services", why)]));
    };
    let mut problems = Vec::new();
    let mut items = Vec::new();
    for (_, expression) in &candidates {
        match constants.value(expression) {
            Ok(value) => items.extend(elements(value)),
            Err(unknown) => problems.push(Note::new(lines.place(unknown.span), "value", unknown.why)),
        }
    }
    if !problems.is_empty() {
        return Err(Failure::Source(problems));
    }
    let currency = options.currency.unwrap_or(Currency::Usd);
    let (kind, plural) = kind_of(name, options);
    let (services, notes) = services::services(&items, currency, &lines);
    let draft = Draft {
        origin: file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned(),
        name: options.name.clone().unwrap_or_else(|| "imported".to_owned()),
        currency,
        kind_body: services::kind_body(&kind, &plural, &services),
        kind,
        plural,
        meters: Vec::new(),
        products: services.iter().map(|service| service.draft.clone()).collect(),
    };
    let mut imported = draft.compile(notes)?;
    let differences = services::differences(&services, &imported.catalog);
    imported.notes.extend(differences);
    Ok(imported)
}

/// Whether an expression is an object or a list whose first element looks like a service.
fn holds_services(expression: &Expression<'_>) -> bool {
    let first = match bare(expression) {
        Expression::ObjectExpression(object) => {
            object.properties.first().and_then(|property| property.as_property()).map(|property| &property.value)
        }
        Expression::ArrayExpression(array) => array.elements.first().and_then(|element| element.as_expression()),
        _ => None,
    };
    let Some(Expression::ObjectExpression(service)) = first.map(bare) else { return false };
    let has = |name: &str| {
        service
            .properties
            .iter()
            .filter_map(|property| property.as_property())
            .any(|property| property.key.is_specific_static_name(name))
    };
    has("id") && has("name") && has("price")
}

fn elements(value: Value) -> Vec<Value> {
    match value.kind {
        ValueKind::Object(fields) => fields.into_iter().map(|(_, value)| value).collect(),
        ValueKind::List(items) => items,
        _ => Vec::new(),
    }
}

/// The kind's id and section: as asked for, or from the constant's name: `services` gives `service`.
fn kind_of(constant: &str, options: &Options) -> (String, String) {
    if let Some(kind) = &options.kind {
        return (kind.clone(), format!("{kind}s"));
    }
    let words: String =
        constant.chars().flat_map(|c| c.is_ascii_uppercase().then_some(' ').into_iter().chain([c])).collect();
    let plural = slug(&words).filter(|plural| plural != "default").unwrap_or_else(|| "services".to_owned());
    match plural.strip_suffix('s') {
        Some(kind) if !kind.is_empty() => (kind.to_owned(), plural),
        _ => (plural.clone(), plural),
    }
}
