//! Coupons at work: on subscriptions and invoices. <https://docs.stripe.com/api/discounts>

use chrono::{DateTime, Months};
use serde_json::{Value, json};

use super::coupons::{self, COUPON};
use super::customers::CUSTOMER;
use super::invoices::INVOICE;
use super::promotion_codes::PROMOTION_CODE;
use super::subscriptions::SUBSCRIPTION;
use super::{Clock, Resource};
use crate::call::{Call, as_object, is, number, set, text};
use crate::failure::Failure;
use crate::params::{Field, Kind, Params, field};
use crate::pricing;
use crate::store::Object;

pub(crate) static DISCOUNT: Resource = Resource {
    links: &[("customer", &CUSTOMER), ("promotion_code", &PROMOTION_CODE), ("source.coupon", &COUPON)],
    // Old invoices still name a discount that is over, and a coupon that is deleted goes on where it was redeemed.
    hidden: &["coupon_terms", "is_over"],
    clock: Some(Clock { due, follow }),
    ..Resource::new("discount", ("di_1", 23))
};

const SHORT: Kind = Kind::Text(5000);

/// What every object takes that can have discounts.
pub(super) const FIELD: Field = field(
    "discounts",
    Kind::List(&Kind::Hash(&[field("coupon", SHORT), field("discount", SHORT), field("promotion_code", SHORT)])),
)
.clearable();

fn due(discount: &Object) -> Option<i64> {
    discount.get("end").and_then(Value::as_i64).filter(|_| !is(discount, "is_over"))
}

fn follow(call: &mut Call<'_>, discount: Object) -> Result<(), Failure> {
    end(call, discount)
}

/// Makes the discounts that the call asks for, for a customer's `("subscription", id)`, and returns their ids.
pub(super) fn redeem(call: &mut Call<'_>, customer: &str, owner: (&str, &str), start: i64) -> Result<Value, Failure> {
    let mut ids = Vec::new();
    for (index, wanted) in call.params.hashes("discounts").iter().enumerate() {
        let place = format!("discounts[{index}]");
        if let Some(id) = wanted.text("discount") {
            call.referred(&DISCOUNT, id, &format!("{place}[discount]"))?;
            ids.push(json!(id));
            continue;
        }
        let (coupon, code) = wanted_coupon(call, wanted, &place, customer)?;
        count(call, &coupon, code.as_ref())?;
        let mut discount = json!({
            "id": call.new_id(&DISCOUNT), "object": "discount",
            "checkout_session": null, "coupon_terms": coupon, "customer": customer, "customer_account": null,
            "end": ends(&coupon, start),
            "invoice": null, "invoice_item": null, "promotion_code": code.map(|code| code["id"].clone()),
            "source": { "coupon": coupon["id"], "type": "coupon" }, "start": start, "subscription": null,
            "subscription_item": null,
        });
        discount[owner.0] = json!(owner.1);
        ids.push(discount["id"].clone());
        match owner.0 {
            "subscription" => call.create(&DISCOUNT, discount, "customer.discount.created")?,
            _ => call.keep_quietly(&DISCOUNT, discount)?,
        };
    }
    Ok(Value::Array(ids))
}

/// The coupon that is named, or that a code stands for, if this customer may have it.
fn wanted_coupon(
    call: &Call<'_>,
    wanted: &Params,
    place: &str,
    customer: &str,
) -> Result<(Object, Option<Object>), Failure> {
    let (id, param, code) = match (wanted.text("coupon"), wanted.text("promotion_code")) {
        (Some(id), None) => (id.to_owned(), format!("{place}[coupon]"), None),
        (None, Some(id)) => {
            let param = format!("{place}[promotion_code]");
            let code = call.referred(&PROMOTION_CODE, id, &param)?;
            may_redeem(call, &code, customer).map_err(|message| Failure::invalid(message).param(param.clone()))?;
            (code["promotion"]["coupon"].as_str().unwrap_or_default().to_owned(), param, Some(code))
        }
        _ => return Err(Failure::exclusive(&format!("{place}[coupon]"), &format!("{place}[promotion_code]"))),
    };
    let coupon = coupons::at(call.now, call.referred(&COUPON, &id, &param)?);
    match is(&coupon, "valid") {
        true => Ok((coupon, code)),
        false => {
            let message = format!("Coupon expired: {id}");
            Err(Failure::invalid(message).code("coupon_expired").param(param))
        }
    }
}

/// Whether a code is good for a customer at the moment.
fn may_redeem(call: &Call<'_>, code: &Object, customer: &str) -> Result<(), &'static str> {
    let limit = |name: &str| code.get(name).and_then(Value::as_i64);
    let is_over = limit("expires_at").is_some_and(|at| at <= call.now)
        || limit("max_redemptions").is_some_and(|most| number(code, "times_redeemed") >= most);
    if !is(code, "active") || is_over {
        return Err("This promotion code is inactive or has expired.");
    }
    let mut invoices = call.state.store.all_with(&INVOICE, "customer", customer);
    let has_paid = invoices.any(|invoice| number(invoice, "amount_paid") > 0);
    match code["restrictions"]["first_time_transaction"] == true && has_paid {
        true => Err("This promotion code cannot be redeemed because the associated customer has prior transactions."),
        false => Ok(()),
    }
}

/// Checks that a code's least amount is reached by what is bought.
pub(super) fn check_least(call: &Call<'_>, worth: i64, currency: &str) -> Result<(), Failure> {
    for (index, wanted) in call.params.hashes("discounts").iter().enumerate() {
        let code = wanted.text("promotion_code").and_then(|id| call.state.store.get(&PROMOTION_CODE, id));
        let restrictions = code.map(|code| code["restrictions"].clone()).unwrap_or_default();
        let least = match restrictions["minimum_amount_currency"] == currency {
            true => restrictions["minimum_amount"].as_i64(),
            false => restrictions["currency_options"][currency]["minimum_amount"].as_i64(),
        };
        if least.is_some_and(|least| worth < least) {
            let message = "This promotion code cannot be redeemed because the order does not meet its minimum amount.";
            return Err(Failure::invalid(message).param(format!("discounts[{index}][promotion_code]")));
        }
    }
    Ok(())
}

fn count(call: &mut Call<'_>, coupon: &Object, code: Option<&Object>) -> Result<(), Failure> {
    let redeemed = [(&COUPON, Some(coupon)), (&PROMOTION_CODE, code)];
    for (resource, found) in redeemed {
        if let Some(mut found) = found.and_then(|found| call.state.store.get(resource, text(found, "id")).cloned()) {
            let times = number(&found, "times_redeemed") + 1;
            set(&mut found, "times_redeemed", times);
            call.keep_quietly(resource, Value::Object(found))?;
        }
    }
    Ok(())
}

/// When a coupon of so many months is over.
fn ends(coupon: &Object, start: i64) -> Option<i64> {
    let months = coupon.get("duration_in_months").and_then(Value::as_i64)?;
    let start = DateTime::from_timestamp(start, 0)?;
    start.checked_add_months(Months::new(u32::try_from(months).ok()?)).map(|end| end.timestamp())
}

/// Takes a discount off its subscription.
pub(super) fn end(call: &mut Call<'_>, mut discount: Object) -> Result<(), Failure> {
    set(&mut discount, "is_over", true);
    call.keep_quietly(&DISCOUNT, Value::Object(discount.clone()))?;
    if let Some(mut subscription) = call.state.store.get(&SUBSCRIPTION, text(&discount, "subscription")).cloned() {
        if let Some(ids) = subscription.get_mut("discounts").and_then(Value::as_array_mut) {
            ids.retain(|id| *id != discount["id"]);
        }
        call.keep_quietly(&SUBSCRIPTION, Value::Object(subscription))?;
        super::events::record(call, "customer.discount.deleted", discount, None)?;
    }
    Ok(())
}

/// The discounts that hold at the moment, of these ids.
pub(super) fn holding(call: &Call<'_>, ids: &Value) -> Vec<Value> {
    let holds = |id: &&Value| {
        let discount = call.state.store.get(&DISCOUNT, id.as_str().unwrap_or_default());
        discount.is_some_and(|discount| {
            !is(discount, "is_over") && discount["end"].as_i64().is_none_or(|end| end > call.now)
        })
    };
    ids.as_array().into_iter().flatten().filter(holds).cloned().collect()
}

fn coupon_of(discount: &Object) -> Object {
    discount.get("coupon_terms").cloned().map(as_object).unwrap_or_default()
}

/// Discounts for one invoice end with the first one that they have taken something off.
pub(super) fn use_up(call: &mut Call<'_>, invoice: &Object) -> Result<(), Failure> {
    for taken in invoice["total_discount_amounts"].as_array().into_iter().flatten() {
        let id = taken["discount"].as_str().unwrap_or_default();
        let Some(discount) = call.state.store.get(&DISCOUNT, id).cloned() else { continue };
        let is_once = text(&coupon_of(&discount), "duration") == "once";
        if is_once && !is(&discount, "is_over") && taken["amount"].as_i64() > Some(0) {
            end(call, discount)?;
        }
    }
    Ok(())
}

/// What the percentages among discounts leave of an amount, for prorations, which are told after them.
pub(super) fn after_percentages(call: &Call<'_>, ids: &Value, price: &Value, amount: i64) -> i64 {
    holding(call, ids).iter().fold(amount, |left, id| {
        let discount = call.state.store.get(&DISCOUNT, id.as_str().unwrap_or_default()).cloned().unwrap_or_default();
        let coupon = coupon_of(&discount);
        let percent =
            coupon.get("percent_off").filter(|percent| !percent.is_null() && applies(&coupon, &price["product"]));
        percent.map_or(left, |percent| left - pricing::percentage(left, percent))
    })
}

pub(super) fn applies(coupon: &Object, product: &Value) -> bool {
    let products = coupon.get("applies_to").and_then(|applies| applies["products"].as_array());
    products.is_none_or(|products| products.contains(product))
}

/// Spreads discounts over lines, each on what the one before has left, and says what each has taken in all.
pub(super) fn spread(call: &Call<'_>, ids: &[Value], lines: &mut [Value]) -> Vec<(String, i64)> {
    let mut left: Vec<i64> = lines.iter().map(|line| line["amount"].as_i64().unwrap_or_default()).collect();
    for line in lines.iter_mut() {
        line["discount_amounts"] = json!([]);
        line["pretax_credit_amounts"] = json!([]);
    }
    let mut taken = Vec::new();
    for id in ids.iter().filter_map(Value::as_str) {
        let discount = call.state.store.get(&DISCOUNT, id).cloned().unwrap_or_default();
        let coupon = coupon_of(&discount);
        let is_meant = |index: usize, line: &Value| {
            left[index] > 0
                && line["discountable"] == true
                && applies(&coupon, &line["pricing"]["price_details"]["product"])
        };
        let meant: Vec<usize> =
            lines.iter().enumerate().filter(|(index, line)| is_meant(*index, line)).map(|(index, _)| index).collect();
        let currency = meant.first().map(|index| lines[*index]["currency"].as_str().unwrap_or_default().to_owned());
        let amounts: Vec<i64> = meant.iter().map(|index| left[*index]).collect();
        let mut total = 0;
        for (index, off) in meant.into_iter().zip(shares(&coupon, &amounts, &currency.unwrap_or_default())) {
            left[index] -= off;
            total += off;
            let list = |line: &mut Value, name: &str, entry: Value| {
                if let Some(list) = line[name].as_array_mut() {
                    list.push(entry);
                }
            };
            list(&mut lines[index], "discount_amounts", json!({ "amount": off, "discount": id }));
            let credit = json!({ "amount": off, "discount": id, "type": "discount" });
            list(&mut lines[index], "pretax_credit_amounts", credit);
        }
        taken.push((id.to_owned(), total));
    }
    taken
}

/// What a coupon takes off each of these amounts. A fixed amount is shared out by weight, down to the last unit.
pub(super) fn shares(coupon: &Object, amounts: &[i64], currency: &str) -> Vec<i64> {
    if let Some(percent) = coupon.get("percent_off").filter(|percent| !percent.is_null()) {
        return amounts.iter().map(|amount| pricing::percentage(*amount, percent)).collect();
    }
    let fixed = coupon.get("currency_options").and_then(|options| options[currency]["amount_off"].as_i64());
    let mut whole: i64 = amounts.iter().sum();
    let mut off = fixed.unwrap_or_default().min(whole);
    let share = |amount: &i64| {
        // Of what is left for those that are left, so that nothing is lost to rounding.
        let own = pricing::share(off, *amount, whole).min(*amount);
        (off, whole) = (off - own, whole - amount);
        own
    };
    amounts.iter().map(share).collect()
}

/// The discount of the address, which goes before its time.
pub(crate) fn delete_of_subscription(call: &mut Call<'_>) -> Result<Value, Failure> {
    let subscription = call.found(&SUBSCRIPTION)?;
    let first = subscription["discounts"][0].as_str().unwrap_or_default();
    let Some(discount) = call.state.store.get(&DISCOUNT, first).cloned() else {
        return Err(Failure::not_found("discount", text(&subscription, "id")));
    };
    end(call, discount.clone())?;
    let mut deleted = as_object(Value::Object(discount));
    deleted.remove("end");
    set(&mut deleted, "deleted", true);
    Ok(Value::Object(deleted))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::shares;
    use crate::call::as_object;

    #[test]
    fn a_fixed_amount_is_shared_out_to_the_last_unit() {
        let coupon = as_object(json!({ "currency_options": { "usd": { "amount_off": 100 } } }));
        assert_eq!(shares(&coupon, &[100, 100, 100], "usd"), [33, 34, 33]);
        assert_eq!(shares(&coupon, &[30, 20], "usd"), [30, 20]);
        assert_eq!(shares(&coupon, &[500], "eur"), [0]);
    }

    #[test]
    fn a_percentage_is_taken_off_each_amount() {
        let coupon = as_object(json!({ "percent_off": 12.5 }));
        assert_eq!(shares(&coupon, &[1000, 4], "usd"), [125, 1]);
    }
}
