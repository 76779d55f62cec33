//! Prices: which a product may and must have, how often they are charged, and in which currencies.

use std::collections::HashMap;

use pricebook_types::Currency;

use super::context::{Context, Product, is_one_time};
use crate::decl::{KindDecl, PriceDecl, PricePolicyDecl, ProductDecl};
use crate::diagnostic::Diagnostic;
use crate::lower::known_interval;
use crate::nearest;
use crate::source::{Span, Spanned};

/// What a kind requires of prices can be met.
pub(super) fn price_policies_can_be_met(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for policy in context.declared.kinds.iter().filter_map(|kind| Some(&kind.body.as_ref()?.prices)) {
        let refused = |key: &&Spanned<String>| !policy.allowed.iter().any(|allowed| allowed.value == key.value);
        for key in policy.required.iter().filter(|_| !policy.allowed.is_empty()).filter(refused) {
            found.push(
                Diagnostic::error(
                    "price-policy-contradicts",
                    key.span,
                    format!("`{}` is required, but not allowed", key.value),
                )
                .also(policy.allowed[0].span, "what is allowed")
                .help("add it to `allowed`, or remove it from `required`"),
            );
        }
        let least = least(policy);
        if let Some(max) = policy.max.as_ref().filter(|max| max.value < least) {
            let message = format!("at least {least} prices, but at most {}", max.value);
            let demands = policy.min.as_ref().filter(|min| min.value == least).map(|min| min.span);
            let report = Diagnostic::error("price-policy-contradicts", max.span, message);
            found.push(
                demands
                    .or_else(|| Some(policy.required.first()?.span))
                    .into_iter()
                    .fold(report, |report, demands| report.also(demands, "demands more"))
                    .help("let `max` be at least `min`, and the number of required prices"),
            );
        }
    }
}

/// Whether a product must have a price, so that its absence is reported as such.
pub(super) fn is_price_required(kind: &KindDecl, body: &ProductDecl) -> bool {
    least(&kind.prices) > 0 || must_be_priced(kind, body)
}

/// Whether a product is sold, and neither costs nothing nor belongs to a kind that says `min: 0`.
fn must_be_priced(kind: &KindDecl, body: &ProductDecl) -> bool {
    let is = |flag: &Option<Spanned<bool>>, otherwise: bool| flag.as_ref().map_or(otherwise, |flag| flag.value);
    // What is coming soon and none the less active is reported as that.
    is(&body.active, true) && !is(&body.free, false) && !is(&body.coming_soon, false) && kind.prices.min.is_none()
}

/// Whether products can meet a policy; of one that they cannot meet, only that is reported.
fn can_be_met(policy: &PricePolicyDecl) -> bool {
    let is_allowed = |key: &Spanned<String>| policy.allowed.iter().any(|allowed| allowed.value == key.value);
    (policy.allowed.is_empty() || policy.required.iter().all(is_allowed))
        && policy.max.as_ref().is_none_or(|max| max.value >= least(policy))
}

/// Products whose kinds' policies can be met.
fn bound<'a, 'c>(context: &'c Context<'a>) -> impl Iterator<Item = &'c Product<'a>> {
    context.products.iter().filter(|product| can_be_met(&product.kind.prices))
}

/// How many prices every product of a kind has.
pub(super) fn least(policy: &PricePolicyDecl) -> u32 {
    policy.min.as_ref().map_or(0, |min| min.value).max(policy.required.len() as u32)
}

/// A product has no price that its kind does not allow.
pub(super) fn price_keys_are_allowed(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Product { kind_item, kind, body, .. } in bound(context) {
        let allowed = &kind.prices.allowed;
        let refused = |price: &&PriceDecl| !allowed.iter().any(|key| key.value == price.key.value);
        for price in body.prices.iter().filter(|_| !allowed.is_empty()).filter(refused) {
            let key = &price.key.value;
            let message = format!("the kind `{}` has no price `{key}`", kind_item.id.value);
            let diagnostic = Diagnostic::error("price-not-allowed", price.key.span, message)
                .also(allowed[0].span, "the kind's prices");
            found.push(nearest::help(diagnostic, key, allowed.iter().map(|key| key.value.as_str())));
        }
    }
}

/// A product has every price that its kind requires.
pub(super) fn required_prices_are_there(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Product { kind, item, body, .. } in bound(context) {
        let allowed = &kind.prices.allowed;
        let is_another = |price: &PriceDecl| !allowed.iter().any(|key| key.value == price.key.value);
        // A price that is not allowed is reported, and was probably meant to be this one.
        if !allowed.is_empty() && body.prices.iter().any(is_another) {
            continue;
        }
        let is_missing = |key: &&Spanned<String>| !body.prices.iter().any(|price| price.key.value == key.value);
        let missing: Vec<&Spanned<String>> = kind.prices.required.iter().filter(is_missing).collect();
        let Some(first) = missing.first() else { continue };
        let keys: Vec<String> = missing.iter().map(|key| format!("`{}`", key.value)).collect();
        let message = format!("`{}` has no price {}", item.id.value, keys.join(", "));
        let report = Diagnostic::error("price-required", item.span(), message)
            .help(format!("add it below `prices:`: `{}: …`", first.value));
        found.push(missing.iter().fold(report, |report, key| report.also(key.span, "its kind requires it")));
    }
}

/// What is sold has a price, also where its kind demands none by name or number.
pub(super) fn sold_products_have_a_price(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Product { kind_item, kind, item, body, .. } in bound(context) {
        if body.prices.is_empty() && least(&kind.prices) == 0 && must_be_priced(kind, body) {
            let message = format!("`{}` is sold, and has no price", item.id.value);
            let help = format!(
                "add `prices:`, write `free: true` where it costs nothing or `active: false` until it is sold; where a \
                 {} may be sold without a price, write `prices: {{ min: 0 }}` in its kind",
                kind_item.id.value
            );
            found.push(
                Diagnostic::error("product-without-price", item.span(), message)
                    .also(kind_item.span(), "its kind does not say that prices are optional")
                    .help(help),
            );
        }
    }
}

/// Where several products have fewer prices than their kind demands, and none has enough, it is the demand that is wrong.
fn too_few_everywhere(min: &Spanned<u32>, products: &[&Product<'_>]) -> Option<Diagnostic> {
    let most = products.iter().map(|product| product.body.prices.len()).max()?;
    if products.len() < 2 || most as u64 >= u64::from(min.value) {
        return None;
    }
    let message = format!("no product of the kind has {} prices", min.value);
    let report =
        Diagnostic::error("too-few-prices", min.span, message).also(products[0].item.span(), "this one neither");
    Some(report.help(format!("demand at most {most}, or add prices to {} products", products.len())))
}

/// A product has as many prices as its kind says.
pub(super) fn price_counts_are_within_the_policy(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut of_kinds: HashMap<Span, Vec<&Product<'_>>> = HashMap::new();
    for product in bound(context) {
        of_kinds.entry(product.kind_item.span()).or_default().push(product);
    }
    for Product { kind_item, kind, item, body, .. } in bound(context) {
        let all = &of_kinds[&kind_item.span()];
        if let Some(report) = kind
            .prices
            .min
            .as_ref()
            .filter(|_| kind.prices.required.is_empty())
            .and_then(|min| too_few_everywhere(min, all))
        {
            // Once, at the kind's first product.
            found.extend((all[0].item.span() == item.span()).then_some(report));
            continue;
        }
        let has = body.prices.len() as u64;
        let prices = |count: u64| if count == 1 { "1 price".to_owned() } else { format!("{count} prices") };
        let required = kind.prices.required.len() as u64;
        if let Some(min) = &kind.prices.min
            && has < u64::from(min.value)
            && has >= required
        {
            found.push(
                Diagnostic::error("too-few-prices", item.span(), format!("`{}` has {}", item.id.value, prices(has)))
                    .also(min.span, format!("its kind demands {}", prices(u64::from(min.value))))
                    .help("add prices below `prices:`"),
            );
        }
        if let Some(max) = &kind.prices.max
            && has > u64::from(max.value)
        {
            let extra = &body.prices[max.value as usize];
            found.push(
                Diagnostic::error(
                    "too-many-prices",
                    extra.key.span,
                    format!("`{}` has {}", item.id.value, prices(has)),
                )
                .also(max.span, format!("its kind allows {}", prices(u64::from(max.value))))
                .help("remove prices, or let the kind have more"),
            );
        }
    }
}

/// A former amount is charged as often as the price that took its place, and its key says nothing else.
pub(super) fn grandfathered_keys_keep_the_interval(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for product in &context.products {
        for (price, place) in product.meant.prices.iter().zip(product.price_places()) {
            let Some(former) = place.grandfathered else { continue };
            if known_interval(&former.key.value).is_some_and(|known| known != price.interval) {
                let message = format!("`{}` is not the interval of `{}`", former.key.value, place.price.key.value);
                found.push(
                    Diagnostic::error("interval-conflict", former.key.span, message)
                        .also(place.price.key.span, "the price that took its place")
                        .help("give the former price another key, or move it to the price that is charged as often"),
                );
            }
        }
    }
}

/// Trials and metered use are for recurring prices.
pub(super) fn one_time_prices_do_not_recur(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for price in context.prices().filter(|price| is_one_time(price)) {
        let mut refuse = |span: Span, what: &str| {
            found.push(
                Diagnostic::error("recurring-only", span, format!("a price that is paid once has no {what}"))
                    .also(price.interval.as_ref().map_or(price.key.span, |interval| interval.span), "it is paid once")
                    .help("remove it, or choose a recurring price"),
            );
        };
        if let Some(days) = price.trial_days.as_ref().filter(|days| days.value > 0) {
            refuse(days.span, "trial");
        }
        if let Some(usage) = price.usage.as_ref().filter(|_| price.is_metered()) {
            refuse(usage.span, "metered use");
        }
    }
}

/// The primary price of a product that can be bought is sold: it is what every page shows and what a deposit is of.
pub(super) fn primary_prices_are_sold(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for Product { item, body, .. } in &context.products {
        let is_active = body.active.as_ref().is_none_or(|active| active.value);
        let Some(off) = body.prices.first().and_then(|price| price.active.as_ref()).filter(|active| !active.value)
        else {
            continue;
        };
        if is_active {
            let message = format!("`{}` can be bought, but its first price cannot", item.id.value);
            found.push(
                Diagnostic::error("primary-price-inactive", off.span, message)
                    .also(item.span(), "on sale")
                    .help("put a price that is sold first, or write `active: false` at the product"),
            );
        }
    }
}

/// Stripe divides no quantity of a tiered price.
pub(super) fn tiers_divide_no_quantity(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for price in context.prices() {
        if let (Some(transform), Some(tiers)) = (&price.transform_quantity, &price.amounts.tiers) {
            found.push(
                Diagnostic::error(
                    "transform-with-tiers",
                    transform.span,
                    "the quantity of a tiered price is not divided",
                )
                .also(tiers.span, "the tiers")
                .help("remove `transform_quantity`, and let the tiers count the units themselves"),
            );
        }
    }
}

/// Exactly the metered prices name a meter.
pub(super) fn metered_prices_have_a_meter(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for price in context.prices() {
        match (&price.usage, &price.meter) {
            (Some(usage), None) if price.is_metered() => {
                let message = format!("nothing counts the quantity of `{}`", price.key.value);
                let diagnostic = Diagnostic::error("metered-without-meter", usage.span, message);
                let meters = context.declared.meters.iter().map(|meter| format!("`{}`", meter.id.value));
                let meters: Vec<_> = meters.collect();
                found.push(diagnostic.help(match meters.is_empty() {
                    true => "declare a meter below `meters:`, and name it: `meter: ID`".to_owned(),
                    false => format!("add `meter:` with one of {}", meters.join(", ")),
                }));
            }
            (_, Some(meter)) if !price.is_metered() => found.push(
                Diagnostic::error("meter-without-metered", meter.span, "a price that names a meter is metered")
                    .also(price.usage.as_ref().map_or(price.key.span, |usage| usage.span), "this one is not")
                    .help("add `usage: metered`, or remove `meter`"),
            ),
            _ => {}
        }
    }
}

/// What is said of single currencies is said of those in which the price has an amount besides its default one.
pub(super) fn tax_behavior_is_of_currencies_of_the_price(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for price in context.prices().filter(|price| !price.currency_tax_behavior.is_empty()) {
        let key = &price.key.value;
        let others: Vec<Currency> = price.amounts.other_currencies().map(|currency| currency.value).collect();
        let named = price.currency_tax_behavior.iter().map(|(currency, _)| currency);
        for Spanned { value: currency, span } in named.filter(|currency| !others.contains(&currency.value)) {
            let error = |message| Diagnostic::error("tax-behavior-without-amount", *span, message);
            found.push(if *currency == context.currency_of(price) {
                error(format!("{currency} is the default currency of `{key}`"))
                    .help("write `tax_behavior:`, which is of the default currency")
            } else {
                let report = error(format!("`{key}` has no amount in {currency}"));
                nearest::help(report, currency.code(), others.iter().map(|other| other.code()))
            });
        }
    }
}
