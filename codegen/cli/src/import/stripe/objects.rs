//! Stripe's products and meters as its API answers them, as far as a catalog can hold them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pricebook_types::stripe::{MarketingFeature, Metadata, PackageDimensions, ProductParams, owned};
use serde::Deserialize;

/// The id of another object, or the object itself where it was expanded.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected an id, or the object itself")]
pub(super) enum Reference {
    Id(String),
    Object { id: String },
}

impl Reference {
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Id(id) | Self::Object { id } => id,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct ProductObject {
    pub(super) id: String,
    name: String,
    description: Option<String>,
    #[serde(default = "yes")]
    active: bool,
    tax_code: Option<Reference>,
    statement_descriptor: Option<String>,
    unit_label: Option<String>,
    #[serde(default)]
    marketing_features: Vec<Named>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    pub(super) default_price: Option<Reference>,
    #[serde(default)]
    pub(super) created: i64,
    #[serde(default)]
    images: Vec<String>,
    url: Option<String>,
    shippable: Option<bool>,
    package_dimensions: Option<PackageDimensions>,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
}

pub(super) fn yes() -> bool {
    true
}

impl ProductObject {
    /// What creates the same product, with the metadata that is not ours.
    pub(super) fn params(&self) -> ProductParams<'static> {
        let some = |text: &Option<String>| text.clone().filter(|text| !text.is_empty()).map(Cow::Owned);
        ProductParams {
            name: Cow::Owned(self.name.clone()),
            description: some(&self.description),
            active: self.active,
            tax_code: self.tax_code.as_ref().map(|code| Cow::Owned(code.id().to_owned())),
            statement_descriptor: some(&self.statement_descriptor),
            unit_label: some(&self.unit_label),
            marketing_features: self
                .marketing_features
                .iter()
                .filter_map(|feature| Some(MarketingFeature { name: Cow::Owned(feature.name.clone()?) }))
                .collect(),
            images: self.images.iter().map(|image| Cow::Owned(image.clone())).collect(),
            url: some(&self.url),
            shippable: self.shippable,
            package_dimensions: self.package_dimensions,
            metadata: own_metadata(&self.metadata),
        }
    }

    pub(super) fn own_id(&self) -> Option<&str> {
        self.metadata.get(owned::ID).map(String::as_str)
    }

    pub(super) fn catalog(&self) -> Option<&str> {
        self.metadata.get(owned::CATALOG).map(String::as_str)
    }

    /// Kind and id of the product of a catalog that it stands for.
    pub(super) fn reference(&self) -> Option<(&str, &str)> {
        self.metadata.get(owned::PRODUCT)?.split_once('/')
    }
}

/// Metadata without the keys by which objects of a catalog are found again.
pub(super) fn own_metadata(metadata: &BTreeMap<String, String>) -> Metadata<'static> {
    const OURS: [&str; 5] = [owned::CATALOG, owned::ID, owned::PRODUCT, owned::PRICE, owned::HASH];
    let theirs = metadata.iter().filter(|(key, _)| !OURS.contains(&key.as_str()));
    theirs.map(|(key, value)| (Cow::Owned(key.clone()), Cow::Owned(value.clone()))).collect()
}

#[derive(Deserialize)]
pub(super) struct MeterObject {
    pub(super) id: String,
    pub(super) display_name: String,
    pub(super) event_name: String,
    pub(super) default_aggregation: pricebook_types::stripe::Aggregation,
}
