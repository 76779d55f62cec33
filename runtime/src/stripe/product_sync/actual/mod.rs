//! The actual state of an account, read in pages of 100.

mod objects;

use std::collections::BTreeMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use pricebook_types::stripe::Desired;
use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use objects::{
    Amounts, AppliesTo, Coupon, CouponAmount, Custom, Feature, Metadata, Meter, Owned, Price, Product, ProductFeature,
    Promotion, PromotionCode, Recurring, Restrictions, Tier, Transform,
};

use super::super::{Requests, StripeError};

/// Products whose features are asked for at once; the rate limit still holds.
const AT_ONCE: usize = 8;

/// What lists of prices leave out unless somebody asks for it.
const PRICES: &str = "&expand[]=data.tiers&expand[]=data.currency_options&expand[]=data.currency_options.tiers";
/// The same of coupons.
const COUPONS: &str = "&expand[]=data.applies_to&expand[]=data.currency_options";

/// The objects of an account that a catalog may be about, foreign ones among them.
#[derive(Clone, Debug, Default)]
pub struct Actual {
    /// Products, archived ones too.
    pub products: Vec<Product>,
    /// Prices, archived ones too.
    pub prices: Vec<Price>,
    /// Meters, inactive ones too.
    pub meters: Vec<Meter>,
    /// Entitlement features, archived ones too.
    pub features: Vec<Feature>,
    /// Coupons.
    pub coupons: Vec<Coupon>,
    /// Promotion codes, inactive ones too.
    pub promotion_codes: Vec<PromotionCode>,
    /// What products grant, by their ids, as far as it was read.
    pub granted: BTreeMap<String, Vec<ProductFeature>>,
}

/// A part of a list.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Page<T> {
    pub(super) data: Vec<T>,
    /// Whether there are more of them.
    pub(super) has_more: bool,
}

impl Actual {
    /// Reads everything but what products grant. Of what the catalog has none, and never had, nothing is asked.
    ///
    /// # Errors
    /// What Stripe said.
    pub async fn read(requests: &Requests, desired: &Desired<'_>) -> Result<Self, StripeError> {
        let was_there = |what: &str| desired.retired.iter().any(|retired| retired.what == what);
        let meters = !desired.meters.is_empty() || was_there("meter");
        let features = !desired.features.is_empty() || was_there("feature");
        let coupons = !desired.coupons.is_empty() || was_there("coupon");
        let (products, prices, meters, features, coupons, promotion_codes) = tokio::try_join!(
            all(requests, "/v1/products", "", |product: &Product| product.id.clone()),
            all(requests, "/v1/prices", PRICES, |price: &Price| price.id.clone()),
            all_if(meters, requests, "/v1/billing/meters", "", |meter: &Meter| meter.id.clone()),
            all_if(features, requests, "/v1/entitlements/features", "", |feature: &Feature| feature.id.clone()),
            all_if(coupons, requests, "/v1/coupons", COUPONS, |coupon: &Coupon| coupon.id.clone()),
            all_if(coupons, requests, "/v1/promotion_codes", "", |code: &PromotionCode| code.id.clone()),
        )?;
        Ok(Self { products, prices, meters, features, coupons, promotion_codes, granted: BTreeMap::new() })
    }

    /// Reads what these products grant.
    ///
    /// # Errors
    /// What Stripe said.
    pub async fn read_granted(&mut self, requests: &Requests, products: &[String]) -> Result<(), StripeError> {
        let reading = products.iter().map(|id| async move {
            let path = format!("/v1/products/{id}/features");
            let granted = all(requests, &path, "", |granted: &ProductFeature| granted.id.clone()).await?;
            Ok::<_, StripeError>((id.clone(), granted))
        });
        // A list, for of a mapping the compiler cannot see that it may be sent between threads.
        let reading: Vec<_> = reading.collect();
        self.granted = stream::iter(reading).buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(())
    }
}

/// Every object of a list, or none where it is not wanted.
async fn all_if<T: DeserializeOwned>(
    is_wanted: bool,
    requests: &Requests,
    path: &str,
    query: &str,
    id: impl Fn(&T) -> String,
) -> Result<Vec<T>, StripeError> {
    if is_wanted { all(requests, path, query, id).await } else { Ok(Vec::new()) }
}

/// Every object of a list, page after page. `query` begins with `&`.
pub(super) async fn all<T: DeserializeOwned>(
    requests: &Requests,
    path: &str,
    query: &str,
    id: impl Fn(&T) -> String,
) -> Result<Vec<T>, StripeError> {
    let mut all = Vec::new();
    let mut has_more = true;
    while has_more {
        let after = all.last().map(|last| format!("&starting_after={}", id(last))).unwrap_or_default();
        let page: Page<T> = requests.get(path, &format!("limit=100{query}{after}")).await?;
        // A page of nothing has no last object to go on from.
        has_more = page.has_more && !page.data.is_empty();
        all.extend(page.data);
    }
    Ok(all)
}
