//! The desired state as a file for `stripe fixtures`, which fills an empty account with it.
//!
//! Format: <https://docs.stripe.com/cli/fixtures>. Announced changes and what is retired have no place in it.

use std::borrow::Cow;

use pricebook_types::stripe::{
    AppliesTo, Coupon, CouponParams, Desired, FeatureParams, Meta, MeterParams, Price, PriceParams, Product,
    ProductParams, PromotionCodeParams,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::literal;

/// The file.
#[derive(Serialize)]
pub(super) struct Fixtures<'a> {
    #[serde(rename = "_meta")]
    meta: FixturesMeta<'a>,
    fixtures: Vec<Fixture<'a>>,
}

#[derive(Serialize)]
struct FixturesMeta<'a> {
    template_version: u32,
    #[serde(flatten)]
    meta: Meta<'a>,
}

/// One request.
#[derive(Serialize)]
struct Fixture<'a> {
    name: String,
    path: Cow<'static, str>,
    method: &'static str,
    params: Params<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Params<'a> {
    Literal { limit: u32 },
    Meter(Box<MeterParams<'a>>),
    Feature(FeatureParams<'a>),
    Product(Box<ProductParams<'a>>),
    Grant { entitlement_feature: String },
    Price(Box<PriceParams<'a>>),
    DefaultPrice { default_price: String },
    Coupon(Box<CouponParams<'a>>),
    PromotionCode(Box<PromotionCodeParams<'a>>),
}

/// All requests, each after those that it refers to. `protected` says that some text must be written as a literal.
pub(super) fn fixtures(desired: Desired<'_>, protected: bool) -> Fixtures<'_> {
    let mut fixtures = Vec::with_capacity(2 * desired.products.len() + desired.prices.len());
    if protected {
        let path = Cow::Borrowed("/v1/products");
        fixtures.push(Fixture {
            name: literal::FIXTURE.to_owned(),
            path,
            method: "get",
            params: Params::Literal { limit: 1 },
        });
    }
    let text = Text { protected };
    fixtures.extend(desired.meters.into_iter().map(|meter| {
        let name = ["meter_", &meter.id].concat();
        post(name, "/v1/billing/meters", Params::Meter(Box::new(text.keep(meter.params))))
    }));
    fixtures.extend(desired.features.into_iter().map(|feature| {
        let name = ["feature_", &feature.params.lookup_key].concat();
        post(name, "/v1/entitlements/features", Params::Feature(text.keep(feature.params)))
    }));
    let default_prices: Vec<_> = desired.products.iter().filter_map(default_price).collect();
    for product in desired.products {
        let name = ["product_", &product.local_id].concat();
        fixtures.push(post(name, "/v1/products", Params::Product(Box::new(text.keep(product.params)))));
        fixtures.extend(product.features.iter().map(|feature| grant(&product.local_id, feature)));
    }
    fixtures.extend(desired.prices.into_iter().map(|price| self::price(price, text)));
    fixtures.extend(default_prices);
    fixtures.extend(desired.coupons.into_iter().map(|coupon| self::coupon(coupon, text)));
    fixtures.extend(desired.promotion_codes.into_iter().map(|code| {
        let name = ["promotion_code_", &code.params.code].concat();
        post(name, "/v1/promotion_codes", Params::PromotionCode(Box::new(text.keep(code.params))))
    }));
    let meta = FixturesMeta { template_version: 0, meta: desired.meta };
    Fixtures { meta, fixtures }
}

#[derive(Clone, Copy)]
struct Text {
    protected: bool,
}

impl Text {
    fn keep<T: Serialize + DeserializeOwned>(self, params: T) -> T {
        if self.protected { literal::protect(&params) } else { params }
    }
}

fn post(name: String, path: impl Into<Cow<'static, str>>, params: Params<'_>) -> Fixture<'_> {
    Fixture { name, path: path.into(), method: "post", params }
}

/// `${product_plan_starter_monthly:id}`
fn id(prefix: &str, name: &str) -> String {
    ["${", prefix, name, ":id}"].concat()
}

/// A lookup key as part of a fixture's name, in which the tool would take other characters for its own: `Pro.20v2`.
fn plain(lookup_key: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if lookup_key.bytes().all(is_plain) {
        return Cow::Borrowed(lookup_key);
    }
    let escaped = lookup_key.bytes().map(|byte| match is_plain(byte) {
        true => char::from(byte).to_string(),
        false => format!(".{byte:02x}"),
    });
    Cow::Owned(escaped.collect())
}

fn grant<'a>(product: &str, feature: &str) -> Fixture<'a> {
    let path = ["/v1/products/", &id("product_", product), "/features"].concat();
    let params = Params::Grant { entitlement_feature: id("feature_", feature) };
    post(["grant_", product, "_", feature].concat(), path, params)
}

fn price(price: Price<'_>, text: Text) -> Fixture<'_> {
    let name = ["price_", &plain(&price.params.lookup_key)].concat();
    let mut params = text.keep(price.params);
    params.product = Some(Cow::Owned(id("product_", &price.product)));
    if let (Some(recurring), Some(meter)) = (&mut params.recurring, &price.meter) {
        recurring.meter = Some(Cow::Owned(id("meter_", meter)));
    }
    post(name, "/v1/prices", Params::Price(Box::new(params)))
}

fn default_price<'a>(product: &Product<'_>) -> Option<Fixture<'a>> {
    let default_price = id("price_", &plain(product.default_price.as_deref()?));
    let path = ["/v1/products/", &id("product_", &product.local_id)].concat();
    Some(post(["default_price_", &product.local_id].concat(), path, Params::DefaultPrice { default_price }))
}

fn coupon(coupon: Coupon<'_>, text: Text) -> Fixture<'_> {
    let name = ["coupon_", &coupon.params.id].concat();
    let mut params = text.keep(coupon.params);
    if !coupon.applies_to.is_empty() {
        let products = coupon.applies_to.iter().map(|local_id| Cow::Owned(id("product_", local_id))).collect();
        params.applies_to = Some(AppliesTo { products });
    }
    post(name, "/v1/coupons", Params::Coupon(Box::new(params)))
}
