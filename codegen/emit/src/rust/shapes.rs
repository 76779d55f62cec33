//! Literals that many rows share, each printed once.

use std::collections::HashMap;

/// Distinct literals in the order of their first use.
#[derive(Default)]
pub(super) struct Shapes {
    literals: Vec<String>,
    positions: HashMap<String, usize>,
}

impl Shapes {
    /// The position of a literal.
    pub(super) fn position(&mut self, literal: String) -> usize {
        if let Some(position) = self.positions.get(&literal) {
            return *position;
        }
        let position = self.literals.len();
        self.positions.insert(literal.clone(), position);
        self.literals.push(literal);
        position
    }

    /// A slice of them under a name.
    pub(super) fn slice(&self, name: &str, ty: &str) -> String {
        let mut source = format!("const {name}: &[{ty}] = &[\n");
        for literal in &self.literals {
            source.push_str("    ");
            source.push_str(literal);
            source.push_str(",\n");
        }
        source.push_str("];\n");
        source
    }
}
