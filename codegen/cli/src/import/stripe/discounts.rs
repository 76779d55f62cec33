//! Coupons and promotion codes of a Stripe account.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use pricebook_types::stripe::CouponDuration;
use pricebook_types::{Currency, UnknownCurrency};
use serde::Deserialize;
use serde_json::Number;

use super::gather::Objects;
use super::objects::Reference;
use super::prices::major;
use crate::import::draft::{Entry, is_coupon_id, slug, unique};
use crate::import::note::Note;
use crate::import::yaml::Yaml;

#[derive(Deserialize)]
pub(super) struct CouponObject {
    id: String,
    name: Option<String>,
    percent_off: Option<Number>,
    amount_off: Option<i64>,
    currency: Option<Currency>,
    currency_options: Option<BTreeMap<String, OptionObject>>,
    duration: CouponDuration,
    duration_in_months: Option<u16>,
    applies_to: Option<AppliesToObject>,
    max_redemptions: Option<u32>,
    redeem_by: Option<i64>,
}

#[derive(Deserialize)]
struct OptionObject {
    amount_off: i64,
}

#[derive(Deserialize)]
struct AppliesToObject {
    products: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct PromotionCodeObject {
    id: String,
    code: String,
    #[serde(default = "yes")]
    active: bool,
    /// Until 2025 the API answered the coupon here, since then in `promotion`.
    coupon: Option<Reference>,
    promotion: Option<PromotionObject>,
    customer: Option<Reference>,
    expires_at: Option<i64>,
    max_redemptions: Option<u32>,
    restrictions: Option<RestrictionsObject>,
}

#[derive(Deserialize)]
struct PromotionObject {
    coupon: Option<Reference>,
}

#[derive(Deserialize)]
struct RestrictionsObject {
    #[serde(default)]
    first_time_transaction: bool,
    minimum_amount: Option<i64>,
    minimum_amount_currency: Option<Currency>,
}

fn yes() -> bool {
    true
}

/// `coupons:`, where `products` are the references of the catalog by Stripe's ids.
pub(super) fn take(objects: &Objects, products: &BTreeMap<String, String>, notes: &mut Vec<Note>) -> Vec<Entry> {
    let mut coupons = Vec::new();
    let mut ids = objects.coupons.iter().map(|coupon| coupon.id.clone()).collect();
    for coupon in &objects.coupons {
        let codes: Vec<_> = objects.codes.iter().filter(|code| code.coupon() == Some(&*coupon.id)).collect();
        match entry(coupon, &codes, products, &mut ids, notes) {
            Ok(entry) => coupons.push(entry),
            Err(why) => notes.push(Note::left_out(&coupon.id, "coupon", why)),
        }
    }
    let known = |code: &&PromotionCodeObject| objects.coupons.iter().any(|coupon| code.coupon() == Some(&*coupon.id));
    for orphan in objects.codes.iter().filter(|code| code.active && !known(code)) {
        notes.push(Note::left_out(&orphan.id, format!("code {}", orphan.code), "its coupon is not among the coupons"));
    }
    coupons
}

fn entry(
    coupon: &CouponObject,
    codes: &[&PromotionCodeObject],
    products: &BTreeMap<String, String>,
    ids: &mut BTreeSet<String>,
    notes: &mut Vec<Note>,
) -> Result<Entry, String> {
    let id = match is_coupon_id(&coupon.id) {
        true => coupon.id.clone(),
        false => unique(slug(&coupon.id).ok_or("nothing of its id can be an id of the catalog")?, ids),
    };
    if id != coupon.id {
        let why =
            format!("`{}` becomes `{id}`, a new coupon in Stripe; customers who have the old one keep it", coupon.id);
        notes.push(Note::new(&coupon.id, "id", why));
    }
    if coupon.name.is_none() {
        notes.push(Note::new(&coupon.id, "name", "it has none; the id was taken"));
    }
    let duration = match (coupon.duration, coupon.duration_in_months) {
        (CouponDuration::Once, _) => Yaml::plain("once"),
        (CouponDuration::Forever, _) => Yaml::plain("forever"),
        (CouponDuration::Repeating, Some(months)) => Yaml::map([("months", Some(Yaml::plain(months)))]),
        (CouponDuration::Repeating, None) => return Err("it repeats for no number of months".to_owned()),
    };
    let limited = coupon.applies_to.iter().flat_map(|limit| &limit.products).map(|product| {
        let unknown = || format!("it is limited to `{product}`, which is not among the products");
        products.get(product).cloned().ok_or_else(unknown)
    });
    let mut limited = limited.collect::<Result<Vec<_>, _>>()?;
    // Where a Stripe product stands for each price, several are one product of the catalog.
    let mut known = BTreeSet::new();
    limited.retain(|product| known.insert(product.clone()));
    let currency =
        coupon.currency.or_else(|| codes.iter().find_map(|code| code.minimum().map(|(_, currency)| currency)));
    let codes = codes.iter().filter_map(|code| promotion_code(code, currency, notes)).collect();
    let amount_off = coupon.amount_off.zip(coupon.currency);
    let body = Yaml::map([
        ("name", Some(Yaml::text(coupon.name.as_deref().unwrap_or(&coupon.id)))),
        ("percent_off", coupon.percent_off.as_ref().map(|percent| Yaml::plain(percent_words(percent)))),
        ("amount_off", amount_off.and_then(|(minor, currency)| major(Some(minor), None, currency))),
        ("currency", currency.map(|currency| Yaml::plain(currency.code()))),
        ("currencies", coupon.currencies()?),
        ("duration", Some(duration)),
        ("applies_to", Yaml::List(limited.into_iter().map(Yaml::text).collect()).unless_empty()),
        ("max_redemptions", coupon.max_redemptions.map(Yaml::plain)),
        ("redeem_by", coupon.redeem_by.and_then(|second| last_day(second, &coupon.id, "redeem_by", notes))),
        ("promotion_codes", Yaml::List(codes).unless_empty()),
    ]);
    Ok(Entry { id, place: coupon.id.clone(), body, prices: None })
}

impl CouponObject {
    /// What is taken off in other currencies than its own.
    fn currencies(&self) -> Result<Option<Yaml>, String> {
        let own = self.currency.map(Currency::code);
        let options = self.currency_options.iter().flatten().filter(|(code, _)| Some(code.as_str()) != own);
        let amounts = options.map(|(code, option)| {
            let currency: Currency = code.parse().map_err(|unknown: UnknownCurrency| unknown.to_string())?;
            Ok(major(Some(option.amount_off), None, currency).map(|amount| (code.clone(), amount)))
        });
        let amounts = amounts.collect::<Result<Vec<_>, String>>()?;
        Ok(Yaml::Map(amounts.into_iter().flatten().collect()).unless_empty())
    }
}

/// The number as Stripe writes it, without a fraction of nothing: `25.0` is 25.
fn percent_words(percent: &Number) -> String {
    let words = percent.to_string();
    words.strip_suffix(".0").map_or(words.clone(), str::to_owned)
}

fn promotion_code(code: &PromotionCodeObject, currency: Option<Currency>, notes: &mut Vec<Note>) -> Option<Yaml> {
    let what = || format!("code {}", code.code);
    if !code.active {
        notes.push(Note::new(&code.id, what(), "it is inactive"));
        return None;
    }
    if code.customer.is_some() {
        notes.push(Note::left_out(&code.id, what(), "it is one customer's, which a catalog cannot say"));
        return None;
    }
    if code.minimum().is_some_and(|(_, minimum)| Some(minimum) != currency) {
        notes.push(Note::left_out(&code.id, what(), "its minimum amount is in another currency than its coupon's"));
        return None;
    }
    let first = code.restrictions.as_ref().is_some_and(|restrictions| restrictions.first_time_transaction);
    Some(Yaml::map([
        ("code", Some(Yaml::text(&*code.code))),
        ("max_redemptions", code.max_redemptions.map(Yaml::plain)),
        ("expires_at", code.expires_at.and_then(|second| last_day(second, &code.id, "expires_at", notes))),
        ("first_time_transaction", first.then(|| Yaml::plain(true))),
        ("minimum_amount", code.minimum().and_then(|(minor, currency)| major(Some(minor), None, currency))),
    ]))
}

impl PromotionCodeObject {
    fn coupon(&self) -> Option<&str> {
        let coupon = self.promotion.as_ref().and_then(|promotion| promotion.coupon.as_ref());
        coupon.or(self.coupon.as_ref()).map(Reference::id)
    }

    fn minimum(&self) -> Option<(i64, Currency)> {
        let restrictions = self.restrictions.as_ref()?;
        restrictions.minimum_amount.zip(restrictions.minimum_amount_currency)
    }
}

/// The UTC day of a time; a catalog's days end with their last second.
fn last_day(second: i64, place: &str, what: &str, notes: &mut Vec<Note>) -> Option<Yaml> {
    let Some(time) = DateTime::from_timestamp(second, 0) else {
        notes.push(Note::left_out(place, what, format!("{second} is no time")));
        return None;
    };
    if second.rem_euclid(86_400) != 86_399 {
        notes.push(Note::new(place, what, format!("it ends at {time}, the catalog lets it end with that day")));
    }
    Some(Yaml::plain(time.date_naive()))
}
