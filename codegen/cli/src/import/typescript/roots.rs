//! What an expression is a part of: the names through which a change of it reaches what they hold.

use oxc_ast::ast::{
    Argument, ArrayExpressionElement, CallExpression, ChainElement, Expression, IdentifierReference, MemberExpression,
    ObjectPropertyKind, PropertyKey,
};
use oxc_semantic::Scoping;

use super::reach::{Node, Root};

/// Functions of JavaScript itself that change nothing of what they are given, and return nothing of it.
const COPYING: [&str; 13] = [
    "structuredClone",
    "String",
    "Number",
    "Boolean",
    "BigInt",
    "Symbol",
    "parseInt",
    "parseFloat",
    "isNaN",
    "isFinite",
    "encodeURIComponent",
    "require",
    "Date",
];

/// Methods that return an element, or what they were given.
const RETURNING: [&str; 15] = [
    "find",
    "findLast",
    "at",
    "get",
    "pop",
    "shift",
    "reduce",
    "reduceRight",
    "freeze",
    "seal",
    "assign",
    "preventExtensions",
    "defineProperty",
    "defineProperties",
    "setPrototypeOf",
];

/// Reads expressions by what their names stand for.
#[derive(Clone, Copy)]
pub(super) struct Names<'s> {
    pub(super) scoping: &'s Scoping,
}

impl Names<'_> {
    pub(super) fn roots(&self, expression: &Expression<'_>) -> Vec<Root> {
        match expression.get_inner_expression() {
            Expression::Identifier(name) => self.node(name).map(whole).into_iter().collect(),
            Expression::ThisExpression(_) => vec![whole(Node::This)],
            Expression::ArrowFunctionExpression(arrow) => vec![whole(Node::Function(arrow.span.start))],
            Expression::FunctionExpression(function) => vec![whole(Node::Function(function.span.start))],
            Expression::ChainExpression(chain) => match &chain.expression {
                ChainElement::CallExpression(call) => self.of_call(call),
                chained => chained.as_member_expression().map_or_else(Vec::new, |member| self.below(member)),
            },
            Expression::CallExpression(call) => self.of_call(call),
            Expression::NewExpression(made) => new_of(self.all(arguments(&made.arguments)).chain([whole(Node::This)])),
            Expression::ArrayExpression(list) => new_of(list.elements.iter().flat_map(|element| match element {
                ArrayExpressionElement::SpreadElement(spread) => self.roots(&spread.argument),
                element => element.as_expression().map_or_else(Vec::new, |element| self.roots(element)),
            })),
            Expression::ObjectExpression(object) => {
                new_of(object.properties.iter().flat_map(|property| match property {
                    ObjectPropertyKind::ObjectProperty(property) => self.roots(&property.value),
                    ObjectPropertyKind::SpreadProperty(spread) => self.roots(&spread.argument),
                }))
            }
            Expression::ConditionalExpression(choice) => {
                self.all([&choice.consequent, &choice.alternate].into_iter()).collect()
            }
            Expression::LogicalExpression(choice) => self.all([&choice.left, &choice.right].into_iter()).collect(),
            Expression::AssignmentExpression(assignment) => self.roots(&assignment.right),
            Expression::AwaitExpression(awaited) => self.roots(&awaited.argument),
            Expression::SequenceExpression(sequence) => self.all(sequence.expressions.last().into_iter()).collect(),
            member => member.as_member_expression().map_or_else(Vec::new, |member| self.below(member)),
        }
    }

    /// What a name stands for; nothing where it is none of the module.
    pub(super) fn node(&self, name: &IdentifierReference<'_>) -> Option<Node> {
        let reference = self.scoping.get_reference(name.reference_id.get()?);
        let undeclared = || (name.name == "arguments").then_some(Node::Arguments);
        reference.symbol_id().map(Node::Name).or_else(undeclared)
    }

    /// Whether JavaScript itself declares a function that only reads.
    pub(super) fn is_copying(&self, function: &Expression<'_>) -> bool {
        matches!(function, Expression::Identifier(name) if COPYING.contains(&name.name.as_str()) && self.node(name).is_none())
    }

    fn all<'e, 'a: 'e>(&self, parts: impl Iterator<Item = &'e Expression<'a>>) -> impl Iterator<Item = Root> {
        parts.flat_map(|part| self.roots(part))
    }

    fn below(&self, member: &MemberExpression<'_>) -> Vec<Root> {
        self.roots(member.object()).into_iter().map(|root| Root { depth: root.depth + 1, ..root }).collect()
    }

    fn of_call(&self, call: &CallExpression<'_>) -> Vec<Root> {
        let arguments = self.all(arguments(&call.arguments));
        let Some(callee) = call.callee.as_member_expression() else {
            if self.is_copying(&call.callee) {
                return Vec::new();
            }
            // A function that is not seen may return a part of what it is given.
            let given = arguments.map(|root| Root { depth: root.depth + 1, is_new: false, ..root });
            return self.roots(&call.callee).into_iter().chain(given).collect();
        };
        if is_named(callee.object(), "JSON") {
            return Vec::new();
        }
        let method = method(callee);
        let parts = self.all(std::iter::once(callee.object())).chain(arguments);
        let mut roots = match RETURNING.contains(&method) {
            true => parts.map(|root| Root { depth: root.depth + 1, is_new: false, ..root }).collect(),
            false => new_of(parts),
        };
        roots.push(whole(Node::Method(method.to_owned())));
        roots
    }
}

/// The whole of a node.
pub(super) fn whole(node: Node) -> Root {
    Root { node, depth: 0, is_new: false }
}

/// A new list or object of these.
fn new_of(parts: impl IntoIterator<Item = Root>) -> Vec<Root> {
    parts.into_iter().map(|part| Root { depth: 0, is_new: true, ..part }).collect()
}

/// What a call is given, of a list that is spread the list.
pub(super) fn arguments<'e, 'a>(given: &'e [Argument<'a>]) -> impl Iterator<Item = &'e Expression<'a>> {
    given.iter().filter_map(|argument| match argument {
        Argument::SpreadElement(spread) => Some(&spread.argument),
        argument => argument.as_expression(),
    })
}

/// The name of a field, of a private one too.
pub(super) fn method<'a>(member: &MemberExpression<'a>) -> &'a str {
    match member {
        MemberExpression::PrivateFieldExpression(private) => private.field.name.as_str(),
        member => member.static_property_name().unwrap_or_default(),
    }
}

/// The name of a declared field, as [`method`] reads it.
pub(super) fn key_name(key: &PropertyKey<'_>) -> String {
    key.name().unwrap_or_default().into_owned()
}

pub(super) fn is_named(expression: &Expression<'_>, name: &str) -> bool {
    matches!(expression, Expression::Identifier(identifier) if identifier.name == name)
}
