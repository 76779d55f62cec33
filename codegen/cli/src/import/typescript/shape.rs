//! Which constants of a module hold services, through the constants that they are made of.

use std::collections::HashSet;

use oxc_ast::ast::{ArrayExpressionElement, Expression, ObjectPropertyKind, Program, Statement};
use oxc_span::{GetSpan, Span};

use super::changes::ChangeKind;
use super::constants::{Constants, bare};
use super::value::Unknown;

/// The constants with services, but for those that are spread into another of them.
pub(super) fn candidates<'p>(constants: &Constants<'p>) -> Vec<(&'p str, &'p Expression<'p>)> {
    let mut parts = HashSet::new();
    let found: Vec<_> = constants
        .iter()
        .filter(|(_, value)| matches!(bare(value), Expression::ObjectExpression(_) | Expression::ArrayExpression(_)))
        .filter(|(_, value)| {
            let mut seen = HashSet::new();
            let holds = holds_services(constants, value, &mut seen);
            if holds {
                parts.extend(seen);
            }
            holds
        })
        .collect();
    found.into_iter().filter(|(name, _)| !parts.contains(name)).collect()
}

/// Whether something in an object or a list looks like a service; the constants that are spread into it are seen.
fn holds_services<'p>(constants: &Constants<'p>, value: &'p Expression<'p>, seen: &mut HashSet<&'p str>) -> bool {
    let mut spread = |argument: &'p Expression<'p>| match bare(argument) {
        Expression::Identifier(name) => constants
            .declared(&name.name)
            .is_some_and(|(name, value)| seen.insert(name) && holds_services(constants, value, seen)),
        inner => holds_services(constants, inner, seen),
    };
    // All of them, so that everything that is spread is seen.
    let holds = |found: bool, next: bool| found || next;
    match bare(value) {
        Expression::ObjectExpression(object) => object.properties.iter().fold(false, |found, property| {
            holds(
                found,
                match property {
                    ObjectPropertyKind::ObjectProperty(property) => is_service(constants, &property.value),
                    ObjectPropertyKind::SpreadProperty(more) => spread(&more.argument),
                },
            )
        }),
        Expression::ArrayExpression(list) => list.elements.iter().fold(false, |found, element| {
            holds(
                found,
                match element {
                    ArrayExpressionElement::SpreadElement(more) => spread(&more.argument),
                    element => element.as_expression().is_some_and(|element| is_service(constants, element)),
                },
            )
        }),
        _ => false,
    }
}

fn is_service<'p>(constants: &Constants<'p>, value: &'p Expression<'p>) -> bool {
    let mut names = HashSet::new();
    field_names(constants, value, &mut HashSet::new(), &mut names);
    ["id", "name", "price"].iter().all(|name| names.contains(*name))
}

fn field_names<'p>(
    constants: &Constants<'p>,
    value: &'p Expression<'p>,
    seen: &mut HashSet<&'p str>,
    names: &mut HashSet<String>,
) {
    match bare(value) {
        Expression::ObjectExpression(object) => {
            for property in &object.properties {
                match property {
                    ObjectPropertyKind::ObjectProperty(property) => {
                        names.extend(property.key.static_name().map(|name| name.into_owned()));
                    }
                    ObjectPropertyKind::SpreadProperty(more) => {
                        field_names(constants, &more.argument, seen, names);
                    }
                }
            }
        }
        Expression::Identifier(name) => {
            if let Some((name, value)) = constants.declared(&name.name)
                && seen.insert(name)
            {
                field_names(constants, value, seen, names);
            }
        }
        _ => {}
    }
}

/// Why a module without services has none, as far as it can be told, and what to write.
pub(super) fn why_none(program: &Program<'_>, constants: &Constants<'_>) -> Vec<Unknown> {
    const WRITE: &str = "write objects with `id`, `name` and `price`, in an object or a list,";
    let mut reasons = Vec::new();
    let mut reason = |span: Span, why: String| reasons.push(Unknown { span, why });
    for (name, value) in constants.iter() {
        match bare(value) {
            Expression::ObjectExpression(_) | Expression::ArrayExpression(_) => {
                let added = constants.changes(name).iter();
                for change in added.filter(|change| matches!(change.kind, ChangeKind::Set(_) | ChangeKind::Added)) {
                    reason(
                        change.span,
                        format!("`{name}` is filled when the module runs; {WRITE} where it is declared"),
                    );
                }
            }
            Expression::CallExpression(_) | Expression::NewExpression(_) => {
                reason(value.span(), format!("`{name}` is made when the module runs; {WRITE} instead"));
            }
            _ => {}
        }
    }
    for statement in &program.body {
        let from = match statement {
            Statement::ExportFromDeclaration(export) => Some(&export.source),
            Statement::ExportAllDeclaration(export) => Some(&export.source),
            _ => None,
        };
        if let Some(from) = from {
            reason(from.span, format!("what `{}` exports stands in another file; import that one", from.value));
        }
    }
    reasons
}
