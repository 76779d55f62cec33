//! Coupons and the codes that customers type.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use pricebook_model::Catalog;
use pricebook_model::catalog::{self, Discount, Duration};
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
        applies_to: applies_to(catalog, coupon, first_local_id),
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
    desired.applies_to = applies_to(catalog, coupon, |_, _, local_id| Cow::Borrowed(local_id));
    desired
}

fn applies_to<'a>(
    catalog: &'a Catalog,
    coupon: &'a catalog::Coupon,
    id: impl Fn(&Catalog, &catalog::Product, &'a str) -> Cow<'a, str> + Copy,
) -> Vec<Cow<'a, str>> {
    let products = coupon.applies_to.iter();
    let products = products.filter_map(|(kind, id)| catalog.products_of(kind).find(|product| product.id == *id));
    products
        .flat_map(|product| {
            let local_ids = products::local_ids(product, products::per(catalog, product));
            local_ids.into_iter().map(move |local_id| id(catalog, product, local_id))
        })
        .collect()
}

/// A local id with the first id that the product had: a product that is renamed is the same one in Stripe, where a coupon
/// cannot be given other products.
fn first_local_id<'a>(catalog: &Catalog, product: &catalog::Product, local_id: &'a str) -> Cow<'a, str> {
    match catalog.former_ids(&product.kind, &product.id).last() {
        Some(first) => Cow::Owned(local_id.replace(&product.id, first)),
        None => Cow::Borrowed(local_id),
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
