//! Which names a change reaches: aliases, parameters, elements of lists and what functions return lead to what they are a part of.

use std::collections::{HashMap, HashSet};

use oxc_syntax::symbol::SymbolId;

/// What holds something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Name(SymbolId),
    /// `this` of whatever function.
    This,
    /// `arguments` of whatever function.
    Arguments,
    /// What a function returns, by its first byte.
    Function(u32),
    /// A method, of whatever object.
    Method(String),
}

/// What something is a part of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Root {
    pub(super) node: Node,
    /// How many fields and elements below it, or below what was made of it.
    pub(super) depth: usize,
    /// In a new list or object: `Object.values(services)`, `[services.a]`.
    pub(super) is_new: bool,
}

/// Deeper is all the same.
const MOST_DEPTH: usize = 3;

/// A module that takes more steps is given up, as one in which anything may change anything.
const MOST_STEPS: usize = 20_000_000;

/// What is what, as far as it is known.
#[derive(Default)]
pub(super) struct Reach {
    roots: HashMap<Node, Vec<Root>>,
    known: HashSet<(Node, Root)>,
    steps: usize,
}

impl Reach {
    /// What a node holds is a part of this; whether that is news.
    pub(super) fn join(&mut self, node: &Node, root: Root) -> bool {
        let root = Root { depth: root.depth.min(MOST_DEPTH), ..root };
        let is_news = root.node != *node && self.known.insert((node.clone(), root.clone()));
        if is_news {
            self.roots.entry(node.clone()).or_default().push(root);
        }
        is_news
    }

    /// Whether it was given up.
    pub(super) fn is_lost(&self) -> bool {
        self.steps > MOST_STEPS
    }

    /// Every node that a change so many fields below this one is a change of.
    pub(super) fn changed(&mut self, node: &Node, depth: usize) -> Vec<Node> {
        self.walk(node, depth, |root, depth| match root {
            // Another value for the name itself, or another element of a list of its own.
            _ if depth == 0 => None,
            Root { is_new: true, depth: 0, .. } if depth == 1 => None,
            Root { is_new, depth: below, .. } => Some((depth + below + usize::from(*is_new)).min(MOST_DEPTH)),
        })
    }

    /// The functions that a node may stand for, by their first bytes.
    pub(super) fn functions(&mut self, node: &Node) -> Vec<u32> {
        let stands_for = self.walk(node, 0, |root, _| (root.depth == 0 && !root.is_new).then_some(0));
        let mut functions: Vec<u32> = stands_for
            .iter()
            .filter_map(|node| match node {
                Node::Function(first_byte) => Some(*first_byte),
                _ => None,
            })
            .collect();
        functions.sort_unstable();
        functions.dedup();
        functions
    }

    fn walk(&mut self, node: &Node, depth: usize, next: impl Fn(&Root, usize) -> Option<usize>) -> Vec<Node> {
        let mut seen = HashSet::from([(node.clone(), depth)]);
        let mut open = vec![(node.clone(), depth)];
        let mut found = Vec::new();
        while let Some((node, depth)) = open.pop() {
            for root in self.roots.get(&node).into_iter().flatten() {
                self.steps += 1;
                if let Some(depth) = next(root, depth)
                    && seen.insert((root.node.clone(), depth))
                {
                    open.push((root.node.clone(), depth));
                }
            }
            found.push(node);
            if self.is_lost() {
                break;
            }
        }
        found
    }
}
