//! Coupons and promotion codes.

use pricebook_types::Currency;
use rust_decimal::Decimal;

use super::amounts::{Finest, again_in_default, minor};
use super::{Lowered, reasons};
use crate::catalog::{Coupon, Discount, Duration, PromotionCode, whole};
use crate::decl::{CouponDecl, Declarations, DurationDecl, PromotionCodeDecl};
use crate::diagnostic::Diagnostic;
use crate::source::Spanned;

pub(super) fn lower<'d>(
    declarations: &'d Declarations,
    default: Currency,
    lowered: &mut Lowered<'d>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for item in &declarations.coupons {
        let coupon = item.body.as_ref().and_then(|decl| coupon(&item.id.value, decl, default, diagnostics));
        if let Some(coupon) = coupon {
            lowered.places.coupons.push(item);
            lowered.catalog.coupons.push(coupon);
        }
    }
}

fn coupon(id: &str, decl: &CouponDecl, default: Currency, diagnostics: &mut Vec<Diagnostic>) -> Option<Coupon> {
    let currency = decl.currency.as_ref().map_or(default, |currency| currency.value);
    let discount = match (&decl.percent_off, &decl.amount_off) {
        (Some(percent), _) => Some(Discount::Percent(percent.value.normalize())),
        (None, amount) => amount_off(decl, amount.as_ref()?, currency, diagnostics),
    };
    let codes: Vec<Option<PromotionCode>> =
        decl.promotion_codes.iter().map(|code| promotion_code(code, currency, diagnostics)).collect();
    Some(Coupon {
        id: id.to_owned(),
        name: decl.name.value.clone(),
        discount: discount?,
        duration: match &decl.duration.value {
            DurationDecl::Once => Duration::Once,
            DurationDecl::Forever => Duration::Forever,
            DurationDecl::Months(months) => Duration::Months(months.value),
        },
        applies_to: (decl.applies_to.iter())
            .map(|product| (product.value.what.clone(), product.value.id.clone()))
            .collect(),
        max_redemptions: decl.max_redemptions.as_ref().map(|most| most.value),
        redeem_by: decl.redeem_by.as_ref().map(|date| date.value.clone()),
        promotion_codes: codes.into_iter().collect::<Option<_>>()?,
        accepts: reasons(&decl.accepts),
    })
}

fn amount_off(
    decl: &CouponDecl,
    off: &Spanned<Decimal>,
    currency: Currency,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Discount> {
    let minor = minor(off, currency, Finest::Minor, diagnostics).and_then(whole);
    let others: Vec<Option<(Currency, i64)>> = (decl.currencies.iter())
        .map(|(other, amount)| {
            if other.value == currency {
                diagnostics.push(again_in_default(other.span, off.span, currency, "coupon"));
                return None;
            }
            let minor = self::minor(amount, other.value, Finest::Minor, diagnostics).and_then(whole)?;
            Some((other.value, minor))
        })
        .collect();
    Some(Discount::Amount { minor: minor?, currency, currencies: others.into_iter().collect::<Option<_>>()? })
}

fn promotion_code(
    decl: &PromotionCodeDecl,
    currency: Currency,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<PromotionCode> {
    let minimum_amount = match &decl.minimum_amount {
        None => None,
        Some(amount) => Some((whole(minor(amount, currency, Finest::Minor, diagnostics)?)?, currency)),
    };
    Some(PromotionCode {
        code: decl.code.value.clone(),
        max_redemptions: decl.max_redemptions.as_ref().map(|most| most.value),
        expires_at: decl.expires_at.as_ref().map(|date| date.value.clone()),
        first_time_transaction: decl.first_time_transaction.as_ref().is_some_and(|first| first.value),
        minimum_amount,
    })
}
