//! The values of a TypeScript module's constants, as far as they can be known without running it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use oxc_ast::ast::{
    ArrayExpressionElement, BindingPattern, Declaration, Expression, IdentifierReference, ObjectPropertyKind, Program,
    PropertyKey, Statement, TemplateLiteral, VariableDeclarator,
};
use oxc_span::{GetSpan, Span};

use super::changes::{Change, ChangeKind, Changes, changes};
use super::number;
use super::undeclared;
use super::value::{Known, Value, ValueKind, all, changed, last_of_each, unknown};

/// The constants of a module.
pub(super) struct Constants<'p> {
    program: &'p Program<'p>,
    declared: Vec<(&'p str, &'p Expression<'p>)>,
    changes: Changes,
    /// What each is, as far as that was asked; `None` while it is found out.
    evaluated: RefCell<HashMap<&'p str, Option<Known<Value>>>>,
    /// How much was copied from constants so far.
    copied: Cell<usize>,
}

/// Constants that refer to each other more deeply than this are taken for a cycle, so that the stack holds.
const MOST_REFERENCES: usize = 64;

/// Values and bytes of texts: a constant that holds another twice, and so on, is beyond any memory.
const MOST_COPIED: usize = 16 * 1024 * 1024;

impl<'p> Constants<'p> {
    /// `None` where the module is so entangled that nobody can tell what it changes.
    pub(super) fn of(program: &'p Program<'p>) -> Option<Self> {
        let mut declared = Vec::new();
        for statement in &program.body {
            match statement {
                Statement::VariableDeclaration(variables) => declared.extend(constants(&variables.declarations)),
                Statement::ExportDeclaration(export) => {
                    if let Declaration::VariableDeclaration(variables) = &export.declaration {
                        declared.extend(constants(&variables.declarations));
                    }
                }
                Statement::ExportDefaultDeclaration(export) => {
                    declared.extend(export.declaration.as_expression().map(|expression| ("default", expression)));
                }
                _ => {}
            }
        }
        let changes = changes(program)?;
        Some(Self { program, declared, changes, evaluated: RefCell::default(), copied: Cell::default() })
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'p str, &'p Expression<'p>)> {
        self.declared.iter().copied()
    }

    /// What the module does to a constant after it is declared.
    pub(super) fn changes(&self, name: &str) -> &[Change] {
        self.changes.get(name).map_or(&[], Vec::as_slice)
    }

    /// # Errors
    /// Everything in it that cannot be known, in the order of the file.
    pub(super) fn value(&self, expression: &Expression<'_>) -> Known<Value> {
        self.value_within(expression, MOST_REFERENCES)
    }

    fn value_within(&self, expression: &Expression<'_>, references: usize) -> Known<Value> {
        let expression = bare(expression);
        let span = expression.span();
        let kind = match expression {
            Expression::StringLiteral(text) if text.lone_surrogates => {
                return unknown(span, "this is half a character");
            }
            Expression::StringLiteral(text) => ValueKind::Text(text.value.to_string()),
            Expression::BooleanLiteral(boolean) => ValueKind::Boolean(boolean.value),
            Expression::NullLiteral(_) => ValueKind::Nothing,
            Expression::NumericLiteral(number) => match number::exact(number) {
                Some(number) => ValueKind::Number(number),
                None => return unknown(span, "this number cannot be kept exactly"),
            },
            Expression::UnaryExpression(unary) => {
                match (unary.operator.as_str(), self.value_within(&unary.argument, references)?.kind) {
                    ("-", ValueKind::Number(number)) => ValueKind::Number(-number),
                    ("+", ValueKind::Number(number)) => ValueKind::Number(number),
                    _ => return unknown(span, "only a sign before a number can be evaluated here"),
                }
            }
            Expression::TemplateLiteral(template) => ValueKind::Text(self.template(template, references)?),
            Expression::BinaryExpression(binary) if binary.operator.as_str() == "+" => {
                let sides = [&binary.left, &binary.right].map(|side| self.value_within(side, references));
                match &*all(sides)? {
                    [Value { kind: ValueKind::Text(left), .. }, Value { kind: ValueKind::Text(right), .. }] => {
                        ValueKind::Text(format!("{left}{right}"))
                    }
                    _ => return unknown(span, "only texts can be joined by `+` here"),
                }
            }
            Expression::ArrayExpression(array) => {
                let elements = all(array.elements.iter().map(|element| self.elements(element, references)))?;
                ValueKind::List(elements.into_iter().flatten().collect())
            }
            Expression::ObjectExpression(object) => {
                let fields = all(object.properties.iter().map(|property| self.fields(property, references)))?;
                ValueKind::Object(last_of_each(fields.into_iter().flatten()))
            }
            Expression::Identifier(name) => return self.constant(name, references),
            Expression::StaticMemberExpression(member) if !member.optional => {
                let object = self.value_within(&member.object, references)?;
                return part(object.field(&member.property.name), span);
            }
            Expression::ComputedMemberExpression(member) if !member.optional => {
                let object = self.value_within(&member.object, references)?;
                return part(element(&object, bare(&member.expression)), span);
            }
            _ => return unknown(span, "this cannot be evaluated without running the module; write the value itself"),
        };
        Ok(Value { span, kind })
    }

    fn constant(&self, name: &IdentifierReference<'_>, references: usize) -> Known<Value> {
        if name.name == "undefined" {
            return Ok(Value { span: name.span, kind: ValueKind::Nothing });
        }
        let Some((declared, expression)) = self.declared(&name.name) else {
            return unknown(name.span, &undeclared::why(self.program, &name.name));
        };
        if name.span.start < expression.span().start {
            return unknown(name.span, "this constant is declared further down; declare it before it is used");
        }
        let of_itself = || unknown(name.span, "this constant refers to itself");
        if references == 0 {
            return of_itself();
        }
        // What a constant that is used twice cannot tell is found once.
        let known = self.evaluated.borrow().get(declared).cloned();
        let value = match known {
            Some(known) => known.unwrap_or_else(of_itself),
            None => {
                self.evaluated.borrow_mut().insert(declared, None);
                let value = self.value_within(expression, references - 1);
                self.evaluated.borrow_mut().insert(declared, Some(value.clone()));
                value
            }
        };
        let is_changed = |kind: &ChangeKind| match (kind, &value) {
            (ChangeKind::Assigned, _) => true,
            (ChangeKind::Passed, _) => false,
            // A text or a number has no part that could be changed.
            (_, known) => known.as_ref().map_or(true, Value::has_parts),
        };
        let changes = self.changes(declared).iter().filter(|change| is_changed(&change.kind));
        let changes: Vec<_> = changes.map(|change| changed(declared, change)).collect();
        if !changes.is_empty() {
            return Err(changes);
        }
        let value = value?;
        self.copied.set(self.copied.get().saturating_add(value.size()));
        if self.copied.get() > MOST_COPIED {
            return unknown(name.span, "constants within constants grow too large here; write the values themselves");
        }
        Ok(value)
    }

    /// The constant of a name, and what it is declared as.
    pub(super) fn declared(&self, name: &str) -> Option<(&'p str, &'p Expression<'p>)> {
        self.declared.iter().copied().find(|(declared, _)| *declared == name)
    }

    /// The constants that were asked for and hold what others may change, so far.
    pub(super) fn used(&self) -> Vec<&'p str> {
        let holds_parts = |known: &Option<Known<Value>>| {
            known.as_ref().is_some_and(|known| known.as_ref().is_ok_and(Value::has_parts))
        };
        let evaluated = self.evaluated.borrow();
        self.declared
            .iter()
            .map(|(name, _)| *name)
            .filter(|name| evaluated.get(name).is_some_and(holds_parts))
            .collect()
    }

    fn template(&self, template: &TemplateLiteral<'_>, references: usize) -> Known<String> {
        let values = all(template.expressions.iter().map(|expression| self.as_text(expression, references)))?;
        let mut text = String::new();
        for (index, quasi) in template.quasis.iter().enumerate() {
            let Some(cooked) = &quasi.value.cooked else {
                return unknown(template.span, "this template has a broken escape");
            };
            text.push_str(cooked);
            text.push_str(values.get(index).map_or("", String::as_str));
        }
        Ok(text)
    }

    /// The elements that an element brings: one, or all of what is spread.
    fn elements(&self, element: &ArrayExpressionElement<'_>, references: usize) -> Known<Vec<Value>> {
        match element {
            ArrayExpressionElement::SpreadElement(spread) => {
                match self.value_within(&spread.argument, references)?.kind {
                    ValueKind::List(spread) => Ok(spread),
                    _ => unknown(spread.span, "only a list can be spread here"),
                }
            }
            ArrayExpressionElement::Elision(gap) => unknown(gap.span, "an element is missing here"),
            value => all(value.as_expression().map(|expression| self.value_within(expression, references))),
        }
    }

    /// The fields that a property brings: one, or all of what is spread.
    fn fields(&self, property: &ObjectPropertyKind<'_>, references: usize) -> Known<Vec<(String, Value)>> {
        match property {
            ObjectPropertyKind::ObjectProperty(property) => {
                if property.method {
                    return unknown(property.span, "a method is no value");
                }
                let Some(key) = key(&property.key) else { return unknown(property.key.span(), "this key is computed") };
                if key == "__proto__" {
                    return unknown(property.span, "this sets what the object inherits; write the fields themselves");
                }
                Ok(vec![(key, self.value_within(&property.value, references)?)])
            }
            ObjectPropertyKind::SpreadProperty(spread) => match self.value_within(&spread.argument, references)?.kind {
                ValueKind::Object(spread) => Ok(spread),
                _ => unknown(spread.span, "only an object can be spread here"),
            },
        }
    }

    fn as_text(&self, expression: &Expression<'_>, references: usize) -> Known<String> {
        let value = self.value_within(expression, references)?;
        match value.kind {
            ValueKind::Text(text) => Ok(text),
            ValueKind::Number(number) => match number::text(number) {
                Some(text) => Ok(text),
                None => unknown(value.span, "this number is written with an exponent in a template"),
            },
            _ => unknown(value.span, "only texts and numbers can stand in a template"),
        }
    }
}

/// A part of a value, which JavaScript has at the place where it is declared.
fn part(found: Option<&Value>, span: Span) -> Known<Value> {
    found.cloned().map_or_else(|| unknown(span, "there is no such field; write the value itself"), Ok)
}

fn element<'v>(of: &'v Value, key: &Expression<'_>) -> Option<&'v Value> {
    match (&of.kind, key) {
        (ValueKind::Object(_), Expression::StringLiteral(key)) => of.field(&key.value),
        (ValueKind::List(items), Expression::NumericLiteral(number)) => items.get(number::index(number)?),
        _ => None,
    }
}

fn constants<'p>(declarators: &'p [VariableDeclarator<'p>]) -> impl Iterator<Item = (&'p str, &'p Expression<'p>)> {
    declarators.iter().filter_map(|declarator| match &declarator.id {
        BindingPattern::BindingIdentifier(name) => Some((name.name.as_str(), declarator.init.as_ref()?)),
        _ => None,
    })
}

/// The expression without types, parentheses and `Object.freeze(…)`.
pub(super) fn bare<'e, 'a>(expression: &'e Expression<'a>) -> &'e Expression<'a> {
    match expression {
        Expression::ParenthesizedExpression(inner) => bare(&inner.expression),
        Expression::TSAsExpression(inner) => bare(&inner.expression),
        Expression::TSSatisfiesExpression(inner) => bare(&inner.expression),
        Expression::TSNonNullExpression(inner) => bare(&inner.expression),
        Expression::TSTypeAssertion(inner) => bare(&inner.expression),
        Expression::CallExpression(call) => match (&call.callee, call.arguments.as_slice()) {
            (Expression::StaticMemberExpression(member), [argument])
                if member.property.name == "freeze"
                    && matches!(&member.object, Expression::Identifier(object) if object.name == "Object") =>
            {
                argument.as_expression().map_or(expression, bare)
            }
            _ => expression,
        },
        _ => expression,
    }
}

fn key(key: &PropertyKey<'_>) -> Option<String> {
    match key {
        PropertyKey::StaticIdentifier(name) => Some(name.name.to_string()),
        PropertyKey::StringLiteral(text) => Some(text.value.to_string()),
        PropertyKey::NumericLiteral(number) => number::text(number::exact(number)?),
        _ => None,
    }
}
