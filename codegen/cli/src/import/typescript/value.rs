//! The values of a TypeScript module's constants, as far as they can be known without running it.

use oxc_ast::ast::{
    ArrayExpressionElement, BindingPattern, Declaration, Expression, IdentifierReference, ObjectExpression,
    ObjectPropertyKind, Program, PropertyKey, Statement, TemplateLiteral, VariableDeclarator,
};
use oxc_span::{GetSpan, Span};
use rust_decimal::Decimal;

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
}

/// Constants that refer to each other more deeply than this are taken for a cycle.
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
        Self { declared }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&'p str, &'p Expression<'p>)> {
        self.declared.iter().copied()
    }

    pub(super) fn value(&self, expression: &Expression<'_>) -> Result<Value, Unknown> {
        self.value_within(expression, MOST_REFERENCES)
    }

    fn value_within(&self, expression: &Expression<'_>, references: usize) -> Result<Value, Unknown> {
        let expression = bare(expression);
        let span = expression.span();
        let unknown = |why: &str| Err(Unknown { span, why: why.to_owned() });
        let kind = match expression {
            Expression::StringLiteral(text) => ValueKind::Text(text.value.to_string()),
            Expression::BooleanLiteral(boolean) => ValueKind::Boolean(boolean.value),
            Expression::NullLiteral(_) => ValueKind::Nothing,
            Expression::NumericLiteral(number) => match number.raw.as_ref().and_then(|raw| decimal(raw)) {
                Some(number) => ValueKind::Number(number),
                None => return unknown("this number cannot be kept exactly"),
            },
            Expression::UnaryExpression(unary) => {
                match (unary.operator.as_str(), self.value_within(&unary.argument, references)?.kind) {
                    ("-", ValueKind::Number(number)) => ValueKind::Number(-number),
                    ("+", ValueKind::Number(number)) => ValueKind::Number(number),
                    _ => return unknown("only a sign before a number can be evaluated here"),
                }
            }
            Expression::TemplateLiteral(template) => ValueKind::Text(self.template(template, references)?),
            Expression::BinaryExpression(binary) if binary.operator.as_str() == "+" => {
                match (self.value_within(&binary.left, references)?, self.value_within(&binary.right, references)?) {
                    (Value { kind: ValueKind::Text(left), .. }, Value { kind: ValueKind::Text(right), .. }) => {
                        ValueKind::Text(left + &right)
                    }
                    _ => return unknown("only texts can be joined by `+` here"),
                }
            }
            Expression::ArrayExpression(array) => {
                let items = array.elements.iter().map(|element| self.element(element, references));
                ValueKind::List(items.collect::<Result<_, _>>()?)
            }
            Expression::ObjectExpression(object) => ValueKind::Object(self.fields(object, references)?),
            Expression::Identifier(name) => return self.constant(name, references),
            _ => return unknown("this cannot be evaluated without running the module; write the value itself"),
        };
        Ok(Value { span, kind })
    }

    fn constant(&self, name: &IdentifierReference<'_>, references: usize) -> Result<Value, Unknown> {
        let unknown = |why: &str| Err(Unknown { span: name.span, why: why.to_owned() });
        if name.name == "undefined" {
            return Ok(Value { span: name.span, kind: ValueKind::Nothing });
        }
        let declared = self.declared.iter().find(|(declared, _)| *declared == name.name.as_str());
        match (declared, references) {
            (Some((_, value)), 1..) => self.value_within(value, references - 1),
            (Some(_), 0) => unknown("this constant refers to itself"),
            (None, _) => unknown("this is no constant of the same file"),
        }
    }

    fn template(&self, template: &TemplateLiteral<'_>, references: usize) -> Result<String, Unknown> {
        let mut text = String::new();
        for (index, quasi) in template.quasis.iter().enumerate() {
            let broken = || Unknown { span: template.span, why: "this template has a broken escape".to_owned() };
            text.push_str(quasi.value.cooked.as_ref().ok_or_else(broken)?);
            if let Some(expression) = template.expressions.get(index) {
                text.push_str(&self.as_text(expression, references)?);
            }
        }
        Ok(text)
    }

    fn element(&self, element: &ArrayExpressionElement<'_>, references: usize) -> Result<Value, Unknown> {
        match element.as_expression() {
            Some(expression) => self.value_within(expression, references),
            None => Err(Unknown { span: element.span(), why: "only values can stand in this list".to_owned() }),
        }
    }

    fn fields(&self, object: &ObjectExpression<'_>, references: usize) -> Result<Vec<(String, Value)>, Unknown> {
        let mut fields = Vec::new();
        for property in &object.properties {
            match property {
                ObjectPropertyKind::ObjectProperty(property) => {
                    let Some(key) = key(&property.key) else {
                        return Err(Unknown { span: property.key.span(), why: "this key is computed".to_owned() });
                    };
                    if property.method {
                        return Err(Unknown { span: property.span, why: "a method is no value".to_owned() });
                    }
                    fields.push((key, self.value_within(&property.value, references)?));
                }
                ObjectPropertyKind::SpreadProperty(spread) => {
                    match self.value_within(&spread.argument, references)?.kind {
                        ValueKind::Object(spread) => fields.extend(spread),
                        _ => {
                            let why = "only an object can be spread here".to_owned();
                            return Err(Unknown { span: spread.span, why });
                        }
                    }
                }
            }
        }
        Ok(fields)
    }

    fn as_text(&self, expression: &Expression<'_>, references: usize) -> Result<String, Unknown> {
        let value = self.value_within(expression, references)?;
        match value.kind {
            ValueKind::Text(text) => Ok(text),
            ValueKind::Number(number) => Ok(number.normalize().to_string()),
            _ => Err(Unknown { span: value.span, why: "only texts and numbers can stand in a template".to_owned() }),
        }
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
