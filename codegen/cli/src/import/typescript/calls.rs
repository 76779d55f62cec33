//! Calls of a module: what functions are given is what their parameters stand for.

use std::collections::HashMap;

use oxc_ast::ast::{BindingPattern, FormalParameters};
use oxc_span::Span;

use super::reach::{Node, Reach, Root};

/// The parameters of a function.
#[derive(Default)]
pub(super) struct Parameters {
    /// The names of each, and whether they stand for parts of it.
    each: Vec<(Vec<Node>, bool)>,
    /// The names of all that follow.
    rest: Vec<Node>,
}

impl Parameters {
    pub(super) fn of(parameters: &FormalParameters<'_>) -> Self {
        let each = parameters.items.iter();
        Self {
            each: each.map(|item| (names(&item.pattern), !item.pattern.is_binding_identifier())).collect(),
            rest: parameters.rest.as_ref().map_or_else(Vec::new, |rest| names(&rest.rest.argument)),
        }
    }
}

/// The names that a pattern binds.
pub(super) fn names(pattern: &BindingPattern<'_>) -> Vec<Node> {
    pattern.get_binding_identifiers().iter().filter_map(|name| name.symbol_id.get().map(Node::Name)).collect()
}

/// A call of whatever function.
pub(super) struct Call {
    pub(super) span: Span,
    pub(super) callee: Vec<Node>,
    /// What each argument is a part of.
    pub(super) arguments: Vec<Vec<Root>>,
    /// The first argument that is spread, from which on the positions are not known.
    pub(super) first_spread: usize,
    /// What functions that it is given are called with the elements of.
    pub(super) elements: Vec<Root>,
    /// How many parameters of those functions are none of the elements.
    pub(super) own_parameters: usize,
    /// JavaScript's own, of which it is known what it does.
    pub(super) is_known: bool,
}

/// Lets parameters stand for what functions are given, until nothing new is found.
pub(super) fn link(calls: &[Call], functions: &HashMap<u32, Parameters>, reach: &mut Reach) {
    let mut is_news = true;
    while is_news && !reach.is_lost() {
        is_news = false;
        for call in calls {
            for node in &call.callee {
                for function in reach.functions(node) {
                    if let Some(parameters) = functions.get(&function) {
                        is_news |= call.give(parameters, reach);
                    }
                }
            }
            for root in call.arguments.iter().flatten().filter(|root| root.depth == 0 && !root.is_new) {
                for function in reach.functions(&root.node) {
                    if let Some(parameters) = functions.get(&function) {
                        is_news |= call.give_elements(parameters, reach);
                    }
                }
            }
        }
    }
}

impl Call {
    /// Whether no function of the module is called, and none that is known.
    pub(super) fn is_unseen(&self, reach: &mut Reach) -> bool {
        !self.is_known && self.callee.iter().all(|node| reach.functions(node).is_empty())
    }

    fn give(&self, parameters: &Parameters, reach: &mut Reach) -> bool {
        let mut is_news = false;
        for (at, (names, is_part)) in parameters.each.iter().enumerate() {
            let given = self.arguments.iter().enumerate();
            let given = given
                .filter(|(position, _)| *position == at || at >= self.first_spread && *position >= self.first_spread);
            for root in given.flat_map(|(position, roots)| roots.iter().map(move |root| (position, root))) {
                let is_part = *is_part || root.0 >= self.first_spread;
                is_news |= join(names, root.1, is_part, reach);
            }
        }
        for (position, roots) in self.arguments.iter().enumerate() {
            for root in roots {
                let listed = Root { is_new: true, depth: 0, ..root.clone() };
                is_news |= reach.join(&Node::Arguments, listed.clone());
                if position >= parameters.each.len().min(self.first_spread) {
                    is_news |= join(&parameters.rest, &listed, false, reach);
                }
            }
        }
        is_news
    }

    fn give_elements(&self, parameters: &Parameters, reach: &mut Reach) -> bool {
        let mut is_news = false;
        let names =
            parameters.each.iter().skip(self.own_parameters).flat_map(|(names, _)| names).chain(&parameters.rest);
        for name in names {
            for root in &self.elements {
                is_news |= join(std::slice::from_ref(name), root, true, reach);
            }
        }
        is_news
    }
}

fn join(names: &[Node], root: &Root, is_part: bool, reach: &mut Reach) -> bool {
    let root = Root { depth: root.depth + usize::from(is_part), ..root.clone() };
    // All of them: `any` would stop at the first that is news.
    names.iter().filter(|name| reach.join(name, root.clone())).count() > 0
}
