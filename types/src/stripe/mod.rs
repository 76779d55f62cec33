//! `stripe/catalog.json`: the desired state of a Stripe account, as the emitter writes and the runtime reads it.
//!
//! Everything below a `params` key is exactly what Stripe's create call for that object takes. What refers to an object
//! whose Stripe id is unknown before it exists (a price's product and meter, a coupon's products) stands beside
//! `params`, by local id.

mod params;
mod up_to;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use params::{
    Aggregation, AggregationFormula, AppliesTo, CouponCurrencyOption, CouponDuration, CouponParams, CurrencyOption,
    CustomUnitAmount, CustomerMapping, FeatureParams, MarketingFeature, Metadata, MeterParams, PackageDimensions,
    PriceParams, ProductParams, Promotion, PromotionCodeParams, Recurring, Restrictions, Round, TierParams,
    TransformQuantity, ValueSettings,
};
pub use up_to::UpTo;

/// The metadata keys that mark an object as this project's own.
pub mod owned {
    /// The catalog's name.
    pub const CATALOG: &str = "pricebook_catalog";
    /// The local id of a product or price, or the id of a feature or coupon.
    pub const ID: &str = "pricebook_id";
    /// `kind/id` of the catalog's product.
    pub const PRODUCT: &str = "pricebook_product";
    /// The price's key within its product.
    pub const PRICE: &str = "pricebook_price";
    /// SHA-256 of the desired object, so that an unchanged one is known without comparing its fields.
    pub const HASH: &str = "pricebook_hash";
    /// How many of these keys a product has; the catalog's own metadata shares the rest of Stripe's 50 with them.
    pub const KEYS_OF_PRODUCT: usize = 4;
    /// How many of them a price has.
    pub const KEYS_OF_PRICE: usize = 5;
}

/// The desired state of an account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Desired<'a> {
    /// What made the file and what remakes it.
    #[serde(rename = "_meta")]
    pub meta: Meta<'a>,
    /// Which account belongs to which environment.
    pub environments: Vec<Environment<'a>>,
    /// Meters; owned by their event names, for Stripe keeps no metadata on them.
    pub meters: Vec<Meter<'a>>,
    /// Entitlement features.
    pub features: Vec<Feature<'a>>,
    /// Products, in the order of the catalog.
    pub products: Vec<Product<'a>>,
    /// Prices, in the order of the products and then of the catalog.
    pub prices: Vec<Price<'a>>,
    /// Coupons.
    pub coupons: Vec<Coupon<'a>>,
    /// Promotion codes.
    pub promotion_codes: Vec<PromotionCode<'a>>,
    /// What must be archived wherever it still is active; never what was renamed. See [`Retired`] for a price's product.
    pub retired: Vec<Retired<'a>>,
}

/// The head of an artifact in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta<'a> {
    /// What made the file, and which command remakes it.
    pub generated: Cow<'a, str>,
    /// The catalog's name.
    pub catalog: Cow<'a, str>,
    /// The catalog's hash.
    pub catalog_hash: Cow<'a, str>,
}

/// Which Stripe account an environment uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Environment<'a> {
    /// `production`, `staging` …
    pub id: Cow<'a, str>,
    /// `acct_…`, where the catalog names it.
    pub account: Option<Cow<'a, str>>,
    /// Whether live keys are expected.
    pub livemode: bool,
}

/// A meter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meter<'a> {
    /// The catalog's id.
    pub id: Cow<'a, str>,
    /// For `POST /v1/billing/meters`.
    pub params: MeterParams<'a>,
}

/// An entitlement feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feature<'a> {
    /// The ids that it had before it was renamed, the last one first: an account may still know it by any of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub was: Vec<Cow<'a, str>>,
    /// For `POST /v1/entitlements/features`; the lookup key is the catalog's id.
    pub params: FeatureParams<'a>,
}

/// A Stripe product.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Product<'a> {
    /// Its id in `stripe_product_mappings`.
    pub local_id: Cow<'a, str>,
    /// `kind/id` that the catalog's product had before it was renamed, the last one first: an account may still know it
    /// by any of them. Where a Stripe product stands for each price, [`Price::was`] tells which is which.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub was: Vec<Cow<'a, str>>,
    /// The lookup key of the price that becomes the default.
    pub default_price: Option<Cow<'a, str>>,
    /// Lookup keys of the entitlement features that are attached.
    pub features: Vec<Cow<'a, str>>,
    /// For `POST /v1/products`.
    pub params: ProductParams<'a>,
}

/// A Stripe price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price<'a> {
    /// Its id in `stripe_product_mappings`.
    pub local_id: Cow<'a, str>,
    /// The local id of its Stripe product.
    pub product: Cow<'a, str>,
    /// The id of the meter, for metered prices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meter: Option<Cow<'a, str>>,
    /// The lookup keys that it had before its product was renamed, the last one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub was: Vec<Cow<'a, str>>,
    /// For a grandfathered price: the lookup key of the price that took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<Cow<'a, str>>,
    /// For `POST /v1/prices`; `product` and `recurring.meter` are left to whoever knows their ids.
    pub params: PriceParams<'a>,
    /// Announced changes in order of their days: each a whole price that takes the place of this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change<'a>>,
}

/// An announced change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<'a> {
    /// The first day, an ISO 8601 date in UTC.
    pub on: Cow<'a, str>,
    /// The price from that day on.
    pub params: PriceParams<'a>,
}

/// A coupon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coupon<'a> {
    /// Local ids of the Stripe products that it is limited to; empty for all.
    pub applies_to: Vec<Cow<'a, str>>,
    /// For `POST /v1/coupons`; `applies_to` is left to whoever knows the ids.
    pub params: CouponParams<'a>,
}

/// A promotion code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromotionCode<'a> {
    /// For `POST /v1/promotion_codes`.
    pub params: PromotionCodeParams<'a>,
}

/// Something that is sold no more.
///
/// A price takes the product that it is of along, where that stood for it alone: an owned product whose local id
/// [`Desired::products`] does not have, as of a kind that says `product_per: price`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retired<'a> {
    /// A kind's id, `feature`, `price`, `coupon` or `meter`.
    pub what: Cow<'a, str>,
    /// Its id; for prices the lookup key.
    pub id: Cow<'a, str>,
    /// For meters the name of their events, by which Stripe knows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_name: Option<Cow<'a, str>>,
}
