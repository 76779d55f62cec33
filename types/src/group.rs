//! Groups: products that upgrade and downgrade among themselves.

/// Products of one kind, from the lowest to the highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// In snake case: `crm`.
    pub id: &'static str,
    /// The name for people.
    pub name: &'static str,
    /// The kind's id.
    pub kind: &'static str,
    /// The products' ids, from the lowest to the highest.
    pub products: &'static [&'static str],
}

impl Group {
    /// What a product can be upgraded to, the nearest first; nothing where it is not in the group.
    pub fn upgrades(&self, product: &str) -> &'static [&'static str] {
        self.split(product).map_or(&[], |(_, above)| above)
    }

    /// What a product can be downgraded to, the lowest first; nothing where it is not in the group.
    pub fn downgrades(&self, product: &str) -> &'static [&'static str] {
        self.split(product).map_or(&[], |(below, _)| below)
    }

    fn split(&self, product: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
        let place = self.products.iter().position(|id| *id == product)?;
        Some((&self.products[..place], &self.products[place + 1..]))
    }
}
