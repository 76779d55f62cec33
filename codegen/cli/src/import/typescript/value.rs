//! The values of a TypeScript module's constants, as far as they can be known without running it.

use std::cell::RefCell;
use std::collections::HashMap;

use oxc_ast::ast::{
    ArrayExpressionElement, BindingPattern, Declaration, Expression, IdentifierReference, ObjectPropertyKind, Program,
    PropertyKey, Statement, TemplateLiteral, VariableDeclarator,
};
use oxc_span::{GetSpan, Span};
use rust_decimal::Decimal;

use super::changes::{Change, Changes, changes};

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    pub(super) span: Span,
    pub(super) kind: ValueKind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum ValueKind {
    Text(String),
    Number(Decimal),
    Boolean(bool),
    /// `null` or `undefined`.
    Nothing,
    List(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// What cannot be known, and why.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Unknown {
    pub(super) span: Span,
    pub(super) why: String,
}

/// Something, or all the reasons why it is not known.
pub(super) type Known<T> = Result<T, Vec<Unknown>>;

impl Value {
    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        match &self.kind {
            ValueKind::Object(fields) => fields.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// The constants of a module.
pub(super) struct Constants<'p> {
    declared: Vec<(&'p str, &'p Expression<'p>)>,
    changes: Changes,
    /// What each is, as far as that was asked; `None` while it is found out.
    evaluated: RefCell<HashMap<&'p str, Option<Known<Value>>>>,
}

/// Constants that refer to each other more deeply than this are taken for a cycle, so that the stack holds.
const MOST_REFERENCES: usize = 64;

impl<'p> Constants<'p> {
    pub(super) fn of(program: &'p Program<'p>) -> Self {
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
        Self { declared, changes: changes(program), evaluated: RefCell::default() }
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
            Expression::StringLiteral(text) => ValueKind::Text(text.value.to_string()),
            Expression::BooleanLiteral(boolean) => ValueKind::Boolean(boolean.value),
            Expression::NullLiteral(_) => ValueKind::Nothing,
            Expression::NumericLiteral(number) => match number.raw.as_ref().and_then(|raw| decimal(raw)) {
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
                ValueKind::List(all(array.elements.iter().map(|element| self.element(element, references)))?)
            }
            Expression::ObjectExpression(object) => {
                let fields = all(object.properties.iter().map(|property| self.fields(property, references)))?;
                ValueKind::Object(fields.into_iter().flatten().collect())
            }
            Expression::Identifier(name) => return self.constant(name, references),
            _ => return unknown(span, "this cannot be evaluated without running the module; write the value itself"),
        };
        Ok(Value { span, kind })
    }

    fn constant(&self, name: &IdentifierReference<'_>, references: usize) -> Known<Value> {
        if name.name == "undefined" {
            return Ok(Value { span: name.span, kind: ValueKind::Nothing });
        }
        let declared = self.declared.iter().find(|(declared, _)| *declared == name.name.as_str());
        let Some((declared, expression)) = declared else {
            return unknown(name.span, "this is no constant of the same file");
        };
        if let changes @ [_, ..] = self.changes(declared) {
            return Err(changes.iter().map(|change| changed(declared, change)).collect());
        }
        let of_itself = || unknown(name.span, "this constant refers to itself");
        if references == 0 {
            return of_itself();
        }
        // What a constant that is used twice cannot tell is found once.
        if let Some(known) = self.evaluated.borrow().get(declared) {
            return known.clone().unwrap_or_else(of_itself);
        }
        self.evaluated.borrow_mut().insert(declared, None);
        let value = self.value_within(expression, references - 1);
        self.evaluated.borrow_mut().insert(declared, Some(value.clone()));
        value
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

    fn element(&self, element: &ArrayExpressionElement<'_>, references: usize) -> Known<Value> {
        match element.as_expression() {
            Some(expression) => self.value_within(expression, references),
            None => unknown(element.span(), "only values can stand in this list"),
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
            ValueKind::Number(number) => Ok(number.normalize().to_string()),
            _ => unknown(value.span, "only texts and numbers can stand in a template"),
        }
    }
}

fn unknown<T>(span: Span, why: &str) -> Known<T> {
    Err(vec![Unknown { span, why: why.to_owned() }])
}

/// Why a constant is none.
pub(super) fn changed(name: &str, change: &Change) -> Unknown {
    let why = format!(
        "this changes `{name}`, so that its value cannot be known without running the module; write the value itself"
    );
    Unknown { span: change.span, why }
}

/// All values, or all that cannot be known, each once.
fn all<T>(values: impl IntoIterator<Item = Known<T>>) -> Known<Vec<T>> {
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for value in values {
        match value {
            Ok(value) => known.push(value),
            Err(unknowns) => unknown.extend(unknowns),
        }
    }
    unknown.sort_by_key(|unknown: &Unknown| (unknown.span.start, unknown.span.end));
    unknown.dedup();
    if unknown.is_empty() { Ok(known) } else { Err(unknown) }
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
        PropertyKey::NumericLiteral(number) => number.raw.as_ref().map(ToString::to_string),
        _ => None,
    }
}

/// A number as it is written: `1_495`, `29.90`, `.5`, `1e3`, `0x1F`.
fn decimal(raw: &str) -> Option<Decimal> {
    let digits = raw.replace('_', "").to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            return i64::from_str_radix(digits, radix).ok().map(Decimal::from);
        }
    }
    if digits.contains('e') {
        return Decimal::from_scientific(&digits).ok();
    }
    Decimal::from_str_exact(&digits).ok()
}
