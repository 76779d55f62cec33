//! Coupons and their promotion codes. What a coupon takes off never changes in Stripe, and it cannot be archived: one with
//! other terms takes its place under the same id, and who has the former one keeps it.

use std::collections::{BTreeMap, BTreeSet};

use pricebook_types::stripe;
use rust_decimal::Decimal;

use super::fields::Update;
use super::form::{form, with, with_id};
use super::step::{Action, Name, Param, Request, Sort, Step};
use super::{Chain, Planning, Problem};
use crate::stripe::product_sync::actual::{Coupon, Owned, PromotionCode, Restrictions};
use crate::stripe::product_sync::shape::word;

const COUPONS: &str = "/v1/coupons";
const CODES: &str = "/v1/promotion_codes";

/// What never changes of a coupon.
#[derive(PartialEq, Eq)]
struct Terms {
    percent: Option<Decimal>,
    amount: Option<(i64, String)>,
    others: BTreeMap<String, i64>,
    duration: (String, Option<u64>),
    max_redemptions: Option<u64>,
    redeem_by: Option<i64>,
    products: BTreeSet<String>,
}

/// The chain of a coupon with its codes.
pub(super) fn chain(planning: &Planning<'_>, wanted: &stripe::Coupon<'_>) -> Chain {
    let id = &wanted.params.id;
    let there = planning.actual.coupons.iter().find(|coupon| coupon.id == *id);
    let mut chain = Chain::new(Sort::Coupon, id, &wanted.params.name, there.map(|coupon| &coupon.id));
    if let Some(foreign) =
        there.filter(|coupon| !coupon.is_of(&planning.desired.meta.catalog) && !planning.adopts(&coupon.id))
    {
        chain.problem = Some(Problem::new(
            format!("the coupon {} was not made by pricebook", foreign.id),
            format!("take it over with `pricebook stripe adopt {id} {id}`, if its terms are those of the catalog"),
        ));
        return chain;
    }
    let kept = there.filter(|coupon| Terms::of_actual(coupon) == Terms::of_desired(planning, wanted));
    let codes = planning.desired.promotion_codes.iter().filter(|code| code.params.promotion.coupon == *id);
    let is_over = wanted.params.redeem_by.is_some_and(|until| until <= planning.options.now);
    if is_over && kept.is_none() {
        chain.note = Some(format!("the coupon {id} is over, and Stripe takes no new one of the past"));
        return chain;
    }
    if kept.is_none() {
        let of_it = planning.actual.promotion_codes.iter().filter(|code| is_of_coupon(code, id));
        let ours = of_it.filter(|code| code.active && code.is_of(&planning.desired.meta.catalog));
        chain.steps.extend(ours.map(|code| deactivate(code).because("its coupon is another one now")));
    }
    if let (Some(_), None) = (there, kept) {
        let delete = Step::update(Sort::Coupon, id, (COUPONS, id), Vec::new()).doing(Action::Delete);
        let request = Request { form: None, ..delete.request };
        let reason = "its terms differ, which never change; who has it keeps it";
        chain.steps.push(Step { request, ..delete }.because(reason));
    }
    match kept {
        Some(kept) => chain.steps.extend(update(planning, wanted, kept)),
        None => {
            let reason = if there.is_some() { "with the terms of the catalog" } else { "it is not in Stripe yet" };
            chain.steps.push(create(wanted).because(reason));
        }
    }
    for code in codes {
        promotion_code(planning, &mut chain, code, kept);
    }
    chain
}

fn create(wanted: &stripe::Coupon<'_>) -> Step {
    let mut sent = form(&wanted.params);
    for (index, product) in wanted.applies_to.iter().enumerate() {
        let name = Name::new(Sort::Product, product);
        sent = with_id(sent, &format!("applies_to[products][{index}]"), name);
    }
    Step::create(Sort::Coupon, &wanted.params.id, COUPONS, sent)
}

fn update(planning: &Planning<'_>, wanted: &stripe::Coupon<'_>, there: &Coupon) -> Option<Step> {
    let force = planning.options.force;
    let mut update = Update::default();
    update.text("name", &wanted.params.name, there.name.as_deref(), force);
    update.metadata(&wanted.params.metadata, &there.metadata, force);
    if update.is_empty() {
        return None;
    }
    let reason = if update.changes.is_empty() && force { "forced" } else { "it is not as the catalog says" };
    let step = Step::update(Sort::Coupon, &wanted.params.id, (COUPONS, &there.id), update.form);
    Some(step.because(reason).changing(update.changes))
}

/// A code, whose coupon is `coupon`, or a new one.
fn promotion_code(
    planning: &Planning<'_>,
    chain: &mut Chain,
    wanted: &stripe::PromotionCode<'_>,
    coupon: Option<&Coupon>,
) {
    let (code, catalog) = (&wanted.params.code, &planning.desired.meta.catalog);
    let is_over = wanted.params.expires_at.is_some_and(|until| until <= planning.options.now);
    let same_code = |there: &&PromotionCode| there.code.eq_ignore_ascii_case(code);
    let there: Vec<_> = planning.actual.promotion_codes.iter().filter(same_code).collect();
    let is_adopted =
        |code: &PromotionCode| code.promotion.coupon.as_deref().is_some_and(|coupon| planning.adopts(coupon));
    let foreign = |code: &&&PromotionCode| !code.is_of(catalog) && !is_adopted(code);
    if let Some(foreign) = there.iter().find(|code| code.active && foreign(code)) {
        chain.problem = Some(Problem::new(
            format!("the promotion code {code} is that of {}, which pricebook did not make", foreign.id),
            "deactivate it in Stripe's dashboard, or give the catalog's another code",
        ));
        return;
    }
    let fits = |there: &&&PromotionCode| {
        let of_this = coupon.is_some_and(|coupon| is_of_coupon(there, &coupon.id) && there.created >= coupon.created);
        of_this && !foreign(there) && has_terms(there, wanted)
    };
    let kept = there.iter().filter(fits).max_by_key(|code| (code.active, code.created, code.id.as_str())).copied();
    let is_kept = |code: &PromotionCode| kept.is_some_and(|kept| kept.id == code.id);
    // Those of a coupon that goes are deactivated before it.
    let others = there.iter().filter(|there| there.active && !is_kept(there) && coupon.is_some());
    chain.steps.extend(others.map(|code| deactivate(code).because("another one takes its place")));
    match kept {
        Some(kept) if is_over && !kept.active => {}
        Some(kept) => chain.steps.extend(keep_code(planning, wanted, kept)),
        None if is_over => {
            chain.note = Some(format!("the promotion code {code} is over, and Stripe takes no new one of the past"));
        }
        None => {
            let step = Step::create(Sort::PromotionCode, code, CODES, form(&wanted.params));
            chain.steps.push(step.because("it is not in Stripe yet"));
        }
    }
}

fn keep_code(planning: &Planning<'_>, wanted: &stripe::PromotionCode<'_>, there: &PromotionCode) -> Option<Step> {
    let force = planning.options.force;
    let mut update = Update::default();
    if !there.active {
        update.text("active", "true", Some("false"), false);
    }
    update.metadata(&wanted.params.metadata, &there.metadata, force);
    if update.is_empty() {
        return None;
    }
    let action = if there.active { Action::Update } else { Action::Reactivate };
    let reason = if update.changes.is_empty() && force { "forced" } else { "it is not as the catalog says" };
    let step = Step::update(Sort::PromotionCode, &wanted.params.code, (CODES, &there.id), update.form);
    Some(step.doing(action).because(reason).changing(update.changes))
}

fn deactivate(code: &PromotionCode) -> Step {
    let form: Vec<(String, Param)> = with(Vec::new(), "active", "false");
    Step::update(Sort::PromotionCode, &code.code, (CODES, &code.id), form).doing(Action::Archive)
}

/// Codes and coupons of ours that the catalog does not have any more. A code is given out by the catalog alone, so that
/// leaving it out is enough; a coupon must be retired.
pub(super) fn leaving(planning: &Planning<'_>) -> Vec<Chain> {
    let desired = planning.desired;
    let ours = planning.actual.coupons.iter().filter(|coupon| coupon.is_of(&desired.meta.catalog));
    let is_wanted = |id: &str| desired.coupons.iter().any(|coupon| coupon.params.id == id);
    let coupons =
        ours.filter(|coupon| !is_wanted(&coupon.id) && planning.is_retired("coupon", &coupon.id)).map(|coupon| {
            let mut chain =
                Chain::new(Sort::Coupon, &coupon.id, coupon.name.as_deref().unwrap_or(""), Some(&coupon.id));
            let delete =
                Step::update(Sort::Coupon, &coupon.id, (COUPONS, &coupon.id), Vec::new()).doing(Action::Delete);
            let request = Request { form: None, ..delete.request };
            chain.steps.push(Step { request, ..delete }.because("the catalog has retired it; who has it keeps it"));
            chain
        });
    let has_code =
        |code: &str| desired.promotion_codes.iter().any(|wanted| wanted.params.code.eq_ignore_ascii_case(code));
    let codes = planning
        .actual
        .promotion_codes
        .iter()
        .filter(|code| code.active && code.is_of(&desired.meta.catalog) && !has_code(&code.code));
    let codes = codes.map(|code| {
        let mut chain = Chain::new(Sort::PromotionCode, &code.code, &code.code, Some(&code.id));
        chain.steps.push(deactivate(code).because("the catalog does not have it any more"));
        chain
    });
    codes.chain(coupons).collect()
}

fn is_of_coupon(code: &PromotionCode, coupon: &str) -> bool {
    code.promotion.coupon.as_deref() == Some(coupon)
}

fn has_terms(there: &PromotionCode, wanted: &stripe::PromotionCode<'_>) -> bool {
    let params = &wanted.params;
    let restrictions = params.restrictions.as_ref().map(|restrictions| Restrictions {
        first_time_transaction: restrictions.first_time_transaction,
        minimum_amount: restrictions.minimum_amount,
        minimum_amount_currency: restrictions.minimum_amount_currency.map(|currency| currency.code().to_owned()),
    });
    there.max_redemptions == params.max_redemptions.map(u64::from)
        && there.expires_at == params.expires_at
        && there.restrictions == restrictions.unwrap_or_default()
}

impl Terms {
    fn of_desired(planning: &Planning<'_>, wanted: &stripe::Coupon<'_>) -> Self {
        let params = &wanted.params;
        let id = |local_id: &str| {
            let product = planning.matching.product(local_id);
            product.map_or_else(|| format!("the new {local_id}"), |product| product.id.clone())
        };
        Self {
            percent: params.percent_off.and_then(|percent| percent.to_string().parse().ok()),
            amount: params.amount_off.zip(params.currency.map(|currency| currency.code().to_owned())),
            others: params
                .currency_options
                .iter()
                .map(|(currency, option)| (currency.code().to_owned(), option.amount_off))
                .collect(),
            duration: (word(params.duration), params.duration_in_months.map(u64::from)),
            max_redemptions: params.max_redemptions.map(u64::from),
            redeem_by: params.redeem_by,
            products: wanted.applies_to.iter().map(|local_id| id(local_id)).collect(),
        }
    }

    fn of_actual(coupon: &Coupon) -> Self {
        let others = coupon.currency_options.iter().filter(|(currency, _)| Some(*currency) != coupon.currency.as_ref());
        Self {
            percent: coupon.percent_off.as_ref().and_then(|percent| percent.to_string().parse().ok()),
            amount: coupon.amount_off.zip(coupon.currency.clone()),
            others: others.map(|(currency, option)| (currency.clone(), option.amount_off)).collect(),
            duration: (coupon.duration.clone(), coupon.duration_in_months),
            max_redemptions: coupon.max_redemptions,
            redeem_by: coupon.redeem_by,
            products: coupon.applies_to.iter().flat_map(|applies| applies.products.iter().cloned()).collect(),
        }
    }
}
