//! The patterns of a kind, read off what they gave: local ids, lookup keys, and names in Stripe.

use super::families::Family;
use super::prices::label_of;

/// How a kind names what it has in Stripe.
pub(super) struct Patterns {
    /// Whether a Stripe product stands for each price.
    pub(super) per_price: bool,
    /// Of local ids; `None` where no pattern gives them all, and each product says its own.
    pub(super) local_id: Option<String>,
    /// Of lookup keys.
    pub(super) lookup_key: String,
    /// Whether names in Stripe end with the price's label.
    pub(super) name_has_label: bool,
}

/// A text that a pattern gave.
#[derive(Clone, Copy)]
struct Given<'a> {
    kind: &'a str,
    id: &'a str,
    /// The price's key, where the text is of a price.
    key: Option<&'a str>,
    text: &'a str,
}

/// The text that a pattern gives.
pub(super) fn expand(pattern: &str, kind: &str, id: &str, key: &str) -> String {
    pattern.replace("{kind}", kind).replace("{id}", id).replace("{price}", key)
}

impl Given<'_> {
    fn fits(&self, pattern: &str) -> bool {
        expand(pattern, self.kind, self.id, self.key.unwrap_or_default()) == self.text
    }

    /// Patterns that give this text, if it has the id in it.
    fn patterns(&self) -> Vec<String> {
        let (stem, end) = match self.key {
            None => (self.text, ""),
            Some(key) => match self.text.strip_suffix(key) {
                Some(stem) => (stem, "{price}"),
                None => return Vec::new(),
            },
        };
        let at = [stem.find(self.id), stem.rfind(self.id)];
        let with_id = |at: usize| format!("{}{{id}}{}{end}", &stem[..at], &stem[at + self.id.len()..]);
        at.into_iter().flatten().map(with_id).collect()
    }
}

/// The pattern that gives the most of the texts, and of how many that is so.
fn best(given: &[Given<'_>]) -> Option<(String, usize)> {
    let end = if given.first()?.key.is_some() { "_{price}" } else { "" };
    let usual = ["{kind}_{id}", "{id}"].map(|start| format!("{start}{end}"));
    let candidates = usual.into_iter().chain(given.iter().take(2).flat_map(Given::patterns));
    let count = |pattern: String| {
        let fitting = given.iter().filter(|given| given.fits(&pattern)).count();
        (pattern, fitting)
    };
    // Of equals the first: it is the shortest to write.
    candidates.map(count).reduce(|best, other| if other.1 > best.1 { other } else { best })
}

impl Patterns {
    /// Those of a kind that pricebook filled.
    pub(super) fn of(kind: &str, families: &[Family<'_>]) -> Self {
        let per_price = stands_for_prices(families);
        let local_ids: Vec<_> = families
            .iter()
            .flat_map(|family| family.members.iter().map(move |member| (family, member)))
            .map(|(family, member)| Given {
                kind,
                id: &family.id,
                key: family.price_of(member).map(|price| price.key.as_str()).filter(|_| per_price),
                text: member.local_id(),
            })
            .collect();
        let lookup_keys: Vec<_> = families
            .iter()
            .flat_map(|family| family.prices.iter().map(move |price| (family, price)))
            .map(|(family, price)| Given {
                kind,
                id: &family.id,
                key: Some(&price.key),
                text: &price.params.lookup_key,
            })
            .collect();
        let local_id = best(&local_ids).filter(|(_, fitting)| *fitting == local_ids.len());
        let lookup_key = best(&lookup_keys).filter(|(_, fitting)| *fitting > 0);
        Self {
            per_price,
            local_id: local_id.map(|(pattern, _)| pattern),
            lookup_key: lookup_key.map_or_else(|| "{kind}_{id}_{price}".to_owned(), |(pattern, _)| pattern),
            name_has_label: per_price && families.iter().all(|family| family.name_without_label().is_some()),
        }
    }

    /// Those of a kind of products that somebody made by hand.
    pub(super) fn by_hand() -> Self {
        Self {
            per_price: false,
            local_id: Some("{id}".to_owned()),
            lookup_key: "{id}_{price}".to_owned(),
            name_has_label: false,
        }
    }
}

/// Whether each Stripe product has one price, whose key ends its local id.
fn stands_for_prices(families: &[Family<'_>]) -> bool {
    families.iter().all(|family| {
        !family.members.is_empty()
            && family.members.iter().all(|member| {
                let key = family.price_of(member).map(|price| &price.key);
                let of_it = family.sold().filter(|price| price.product == member.object.id);
                let is_alone = of_it.filter(|price| price.params.active).count() <= 1;
                is_alone && key.is_some_and(|key| member.local_id().ends_with(&format!("_{key}")))
            })
    })
}

impl Family<'_> {
    /// Its name, where the names of all its Stripe products are that and the label of their price: `Starter (Monthly)`.
    pub(super) fn name_without_label(&self) -> Option<&str> {
        let mut names = self.members.iter().map(|member| {
            let end = format!(" ({})", label_of(self.price_of(member)?));
            member.params.name.strip_suffix(end.as_str())
        });
        let first = names.next()??;
        names.all(|name| name == Some(first)).then_some(first)
    }
}
