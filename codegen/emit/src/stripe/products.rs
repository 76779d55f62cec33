//! Products: one Stripe product for a product of the catalog, or one for each of its prices, as the kind says.

use std::borrow::Cow;

use pricebook_model::Catalog;
use pricebook_model::catalog::{self, Price, Product, StripeProductPer};
use pricebook_types::stripe::{self, MarketingFeature, PackageDimensions, ProductParams, owned};
use rust_decimal::prelude::ToPrimitive;

use super::metadata;

/// What a Stripe product stands for.
pub(super) fn per(catalog: &Catalog, product: &Product) -> StripeProductPer {
    catalog.kind(&product.kind).map_or(StripeProductPer::Product, |kind| kind.stripe_product_per)
}

pub(super) fn lower<'a>(catalog: &'a Catalog, product: &'a Product, per: StripeProductPer) -> Vec<stripe::Product<'a>> {
    match per {
        StripeProductPer::Product => {
            let unit = shared_unit(product);
            vec![one(catalog, product, (&product.local_id, &product.stripe_name), product.prices.first(), unit)]
        }
        StripeProductPer::Price => sold(product)
            .map(|price| {
                let unit = price.unit.as_deref();
                one(catalog, product, (&price.local_id, &price.stripe_name), Some(price), unit)
            })
            .collect(),
    }
}

/// The local ids of the Stripe products that stand for a product.
pub(super) fn local_ids(product: &Product, per: StripeProductPer) -> Vec<&str> {
    match per {
        StripeProductPer::Product => vec![&product.local_id],
        StripeProductPer::Price => sold(product).map(|price| price.local_id.as_str()).collect(),
    }
}

/// The local id of the Stripe product of a price: a grandfathered price stays with the one that took its place.
pub(super) fn of_price<'a>(product: &'a Product, price: &'a Price, per: StripeProductPer) -> &'a str {
    match (per, &price.grandfathered) {
        (StripeProductPer::Product, _) => &product.local_id,
        (StripeProductPer::Price, None) => &price.local_id,
        (StripeProductPer::Price, Some(successor)) => product
            .prices
            .iter()
            .find(|price| price.key == *successor)
            .map_or(&price.local_id, |successor| &successor.local_id),
    }
}

/// The prices that are not grandfathered.
pub(super) fn sold(product: &Product) -> impl Iterator<Item = &Price> {
    product.prices.iter().filter(|price| price.grandfathered.is_none())
}

/// What the prices that are sold all count, if they count the same.
fn shared_unit(product: &Product) -> Option<&str> {
    let mut units = sold(product).map(|price| price.unit.as_deref());
    let first = units.next()?;
    units.all(|unit| unit == first).then_some(first).flatten()
}

fn one<'a>(
    catalog: &'a Catalog,
    product: &'a Product,
    (local_id, name): (&'a str, &'a str),
    default_price: Option<&'a Price>,
    unit: Option<&'a str>,
) -> stripe::Product<'a> {
    let mut metadata = metadata::declared(&product.metadata);
    metadata.extend(metadata::ownership(catalog, local_id));
    metadata.insert(Cow::Borrowed(owned::PRODUCT), Cow::Owned(reference(&product.kind, &product.id)));
    // Stripe keeps them in no order, and the hash must not depend on one.
    let mut features: Vec<_> = product.grants.iter().map(|grant| Cow::Borrowed(&*grant.feature)).collect();
    features.sort_unstable();
    let mut desired = stripe::Product {
        local_id: Cow::Borrowed(local_id),
        was: Vec::new(),
        default_price: default_price.filter(|price| price.active).map(|price| Cow::Borrowed(&*price.lookup_key)),
        features,
        params: ProductParams {
            name: Cow::Borrowed(name),
            description: Some(product.description.as_str()).filter(|text| !text.is_empty()).map(Cow::Borrowed),
            active: product.active,
            tax_code: product.tax_code.as_deref().map(Cow::Borrowed),
            statement_descriptor: product.statement_descriptor.as_deref().map(Cow::Borrowed),
            unit_label: product.unit_label.as_deref().or(unit).map(Cow::Borrowed),
            marketing_features: product
                .marketing_features
                .iter()
                .map(|line| MarketingFeature { name: Cow::Borrowed(line) })
                .collect(),
            images: product.images.iter().map(|image| Cow::Borrowed(image.as_str())).collect(),
            url: product.url.as_deref().map(Cow::Borrowed),
            shippable: product.shippable,
            package_dimensions: product.package_dimensions.map(package_dimensions),
            metadata,
        },
    };
    let hash = metadata::hash(&desired);
    desired.params.metadata.insert(Cow::Borrowed(owned::HASH), hash);
    // Not hashed: a former name changes nothing of the object.
    let former = catalog.former_ids(&product.kind, &product.id);
    stripe::Product { was: former.map(|was| Cow::Owned(reference(&product.kind, was))).collect(), ..desired }
}

fn package_dimensions(package: catalog::PackageDimensions) -> PackageDimensions {
    let catalog::PackageDimensions { height, length, weight, width } = package;
    // At most two decimal places, which the shortest form of the float keeps.
    let [height, length, weight, width] = [height, length, weight, width].map(|side| side.to_f64().unwrap_or_default());
    PackageDimensions { height, length, weight, width }
}

/// `plan/starter`
pub(super) fn reference(kind: &str, id: &str) -> String {
    [kind, "/", id].concat()
}
