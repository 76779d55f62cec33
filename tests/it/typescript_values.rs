//! What node must find in the npm package: the catalog's values as JSON, made another way than the emitter makes them.

use pricebook_model::catalog::{CurrencyAmount, Deposit, Price, Product, Value as CatalogValue};
use pricebook_types::{Limit, Money};
use serde_json::{Map, Value, json};

fn values(values: &[(String, CatalogValue)]) -> Value {
    let values = values.iter().map(|(name, value)| {
        let value = match value {
            CatalogValue::Text(text) => json!(text),
            CatalogValue::Integer(number) => json!(number),
            CatalogValue::Decimal(decimal) => json!(decimal.to_string()),
            CatalogValue::Boolean(boolean) => json!(boolean),
            CatalogValue::List(list) => json!(list),
        };
        (name.clone(), value)
    });
    Value::Object(values.collect())
}

pub(crate) fn expected_product(product: &Product) -> Value {
    let grants: Map<String, Value> = product
        .grants
        .iter()
        .map(|grant| {
            let limit = match grant.limit {
                Limit::Off | Limit::On => json!(grant.limit == Limit::On),
                Limit::AtMost(most) => json!(most),
                Limit::Unlimited => json!("unlimited"),
            };
            (grant.feature.clone(), limit)
        })
        .collect();
    let prices: Map<String, Value> =
        product.prices.iter().map(|price| (price.key.clone(), expected_price(product, price))).collect();
    json!({
        "kind": product.kind,
        "id": product.id,
        "name": product.name,
        "description": product.description,
        "active": product.active,
        "comingSoon": product.coming_soon,
        "free": product.free,
        "billingType": product.billing_type,
        "priceDisplay": product.price_display,
        "depositDisplay": product.deposit_display,
        "deposit": product.deposit.as_ref().map(expected_deposit),
        "unitLabel": product.unit_label,
        "marketingFeatures": product.marketing_features,
        "features": grants,
        "metadata": values(&product.metadata),
        "attributes": values(&product.attributes),
        "prices": prices,
    })
}

fn expected_deposit(deposit: &Deposit) -> Value {
    let changes = deposit.changes.iter().map(|change| json!({ "on": change.on, "amounts": due(&change.amounts) }));
    let mut expected = json!({
        "kind": deposit.kind,
        "value": deposit.value.normalize().to_string(),
        "amount": deposit.amount(),
        "amounts": due(&deposit.amounts),
        "changes": changes.collect::<Vec<_>>(),
    });
    if !deposit.changes.is_empty() {
        expected["amountsBeforeChanges"] = due(&deposit.amounts);
    }
    expected
}

fn due(amounts: &[Money]) -> Value {
    Value::Object(amounts.iter().map(|due| (due.currency().code().to_owned(), json!(due.minor()))).collect())
}

pub(crate) fn expected_price(product: &Product, price: &Price) -> Value {
    let mut expected = json!({
        "lookupKey": price.lookup_key,
        "product": product.id,
        "key": price.key,
        "label": price.label,
        "interval": price.interval,
        "usage": price.usage,
        "unit": price.unit,
        "transformQuantity": price.transform_quantity.map(|by| json!({
            "divideBy": by.divide_by,
            "round": if by.round_up { "up" } else { "down" },
        })),
        "trialDays": price.trial_days,
        "taxBehavior": price.tax_behavior,
        "replacedBy": price.grandfathered,
        "active": price.active,
    });
    if !price.currency_tax_behavior.is_empty() {
        expected["currencyTaxBehavior"] = json!(price.currency_tax_behavior);
    }
    let whole = price.amount_minor().is_some();
    let field = if whole { "amounts" } else { "tiers" };
    expected[field] = amounts(&price.amounts);
    if !price.changes.is_empty() {
        expected[format!("{field}BeforeChanges")] = amounts(&price.amounts);
    }
    expected["changes"] =
        price.changes.iter().map(|change| json!({ "on": change.on, field: amounts(&change.amounts) })).collect();
    if let Some(minor) = price.amount_minor() {
        expected["scheme"] = json!("per_unit");
        expected["amount"] = json!({ "minor": minor, "currency": price.amounts[0].currency.code() });
    } else {
        expected["scheme"] = json!("tiered");
        expected["tierMode"] = json!(price.tier_mode);
        expected["currency"] = json!(price.amounts[0].currency.code());
    }
    expected
}

fn amounts(amounts: &[CurrencyAmount]) -> Value {
    let text = |amount: Option<_>| amount.map(|amount: rust_decimal::Decimal| amount.normalize().to_string());
    let amounts = amounts.iter().map(|amount| {
        let tiers = amount.tiers.iter().map(|tier| {
            json!({ "upTo": tier.up_to, "unitAmount": text(tier.unit_amount), "flatAmount": text(tier.flat_amount) })
        });
        let value = match amount.unit_amount.and_then(pricebook_model::catalog::whole) {
            Some(minor) => json!(minor),
            None => tiers.collect(),
        };
        (amount.currency.code().to_owned(), value)
    });
    Value::Object(amounts.collect())
}

pub(crate) fn expected_config(product: &Product) -> Value {
    let major = |minor: i64, digits: u32| json_number(minor, digits);
    let deposit = product.deposit.as_ref().map(|deposit| {
        let value = serde_json::from_str(&deposit.value.normalize().to_string()).expect("a number");
        (json!(deposit.kind), value, major(deposit.amount().minor(), deposit.amount().currency().minor_digits()))
    });
    let (kind, value, amount) = deposit.unwrap_or_else(|| (json!("none"), json!(0), json!(0)));
    let price = product.prices[0].amount_minor().expect("first prices here are whole");
    json!({
        "id": product.id,
        "name": product.name,
        "description": product.description,
        "price": { "value": major(price, product.prices[0].amounts[0].currency.minor_digits()), "display": product.price_display },
        "deposit": { "type": kind, "value": value, "amount": amount, "display": product.deposit_display },
        "billingType": product.billing_type,
        "features": product.marketing_features,
        "metadata": values(&product.metadata),
        "active": product.active,
    })
}

/// Minor units in major ones, as JSON: `1495`, `5.5`.
fn json_number(minor: i64, digits: u32) -> Value {
    let text = rust_decimal::Decimal::new(minor, digits).normalize().to_string();
    serde_json::from_str(&text).expect("a number")
}
