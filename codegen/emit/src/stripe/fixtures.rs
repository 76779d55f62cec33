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
    meta: &'a Meta<'a>,
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
    Meter(Cow<'a, MeterParams<'a>>),
    Feature(Cow<'a, FeatureParams<'a>>),
    Product(Cow<'a, ProductParams<'a>>),
    Grant { entitlement_feature: String },
    Price(Box<PriceParams<'a>>),
    DefaultPrice { default_price: String },
    Coupon(Box<CouponParams<'a>>),
    PromotionCode(Cow<'a, PromotionCodeParams<'a>>),
}

/// All requests, each after those that it refers to. `protected` says that some text must be written as a literal.
pub(super) fn fixtures<'a>(desired: &'a Desired<'a>, protected: bool) -> Fixtures<'a> {
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
    fixtures.extend(
        desired
            .meters
            .iter()
            .map(|meter| post(["meter_", &meter.id], "/v1/billing/meters", Params::Meter(text.keep(&meter.params)))),
    );
    fixtures.extend(desired.features.iter().map(|feature| {
        let name = ["feature_", &feature.params.lookup_key];
        post(name, "/v1/entitlements/features", Params::Feature(text.keep(&feature.params)))
    }));
    for product in &desired.products {
        fixtures.push(post(
            ["product_", &product.local_id],
            "/v1/products",
            Params::Product(text.keep(&product.params)),
        ));
        fixtures.extend(product.features.iter().map(|feature| grant(product, feature)));
    }
    fixtures.extend(desired.prices.iter().map(|price| self::price(price, text)));
    fixtures.extend(desired.products.iter().filter_map(default_price));
    fixtures.extend(desired.coupons.iter().map(|coupon| self::coupon(coupon, text)));
    fixtures.extend(desired.promotion_codes.iter().map(|code| {
        let name = ["promotion_code_", &code.params.code];
        post(name, "/v1/promotion_codes", Params::PromotionCode(text.keep(&code.params)))
    }));
    let meta = FixturesMeta { template_version: 0, meta: &desired.meta };
    Fixtures { meta, fixtures }
}

#[derive(Clone, Copy)]
struct Text {
    protected: bool,
}

impl Text {
    fn keep<'a, T: Clone + Serialize + DeserializeOwned>(self, params: &'a T) -> Cow<'a, T> {
        if self.protected { Cow::Owned(literal::protect(params)) } else { Cow::Borrowed(params) }
    }
}

fn post<'a>(name: [&str; 2], path: impl Into<Cow<'static, str>>, params: Params<'a>) -> Fixture<'a> {
    Fixture { name: name.concat(), path: path.into(), method: "post", params }
}

/// `${product_plan_starter_monthly:id}`
fn id(prefix: &str, name: &str) -> String {
    ["${", prefix, name, ":id}"].concat()
}

fn grant<'a>(product: &Product<'_>, feature: &str) -> Fixture<'a> {
    Fixture {
        name: ["grant_", &product.local_id, "_", feature].concat(),
        path: Cow::Owned(["/v1/products/", &id("product_", &product.local_id), "/features"].concat()),
        method: "post",
        params: Params::Grant { entitlement_feature: id("feature_", feature) },
    }
}

fn price<'a>(price: &'a Price<'a>, text: Text) -> Fixture<'a> {
    let mut params = text.keep(&price.params).into_owned();
    params.product = Some(Cow::Owned(id("product_", &price.product)));
    if let (Some(recurring), Some(meter)) = (&mut params.recurring, &price.meter) {
        recurring.meter = Some(Cow::Owned(id("meter_", meter)));
    }
    post(["price_", &price.params.lookup_key], "/v1/prices", Params::Price(Box::new(params)))
}

fn default_price<'a>(product: &Product<'_>) -> Option<Fixture<'a>> {
    let default_price = id("price_", product.default_price.as_deref()?);
    let path = ["/v1/products/", &id("product_", &product.local_id)].concat();
    Some(post(["default_price_", &product.local_id], path, Params::DefaultPrice { default_price }))
}

fn coupon<'a>(coupon: &'a Coupon<'a>, text: Text) -> Fixture<'a> {
    let mut params = text.keep(&coupon.params).into_owned();
    if !coupon.applies_to.is_empty() {
        let products = coupon.applies_to.iter().map(|local_id| Cow::Owned(id("product_", local_id))).collect();
        params.applies_to = Some(AppliesTo { products });
    }
    post(["coupon_", &coupon.params.id], "/v1/coupons", Params::Coupon(Box::new(params)))
}
