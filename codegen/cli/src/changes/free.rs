//! Prices of which a coupon leaves nothing to pay.

use std::collections::BTreeSet;

use pricebook_model::Catalog;
use pricebook_model::catalog::{Coupon, CurrencyAmount, Discount, Price};
use pricebook_types::Currency;
use rust_decimal::Decimal;

use super::terms::of_today;

/// How many prices cost nothing with a coupon of the new catalog, which cost something with what it was.
pub(super) fn newly((old, new): (&Catalog, &Catalog), now: &Coupon) -> usize {
    let before = old.coupons.iter().find(|before| before.id == now.id);
    let mut former = BTreeSet::new();
    if let Some(before) = before {
        former.extend(freed(old, before));
        // Of prices that changed too what the coupon alone does is asked.
        former.extend(freed(new, &of_today(new, before)));
    }
    freed(new, now).iter().filter(|key| !former.contains(*key)).count()
}

/// The lookup keys of what is sold for money and costs nothing with the coupon, in one currency at least.
fn freed(catalog: &Catalog, coupon: &Coupon) -> BTreeSet<String> {
    let applies = |kind: &str, id: &str| {
        coupon.applies_to.is_empty() || coupon.applies_to.iter().any(|(of, product)| of == kind && product == id)
    };
    let products = catalog.products.iter().filter(|product| product.active && applies(&product.kind, &product.id));
    let prices = products.flat_map(|product| product.prices.iter().filter(|price| price.active));
    prices.filter(|price| is_freed(price, coupon)).map(|price| price.lookup_key.clone()).collect()
}

fn is_freed(price: &Price, coupon: &Coupon) -> bool {
    match &coupon.discount {
        Discount::Percent(percent) => *percent >= Decimal::ONE_HUNDRED && price.amounts.iter().any(costs_something),
        Discount::Amount { minor, currency, currencies } => {
            let off = |of: Currency| if of == *currency { Some(minor) } else { currencies.get(&of) };
            // Of what is counted an amount pays for some units only.
            price.per().is_none()
                && price.amounts.iter().any(|amount| {
                    let (Some(unit), Some(off)) = (amount.unit_amount, off(amount.currency)) else { return false };
                    !unit.is_zero() && unit <= Decimal::from(*off)
                })
        }
    }
}

fn costs_something(amount: &CurrencyAmount) -> bool {
    let tiers = amount.tiers.iter().flat_map(|tier| [tier.unit_amount, tier.flat_amount]);
    amount.custom.is_some() || tiers.chain([amount.unit_amount]).flatten().any(|minor| !minor.is_zero())
}
