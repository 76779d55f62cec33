//! Numbers that every target must be able to take.

use pricebook_types::Limit;
use rust_decimal::Decimal;

use super::context::Context;
use super::tiers;
use crate::catalog::Value;
use crate::decl::DurationDecl;
use crate::diagnostic::Diagnostic;
use crate::limits::NumberOf;
use crate::source::Span;

/// A number within the bounds of every target.
pub(super) fn numbers_fit_every_target(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for (of, number, span) in numbers(context) {
        for target in context.limits {
            let Some(limit) = target.numbers.iter().find(|limit| limit.of == of) else { continue };
            let (what, target) = (words(of), target.target);
            let help = match (number < Decimal::from(limit.min), number > Decimal::from(limit.max)) {
                _ if of == NumberOf::PackageDimension && number.is_zero() => "write more than 0".to_owned(),
                (true, _) => format!("write {} or more{}", limit.min, without(of)),
                (_, true) => format!("write at most {}", limit.max),
                _ if number.normalize().scale() > limit.decimals => {
                    format!("write at most {} digits behind the point", limit.decimals)
                }
                _ => continue,
            };
            let message = format!("{target} does not take {} {what}", number.normalize());
            found.push(Diagnostic::error("number-out-of-range", span, message).help(help));
        }
    }
}

fn numbers(context: &Context<'_>) -> Vec<(NumberOf, Decimal, Span)> {
    let mut all = Vec::new();
    for coupon in context.declared.coupons.iter().filter_map(|coupon| coupon.body.as_ref()) {
        if let DurationDecl::Months(months) = &coupon.duration.value {
            all.push((NumberOf::CouponMonths, Decimal::from(months.value), months.span));
        }
        // What is no percentage at all is reported as such.
        if let Some(percent) = &coupon.percent_off
            && percent.value > Decimal::ZERO
            && percent.value <= Decimal::ONE_HUNDRED
        {
            all.push((NumberOf::PercentOff, percent.value, percent.span));
        }
        if let Some(most) = &coupon.max_redemptions {
            all.push((NumberOf::CouponRedemptions, Decimal::from(most.value), most.span));
        }
        for most in coupon.promotion_codes.iter().filter_map(|code| code.max_redemptions.as_ref()) {
            all.push((NumberOf::PromotionCodeRedemptions, Decimal::from(most.value), most.span));
        }
    }
    let divided = context.prices().filter_map(|price| Some(&price.transform_quantity.as_ref()?.value.divide_by));
    all.extend(divided.map(|by| (NumberOf::DivideBy, Decimal::from(by.value), by.span)));
    let trials = context.prices().filter_map(|price| price.trial_days.as_ref());
    all.extend(trials.map(|days| (NumberOf::TrialDays, Decimal::from(days.value), days.span)));
    let packages = context.products.iter().filter_map(|product| product.body.package_dimensions.as_ref());
    let sides = packages.flat_map(|package| [&package.height, &package.length, &package.weight, &package.width]);
    all.extend(sides.map(|side| (NumberOf::PackageDimension, side.value, side.span)));
    all
}

fn words(of: NumberOf) -> &'static str {
    match of {
        NumberOf::CouponMonths => "months",
        NumberOf::CouponRedemptions | NumberOf::PromotionCodeRedemptions => "redemptions",
        NumberOf::PercentOff => "percent",
        NumberOf::TrialDays => "days of trial",
        NumberOf::DivideBy => "units in one",
        NumberOf::PackageDimension => "inches or ounces",
    }
}

/// What to do where none is meant.
fn without(of: NumberOf) -> &'static str {
    match of {
        NumberOf::CouponMonths => ", or `duration: once`",
        NumberOf::CouponRedemptions | NumberOf::PromotionCodeRedemptions => {
            ", or remove it: without it there is no limit"
        }
        NumberOf::DivideBy => ", or remove `transform_quantity`: without it each unit is charged",
        NumberOf::PercentOff | NumberOf::TrialDays | NumberOf::PackageDimension => "",
    }
}

/// A whole number that every target holds exactly.
pub(super) fn integers_are_exact_in_every_target(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let limits = context.limits.iter().filter_map(|limits| Some((limits.target, limits.max_exact_integer?)));
    let limits: Vec<_> = limits.collect();
    for (integer, span) in integers(context) {
        for (target, most) in limits.iter().filter(|(_, most)| integer.unsigned_abs() > u128::from(*most)) {
            let message = format!("{target} cannot hold {integer} exactly");
            found.push(
                Diagnostic::error("integer-not-exact", span, message)
                    .help(format!("write at most {most}, or a text in quotes where it is only a name")),
            );
        }
    }
}

fn integers(context: &Context<'_>) -> Vec<(i128, Span)> {
    let mut all = Vec::new();
    for product in &context.products {
        let body = product.body;
        for (id, given) in &body.attributes {
            if let Some(Value::Integer(integer)) = product.meant.attribute(&id.value) {
                all.push((i128::from(*integer), given.span));
            }
        }
        for (_, value) in &body.metadata {
            if let Value::Integer(integer) = value.value {
                all.push((i128::from(integer), value.span));
            }
        }
        for (_, limit) in &body.features {
            if let Limit::AtMost(most) = limit.value {
                all.push((i128::from(most), limit.span));
            }
        }
    }
    for up_to in tiers::all(context).flat_map(|tiers| &tiers.steps).map(|step| &step.up_to) {
        all.extend(up_to.value.map(|last| (i128::from(last), up_to.span)));
    }
    all
}
