//! `catalog_features` and `catalog_product_features`.

use pricebook_model::Catalog;
use pricebook_types::{FeatureKind, Limit};

use super::{Cell, Row, Rows};

pub(super) fn features(catalog: &Catalog) -> Option<Rows<'_>> {
    let rows = catalog.features.iter().map(|feature| Row {
        comment: feature.name.clone(),
        cells: vec![
            Cell::text(&feature.id),
            Cell::text(&feature.name),
            Cell::optional(Some(feature.description.as_str()).filter(|text| !text.is_empty())),
            Cell::text(match feature.kind {
                FeatureKind::Switch => "switch",
                FeatureKind::Quantity => "quantity",
            }),
            Cell::optional(feature.unit.as_deref()),
            Cell::Boolean(true),
        ],
    });
    let columns = &["id", "name", "description", "kind", "unit", "active"];
    Rows::of_base(catalog, "catalog_features", columns, rows.collect())
}

pub(super) fn grants(catalog: &Catalog) -> Option<Rows<'_>> {
    let products = catalog.products.iter();
    let grants = products.flat_map(|product| product.grants.iter().map(move |grant| (product, grant)));
    let rows = grants.map(|(product, grant)| Row {
        comment: product.name.clone(),
        cells: vec![
            Cell::text(&product.kind),
            Cell::text(&product.id),
            Cell::text(&grant.feature),
            match grant.limit {
                Limit::AtMost(most) => Cell::number(i64::try_from(most).ok()),
                Limit::Off | Limit::On | Limit::Unlimited => Cell::Null,
            },
            Cell::Boolean(grant.limit == Limit::Unlimited),
        ],
    });
    let columns = &["kind", "product_id", "feature_id", "quantity", "unlimited"];
    Rows::of_base(catalog, "catalog_product_features", columns, rows.collect())
}
