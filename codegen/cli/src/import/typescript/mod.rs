//! `services.config.ts`: service objects in TypeScript, read by a TypeScript parser without being run.

mod calls;
mod changes;
mod charge;
mod constants;
mod deep;
mod deposit;
mod number;
mod place;
mod reach;
mod roots;
mod services;
mod shape;
mod sign;
mod standard;
mod undeclared;
mod value;

use std::collections::HashSet;

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::Parser;
use oxc_span::SourceType;
use pricebook_types::Currency;

use super::Options;
use super::draft::{Draft, DraftKind, Imported, plural_of, slug};
use super::note::{Failure, Note};
use changes::{Change, ChangeKind};
use constants::Constants;
use place::Lines;
use value::{Unknown, Value, ValueKind, changed};

/// Imports the services of one module.
pub(super) fn import(file: &str, text: &str, options: &Options) -> Result<Imported, Failure> {
    let lines = Lines::of(file, text);
    if let Some((first_byte, why)) = deep::too_much(text) {
        return Err(Failure::Source(vec![lines.syntax_error(first_byte, &why)]));
    }
    let no_stack = || Failure::Disk("there is too little memory to read a module".to_owned());
    deep::with_large_stack(|| parse_and_import(file, text, options)).unwrap_or_else(|| Err(no_stack()))
}

fn parse_and_import(file: &str, text: &str, options: &Options) -> Result<Imported, Failure> {
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
    let Some(constants) = Constants::of(&parsed.program) else {
        let why =
            "it calls so many functions with its constants that nobody can tell what they change; write the values";
        return Err(Failure::Source(vec![Note::new(file, "services", why)]));
    };
    let Found { name, items, notes } = found(file, &parsed.program, &constants, &lines)?;
    let currency = options.currency.unwrap_or(Currency::Usd);
    let (kind, plural) = kind_of(&name, options);
    let (services, mut of_services) = services::services(&items, currency, &lines);
    of_services.extend(notes);
    let draft = Draft {
        origin: file.rsplit(['/', '\\']).next().unwrap_or(file).to_owned(),
        name: options.name.clone().unwrap_or_else(|| "imported".to_owned()),
        currency,
        kinds: vec![DraftKind {
            body: services::kind_body(&kind, &plural, &services),
            id: kind,
            plural,
            products: services.iter().map(|service| service.draft.clone()).collect(),
        }],
        meters: Vec::new(),
        features: Vec::new(),
        coupons: Vec::new(),
    };
    let mut imported = draft.compile(of_services)?;
    let differences = services::differences(&services, &imported.catalog);
    imported.notes.extend(differences);
    Ok(imported)
}

/// The services of a module.
struct Found {
    /// The first constant that holds some.
    name: String,
    items: Vec<Value>,
    notes: Vec<Note>,
}

fn found(file: &str, program: &Program<'_>, constants: &Constants<'_>, lines: &Lines<'_>) -> Result<Found, Failure> {
    let candidates = shape::candidates(constants);
    let Some((name, _)) = candidates.first() else {
        return Err(no_services(file, shape::why_none(program, constants), lines));
    };
    let mut problems = Vec::new();
    let mut items = Vec::new();
    let mut taken = HashSet::new();
    let mut notes = Vec::new();
    for (name, expression) in &candidates {
        match constants.value(expression) {
            Ok(value) => {
                for change in constants.changes(name) {
                    match change.kind {
                        ChangeKind::Passed => notes.push(passed(change, name, lines)),
                        _ if adds(change, &value) => notes.push(added_later(change, name, lines)),
                        _ => problems.push(note(lines, changed(name, change))),
                    }
                }
                // The same object in two constants is one service.
                items.extend(elements(value).into_iter().filter(|item| taken.insert(item.span)));
            }
            Err(unknown) => problems.extend(unknown.into_iter().map(|unknown| note(lines, unknown))),
        }
    }
    if !problems.is_empty() {
        return Err(Failure::Source(problems));
    }
    let is_told = |name: &&str| candidates.iter().any(|(candidate, _)| candidate == name);
    for name in constants.used().into_iter().filter(|name| !is_told(name)) {
        let changes = constants.changes(name).iter().filter(|change| change.kind == ChangeKind::Passed);
        notes.extend(changes.map(|change| passed(change, name, lines)));
    }
    Ok(Found { name: (*name).to_owned(), items, notes })
}

fn no_services(file: &str, reasons: Vec<Unknown>, lines: &Lines<'_>) -> Failure {
    let why = "no constant holds services: objects with `id`, `name` and `price`, in an object or a list";
    let reasons = reasons.into_iter().map(|Unknown { span, why }| Note::new(lines.place(span), "services", why));
    Failure::Source(std::iter::once(Note::new(file, "services", why)).chain(reasons).collect())
}

fn note(lines: &Lines<'_>, unknown: Unknown) -> Note {
    Note::new(lines.place(unknown.span), "value", unknown.why)
}

/// Whether a change leaves what was declared as it is.
fn adds(change: &Change, to: &Value) -> bool {
    match (&change.kind, &to.kind) {
        (ChangeKind::Set(key), ValueKind::Object(_)) => to.field(key).is_none(),
        (ChangeKind::Added, ValueKind::List(_)) => true,
        _ => false,
    }
}

fn added_later(change: &Change, to: &str, lines: &Lines<'_>) -> Note {
    let what = match &change.kind {
        ChangeKind::Set(key) => format!("service {key}"),
        _ => "service".to_owned(),
    };
    let why = format!("it is added to `{to}` when the module runs; write it where `{to}` is declared");
    Note::left_out(lines.place(change.span), what, why)
}

fn passed(change: &Change, to: &str, lines: &Lines<'_>) -> Note {
    let why = format!("a function that is not in this file is given `{to}`, and might change it; compare the prices");
    Note::new(lines.place(change.span), "services", why)
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
        return (kind.clone(), plural_of(kind));
    }
    let name = slug(&words(constant)).unwrap_or_default();
    let bare = ["_config", "_catalog", "_list", "_map", "_data"].iter().find_map(|suffix| name.strip_suffix(suffix));
    let plural = bare.unwrap_or(&name);
    // Sections of their own cannot hold products.
    if matches!(plural, "" | "default" | "catalog" | "features" | "coupons" | "groups" | "meters" | "records" | "enums")
    {
        return ("service".to_owned(), "services".to_owned());
    }
    let kind = match (plural.strip_suffix("ies"), plural.strip_suffix('s')) {
        (Some(stem), _) if !stem.is_empty() => format!("{stem}y"),
        (_, Some(stem)) if !stem.is_empty() => stem.to_owned(),
        _ => plural.to_owned(),
    };
    (kind, plural.to_owned())
}

/// The words of a constant's name, however it is written: `servicesConfig`, `SERVICES_CONFIG`, `APIServices`.
fn words(constant: &str) -> String {
    let letters: Vec<char> = constant.chars().collect();
    let mut words = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| letters[before]);
        let begins_after_lower = before.is_some_and(|before| !before.is_ascii_uppercase());
        let ends_capitals = letters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        if letter.is_ascii_uppercase() && (begins_after_lower || ends_capitals) {
            words.push(' ');
        }
        words.push(*letter);
    }
    words
}
