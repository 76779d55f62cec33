//! `features:`, `meters:`, `groups:`, `coupons:` and `retired:`.

use pricebook_model::Catalog;
use pricebook_model::limits::{NumberOf, TextOf};
use serde_json::{Value, json};

use super::limits;
use super::words::{
    COUPON_ID, PRODUCT_ID, SNAKE_ID, boolean, choice, currency, day_of_sale, decimal, definition, either, list, map,
    object, pattern, percent, positive, reasons, some, text,
};

/// `plan/starter`.
const REFERENCE: &str = "^[a-z][a-z0-9_]*/[A-Za-z0-9_-]+$";

pub(super) fn features() -> Value {
    let feature = object(
        "An entitlement.",
        &["name", "type"],
        [
            ("name", limits::text("The name for people.", TextOf::FeatureName)),
            ("type", choice("On and off, or a number.", ["switch", "quantity"])),
            ("description", text("What it is.")),
            ("unit", limits::text("What a quantity counts: `contact`.", TextOf::Unit)),
            ("was", pattern("The id before a rename.", SNAKE_ID)),
        ],
    );
    map("Entitlements that products grant.", SNAKE_ID, feature)
}

pub(super) fn meters() -> Value {
    let meter = object(
        "What counts the quantity of metered prices.",
        &["name", "event_name"],
        [
            ("name", limits::text("The name for people.", TextOf::MeterName)),
            ("event_name", limits::text("Stripe's `event_name`.", TextOf::MeterEvent)),
            ("aggregation", choice("How events are added up.", ["sum", "count", "last"])),
        ],
    );
    map("What counts the quantity of metered prices.", SNAKE_ID, meter)
}

pub(super) fn groups(catalog: &Catalog) -> Value {
    let mut products = list("From the lowest to the highest.", pattern("A product's id.", PRODUCT_ID));
    products["minItems"] = json!(2);
    products["uniqueItems"] = json!(true);
    let group = object(
        "Products that upgrade and downgrade among themselves.",
        &["name", "kind", "products"],
        [
            ("name", limits::text("The name for people.", TextOf::GroupName)),
            ("kind", choice("The kind of its products.", catalog.kinds.iter().map(|kind| &kind.id))),
            ("products", products),
            ("accept", reasons()),
        ],
    );
    map("Products that upgrade and downgrade among themselves.", SNAKE_ID, group)
}

pub(super) fn coupons() -> Value {
    let code = object(
        "A code that customers type.",
        &["code"],
        [
            ("code", limits::text("The code.", TextOf::PromotionCode)),
            ("max_redemptions", limits::number("How often in all.", NumberOf::PromotionCodeRedemptions)),
            ("expires_at", day_of_sale("The last day, in UTC.")),
            ("first_time_transaction", boolean("For first purchases only.")),
            ("minimum_amount", decimal("Major units that the purchase must reach.")),
        ],
    );
    let months =
        object("For so many months.", &["months"], [("months", limits::number("Months.", NumberOf::CouponMonths))]);
    let mut coupon = object(
        "A discount.",
        &["name", "duration"],
        [
            ("name", limits::text("The name on invoices.", TextOf::CouponName)),
            ("percent_off", percent("A share of the amount.")),
            ("amount_off", positive("Major units.")),
            ("currencies", definition("currencies")),
            ("currency", currency("Of the amount.")),
            ("duration", json!({ "description": "For how long.", "anyOf": [{ "enum": ["once", "forever"] }, months] })),
            ("applies_to", some("`kind/id`; default everything.", pattern("A product.", REFERENCE))),
            ("max_redemptions", limits::number("How often in all.", NumberOf::CouponRedemptions)),
            ("redeem_by", day_of_sale("The last day, in UTC.")),
            ("promotion_codes", list("Codes that customers type.", code)),
            ("accept", reasons()),
        ],
    );
    coupon["oneOf"] = json!([{ "required": ["percent_off"] }, { "required": ["amount_off"] }]);
    coupon["dependentRequired"] = json!({ "currencies": ["amount_off"] });
    map("Discounts, by Stripe's ids.", COUPON_ID, coupon)
}

pub(super) fn retired() -> Value {
    let id = || pattern("An id.", REFERENCE);
    let with_reasons = object("An id with reasons.", &["id"], [("id", id()), ("accept", reasons())]);
    list("What is sold no more: `kind/id`, `price/lookup_key`, `feature/id`, `coupon/id`.", either(id(), with_reasons))
}
