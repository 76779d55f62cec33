//! Products.

use pricebook_types::Limit;

use super::deposit::FirstPrice;
use super::kinds::KindContext;
use super::pattern::Values;
use super::prices::{ProductValues, prices};
use super::{Context, Lowered, attributes, deposit, display, metadata, reasons};
use crate::catalog::{AmountUnit, Grant, PackageDimensions, Product, StripeProductPer, Value, range_prices};
use crate::decl::{Item, PackageDecl, ProductDecl};
use crate::diagnostic::Diagnostic;
use crate::side_by_side;
use crate::source::Spanned;

/// How many products a thread lowers before it takes others.
const AT_ONCE: usize = 500;

pub(super) fn lower<'d>(
    items: &'d [Item<ProductDecl>],
    kind: &KindContext<'_>,
    context: &Context<'_>,
    lowered: &mut Lowered<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let parts: Vec<_> = items.chunks(AT_ONCE).collect();
    let parts = side_by_side::each(parts.len(), |part| {
        let mut found = Vec::new();
        let of =
            |item: &'d Item<ProductDecl>| Some((item, product(item, item.body.as_ref()?, kind, context, &mut found)?));
        let products: Vec<_> = parts[part].iter().filter_map(of).collect();
        (products, found)
    });
    for (products, found) in parts {
        let (places, products): (Vec<_>, Vec<_>) = products.into_iter().unzip();
        lowered.places.products.extend(places);
        lowered.catalog.products.extend(products);
        diagnostics.extend(found);
    }
}

fn product(
    item: &Item<ProductDecl>,
    decl: &ProductDecl,
    kind: &KindContext<'_>,
    context: &Context<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Product> {
    let is = |flag: &Option<Spanned<bool>>, default: bool| flag.as_ref().map_or(default, |flag| flag.value);
    let (active, coming_soon, free) = (is(&decl.active, true), is(&decl.coming_soon, false), is(&decl.free, false));
    let (attributes, attributes_are_sound) = values(decl, kind, context, diagnostics);
    let (local_id, stripe_name) = whole_product(item, decl, kind, context, &attributes);
    let common =
        ProductValues { item, decl, attributes: &attributes, local_id: &local_id, stripe_name: &stripe_name, active };
    let prices = prices(&common, kind, context, diagnostics)?;
    let first = decl.prices.first().zip(prices.first()).map(|(decl, price)| FirstPrice {
        decl,
        price,
        table_is_in_major: kind.amounts == AmountUnit::Major,
        is_in_table: range_prices(&prices, active).iter().any(|held| held.key == price.key),
    });
    let deposit = match &decl.deposit {
        Some(deposit) => deposit::deposit(deposit, first, diagnostics)?,
        None => None,
    };
    // Only now, so that each broken part is reported at once; a deposit is a part of the first price.
    if !attributes_are_sound {
        return None;
    }
    let currency = prices.first().map_or(context.catalog.currency.value, |price| price.amounts[0].currency);
    Some(Product {
        kind: kind.id.to_owned(),
        id: item.id.value.clone(),
        name: decl.name.value.clone(),
        description: text(&decl.description).unwrap_or_default(),
        was: text(&decl.was),
        active,
        coming_soon,
        free,
        local_id,
        stripe_name,
        tax_code: text(&decl.tax_code),
        statement_descriptor: text(&decl.statement_descriptor),
        unit_label: text(&decl.unit_label),
        images: decl.images.iter().map(|image| image.value.clone()).collect(),
        url: text(&decl.url),
        shippable: decl.shippable.as_ref().map(|shippable| shippable.value),
        package_dimensions: decl.package_dimensions.as_ref().map(package_dimensions),
        attributes,
        metadata: metadata(&decl.metadata),
        accepts: reasons(&decl.accepts),
        marketing_features: decl.marketing_features.iter().map(|line| line.value.clone()).collect(),
        grants: grants(decl, context),
        billing_type: display::billing_type(free, &prices),
        price_display: display::price(free, &prices),
        deposit_display: display::deposit(free, coming_soon, deposit.as_ref(), currency),
        prices,
        deposit,
    })
}

fn package_dimensions(decl: &PackageDecl) -> PackageDimensions {
    let PackageDecl { height, length, weight, width } = decl;
    let [height, length, weight, width] = [height, length, weight, width].map(|number| number.value.normalize());
    PackageDimensions { height, length, weight, width }
}

fn text(text: &Option<Spanned<String>>) -> Option<String> {
    text.as_ref().map(|text| text.value.clone())
}

/// In the order of the kind's attributes, defaults filled in, and whether all that were given are sound.
fn values(
    decl: &ProductDecl,
    kind: &KindContext<'_>,
    context: &Context<'_>,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<(String, Value)>, bool) {
    let mut values = Vec::with_capacity(kind.attributes.len());
    let mut sound = true;
    for attribute in kind.attributes {
        let given = decl.attributes.iter().find(|(id, _)| id.value == attribute.id);
        let value = match given {
            Some((_, raw)) => {
                let value = attributes::value(raw, &attribute.ty, context, diagnostics);
                sound &= value.is_some();
                value
            }
            None => attribute.default.clone(),
        };
        values.extend(value.map(|value| (attribute.id.clone(), value)));
    }
    (values, sound)
}

/// Local id and name where a Stripe product stands for the whole product.
fn whole_product(
    item: &Item<ProductDecl>,
    decl: &ProductDecl,
    kind: &KindContext<'_>,
    context: &Context<'_>,
    attributes: &[(String, Value)],
) -> (String, String) {
    if kind.product_per == StripeProductPer::Price {
        return (format!("{}_{}", kind.id, item.id.value), decl.name.value.clone());
    }
    let values = Values {
        kind: kind.id,
        id: &item.id.value,
        name: &decl.name.value,
        price: "",
        label: "",
        currency: context.catalog.currency.value.code(),
        attributes,
    };
    (kind.local_id.apply(&values), kind.stripe_name.apply(&values))
}

/// What is granted, in the order of the catalog's features.
fn grants(decl: &ProductDecl, context: &Context<'_>) -> Vec<Grant> {
    let mut grants: Vec<(usize, Grant)> = (decl.features.iter())
        .filter(|(_, limit)| limit.value != Limit::Off)
        .filter_map(|(id, limit)| {
            let index = *context.features.get(&*id.value)?;
            Some((index, Grant { feature: id.value.clone(), limit: limit.value }))
        })
        .collect();
    grants.sort_by_key(|(index, _)| *index);
    grants.into_iter().map(|(_, grant)| grant).collect()
}
