//! What each product grants: a matrix of features and products for each kind that grants any.

use askama::Template;
use pricebook_model::Catalog;
use pricebook_model::catalog::{Feature, Kind, Product};
use pricebook_types::Limit;

use super::markdown::{Code, Text};

#[derive(Template)]
#[template(path = "entitlements.md", escape = "none")]
struct Page<'a> {
    header: String,
    title: Text,
    features: Vec<FeatureRow<'a>>,
    matrices: Vec<Matrix>,
}

struct FeatureRow<'a> {
    id: Code<'a>,
    name: Text,
    description: Text,
}

/// Products stand in rows: a catalog has few features and may have many products.
struct Matrix {
    title: Text,
    features: Vec<Text>,
    products: Vec<(Text, Vec<Text>)>,
}

pub(super) fn page(catalog: &Catalog) -> String {
    let page = Page {
        header: super::header(&crate::header::lines(catalog)),
        title: Text::new(&catalog.title),
        features: catalog
            .features
            .iter()
            .map(|feature| FeatureRow {
                id: Code(&feature.id),
                name: Text::new(&feature.name),
                description: Text::new(&feature.description),
            })
            .collect(),
        matrices: catalog.kinds.iter().filter_map(|kind| matrix(catalog, kind)).collect(),
    };
    page.render().expect("a template of texts renders")
}

fn matrix(catalog: &Catalog, kind: &Kind) -> Option<Matrix> {
    let granting: Vec<&Product> = catalog.products_of(&kind.id).filter(|product| !product.grants.is_empty()).collect();
    if granting.is_empty() {
        return None;
    }
    let granted = |feature: &&Feature| {
        granting.iter().any(|product| product.grants.iter().any(|grant| grant.feature == feature.id))
    };
    let features: Vec<&Feature> = catalog.features.iter().filter(granted).collect();
    Some(Matrix {
        title: Text::new(&kind.title),
        features: features.iter().map(|feature| Text::new(heading(feature))).collect(),
        products: granting
            .iter()
            .map(|product| {
                (Text::new(&product.name), features.iter().map(|feature| Text::new(limit(product, feature))).collect())
            })
            .collect(),
    })
}

fn limit(product: &Product, feature: &Feature) -> String {
    let grant = product.grants.iter().find(|grant| grant.feature == feature.id);
    match grant.map_or(Limit::Off, |grant| grant.limit) {
        Limit::Off => "–".to_owned(),
        Limit::On => "yes".to_owned(),
        Limit::Unlimited => "unlimited".to_owned(),
        Limit::AtMost(most) => most.to_string(),
    }
}

/// `Storage (GB)`; the unit is left out where the name says it: `Contacts`.
fn heading(feature: &Feature) -> String {
    match &feature.unit {
        Some(unit) if !feature.name.to_lowercase().contains(&unit.to_lowercase()) => {
            format!("{} ({unit})", feature.name)
        }
        _ => feature.name.clone(),
    }
}
