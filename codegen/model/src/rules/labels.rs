//! What customers read beside the amounts of a product.

use super::context::Context;
use super::patterns::{as_read, has_product_per_price};
use crate::catalog::Price;
use crate::diagnostic::Diagnostic;
use crate::lower::PricePlace;

/// Two prices that are sold at the same time, for the same interval and unit and in the same currency, have different labels.
pub(super) fn labels_tell_prices_apart(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    // Where each price has a Stripe product of its own, their names are compared.
    for product in context.products.iter().filter(|product| !has_product_per_price(product)) {
        let prices = product.meant.prices.iter().zip(product.price_places());
        let sold: Vec<_> = prices
            .filter(|(price, _)| price.active && price.grandfathered.is_none())
            .map(|(price, place)| (price, place, as_read(&price.label)))
            .collect();
        for (at, (price, place, label)) in sold.iter().enumerate() {
            let twin = sold[..at].iter().find(|(earlier, _, read)| read == label && are_beside(earlier, price));
            let Some((earlier, of_earlier, _)) = twin else { continue };
            let message = format!("two prices of `{}` are called `{}`", product.item.id.value, price.label);
            let span = |place: &PricePlace<'_>| place.price.label.as_ref().map_or(place.span(), |label| label.span);
            found.push(
                Diagnostic::error("duplicate-label", span(place), message)
                    .also(span(of_earlier), if earlier.label == price.label { "the other" } else { "reads the same" })
                    .help("say what tells them apart: `label: …`"),
            );
        }
    }
}

/// Whether a customer can choose between two prices by nothing but their labels and amounts.
fn are_beside(a: &Price, b: &Price) -> bool {
    let shares_a_currency = || {
        let has = |price: &Price, currency| price.amounts.iter().any(|amount| amount.currency == currency);
        a.amounts.iter().any(|amount| has(b, amount.currency))
    };
    a.interval == b.interval && a.usage == b.usage && a.per() == b.per() && shares_a_currency()
}
