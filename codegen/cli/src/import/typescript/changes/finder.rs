//! Collects what a module does: changes, what stands for what, functions and calls.

use std::collections::{HashMap, HashSet};

use oxc_ast::ast::{
    ArrowFunctionExpression, AssignmentExpression, AssignmentOperator, AssignmentPattern, AssignmentTarget,
    AssignmentTargetPropertyIdentifier, BindingPattern, CallExpression, Class, Expression, ForOfStatement,
    ForStatementLeft, FormalParameter, Function, IdentifierReference, MemberExpression, MethodDefinition,
    NewExpression, ObjectExpression, ObjectProperty, ObjectPropertyKind, PropertyDefinition, ReturnStatement,
    SimpleAssignmentTarget, TaggedTemplateExpression, UnaryExpression, VariableDeclarator, YieldExpression,
};
use oxc_ast_visit::{Visit, walk};
use oxc_semantic::Scoping;
use oxc_span::{GetSpan, Span};
use oxc_syntax::scope::ScopeFlags;

use super::super::calls::{Call, Parameters, names};
use super::super::reach::{Node, Reach, Root};
use super::super::roots::{Names, arguments, is_named, key_name, whole};
use super::super::standard::is_made_by_javascript;
use super::methods::{first_spread, nodes};
use super::{Change, ChangeKind};

/// A change so many fields below a node; 0 is another value for the name itself.
pub(super) struct Event {
    pub(super) node: Node,
    pub(super) depth: usize,
    pub(super) change: Change,
}

impl Event {
    pub(super) fn below(root: &Root, depth: usize, change: Change) -> Self {
        Self { node: root.node.clone(), depth, change }
    }
}

pub(super) struct Finder<'s> {
    pub(super) names: Names<'s>,
    pub(super) reach: Reach,
    pub(super) events: Vec<Event>,
    pub(super) functions: HashMap<u32, Parameters>,
    pub(super) calls: Vec<Call>,
    /// The functions around, innermost last.
    within: Vec<u32>,
    /// What the targets of the assignment around become.
    assigned: Vec<Root>,
    declared: HashSet<Node>,
}

impl<'s> Finder<'s> {
    pub(super) fn of(scoping: &'s Scoping) -> Self {
        Self {
            names: Names { scoping },
            reach: Reach::default(),
            events: Vec::new(),
            functions: HashMap::new(),
            calls: Vec::new(),
            within: Vec::new(),
            assigned: Vec::new(),
            declared: HashSet::new(),
        }
    }

    pub(super) fn join(&mut self, node: &Node, roots: &[Root]) {
        for root in roots {
            self.reach.join(node, root.clone());
        }
    }

    /// What these names stand for is a part of that, where they take it apart.
    fn bind(&mut self, pattern: &BindingPattern<'_>, roots: &[Root], is_element: bool) {
        let deeper = usize::from(is_element) + usize::from(!pattern.is_binding_identifier());
        let roots: Vec<Root> = roots.iter().map(|root| Root { depth: root.depth + deeper, ..root.clone() }).collect();
        for name in names(pattern) {
            self.join(&name, &roots);
        }
    }

    /// An object or a list holds this from now on.
    pub(super) fn store(&mut self, object: &Expression<'_>, parts: &[Root]) {
        for holder in self.names.roots(object) {
            for part in parts {
                self.reach.join(&holder.node, Root { depth: 0, is_new: true, ..part.clone() });
            }
        }
    }

    /// A change of a field or an element of this.
    pub(super) fn change_in(&mut self, object: &Expression<'_>, span: Span, kind: ChangeKind) {
        for root in self.names.roots(object) {
            if !(root.is_new && root.depth == 0) {
                let kind = if root.depth == 0 { kind.clone() } else { ChangeKind::Other };
                self.events.push(Event::below(&root, root.depth + 1, Change { span, kind }));
            }
        }
    }

    /// Another value for the name itself.
    fn assign(&mut self, name: &IdentifierReference<'_>, span: Span) {
        if let Some(node) = self.names.node(name) {
            let assigned = self.assigned.clone();
            self.join(&node, &assigned);
            self.events.push(Event { node, depth: 0, change: Change { span, kind: ChangeKind::Assigned } });
        }
    }

    fn assign_in(&mut self, object: &Expression<'_>, span: Span) {
        let assigned = self.assigned.clone();
        self.store(object, &assigned);
        self.change_in(object, span, ChangeKind::Other);
    }

    fn returns(&mut self, value: &Expression<'_>) {
        if let Some(function) = self.within.last() {
            let function = Node::Function(*function);
            let roots = self.names.roots(value);
            self.join(&function, &roots);
        }
    }
}

fn member<'t, 'a>(target: &'t AssignmentTarget<'a>) -> Option<&'t MemberExpression<'a>> {
    target.as_simple_assignment_target()?.as_member_expression()
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_function(&mut self, function: &Function<'a>, flags: ScopeFlags) {
        self.functions.insert(function.span.start, Parameters::of(&function.params));
        if let Some(symbol) = function.id.as_ref().and_then(|id| id.symbol_id.get()) {
            self.reach.join(&Node::Name(symbol), whole(Node::Function(function.span.start)));
        }
        self.within.push(function.span.start);
        walk::walk_function(self, function, flags);
        self.within.pop();
    }

    fn visit_arrow_function_expression(&mut self, arrow: &ArrowFunctionExpression<'a>) {
        self.functions.insert(arrow.span.start, Parameters::of(&arrow.params));
        self.within.push(arrow.span.start);
        if let Some(value) = arrow.get_expression() {
            self.returns(value);
        }
        walk::walk_arrow_function_expression(self, arrow);
        self.within.pop();
    }

    fn visit_return_statement(&mut self, statement: &ReturnStatement<'a>) {
        if let Some(value) = &statement.argument {
            self.returns(value);
        }
        walk::walk_return_statement(self, statement);
    }

    fn visit_yield_expression(&mut self, yielded: &YieldExpression<'a>) {
        if let Some(value) = &yielded.argument {
            self.returns(value);
        }
        walk::walk_yield_expression(self, yielded);
    }

    fn visit_class(&mut self, class: &Class<'a>) {
        if let Some(symbol) = class.id.as_ref().and_then(|id| id.symbol_id.get()) {
            self.reach.join(&Node::Name(symbol), whole(Node::This));
            self.reach.join(&Node::Name(symbol), whole(Node::Method("constructor".to_owned())));
        }
        walk::walk_class(self, class);
    }

    fn visit_method_definition(&mut self, definition: &MethodDefinition<'a>) {
        let node = Node::Method(key_name(&definition.key));
        self.reach.join(&node, whole(Node::Function(definition.value.span.start)));
        walk::walk_method_definition(self, definition);
    }

    fn visit_property_definition(&mut self, definition: &PropertyDefinition<'a>) {
        if let Some(value) = &definition.value {
            let roots = self.names.roots(value);
            self.join(&Node::Method(key_name(&definition.key)), &roots);
            roots.into_iter().for_each(|root| {
                self.reach.join(&Node::This, Root { depth: 0, is_new: true, ..root });
            });
        }
        walk::walk_property_definition(self, definition);
    }

    fn visit_object_expression(&mut self, object: &ObjectExpression<'a>) {
        let is_function = |property: &ObjectPropertyKind<'a>| {
            property.as_property().is_some_and(|property| property.value.is_function())
        };
        if object.properties.iter().any(is_function) {
            for property in object.properties.iter().filter_map(ObjectPropertyKind::as_property) {
                for root in self.names.roots(&property.value) {
                    self.reach.join(&Node::This, Root { depth: 0, is_new: true, ..root });
                }
            }
        }
        walk::walk_object_expression(self, object);
    }

    fn visit_object_property(&mut self, property: &ObjectProperty<'a>) {
        let functions: Vec<Root> =
            self.names.roots(&property.value).into_iter().filter(|root| root.depth == 0).collect();
        self.join(&Node::Method(key_name(&property.key)), &functions);
        walk::walk_object_property(self, property);
    }

    fn visit_formal_parameter(&mut self, parameter: &FormalParameter<'a>) {
        if let Some(initializer) = &parameter.initializer {
            let roots = self.names.roots(initializer);
            self.bind(&parameter.pattern, &roots, false);
        }
        walk::walk_formal_parameter(self, parameter);
    }

    fn visit_assignment_pattern(&mut self, pattern: &AssignmentPattern<'a>) {
        let roots = self.names.roots(&pattern.right);
        self.bind(&pattern.left, &roots, false);
        walk::walk_assignment_pattern(self, pattern);
    }

    fn visit_variable_declarator(&mut self, declarator: &VariableDeclarator<'a>) {
        if let Some(init) = &declarator.init {
            for node in names(&declarator.id) {
                // `var` may declare a name again, and give it another value.
                if !self.declared.insert(node.clone()) {
                    let change = Change { span: declarator.span, kind: ChangeKind::Assigned };
                    self.events.push(Event { node, depth: 0, change });
                }
            }
            let roots = self.names.roots(init);
            self.bind(&declarator.id, &roots, false);
        }
        walk::walk_variable_declarator(self, declarator);
    }

    fn visit_for_of_statement(&mut self, statement: &ForOfStatement<'a>) {
        let roots = self.names.roots(&statement.right);
        match &statement.left {
            ForStatementLeft::VariableDeclaration(variables) => {
                variables.declarations.iter().for_each(|declarator| self.bind(&declarator.id, &roots, true));
                walk::walk_for_of_statement(self, statement);
            }
            _ => {
                let elements = roots.into_iter().map(|root| Root { depth: root.depth + 2, ..root }).collect();
                let outer = std::mem::replace(&mut self.assigned, elements);
                self.visit_for_statement_left(&statement.left);
                self.assigned = outer;
                self.visit_expression(&statement.right);
                self.visit_statement(&statement.body);
            }
        }
    }

    fn visit_assignment_expression(&mut self, assignment: &AssignmentExpression<'a>) {
        let deeper = usize::from(assignment.left.as_simple_assignment_target().is_none());
        let roots = self.names.roots(&assignment.right);
        let roots: Vec<_> = roots.into_iter().map(|root| Root { depth: root.depth + deeper, ..root }).collect();
        let outer = std::mem::replace(&mut self.assigned, roots);
        match (assignment.operator, member(&assignment.left)) {
            (AssignmentOperator::Assign, Some(member)) if member.static_property_name().is_some() => {
                let key = member.static_property_name().unwrap_or_default().to_owned();
                let assigned = self.assigned.clone();
                self.store(member.object(), &assigned);
                self.join(&Node::Method(key.clone()), &assigned);
                self.change_in(member.object(), assignment.span, ChangeKind::Set(key));
                self.assigned = Vec::new();
                self.visit_expression(member.object());
            }
            _ => self.visit_assignment_target(&assignment.left),
        }
        self.assigned = outer;
        self.visit_expression(&assignment.right);
    }

    fn visit_simple_assignment_target(&mut self, target: &SimpleAssignmentTarget<'a>) {
        let span = target.span();
        match (target.as_member_expression(), target) {
            (Some(member), _) => self.assign_in(member.object(), span),
            (None, SimpleAssignmentTarget::AssignmentTargetIdentifier(name)) => self.assign(name, span),
            (None, typed) => match typed.get_expression().map(Expression::get_inner_expression) {
                Some(Expression::Identifier(name)) => self.assign(name, span),
                Some(inner) => {
                    if let Some(member) = inner.as_member_expression() {
                        self.assign_in(member.object(), span);
                    }
                }
                None => {}
            },
        }
        walk::walk_simple_assignment_target(self, target);
    }

    fn visit_assignment_target_property_identifier(&mut self, target: &AssignmentTargetPropertyIdentifier<'a>) {
        self.assign(&target.binding, target.span);
        walk::walk_assignment_target_property_identifier(self, target);
    }

    fn visit_unary_expression(&mut self, unary: &UnaryExpression<'a>) {
        if let ("delete", Some(member)) =
            (unary.operator.as_str(), unary.argument.get_inner_expression().as_member_expression())
        {
            self.change_in(member.object(), unary.span, ChangeKind::Other);
        }
        walk::walk_unary_expression(self, unary);
    }

    fn visit_call_expression(&mut self, call: &CallExpression<'a>) {
        match call.callee.get_inner_expression().as_member_expression() {
            Some(callee) => self.method_call(call, callee),
            None => {
                let arguments: Vec<_> = arguments(&call.arguments).map(|given| self.names.roots(given)).collect();
                self.calls.push(Call {
                    span: call.span,
                    callee: nodes(&self.names.roots(&call.callee)),
                    elements: arguments.iter().flatten().cloned().collect(),
                    arguments,
                    first_spread: first_spread(&call.arguments),
                    own_parameters: 0,
                    is_known: self.names.is_copying(&call.callee),
                });
            }
        }
        walk::walk_call_expression(self, call);
    }

    fn visit_new_expression(&mut self, made: &NewExpression<'a>) {
        let arguments: Vec<_> = arguments(&made.arguments).map(|given| self.names.roots(given)).collect();
        self.calls.push(Call {
            span: made.span,
            callee: nodes(&self.names.roots(&made.callee)),
            elements: arguments.iter().flatten().cloned().collect(),
            arguments,
            first_spread: first_spread(&made.arguments),
            own_parameters: 0,
            is_known: is_made_by_javascript(&made.callee),
        });
        walk::walk_new_expression(self, made);
    }

    fn visit_tagged_template_expression(&mut self, template: &TaggedTemplateExpression<'a>) {
        let given = template.quasi.expressions.iter().map(|given| self.names.roots(given));
        let arguments: Vec<_> = std::iter::once(Vec::new()).chain(given).collect();
        self.calls.push(Call {
            span: template.span,
            callee: nodes(&self.names.roots(&template.tag)),
            elements: arguments.iter().flatten().cloned().collect(),
            arguments,
            first_spread: usize::MAX,
            own_parameters: 0,
            is_known: template.tag.as_member_expression().is_some_and(|tag| is_named(tag.object(), "String")),
        });
        walk::walk_tagged_template_expression(self, template);
    }
}
