//! A product: what is sold, and what it grants.

use pricebook_types::{BillingType, Limit};
use rust_decimal::Decimal;
use serde::Serialize;

use super::{Deposit, Price, Value};

/// A product.
#[derive(Clone, Debug, Serialize)]
pub struct Product {
    /// The kind's id.
    pub kind: String,
    /// Unique within the kind.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// What it is, or empty.
    pub description: String,
    /// The id it had before a rename.
    pub was: Option<String>,
    /// Whether it can be bought.
    pub active: bool,
    /// Announced, not yet sold (never active).
    pub coming_soon: bool,
    /// Declared to cost nothing.
    pub free: bool,
    /// The id in `stripe_product_mappings` where a Stripe product stands for the whole product.
    pub local_id: String,
    /// The Stripe name where a Stripe product stands for the whole product.
    pub stripe_name: String,
    /// Stripe's tax code, `txcd_…`.
    pub tax_code: Option<String>,
    /// Stripe's `statement_descriptor`.
    pub statement_descriptor: Option<String>,
    /// Stripe's `unit_label`: `seat`.
    pub unit_label: Option<String>,
    /// URLs of pictures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<String>,
    /// The address of a page about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Whether it is shipped; `None` where nothing is said of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shippable: Option<bool>,
    /// The package that it is shipped in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package_dimensions: Option<PackageDimensions>,
    /// In the order of the kind's attributes, defaults filled in; optional ones that are not given are absent.
    pub attributes: Vec<(String, Value)>,
    /// Free key-value data, in order.
    pub metadata: Vec<(String, Value)>,
    /// Lines for the price list.
    pub marketing_features: Vec<String>,
    /// Lint rules that are accepted for this product, with their reasons; no target sees them.
    #[serde(skip)]
    pub accepts: Vec<(String, String)>,
    /// What it grants, in the order of the catalog's features.
    pub grants: Vec<Grant>,
    /// In order; the first is the primary one. Grandfathered prices come last.
    pub prices: Vec<Price>,
    /// What must be paid first.
    pub deposit: Option<Deposit>,
    /// Derived from the first price.
    pub billing_type: BillingType,
    /// The primary price for people, before any announced change: `$1,495`, `$3,500/mo`, `Free`, or empty without a price.
    pub price_display: String,
    /// The deposit for people: `20% deposit required`, `Full payment required`, `$0`, `Coming Soon`, or empty.
    pub deposit_display: String,
}

/// Stripe's `package_dimensions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PackageDimensions {
    /// In inches.
    pub height: Decimal,
    /// In inches.
    pub length: Decimal,
    /// In ounces.
    pub weight: Decimal,
    /// In inches.
    pub width: Decimal,
}

impl Product {
    /// The value of an attribute, if the product has it.
    pub fn attribute(&self, id: &str) -> Option<&Value> {
        self.attributes.iter().find(|(name, _)| name == id).map(|(_, value)| value)
    }
}

/// What a product grants of a feature.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Grant {
    /// The feature's id.
    pub feature: String,
    /// How much; never [`Limit::Off`].
    #[serde(serialize_with = "serialize_limit")]
    pub limit: Limit,
}

fn serialize_limit<S: serde::Serializer>(limit: &Limit, serializer: S) -> Result<S::Ok, S::Error> {
    match limit {
        Limit::Off => serializer.serialize_bool(false),
        Limit::On => serializer.serialize_bool(true),
        Limit::AtMost(most) => serializer.serialize_u64(*most),
        Limit::Unlimited => serializer.serialize_str("unlimited"),
    }
}
