//! The Stripe artifacts: what they hold.

use std::collections::BTreeMap;

use pricebook_emit::stripe::{desired, emit};
use pricebook_model::catalog::{CurrencyAmount, CustomAmount, Price, Product, StripeProductPer, whole};
use pricebook_model::lock::LockedItem;
use pricebook_model::migrate::own_schema;
use pricebook_model::{Catalog, Lock};
use pricebook_types::stripe::{Desired, Metadata, PriceParams, owned};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::catalogs::{real, small, small_after};

/// The names and ids of the requirement documents: local id, Stripe product name, lookup keys.
const LISTED: [(&str, &str); 15] = [
    ("plan_starter_monthly", "Starter Plan (Monthly)"),
    ("plan_starter_yearly", "Starter Plan (Yearly)"),
    ("plan_professional_monthly", "Professional Plan (Monthly)"),
    ("plan_professional_yearly", "Professional Plan (Yearly)"),
    ("plan_enterprise_monthly", "Enterprise Plan (Monthly)"),
    ("plan_enterprise_yearly", "Enterprise Plan (Yearly)"),
    ("addon_sales_powerpack", "Sales PowerPack Add-on"),
    ("addon_marketing_suite", "Marketing Suite Add-on"),
    ("addon_automation_plus", "Automation Plus Add-on"),
    ("role_sales_rep_sales_rep_basic", "Sales Representative - Basic"),
    ("role_sales_rep_sales_rep_pro", "Sales Representative - Professional"),
    ("role_admin_admin_elite", "Administrator - Elite"),
    ("org_starter_monthly", "Organization Starter"),
    ("org_growth_monthly", "Organization Growth"),
    ("org_starter_setup", "Starter Setup Fee (one-time)"),
];

/// The forms of price that the real catalog does without.
pub(crate) const FORMS: &str = "
catalog: { name: forms, title: Forms, currency: usd, tax_behavior: inclusive }
kinds: { plan: { title: Plan } }
plans:
  a:
    name: A
    images: [\"https://forms.example/a.png\"]
    url: https://forms.example/a
    shippable: true
    package_dimensions: { height: 2.5, length: 10, weight: 16.25, width: 8 }
    prices:
      pack: { interval: month, interval_count: 2, trial_days: 7, unit: call, amount: 0.125, transform_quantity: { divide_by: 100, round: up } }
      seats:
        interval: year
        tax_behavior: exclusive
        currency_tax_behavior: { eur: inclusive }
        tiers:
          mode: volume
          steps: [{ up_to: 10, unit_amount: 5.00, flat_amount: 1.00 }, { up_to: unlimited, unit_amount: 4.0025 }]
          currencies: { eur: [{ up_to: 10, unit_amount: 4.50, flat_amount: 0.90 }, { up_to: unlimited, unit_amount: 3.50 }] }
      gift:
        interval: once
        custom_amount: { minimum: 5.00, preset: 20.00, maximum: 500.00, currencies: { eur: { minimum: 4.50 }, jpy: {} } }
        changes: [{ on: 2027-01-01, custom_amount: { minimum: 6.00, currencies: { eur: {}, jpy: { preset: 500 } } } }]
";

pub(crate) fn artifact(catalog: &Catalog, path: &str) -> String {
    let artifacts = emit(catalog);
    artifacts.into_iter().find(|artifact| artifact.path == path).expect("the artifact").text
}

#[test]
fn products_have_the_ids_and_names_that_the_documents_list() {
    let catalog = real();
    let desired = desired(&catalog);
    let names: BTreeMap<_, _> =
        desired.products.iter().map(|product| (&*product.local_id, &*product.params.name)).collect();
    for (local_id, name) in LISTED {
        assert_eq!(names.get(local_id), Some(&name), "{local_id}");
    }
    let fee = desired.prices.iter().find(|price| price.local_id == "org_starter_setup").expect("the setup fee");
    assert_eq!(fee.params.recurring, None);
}

#[test]
fn a_kind_names_its_stripe_products_in_another_way() {
    let names = |stripe: &str| -> Vec<String> {
        let catalog = small(&format!(
            "catalog: {{ name: names, title: Names, currency: usd }}\nkinds:\n  plan: {{ title: Plan, attributes: \
             {{ team: {{ type: text, max: 20, required: true }} }}, stripe: {{ {stripe} }} }}\nplans:\n  starter:\n    \
             name: Starter Plan\n    attributes: {{ team: Sales }}\n    prices: {{ monthly: 5.00, yearly: 50.00 }}\n"
        ));
        desired(&catalog).products.iter().map(|product| product.params.name.to_string()).collect()
    };
    assert_eq!(
        names("product_per: price, name: '{name} - {price} billing'"),
        ["Starter Plan - monthly billing", "Starter Plan - yearly billing"]
    );
    assert_eq!(names("product_per: price"), ["Starter Plan (Monthly)", "Starter Plan (Yearly)"]);
    assert_eq!(names("name: '{attribute.team}: {name} ({kind})'"), ["Sales: Starter Plan (plan)"]);
    assert_eq!(names("product_per: product"), ["Starter Plan"]);
}

#[test]
fn the_desired_state_reads_back_as_it_was_written() {
    let catalog = real();
    let text = artifact(&catalog, "stripe/catalog.json");
    let read: Desired<'static> = serde_json::from_str(&text).expect("the emitter's own format");
    assert_eq!(read, desired(&catalog));
    assert_eq!(text, artifact(&real(), "stripe/catalog.json"), "the same catalog gives the same bytes");
}

#[test]
fn every_price_of_the_catalog_is_desired_with_its_amounts() {
    for catalog in [real(), small(FORMS)] {
        every_price_is_desired(&catalog);
    }
}

#[test]
fn metadata_of_a_price_are_texts_beside_our_marks_in_all_that_it_was_and_will_be() {
    let catalog = small(
        "catalog: { name: forms, title: Forms, currency: usd }\nkinds: { plan: { title: Plan } }\nplans:\n  a:\n    name: A\n    \
         metadata: { target: small }\n    prices:\n      monthly:\n        amount: 5.00\n        \
         metadata: { campaign: spring, wave: 3, final: true }\n        changes: [{ on: 2027-01-01, amount: 6.00 }]\n        \
         grandfathered: [{ key: monthly_2020, amount: 4.00 }]\n      yearly: 50.00\n",
    );
    let desired = desired(&catalog);
    let [monthly, yearly, former] = &desired.prices[..] else { panic!("three prices") };
    let own = |params: &PriceParams<'_>| {
        let (ours, own): (Vec<_>, Vec<_>) = params.metadata.iter().partition(|(key, _)| key.starts_with("pricebook_"));
        assert_eq!(ours.len(), owned::KEYS_OF_PRICE);
        own.into_iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
    };
    for params in [&monthly.params, &monthly.changes[0].params, &former.params] {
        assert_eq!(own(params), "campaign=spring final=true wave=3");
    }
    assert_eq!(own(&yearly.params), "");
}

fn every_price_is_desired(catalog: &Catalog) {
    let desired = desired(catalog);
    let prices: BTreeMap<_, _> = desired.prices.iter().map(|price| (&*price.params.lookup_key, price)).collect();
    let products: BTreeMap<_, _> = desired.products.iter().map(|product| (&*product.local_id, product)).collect();
    assert_eq!(prices.len(), catalog.products.iter().map(|product| product.prices.len()).sum::<usize>());
    for product in &catalog.products {
        let per = catalog.kind(&product.kind).expect("a kind").stripe_product_per;
        for price in &product.prices {
            let desired = prices[price.lookup_key.as_str()];
            assert_eq!(params(&desired.params), expected_params(price, &price.amounts));
            let changes: Vec<_> =
                desired.changes.iter().map(|change| (change.on.to_string(), params(&change.params))).collect();
            let announced = price.changes.iter();
            let announced: Vec<_> =
                announced.map(|change| (change.on.clone(), expected_params(price, &change.amounts))).collect();
            assert_eq!(changes, announced);
            assert_eq!(desired.meter, price.meter.as_deref().map(Into::into));
            let successor = price.grandfathered.as_ref().map(|key| {
                &*product
                    .prices
                    .iter()
                    .find(|price| price.key == *key)
                    .expect("the price that took its place")
                    .lookup_key
            });
            assert_eq!(desired.replaced_by.as_deref(), successor);
            let stripe_product = products[&*desired.product];
            assert_eq!(stripe_product.params.active, product.active);
            if per == StripeProductPer::Price && price.grandfathered.is_none() {
                assert_eq!(
                    (&*stripe_product.local_id, &*stripe_product.params.name),
                    (&*price.local_id, &*price.stripe_name)
                );
            }
        }
    }
}

/// The parameters as JSON, without the marks of ownership.
fn params(params: &PriceParams<'_>) -> Value {
    let mut params = json!(params);
    params.as_object_mut().expect("an object").remove("metadata").expect("metadata");
    params
}

/// What Stripe's create call for a price should take.
fn expected_params(price: &Price, amounts: &[CurrencyAmount]) -> Value {
    let options = amounts[1..].iter().map(|amount| {
        let mut option = expected_amount(amount);
        let otherwise = price.currency_tax_behavior.get(&amount.currency);
        option["tax_behavior"] = json!(otherwise.unwrap_or(&price.tax_behavior));
        (amount.currency.code().to_owned(), option)
    });
    let recurring = price.interval.map(|every| {
        without_empty(json!({
            "interval": every.unit.as_str(),
            "interval_count": every.count,
            "usage_type": if price.meter.is_some() { "metered" } else { "licensed" },
            "trial_period_days": (price.trial_days > 0).then_some(price.trial_days),
        }))
    });
    let mut expected = without_empty(json!({
        "currency": amounts[0].currency.code(),
        "billing_scheme": if price.tier_mode.is_some() { "tiered" } else { "per_unit" },
        "tiers_mode": price.tier_mode,
        "currency_options": options.collect::<Map<_, _>>(),
        "recurring": recurring,
        "transform_quantity": price.transform_quantity.map(|by| {
            json!({ "divide_by": by.divide_by, "round": if by.round_up { "up" } else { "down" } })
        }),
        "tax_behavior": price.tax_behavior,
        "lookup_key": price.lookup_key,
        "nickname": price.label,
        "active": price.active,
    }));
    expected
        .as_object_mut()
        .expect("an object")
        .extend(expected_amount(&amounts[0]).as_object().expect("as well").clone());
    expected
}

fn expected_amount(amount: &CurrencyAmount) -> Value {
    let minor = |name: &str, minor: Option<Decimal>| match minor.map(|minor| (whole(minor), minor)) {
        None => json!({}),
        Some((Some(whole), _)) => json!({ name: whole }),
        Some((None, minor)) => json!({ format!("{name}_decimal"): minor.normalize().to_string() }),
    };
    let tiers = amount.tiers.iter().map(|tier| {
        let mut expected = json!({ "up_to": tier.up_to.map_or(json!("inf"), |last| json!(last)) });
        for part in [minor("unit_amount", tier.unit_amount), minor("flat_amount", tier.flat_amount)] {
            expected.as_object_mut().expect("an object").extend(part.as_object().expect("as well").clone());
        }
        expected
    });
    let mut expected = minor("unit_amount", amount.unit_amount);
    expected["tiers"] = tiers.collect();
    expected["custom_unit_amount"] = json!(amount.custom.map(|custom| {
        let CustomAmount { minimum, maximum, preset } = custom;
        without_empty(json!({ "enabled": true, "minimum": minimum, "maximum": maximum, "preset": preset }))
    }));
    without_empty(expected)
}

/// Without what the create call leaves out: null, and what holds nothing.
fn without_empty(mut value: Value) -> Value {
    let empty = |value: &Value| match value {
        Value::Array(list) => list.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        value => value.is_null(),
    };
    value.as_object_mut().expect("an object").retain(|_, value| !empty(value));
    value
}

#[test]
fn announced_changes_and_grandfathered_prices_are_desired_beside_the_prices_that_are_sold() {
    let catalog = real();
    let desired = desired(&catalog);
    let price = |key: &str| desired.prices.iter().find(|price| price.params.lookup_key == key).expect("a price");
    let starter = price("plan_starter_monthly");
    assert_eq!(starter.params.unit_amount, Some(2900));
    assert_eq!((&*starter.changes[0].on, starter.changes[0].params.unit_amount), ("2027-01-01", Some(3500)));
    let former = price("plan_professional_yearly_2024");
    assert_eq!((former.params.unit_amount, former.params.active), (Some(69000), false));
    assert_eq!(former.product, "plan_professional_yearly");
    assert_eq!(former.replaced_by.as_deref(), Some("plan_professional_yearly"));
    let usage = price("hosting_cloud_usage");
    assert_eq!(usage.meter.as_deref(), Some("api_calls"));
    assert_eq!(usage.params.tiers[1].unit_amount_decimal.as_deref(), Some("0.2"));
}

/// Every object of an account that holds ownership, by its sort and id, with its hash.
fn hashes(catalog: &Catalog) -> BTreeMap<String, String> {
    let desired = desired(catalog);
    let mut hashes = BTreeMap::new();
    let mut add = |sort: &str, id: &str, metadata: &Metadata<'_>| {
        assert_eq!(metadata[owned::CATALOG], "stratiqx");
        assert_eq!(metadata[owned::HASH].len(), 64);
        hashes.insert(format!("{sort}/{id}"), metadata[owned::HASH].to_string());
    };
    desired.products.iter().for_each(|product| add("product", &product.local_id, &product.params.metadata));
    desired.prices.iter().for_each(|price| add("price", &price.params.lookup_key, &price.params.metadata));
    desired.features.iter().for_each(|feature| add("feature", &feature.params.lookup_key, &feature.params.metadata));
    desired.coupons.iter().for_each(|coupon| add("coupon", &coupon.params.id, &coupon.params.metadata));
    desired.promotion_codes.iter().for_each(|code| add("promotion code", &code.params.code, &code.params.metadata));
    hashes
}

/// A change of the real catalog, and the objects that must be written for it.
type Change = (fn(&mut Catalog), &'static [&'static str]);

#[test]
fn objects_are_owned_and_their_hashes_change_with_their_content() {
    fn product<'a>(catalog: &'a mut Catalog, id: &str) -> &'a mut Product {
        catalog.products.iter_mut().find(|product| product.id == id).expect("the product")
    }
    let changes: &[Change] = &[
        (|_| (), &[]),
        (
            |catalog| product(catalog, "market-pulse-executive").stripe_name.push('!'),
            &["product/service_market-pulse-executive"],
        ),
        (|catalog| drop(product(catalog, "kubernetes").grants.pop()), &["product/hosting_kubernetes"]),
        (|catalog| product(catalog, "cloud").prices.swap(0, 1), &["product/hosting_cloud"]),
        (
            |catalog| product(catalog, "domain").prices[0].amounts[0].unit_amount = Some(1600.into()),
            &["price/hosting_domain_yearly"],
        ),
        (|catalog| catalog.features[0].name.push('!'), &["feature/"]),
        (|catalog| catalog.coupons[0].max_redemptions = Some(7), &["coupon/launch20"]),
        (|catalog| drop(catalog.coupons[0].applies_to.pop()), &["coupon/launch20"]),
        (|catalog| catalog.coupons[0].promotion_codes[0].max_redemptions = Some(7), &["promotion code/LAUNCH20"]),
    ];
    let catalog = real();
    let before = hashes(&catalog);
    for (change, expected) in changes {
        let mut changed = catalog.clone();
        change(&mut changed);
        let after = hashes(&changed);
        assert!(before.keys().eq(after.keys()));
        let moved: Vec<_> = before.iter().filter(|(id, hash)| after[*id] != **hash).map(|(id, _)| id).collect();
        let as_expected = |(id, expected): (&&String, &&str)| id.starts_with(expected);
        assert!(
            moved.len() == expected.len() && moved.iter().zip(*expected).all(as_expected),
            "{moved:?} for {expected:?}"
        );
    }
}

#[test]
fn retired_things_are_listed_to_be_archived() {
    let text = "catalog: { name: shop, title: Shop, currency: usd }\nkinds: { plan: { title: Plan } }\n\
         plans: { a: { name: A, prices: { monthly: 5.00 } } }\nretired: [plan/old, price/plan_a_weekly]\n";
    let catalog = small(text);
    let retired = desired(&catalog).retired;
    let retired: Vec<_> = retired.iter().map(|item| (&*item.what, &*item.id)).collect();
    assert_eq!(retired, [("plan", "old"), ("price", "plan_a_weekly")]);

    let lock = Lock { version: 1, schema: own_schema(&catalog), ..Lock::default() };
    let item = |what: &str, id: &str| LockedItem {
        keys: Vec::new(),
        what: what.to_owned(),
        id: id.to_owned(),
        of: String::new(),
        amounts: Vec::new(),
        retired: true,
        renamed_to: String::new(),
    };
    let items =
        vec![item("plan", "old"), item("plan", "older"), item("price", "plan_a_daily"), item("price", "plan_a_weekly")];
    let catalog = small_after(text, &Lock { items, ..lock });
    let retired = desired(&catalog).retired;
    let retired: Vec<_> = retired.iter().map(|item| (&*item.what, &*item.id)).collect();
    let remembered = [("plan", "older"), ("price", "plan_a_daily")];
    assert_eq!(retired, [[("plan", "old"), ("price", "plan_a_weekly")], remembered].concat());
}
