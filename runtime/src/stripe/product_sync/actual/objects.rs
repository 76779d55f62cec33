//! Stripe's objects, as far as a catalog sets them: <https://docs.stripe.com/api>. Unknown fields are passed over.

use std::collections::BTreeMap;

use pricebook_types::stripe::owned;
use serde::Deserialize;
use serde_json::{Number, Value};

/// Stripe's metadata.
pub type Metadata = BTreeMap<String, String>;

/// A product.
#[derive(Clone, Debug, Deserialize)]
pub struct Product {
    /// `prod_…`
    pub id: String,
    /// Whether it can be bought.
    pub active: bool,
    /// When it was made, in Unix time.
    pub created: i64,
    /// The price's id.
    pub default_price: Option<String>,
    /// Metadata.
    #[serde(default)]
    pub metadata: Metadata,
    /// Every field, for comparing.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Value>,
}

/// A price.
#[derive(Clone, Debug, Deserialize)]
pub struct Price {
    /// `price_…`
    pub id: String,
    /// Whether it is sold.
    pub active: bool,
    /// When it was made, in Unix time.
    pub created: i64,
    /// In lower case.
    pub currency: String,
    /// The product's id.
    pub product: String,
    /// Unique in the account.
    pub lookup_key: Option<String>,
    /// For people who read the dashboard.
    pub nickname: Option<String>,
    /// Metadata.
    #[serde(default)]
    pub metadata: Metadata,
    /// How tiers apply.
    pub tiers_mode: Option<String>,
    /// Absent for prices that are paid once.
    pub recurring: Option<Recurring>,
    /// What is done to the quantity.
    pub transform_quantity: Option<Transform>,
    /// In the price's own currency.
    #[serde(flatten)]
    pub amounts: Amounts,
    /// In every currency, the own one among them.
    #[serde(default)]
    pub currency_options: BTreeMap<String, Amounts>,
}

/// What a price costs in one currency.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Amounts {
    /// Whole minor units.
    pub unit_amount: Option<i64>,
    /// Minor units.
    pub unit_amount_decimal: Option<String>,
    /// Customers choose.
    pub custom_unit_amount: Option<Custom>,
    /// By quantity.
    pub tiers: Option<Vec<Tier>>,
    /// Whether amounts contain tax.
    pub tax_behavior: Option<String>,
}

/// Between which amounts customers choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Custom {
    /// The least.
    pub minimum: Option<i64>,
    /// The most.
    pub maximum: Option<i64>,
    /// What stands there first.
    pub preset: Option<i64>,
}

/// A tier.
#[derive(Clone, Debug, Deserialize)]
pub struct Tier {
    /// Its last unit; none for the open end.
    pub up_to: Option<u64>,
    /// As of prices.
    pub unit_amount: Option<i64>,
    /// As of prices.
    pub unit_amount_decimal: Option<String>,
    /// As of prices.
    pub flat_amount: Option<i64>,
    /// As of prices.
    pub flat_amount_decimal: Option<String>,
}

/// How often is charged.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Recurring {
    /// `month`
    pub interval: String,
    /// How many of them.
    pub interval_count: u64,
    /// `licensed` or `metered`.
    pub usage_type: String,
    /// The meter's id.
    pub meter: Option<String>,
    /// Days.
    pub trial_period_days: Option<u64>,
}

/// What is done to the quantity.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Transform {
    /// Divide by this.
    pub divide_by: u64,
    /// `up` or `down`.
    pub round: String,
}

/// A meter.
#[derive(Clone, Debug, Deserialize)]
pub struct Meter {
    /// `mtr_…`
    pub id: String,
    /// The name under which usage is recorded.
    pub event_name: String,
    /// `active` or `inactive`.
    pub status: String,
    /// Every field, for comparing.
    #[serde(flatten)]
    pub fields: BTreeMap<String, Value>,
}

/// An entitlement feature.
#[derive(Clone, Debug, Deserialize)]
pub struct Feature {
    /// `feat_…`
    pub id: String,
    /// Unique in the account.
    pub lookup_key: String,
    /// Whether it can be granted.
    pub active: bool,
    /// For people.
    pub name: String,
    /// Metadata.
    #[serde(default)]
    pub metadata: Metadata,
}

/// That a product grants a feature.
#[derive(Clone, Debug, Deserialize)]
pub struct ProductFeature {
    /// `prodft_…`
    pub id: String,
    /// What it grants.
    pub entitlement_feature: Feature,
}

/// A coupon.
#[derive(Clone, Debug, Deserialize)]
pub struct Coupon {
    /// The id.
    pub id: String,
    /// When it was made, in Unix time.
    pub created: i64,
    /// On invoices.
    pub name: Option<String>,
    /// A percentage.
    pub percent_off: Option<Number>,
    /// Minor units.
    pub amount_off: Option<i64>,
    /// Their currency.
    pub currency: Option<String>,
    /// In every currency.
    #[serde(default)]
    pub currency_options: BTreeMap<String, CouponAmount>,
    /// `once`, `repeating` or `forever`.
    pub duration: String,
    /// For repeating ones.
    pub duration_in_months: Option<u64>,
    /// How often in all.
    pub max_redemptions: Option<u64>,
    /// The last second.
    pub redeem_by: Option<i64>,
    /// What it is limited to.
    pub applies_to: Option<AppliesTo>,
    /// Metadata.
    #[serde(default)]
    pub metadata: Metadata,
}

/// What a coupon takes off in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct CouponAmount {
    /// Minor units.
    pub amount_off: i64,
}

/// What a coupon is limited to.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct AppliesTo {
    /// Ids of products.
    #[serde(default)]
    pub products: Vec<String>,
}

/// A promotion code.
#[derive(Clone, Debug, Deserialize)]
pub struct PromotionCode {
    /// `promo_…`
    pub id: String,
    /// When it was made, in Unix time.
    pub created: i64,
    /// What customers type.
    pub code: String,
    /// Whether it can be used.
    pub active: bool,
    /// The coupon.
    pub promotion: Promotion,
    /// How often in all.
    pub max_redemptions: Option<u64>,
    /// The last second.
    pub expires_at: Option<i64>,
    /// Who may use it.
    #[serde(default)]
    pub restrictions: Restrictions,
    /// Metadata.
    #[serde(default)]
    pub metadata: Metadata,
}

/// What a promotion code gives.
#[derive(Clone, Debug, Deserialize)]
pub struct Promotion {
    /// The coupon's id.
    pub coupon: Option<String>,
}

/// Who may use a promotion code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Restrictions {
    /// For first purchases only.
    #[serde(default)]
    pub first_time_transaction: bool,
    /// Minor units that a purchase must reach.
    pub minimum_amount: Option<i64>,
    /// Their currency.
    pub minimum_amount_currency: Option<String>,
}

/// What has metadata, by which it is known whose it is.
pub trait Owned {
    /// Its metadata.
    fn metadata(&self) -> &Metadata;

    /// Whether it is this catalog's.
    fn is_of(&self, catalog: &str) -> bool {
        self.metadata().get(owned::CATALOG).is_some_and(|name| name == catalog)
    }

    /// A text of its metadata, or an empty one.
    fn mark(&self, key: &str) -> &str {
        self.metadata().get(key).map_or("", String::as_str)
    }
}

macro_rules! owned {
    ($($object:ty),*) => {
        $(impl Owned for $object {
            fn metadata(&self) -> &Metadata {
                &self.metadata
            }
        })*
    };
}

owned!(Product, Price, Feature, Coupon, PromotionCode);
