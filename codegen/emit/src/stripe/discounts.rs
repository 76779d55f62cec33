//! Coupons and the codes that customers type.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use pricebook_model::Catalog;
use pricebook_model::catalog::{self, Discount, Duration, StripeProductPer};
use pricebook_types::stripe::{
    self, CouponCurrencyOption, CouponDuration, CouponParams, Promotion, PromotionCodeParams, Restrictions, owned,
};
use rust_decimal::prelude::ToPrimitive;

use super::{metadata, products};

pub(super) fn coupon<'a>(catalog: &'a Catalog, coupon: &'a catalog::Coupon) -> stripe::Coupon<'a> {
    let (percent_off, amount_off, currency) = match &coupon.discount {
        // At most two decimal places, which the shortest form of the float keeps.
        Discount::Percent(percent) => (percent.to_f64(), None, None),
        Discount::Amount { minor, currency, .. } => (None, Some(*minor), Some(*currency)),
    };
    let currency_options = match &coupon.discount {
        Discount::Percent(_) => BTreeMap::new(),
        Discount::Amount { currencies, .. } => currencies
            .iter()
            .map(|(currency, minor)| (*currency, CouponCurrencyOption { amount_off: *minor }))
            .collect(),
    };
    let (duration, duration_in_months) = match coupon.duration {
        Duration::Once => (CouponDuration::Once, None),
        Duration::Forever => (CouponDuration::Forever, None),
        Duration::Months(months) => (CouponDuration::Repeating, Some(months)),
    };
    let mut desired = stripe::Coupon {
        applies_to: products_of(catalog, coupon).flat_map(|product| first_ids(catalog, product)).collect(),
        params: CouponParams {
            id: Cow::Borrowed(&coupon.id),
            name: Cow::Borrowed(&coupon.name),
            percent_off,
            amount_off,
            currency,
            currency_options,
            duration,
            duration_in_months,
            max_redemptions: coupon.max_redemptions,
            applies_to: None,
            redeem_by: coupon.redeem_by.as_deref().and_then(last_second),
            metadata: metadata::ownership(catalog, &coupon.id),
        },
    };
    let hash = metadata::hash(&desired);
    desired.params.metadata.insert(Cow::Borrowed(owned::HASH), hash);
    let local_ids = |product| products::local_ids(product, products::per(catalog, product));
    desired.applies_to = products_of(catalog, coupon).flat_map(local_ids).map(Cow::Borrowed).collect();
    desired
}

fn products_of<'a>(catalog: &'a Catalog, coupon: &'a catalog::Coupon) -> impl Iterator<Item = &'a catalog::Product> {
    coupon.applies_to.iter().filter_map(|(kind, id)| catalog.products_of(kind).find(|product| product.id == *id))
}

/// What a product's Stripe products are in the hash of a coupon, by the first id that it had: a product that is renamed is
/// the same one in Stripe, where a coupon cannot be given other products.
fn first_ids<'a>(catalog: &Catalog, product: &catalog::Product) -> Vec<Cow<'a, str>> {
    let first = catalog.former_ids(&product.kind, &product.id).last().unwrap_or(&product.id);
    let reference = products::reference(&product.kind, first);
    match products::per(catalog, product) {
        StripeProductPer::Product => vec![Cow::Owned(reference)],
        StripeProductPer::Price => {
            products::sold(product).map(|price| Cow::Owned([&reference, "/", &price.key].concat())).collect()
        }
    }
}

pub(super) fn promotion_code<'a>(
    catalog: &'a Catalog,
    coupon: &'a catalog::Coupon,
    code: &'a catalog::PromotionCode,
) -> stripe::PromotionCode<'a> {
    let (minimum_amount, minimum_amount_currency) = code.minimum_amount.unzip();
    let mut params = PromotionCodeParams {
        promotion: Promotion { kind: Cow::Borrowed("coupon"), coupon: Cow::Borrowed(&coupon.id) },
        code: Cow::Borrowed(&code.code),
        max_redemptions: code.max_redemptions,
        expires_at: code.expires_at.as_deref().and_then(last_second),
        restrictions: (code.first_time_transaction || minimum_amount.is_some()).then_some(Restrictions {
            first_time_transaction: code.first_time_transaction,
            minimum_amount,
            minimum_amount_currency,
        }),
        metadata: metadata::ownership(catalog, &code.code),
    };
    let hash = metadata::hash(&params);
    params.metadata.insert(Cow::Borrowed(owned::HASH), hash);
    stripe::PromotionCode { params }
}

/// The last second of an ISO 8601 day in UTC, in Unix time.
fn last_second(day: &str) -> Option<i64> {
    Some(day.parse::<NaiveDate>().ok()?.and_hms_opt(23, 59, 59)?.and_utc().timestamp())
}
