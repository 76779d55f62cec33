//! Calls of methods: of JavaScript's own it is known what they change and what they call.

use oxc_ast::ast::{Argument, CallExpression, Expression, MemberExpression};

use super::super::calls::Call;
use super::super::reach::{Node, Root};
use super::super::roots::{arguments, is_named, method};
use super::super::standard::{is_known_method, is_known_object};
use super::ChangeKind;
use super::finder::Finder;

/// Methods that change what they are called on. The order of a list does not matter here, so `sort` is none.
const MUTATING: [&str; 11] =
    ["push", "unshift", "pop", "shift", "splice", "fill", "copyWithin", "set", "add", "clear", "delete"];

/// Functions of `Object` that change their first argument.
const OF_OBJECT: [&str; 4] = ["assign", "defineProperty", "defineProperties", "setPrototypeOf"];

/// Functions of `Reflect` that do.
const OF_REFLECT: [&str; 4] = ["set", "defineProperty", "deleteProperty", "setPrototypeOf"];

impl Finder<'_> {
    /// What a call of a method changes, stores and calls.
    pub(super) fn method_call(&mut self, call: &CallExpression<'_>, callee: &MemberExpression<'_>) {
        let object = callee.object();
        let method = method(callee);
        let given: Vec<&Expression<'_>> = arguments(&call.arguments).collect();
        let parts: Vec<Root> = given.iter().flat_map(|given| self.names.roots(given)).collect();
        if MUTATING.contains(&method) {
            let is_list = matches!(object.get_inner_expression(), Expression::Identifier(_));
            let adds = matches!(method, "push" | "unshift") && is_list;
            self.change_in(object, call.span, if adds { ChangeKind::Added } else { ChangeKind::Other });
            self.store(object, &parts);
        }
        let changes_argument = is_named(object, "Object") && OF_OBJECT.contains(&method)
            || is_named(object, "Reflect") && OF_REFLECT.contains(&method);
        if let (true, Some(first)) = (changes_argument, given.first()) {
            self.change_in(first, call.span, ChangeKind::Other);
            self.store(first, &parts);
        }
        let mut elements = self.names.roots(object);
        elements.extend(parts);
        let mut callee = vec![Node::Method(method.to_owned())];
        let mut arguments: Vec<Vec<Root>> = given.iter().map(|given| self.names.roots(given)).collect();
        let mut first_spread = first_spread(&call.arguments);
        let lends_itself = matches!(method, "call" | "apply" | "bind");
        if lends_itself {
            callee = nodes(&self.names.roots(object));
            let this = if arguments.is_empty() { Vec::new() } else { arguments.remove(0) };
            self.join(&Node::This, &this);
            first_spread = if method == "apply" { 0 } else { first_spread.saturating_sub(1) };
        }
        let is_known = !lends_itself && (is_known_object(object, method) || is_known_method(method));
        let own_parameters = usize::from(matches!(method, "reduce" | "reduceRight"));
        self.calls.push(Call { span: call.span, callee, arguments, first_spread, elements, own_parameters, is_known });
    }
}

/// The position of the first argument that is spread.
pub(super) fn first_spread(arguments: &[Argument<'_>]) -> usize {
    arguments.iter().position(|argument| argument.is_spread()).unwrap_or(usize::MAX)
}

/// What is called where this is called.
pub(super) fn nodes(roots: &[Root]) -> Vec<Node> {
    roots.iter().filter(|root| root.depth == 0 && !root.is_new).map(|root| root.node.clone()).collect()
}
