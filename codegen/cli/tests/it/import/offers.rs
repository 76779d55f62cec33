//! Coupons, promotion codes and entitlement features of a Stripe account.

use pricebook_types::stripe::Desired;
use serde_json::{Value, json};

use super::{files, imported, lines};

/// What an account that holds the desired state answers of them, by the keys of a saved account.
pub(super) fn as_stripe_answers(desired: &Desired<'_>) -> Vec<(&'static str, Value)> {
    let features = desired.features.iter().map(|feature| {
        let mut object = json!(feature.params);
        object["object"] = json!("entitlements.feature");
        object["id"] = json!(format!("feat_{}", feature.params.lookup_key));
        object["active"] = json!(true);
        object
    });
    let grants = desired.products.iter().map(|product| {
        let granted = product.features.iter().map(|feature| {
            json!({ "object": "product_feature", "id": format!("prodft_{feature}"), "livemode": false,
                    "entitlement_feature": { "object": "entitlements.feature", "id": format!("feat_{feature}") } })
        });
        json!({ "object": "list", "has_more": false, "url": format!("/v1/products/prod_{}/features", product.local_id),
                "data": granted.collect::<Vec<_>>() })
    });
    let coupons = desired.coupons.iter().map(|coupon| {
        let mut object = json!(coupon.params);
        object["object"] = json!("coupon");
        object["valid"] = json!(true);
        if !coupon.applies_to.is_empty() {
            let products: Vec<_> = coupon.applies_to.iter().map(|local_id| format!("prod_{local_id}")).collect();
            object["applies_to"] = json!({ "products": products });
        }
        object
    });
    let codes = desired.promotion_codes.iter().map(|code| {
        let mut object = json!(code.params);
        object["object"] = json!("promotion_code");
        object["id"] = json!(format!("promo_{}", code.params.code));
        object["active"] = json!(true);
        object["customer"] = Value::Null;
        object
    });
    vec![
        ("features", features.collect()),
        ("product_features", grants.collect()),
        ("coupons", coupons.collect()),
        ("promotion_codes", codes.collect()),
    ]
}

const ACCOUNT: &str = r#"{
  "products": [{ "id": "prod_1", "object": "product", "name": "Starter" }],
  "prices": [{
    "id": "price_1", "object": "price", "product": "prod_1", "currency": "usd", "unit_amount": 2000, "tax_behavior": "exclusive",
    "currency_options": { "eur": { "unit_amount": 1900, "tax_behavior": "inclusive" } }
  }],
  "coupons": [
    { "id": "jMT0WJUD", "object": "coupon", "name": null, "percent_off": 25.5, "amount_off": null, "currency": null,
      "duration": "repeating", "duration_in_months": 3, "redeem_by": 1798675200, "valid": true },
    { "id": "ten-off", "object": "coupon", "name": "Ten", "percent_off": null, "amount_off": 1000, "currency": "usd",
      "duration": "once", "applies_to": { "products": ["prod_1"] }, "currency_options": { "eur": { "amount_off": 900 } } },
    { "id": "lost", "object": "coupon", "name": "Lost", "percent_off": 10, "duration": "forever",
      "applies_to": { "products": ["prod_gone"] } }
  ],
  "promotion_codes": [
    { "id": "promo_1", "object": "promotion_code", "code": "TEN", "active": true, "coupon": { "id": "ten-off", "object": "coupon" },
      "restrictions": { "first_time_transaction": true, "minimum_amount": 5000, "minimum_amount_currency": "usd" } },
    { "id": "promo_2", "object": "promotion_code", "code": "OLD", "active": false, "promotion": { "type": "coupon", "coupon": "ten-off" } },
    { "id": "promo_3", "object": "promotion_code", "code": "JANE", "active": true, "customer": "cus_1", "coupon": "ten-off" },
    { "id": "promo_4", "object": "promotion_code", "code": "NONE", "active": true, "coupon": "gone" }
  ],
  "features": [
    { "id": "feat_1", "object": "entitlements.feature", "name": "API access", "lookup_key": "api-access", "active": true },
    { "id": "feat_2", "object": "entitlements.feature", "name": "Fax", "lookup_key": "fax", "active": false }
  ],
  "granted": { "object": "list", "url": "/v1/products/prod_1/features", "data": [
    { "id": "prodft_1", "object": "product_feature", "entitlement_feature": { "id": "feat_1" } },
    { "id": "prodft_2", "object": "product_feature", "entitlement_feature": { "id": "feat_2" } }
  ] },
  "customers": [{ "id": "cus_1", "object": "customer" }, { "id": "cus_2", "object": "customer" }]
}"#;

#[test]
fn offers_and_entitlements_are_taken_over_and_what_is_lost_is_said() {
    let imported = imported("account.json", ACCOUNT);
    let (left_out, changed): (Vec<_>, Vec<_>) = imported.notes.iter().cloned().partition(|note| note.left_out);
    insta::assert_snapshot!(format!(
        "{}--- left out\n{}--- changed\n{}",
        files(&imported),
        lines(&left_out),
        lines(&changed)
    ));
}
