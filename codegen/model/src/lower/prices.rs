//! Prices.

use std::collections::{BTreeMap, HashMap};

use pricebook_types::{Currency, TaxBehavior, UsageType};

use super::amounts::{Finest, amounts};
use super::interval::{interval, known_label};
use super::kinds::KindContext;
use super::pattern::Values;
use super::{Context, metadata, reasons};
use crate::catalog::{CurrencyAmount, Price, PriceChange, StripeProductPer, TransformQuantity, Value};
use crate::decl::{AmountsDecl, ChangeDecl, Item, PriceDecl, ProductDecl};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;

/// What all prices of a product have in common.
pub(super) struct ProductValues<'a> {
    pub(super) item: &'a Item<ProductDecl>,
    pub(super) decl: &'a ProductDecl,
    pub(super) attributes: &'a [(String, Value)],
    pub(super) local_id: &'a str,
    pub(super) stripe_name: &'a str,
    pub(super) active: bool,
}

/// The prices of a product, grandfathered ones last; `None` where one of them was reported.
pub(super) fn prices(
    product: &ProductValues<'_>,
    kind: &KindContext<'_>,
    context: &Context<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Vec<Price>> {
    let sold: Vec<Option<Price>> = (product.decl.prices.iter())
        .map(|decl| {
            let price = price(decl, &decl.key, &decl.amounts, product, kind, context, diagnostics)?;
            Some(with_lookup_key(price, decl.lookup_key.as_ref()))
        })
        .collect();
    let mut formerly: Vec<Option<Price>> = Vec::new();
    // What a price lends to its former ones was reported at the price.
    let sound = product.decl.prices.iter().zip(&sold).filter(|(_, price)| price.is_some());
    for (decl, _) in sound {
        for former in &decl.grandfathered {
            let price = price(decl, &former.key, &former.amounts, product, kind, context, diagnostics);
            formerly.push(price.map(|price| Price {
                grandfathered: Some(decl.key.value.clone()),
                active: false,
                changes: Vec::new(),
                accepts: Vec::new(),
                ..with_lookup_key(price, former.lookup_key.as_ref())
            }));
        }
    }
    let are_unique = keys_are_unique(product.decl, diagnostics);
    let prices: Option<Vec<Price>> = sold.into_iter().chain(formerly).collect();
    prices.filter(|_| are_unique)
}

/// An existing account's lookup key stands instead of the one that the kind's pattern makes.
fn with_lookup_key(price: Price, lookup_key: Option<&Spanned<String>>) -> Price {
    match lookup_key {
        Some(lookup_key) => Price { lookup_key: lookup_key.value.clone(), ..price },
        None => price,
    }
}

fn keys_are_unique(decl: &ProductDecl, diagnostics: &mut Vec<Diagnostic>) -> bool {
    let formers = decl.prices.iter().flat_map(|price| &price.grandfathered);
    let mut formers = formers.peekable();
    if formers.peek().is_none() {
        return true;
    }
    let mut seen: HashMap<&str, &Spanned<String>> =
        decl.prices.iter().map(|price| (&*price.key.value, &price.key)).collect();
    let before = diagnostics.len();
    for former in formers {
        if let Some(first) = seen.insert(&former.key.value, &former.key) {
            let message = format!("the product already has a price `{}`", first.value);
            diagnostics.push(
                Diagnostic::error("duplicate-id", former.key.span, message)
                    .also(first.span, "first here")
                    .help("a grandfathered price has a key of its own, such as `yearly_2024`"),
            );
        }
    }
    diagnostics.len() == before
}

fn price(
    decl: &PriceDecl,
    key: &Spanned<String>,
    amounts_decl: &AmountsDecl,
    product: &ProductValues<'_>,
    kind: &KindContext<'_>,
    context: &Context<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Price> {
    let declared = decl.currency.as_ref().unwrap_or(&context.catalog.currency);
    let currency = declared.value;
    let finest = if decl.is_charged_at_once() { Finest::MinorOfPrice } else { Finest::Fraction };
    let interval = interval(decl, diagnostics);
    let amounts_read = amounts(amounts_decl, declared, finest, diagnostics);
    let mut change = |change: &ChangeDecl| {
        let amounts = amounts(&change.amounts, declared, finest, diagnostics)?;
        Some(PriceChange { on: change.on.value.clone(), amounts })
    };
    let changes: Option<Vec<PriceChange>> = decl.changes.iter().map(&mut change).collect();
    let label = label(decl, key);
    let values = Values {
        kind: kind.id,
        id: &product.item.id.value,
        name: &product.decl.name.value,
        price: &key.value,
        label: &label,
        currency: currency.code(),
        attributes: product.attributes,
    };
    let (local_id, stripe_name) = match kind.product_per {
        StripeProductPer::Price => (kind.local_id.apply(&values), kind.stripe_name.apply(&values)),
        StripeProductPer::Product => (product.local_id.to_owned(), product.stripe_name.to_owned()),
    };
    let amounts_read = amounts_read?;
    let (tax_behavior, currency_tax_behavior) = tax_behaviors(decl, &amounts_read, context);
    let former = product.decl.was.as_ref().map(|was| Values { id: &was.value, ..values });
    Some(Price {
        key: key.value.clone(),
        lookup_key: kind.lookup_key.apply(&values),
        was: former.map(|values| kind.lookup_key.apply(&values)),
        local_id,
        stripe_name,
        label,
        interval: interval?,
        usage: decl.usage.as_ref().map_or(UsageType::Licensed, |usage| usage.value),
        meter: decl.meter.as_ref().map(|meter| meter.value.clone()),
        tier_mode: amounts_decl.tiers.as_ref().map(|tiers| tiers.mode.value),
        unit: decl.unit.as_ref().map(|unit| unit.value.clone()),
        transform_quantity: decl.transform_quantity.as_ref().map(|transform| TransformQuantity {
            divide_by: transform.value.divide_by.value,
            round_up: transform.value.round_up,
        }),
        trial_days: decl.trial_days.as_ref().map_or(0, |days| days.value),
        tax_behavior,
        currency_tax_behavior,
        metadata: metadata(&decl.metadata),
        amounts: amounts_read,
        changes: changes?,
        grandfathered: None,
        active: product.active && decl.active.as_ref().is_none_or(|active| active.value),
        accepts: reasons(&decl.accepts),
    })
}

/// A former price has the label of its own key.
fn label(decl: &PriceDecl, key: &Spanned<String>) -> String {
    match &decl.label {
        Some(label) if key.span == decl.key.span => label.value.clone(),
        _ => known_label(&key.value),
    }
}

/// The tax behaviour of all currencies, and that of the currencies of these amounts that have another.
fn tax_behaviors(
    decl: &PriceDecl,
    amounts: &[CurrencyAmount],
    context: &Context<'_>,
) -> (TaxBehavior, BTreeMap<Currency, TaxBehavior>) {
    let of_price = decl.tax_behavior.as_ref().or(context.catalog.tax_behavior.as_ref());
    let of_price = of_price.map(|behavior| behavior.value).unwrap_or_default();
    let others = decl.currency_tax_behavior.iter().map(|(currency, behavior)| (currency.value, behavior.value));
    let others = others
        .filter(|(_, behavior)| *behavior != of_price)
        .filter(|(currency, _)| amounts.iter().any(|amount| amount.currency == *currency));
    (of_price, others.collect())
}
