//! What a module does to its constants beside declaring them: `services['b'] = …`, `amount += 5`, `list.push(…)`.

use std::cell::Cell;
use std::collections::HashMap;

use oxc_ast::ast::{
    AssignmentExpression, AssignmentOperator, AssignmentTarget, AssignmentTargetPropertyIdentifier, BindingIdentifier,
    BindingPattern, CallExpression, Expression, ForOfStatement, ForStatementLeft, FormalParameters, MemberExpression,
    Program, SimpleAssignmentTarget, UnaryExpression, VariableDeclarator,
};
use oxc_ast_visit::{Visit, walk};
use oxc_span::{GetSpan, Span};
use oxc_syntax::scope::{ScopeFlags, ScopeId};

/// A place where what a constant holds is changed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Change {
    pub(super) span: Span,
    pub(super) kind: ChangeKind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum ChangeKind {
    /// A field of the object itself is set.
    Set(String),
    /// An element is added to the list.
    Added,
    /// Anything else.
    Other,
}

/// The changes of each name of the module.
pub(super) type Changes = HashMap<String, Vec<Change>>;

pub(super) fn changes(program: &Program<'_>) -> Changes {
    let mut finder = Finder::default();
    finder.visit_program(program);
    finder.changes
}

/// What a name stands for: what is changed through it is a part of these.
#[derive(Clone, Debug, Default)]
struct Bound {
    sources: Vec<String>,
    /// The list or object itself is a new one, only what it holds is theirs: `Object.values(services)`.
    is_new: bool,
}

#[derive(Default)]
struct Finder {
    changes: Changes,
    /// The names of the module, then those of each function and block around.
    scopes: Vec<HashMap<String, Bound>>,
    /// What names that are about to be bound stand for, by the start of each.
    bound: HashMap<u32, Bound>,
}

/// Aliases of aliases more than this are no longer followed.
const MOST_ALIASES: usize = 16;

impl Finder {
    /// A change so many fields below a name; 0 is the name itself.
    fn change(&mut self, name: &str, depth: usize, change: Change, aliases: usize) {
        let found = self.scopes.iter().enumerate().rev().find_map(|(at, names)| Some((at, names.get(name)?.clone())));
        let (scope, bound) = found.unwrap_or_default();
        if scope == 0 {
            self.changes.entry(name.to_owned()).or_default().push(change.clone());
        }
        if depth == 0 || (bound.is_new && depth == 1) || aliases == 0 {
            return;
        }
        for source in bound.sources.iter().filter(|source| *source != name) {
            self.change(source, depth + 1, Change { kind: ChangeKind::Other, ..change.clone() }, aliases - 1);
        }
    }

    /// A change of a field or an element of this.
    fn change_in(&mut self, object: &Expression<'_>, change: &Change) {
        let Roots { names, depth, is_new } = roots(object);
        if is_new && depth == 0 {
            return;
        }
        for name in names {
            self.change(&name, depth + 1, change.clone(), MOST_ALIASES);
        }
    }

    fn bind(&mut self, pattern: &BindingPattern<'_>, bound: &Bound) {
        for name in pattern.get_binding_identifiers() {
            self.bound.insert(name.span.start, bound.clone());
        }
    }

    /// The parameters of a function that is called with each element.
    fn bind_elements(&mut self, method: &str, parameters: &FormalParameters<'_>, sources: &[String]) {
        let first_element = usize::from(matches!(method, "reduce" | "reduceRight"));
        for parameter in parameters.items.iter().skip(first_element) {
            self.bind(&parameter.pattern, &Bound { sources: sources.to_vec(), is_new: false });
        }
    }
}

impl<'a> Visit<'a> for Finder {
    fn enter_scope(&mut self, _: ScopeFlags, _: &Cell<Option<ScopeId>>) {
        self.scopes.push(HashMap::new());
    }

    fn leave_scope(&mut self) {
        self.scopes.pop();
    }

    fn visit_binding_identifier(&mut self, name: &BindingIdentifier<'a>) {
        let bound = self.bound.remove(&name.span.start).unwrap_or_default();
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.name.to_string(), bound);
        }
    }

    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        if let (BindingPattern::BindingIdentifier(name), Some(_), [names]) =
            (&declarator.id, &declarator.init, self.scopes.as_slice())
            && names.contains_key(name.name.as_str())
        {
            let change = Change { span: declarator.span, kind: ChangeKind::Other };
            self.change(name.name.as_str(), 0, change, MOST_ALIASES);
        }
        if let Some(init) = &declarator.init {
            let Roots { names, depth, is_new } = roots(init);
            self.bind(&declarator.id, &Bound { sources: names, is_new: is_new && depth == 0 });
        }
        walk::walk_variable_declarator(self, declarator);
    }

    fn visit_for_of_statement(&mut self, statement: &ForOfStatement<'a>) {
        if let ForStatementLeft::VariableDeclaration(variables) = &statement.left {
            let bound = Bound { sources: roots(&statement.right).names, is_new: false };
            variables.declarations.iter().for_each(|declarator| self.bind(&declarator.id, &bound));
        }
        walk::walk_for_of_statement(self, statement);
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        if let (AssignmentOperator::Assign, Some(member)) = (assignment.operator, member(&assignment.left))
            && let (Expression::Identifier(name), Some(key)) =
                (member.object().get_inner_expression(), member.static_property_name())
        {
            let change = Change { span: assignment.span, kind: ChangeKind::Set(key.to_string()) };
            self.change(name.name.as_str(), 1, change, MOST_ALIASES);
            self.visit_expression(&assignment.right);
            return;
        }
        walk::walk_assignment_expression(self, assignment);
    }

    fn visit_simple_assignment_target(&mut self, target: &SimpleAssignmentTarget<'a>) {
        let change = Change { span: target.span(), kind: ChangeKind::Other };
        match (target.as_member_expression(), target) {
            (Some(member), _) => self.change_in(member.object(), &change),
            (None, SimpleAssignmentTarget::AssignmentTargetIdentifier(name)) => {
                self.change(name.name.as_str(), 0, change, MOST_ALIASES);
            }
            (None, typed) => {
                let inner = typed.get_expression().map(Expression::get_inner_expression);
                match inner.map(|inner| (inner.as_member_expression(), inner)) {
                    Some((Some(member), _)) => self.change_in(member.object(), &change),
                    Some((None, Expression::Identifier(name))) => {
                        self.change(name.name.as_str(), 0, change, MOST_ALIASES);
                    }
                    _ => {}
                }
            }
        }
        walk::walk_simple_assignment_target(self, target);
    }

    fn visit_assignment_target_property_identifier(&mut self, target: &AssignmentTargetPropertyIdentifier<'a>) {
        let change = Change { span: target.span, kind: ChangeKind::Other };
        self.change(target.binding.name.as_str(), 0, change, MOST_ALIASES);
        walk::walk_assignment_target_property_identifier(self, target);
    }

    fn visit_unary_expression(&mut self, unary: &UnaryExpression<'a>) {
        if unary.operator.as_str() == "delete" {
            self.change_in(&unary.argument, &Change { span: unary.span, kind: ChangeKind::Other });
        }
        walk::walk_unary_expression(self, unary);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        if let Some(member) = call.callee.as_member_expression() {
            let method = member.static_property_name().unwrap_or_default();
            let change = |kind| Change { span: call.span, kind };
            if matches!(method, "push" | "unshift") && is_name(member.object()) {
                self.change_in(member.object(), &change(ChangeKind::Added));
            } else if MUTATING.contains(&method) {
                self.change_in(member.object(), &change(ChangeKind::Other));
            }
            let changes_argument = is_named(member.object(), "Object") && OF_OBJECT.contains(&method)
                || is_named(member.object(), "Reflect") && OF_REFLECT.contains(&method);
            if let (true, Some(first)) =
                (changes_argument, call.arguments.first().and_then(|argument| argument.as_expression()))
            {
                self.change_in(first, &change(ChangeKind::Other));
            }
            let sources = roots(member.object()).names;
            for argument in call.arguments.iter().filter_map(|argument| argument.as_expression()) {
                match argument {
                    Expression::ArrowFunctionExpression(arrow) => self.bind_elements(method, &arrow.params, &sources),
                    Expression::FunctionExpression(function) => self.bind_elements(method, &function.params, &sources),
                    _ => {}
                }
            }
        }
        walk::walk_call_expression(self, call);
    }
}

/// Methods that change what they are called on. The order of a list does not matter here, so `sort` is none.
const MUTATING: [&str; 11] =
    ["push", "unshift", "pop", "shift", "splice", "fill", "copyWithin", "set", "add", "clear", "delete"];

/// Functions of `Object` that change their first argument.
const OF_OBJECT: [&str; 4] = ["assign", "defineProperty", "defineProperties", "setPrototypeOf"];

/// Functions of `Reflect` that do.
const OF_REFLECT: [&str; 4] = ["set", "defineProperty", "deleteProperty", "setPrototypeOf"];

fn member<'t, 'a>(target: &'t AssignmentTarget<'a>) -> Option<&'t MemberExpression<'a>> {
    target.as_simple_assignment_target()?.as_member_expression()
}

fn is_name(expression: &Expression<'_>) -> bool {
    matches!(expression.get_inner_expression(), Expression::Identifier(_))
}

fn is_named(expression: &Expression<'_>, name: &str) -> bool {
    matches!(expression, Expression::Identifier(identifier) if identifier.name == name)
}

/// What an expression is a part of.
#[derive(Default)]
struct Roots {
    names: Vec<String>,
    /// How many fields and elements below the names or, where it is new, below what a call made.
    depth: usize,
    /// A call made a new list or object of them: `Object.values(services)`.
    is_new: bool,
}

fn roots(expression: &Expression<'_>) -> Roots {
    let below = |member: &MemberExpression<'_>| {
        let roots = roots(member.object());
        Roots { depth: roots.depth + 1, ..roots }
    };
    let expression = expression.get_inner_expression();
    match expression {
        Expression::Identifier(name) => Roots { names: vec![name.name.to_string()], ..Roots::default() },
        Expression::ChainExpression(chain) => {
            chain.expression.as_member_expression().map_or_else(Roots::default, below)
        }
        Expression::CallExpression(call) => {
            let callee = call.callee.as_member_expression();
            let method = callee.and_then(MemberExpression::static_property_name).unwrap_or_default();
            // These return an element, or what they were given.
            let is_new = !["find", "findLast", "at", "get", "freeze"].contains(&method);
            let arguments = call.arguments.iter().filter_map(|argument| argument.as_expression());
            let parts = callee.map(MemberExpression::object).into_iter().chain(arguments);
            Roots { names: parts.flat_map(|part| roots(part).names).collect(), depth: usize::from(!is_new), is_new }
        }
        _ => expression.as_member_expression().map_or_else(Roots::default, below),
    }
}
