//! Forms with nested brackets, `a[b][0][c]=…`, as a tree of texts.

use std::collections::BTreeMap;

use url::form_urlencoded;

use crate::failure::Failure;

/// More brackets than any parameter of Stripe has.
const DEEPEST: usize = 10;

/// What stands under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Text(String),
    Branch(Branch),
}

/// Names and what stands under them. The elements of a list are named by their indices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Branch {
    /// Sorted by position: lists come in the order of their indices, and equal requests have equal trees.
    pub(crate) entries: BTreeMap<Key, Node>,
}

/// A name, or the index of a list's element.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Index(usize),
    Name(String),
}

impl Key {
    fn parse(text: &str) -> Self {
        match text.parse() {
            // `01` is a name.
            Ok(index) if text == usize::to_string(&index) => Self::Index(index),
            _ => Self::Name(text.to_owned()),
        }
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Index(index) => index.to_string(),
            Self::Name(name) => name.clone(),
        }
    }
}

impl Branch {
    /// Reads the parts of a request, its query and its body, one after the other.
    pub(crate) fn parse(parts: &[&str]) -> Result<Self, Failure> {
        let mut root = Self::default();
        for part in parts {
            for (name, value) in form_urlencoded::parse(part.as_bytes()) {
                let path = path(&name).ok_or_else(|| {
                    Failure::invalid(format!("Invalid parameter name: {name}")).param(name.to_string()).early()
                })?;
                root.insert(&path, value.into_owned())?;
            }
        }
        Ok(root)
    }

    /// Puts a value at its place. An empty step, `a[]`, is the next element.
    fn insert(&mut self, path: &[&str], value: String) -> Result<(), Failure> {
        let Some((step, rest)) = path.split_first() else { return Ok(()) };
        let key = if step.is_empty() { Key::Index(self.entries.len()) } else { Key::parse(step) };
        if rest.is_empty() {
            self.entries.insert(key, Node::Text(value));
            return Ok(());
        }
        match self.entries.entry(key).or_insert_with(|| Node::Branch(Self::default())) {
            Node::Branch(branch) => branch.insert(rest, value),
            Node::Text(_) => {
                Err(Failure::invalid(format!("Invalid request: {step} is both a value and an object")).early())
            }
        }
    }
}

/// `a[b][c]` as `a`, `b`, `c`.
fn path(name: &str) -> Option<Vec<&str>> {
    let (first, mut rest) = name.split_at(name.find('[').unwrap_or(name.len()));
    let mut path = vec![first];
    while !rest.is_empty() {
        let (step, after) = rest.strip_prefix('[')?.split_once(']')?;
        path.push(step);
        rest = after;
    }
    (!first.is_empty() && path.len() <= DEEPEST).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::{Branch, Key, Node};

    fn text(branch: &Branch, path: &[&str]) -> Option<String> {
        let (step, rest) = path.split_first()?;
        match branch.entries.get(&Key::parse(step))? {
            Node::Text(text) => rest.is_empty().then(|| text.clone()),
            Node::Branch(branch) => text(branch, rest),
        }
    }

    #[test]
    fn brackets_are_a_tree() {
        let form = Branch::parse(&["a[b][0][c]=1&a[b][1][c]=x+y%26", "list[]=p&list[]=q"]).expect("a form");
        assert_eq!(text(&form, &["a", "b", "0", "c"]).as_deref(), Some("1"));
        assert_eq!(text(&form, &["a", "b", "1", "c"]).as_deref(), Some("x y&"));
        assert_eq!(text(&form, &["list", "1"]).as_deref(), Some("q"));
    }

    #[test]
    fn the_order_of_parameters_makes_no_other_request() {
        assert_eq!(Branch::parse(&["a=1&b[c]=2"]), Branch::parse(&["b[c]=2&a=1"]));
        assert_ne!(Branch::parse(&["a=1"]), Branch::parse(&["a=2"]));
    }

    #[test]
    fn torn_brackets_and_double_meanings_are_refused() {
        let deep = format!("a{}=1", "[b]".repeat(20));
        for form in ["a[b=1", "[a]=1", "a[b]c=1", "a=1&a[b]=2", deep.as_str()] {
            assert!(Branch::parse(&[form]).is_err(), "{form}");
        }
    }
}
