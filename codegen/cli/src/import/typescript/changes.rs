//! What a module does to its constants beside declaring them: `services['b'] = …`, `amount += 5`, `reprice(services.a)`.

mod finder;
mod methods;

use std::collections::HashMap;

use oxc_ast::ast::Program;
use oxc_ast_visit::Visit;
use oxc_semantic::SemanticBuilder;
use oxc_span::Span;

use super::calls::link;
use super::reach::{Node, Root};
use finder::{Event, Finder};

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
    /// The name stands for another value.
    Assigned,
    /// Anything else.
    Other,
    /// A function that is not seen is given it, and might change it.
    Passed,
}

/// The changes of each name of the module.
pub(super) type Changes = HashMap<String, Vec<Change>>;

/// `None` where the module is so entangled that it cannot be told.
pub(super) fn changes(program: &Program<'_>) -> Option<Changes> {
    let semantic = SemanticBuilder::new().build(program).semantic;
    let scoping = semantic.scoping();
    let mut finder = Finder::of(scoping);
    finder.visit_program(program);
    let Finder { mut reach, mut events, functions, calls, .. } = finder;
    link(&calls, &functions, &mut reach);
    let is_imported = |root: &Root| {
        let Node::Name(symbol) = root.node else { return false };
        root.depth == 0 && scoping.symbol_flags(symbol).is_import()
    };
    for call in &calls {
        let passed = Change { span: call.span, kind: ChangeKind::Passed };
        let given = call.arguments.iter().flatten();
        if call.is_unseen(&mut reach) {
            let parts = given.map(|root| (root, root.depth + 1 + usize::from(root.is_new)));
            events.extend(parts.map(|(root, depth)| Event::below(root, depth, passed.clone())));
        } else if given.into_iter().any(is_imported) {
            events.extend(call.elements.iter().map(|root| Event::below(root, root.depth + 2, passed.clone())));
        }
    }
    let mut changes = Changes::new();
    for Event { node, depth, change } in events {
        for reached in reach.changed(&node, depth) {
            let Node::Name(symbol) = reached else { continue };
            if scoping.symbol_scope_id(symbol) == scoping.root_scope_id() {
                let is_direct = reached == node || change.kind == ChangeKind::Passed;
                let kind = if is_direct { change.kind.clone() } else { ChangeKind::Other };
                let found = changes.entry(scoping.symbol_name(symbol).to_owned()).or_default();
                found.push(Change { kind, ..change });
            }
        }
    }
    for found in changes.values_mut() {
        found.sort_by_key(|change| (change.span.start, change.span.end));
        found.dedup();
    }
    (!reach.is_lost()).then_some(changes)
}
