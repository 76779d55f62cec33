//! The desired state: `generated/stripe/catalog.json`, as it holds on a day.

use pricebook_types::stripe::{Desired, Metadata, Product, owned};

/// Reads the artifact. Announced changes that hold on `day` (`YYYY-MM-DD`) have taken the place of what was before; what
/// is announced for later is left out.
///
/// # Errors
/// Where the text is no desired state, as of a program without a catalog.
pub fn desired(json: &str, day: &str) -> Result<Desired<'static>, serde_json::Error> {
    let mut desired: Desired<'static> = serde_json::from_str(json)?;
    for price in &mut desired.prices {
        let changes = std::mem::take(&mut price.changes);
        if let Some(change) = changes.into_iter().rfind(|change| *change.on <= *day) {
            price.params = change.params;
        }
    }
    Ok(desired)
}

/// A text of the metadata, or an empty one.
pub(super) fn text<'m>(metadata: &'m Metadata<'_>, key: &str) -> &'m str {
    metadata.get(key).map_or("", |value| value)
}

/// `kind/id` of the catalog's product that a Stripe product stands for.
pub(super) fn reference<'p>(product: &'p Product<'_>) -> &'p str {
    text(&product.params.metadata, owned::PRODUCT)
}
