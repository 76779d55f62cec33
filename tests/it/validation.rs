//! The validation tables: equal to the catalog, and to what the requirement documents expect of the live API.

use std::collections::BTreeMap;

use pricebook_emit::validation::{emit, tables};
use pricebook_model::Catalog;
use pricebook_model::catalog::{CurrencyAmount, Product, Tier, Value as MetadataOfCatalog, whole};
use pricebook_types::Money;
use pricebook_types::validation::{LiveItem, LiveUnit, MetadataValue, Number, Payment, PriceRange, Sale, Validation};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::catalogs::{real, small};

fn read(catalog: &Catalog) -> Validation<'static> {
    let artifact = emit(catalog).remove(0);
    assert_eq!(artifact.path, "validation/catalog.json");
    serde_json::from_str(&artifact.text).expect("the emitter's own format")
}

fn item<'a>(validation: &'a Validation<'_>, kind: &str, id: &str) -> &'a LiveItem<'a> {
    let kind = validation.live.iter().find(|live| live.kind == kind).expect("a kind");
    kind.items.iter().find(|item| item.id == id).expect("a product")
}

#[test]
fn the_tables_read_back_as_they_were_written() {
    let catalog = real();
    assert_eq!(read(&catalog), tables(&catalog));
}

#[test]
fn each_kind_names_the_columns_that_the_api_reads() {
    let catalog = real();
    let validation = read(&catalog);
    let table = |kind: &str| validation.live.iter().find(|live| live.kind == kind).expect("a kind").table.clone();
    let columns = |kind: &str| table(kind).columns.values().map(ToString::to_string).collect::<Vec<_>>();
    let services =
        ["id", "name", "description", "min_price", "max_price", "deposit_amount", "billing_type", "metadata", "active"];
    assert_eq!(columns("service"), services);
    assert_eq!((&*table("service").name, table("service").amounts), ("services", LiveUnit::Major));
    assert_eq!(columns("role"), ["id", "name", "description", "billing_type", "metadata", "active"]);
    assert_eq!((&*table("role").name, table("role").amounts), ("role_tiers", LiveUnit::Minor));
}

#[test]
fn the_live_api_must_answer_what_the_documents_expect() {
    let catalog = real();
    let validation = read(&catalog);
    let expected = [
        ("market-essentials", 1495, 299),
        ("market-intelligence", 2995, 599),
        ("strategic-analysis", 4995, 999),
        ("ongoing-retainer", 3500, 3500),
    ];
    for (id, price, deposit) in expected {
        let item = item(&validation, "service", id);
        assert_eq!(
            item.amounts.price_range,
            Some(PriceRange { min: Number::Whole(price), max: Number::Whole(price) }),
            "{id}"
        );
        assert_eq!(item.amounts.deposit_amount, Some(Number::Whole(deposit)), "{id}");
        assert!(item.active, "{id}");
    }
    assert!(!item(&validation, "service", "competitor-tracking").active);
    assert_eq!(item(&validation, "service", "competitor-tracking").amounts.deposit_amount, None);
    assert_eq!(item(&validation, "service", "market-pulse-executive").amounts.deposit_amount, Some(Number::Whole(0)));
    let production = validation.environments.iter().find(|environment| environment.id == "production");
    let address = production.and_then(|production| production.live_url.as_deref()).expect("a live URL");
    assert_eq!(format!("{address}{}", validation.live[0].path), "https://payments.stratiqx.ai/services");
}

#[test]
fn an_item_has_the_fields_of_the_payment_api() {
    let catalog = real();
    let item = json!(item(&tables(&catalog), "service", "market-essentials"));
    assert_eq!(item["priceRange"], json!({ "min": 1495, "max": 1495 }));
    assert_eq!(item["depositAmount"], 299);
    assert_eq!(item["billingType"], "one-time");
    assert_eq!(item["features"][0], "Executive-grade market analysis (15-20 pages)");
    assert_eq!(item["metadata"]["reportPages"], "15-20");
}

#[test]
fn every_product_of_the_catalog_is_in_both_tables_as_it_is() {
    let catalog = real();
    let validation = read(&catalog);
    assert_eq!(validation.payments.len(), catalog.products.len());
    for (product, payment) in catalog.products.iter().zip(&validation.payments) {
        equals_payment(product, payment);
        let item = item(&validation, &product.kind, &product.id);
        assert_eq!((&*item.name, &*item.description), (&*product.name, &*product.description));
        assert_eq!((item.active, item.billing_type), (product.active, product.billing_type));
        assert_eq!(item.features, product.marketing_features);
        let metadata = product.metadata.iter().map(|(key, value)| (key.clone(), metadata(value)));
        assert_eq!(json!(item.metadata), Value::Object(metadata.collect()));
    }
}

fn equals_payment(product: &Product, payment: &Payment<'_>) {
    assert_eq!((&*payment.kind, &*payment.id, &*payment.name), (&*product.kind, &*product.id, &*product.name));
    let sale = match (product.coming_soon, product.active, product.free) {
        (true, ..) => Sale::ComingSoon,
        (_, false, _) => Sale::Inactive,
        (_, _, true) => Sale::Free,
        _ => Sale::Sold,
    };
    assert_eq!(payment.sale, sale, "{}", product.id);
    assert_eq!(payment.prices.len(), product.prices.len());
    for (price, rule) in product.prices.iter().zip(&payment.prices) {
        assert_eq!((&*rule.lookup_key, &*rule.key, rule.active), (&*price.lookup_key, &*price.key, price.active));
        assert_eq!((rule.interval, rule.tier_mode), (price.interval, price.tier_mode));
        assert_eq!(json!(rule.amounts), amounts(&price.amounts), "{}", price.lookup_key);
        let announced = price.changes.iter();
        let announced: Vec<_> =
            announced.map(|change| json!({ "on": change.on, "amounts": amounts(&change.amounts) })).collect();
        assert_eq!(json!(rule.changes), json!(announced), "{}", price.lookup_key);
    }
    let due = |amounts: &[Money]| amounts.iter().map(|due| (due.currency(), due.minor())).collect::<BTreeMap<_, _>>();
    let minimum = payment.deposit.as_ref().map(|rule| rule.minimum.clone());
    assert_eq!(minimum, product.deposit.as_ref().map(|deposit| due(&deposit.amounts)), "{}", product.id);
}

fn amounts(amounts: &[CurrencyAmount]) -> Value {
    let minor = |amount: Option<Decimal>| match amount.map(|minor| (whole(minor), minor)) {
        None => Value::Null,
        Some((Some(whole), _)) => json!(whole),
        Some((None, minor)) => json!(minor.normalize().to_string()),
    };
    let present = |mut value: Value| {
        value.as_object_mut().expect("an object").retain(|_, value| *value != Value::Null && *value != json!([]));
        value
    };
    let tier = |tier: &Tier| {
        let (unit_amount, flat_amount) = (minor(tier.unit_amount), minor(tier.flat_amount));
        present(json!({ "up_to": tier.up_to, "unit_amount": unit_amount, "flat_amount": flat_amount }))
    };
    let amount = |amount: &CurrencyAmount| {
        let tiers: Vec<_> = amount.tiers.iter().map(tier).collect();
        present(json!({ "currency": amount.currency, "unit_amount": minor(amount.unit_amount), "tiers": tiers }))
    };
    amounts.iter().map(amount).collect()
}

fn minor(number: Option<&Number<'_>>) -> Option<i64> {
    match number {
        Some(Number::Whole(minor)) => Some(*minor),
        _ => None,
    }
}

fn metadata(value: &MetadataOfCatalog) -> Value {
    match value {
        MetadataOfCatalog::Text(text) => json!(text),
        MetadataOfCatalog::Integer(number) => json!(number),
        MetadataOfCatalog::Boolean(truth) => json!(truth),
        MetadataOfCatalog::Decimal(_) | MetadataOfCatalog::List(_) => panic!("metadata holds no {value:?}"),
    }
}

const ANNOUNCED: &str = r#"
catalog: { name: shop, title: Shop, currency: usd }
kinds: { task: { title: Task } }
tasks:
  share:
    name: Share
    metadata: { count: 3, urgent: true, note: "3" }
    deposit: { percent: 20, rounding: down }
    prices:
      one_time:
        amount: 99.50
        currencies: { jpy: 1111 }
        changes: [{ on: 2027-01-01, amount: 200.00, currencies: { jpy: 3004 } }]
  fixed:
    name: Fixed
    deposit: { amount: 10.00, currencies: { eur: 9.00 } }
    prices:
      one_time: { amount: 99.50, currencies: { eur: 90.00 }, changes: [{ on: 2027-01-01, amount: 95.00, currencies: { eur: 90.00 } }] }
  plan:
    name: Plan
    deposit: full
    prices:
      monthly: { amount: 30.00, changes: [{ on: 2027-02-01, amount: 35.00 }, { on: 2027-03-01, amount: 45.00 }] }
      partners: { interval: month, amount: 40.00, changes: [{ on: 2027-03-01, amount: 50.00 }] }
      weekly: { amount: 5.00, active: false, changes: [{ on: 2027-01-15, amount: 6.00 }] }
"#;

#[test]
fn deposits_are_rounded_as_declared_in_every_currency_and_on_every_day() {
    let catalog = small(ANNOUNCED);
    let validation = read(&catalog);
    let deposit = |index: usize| json!(validation.payments[index].deposit);
    assert_eq!(deposit(0)["minimum"], json!({ "jpy": 222, "usd": 1990 }));
    assert_eq!(deposit(0)["changes"], json!([{ "on": "2027-01-01", "minimum": { "jpy": 600, "usd": 4000 } }]));
    assert_eq!(deposit(1), json!({ "kind": "fixed", "minimum": { "eur": 900, "usd": 1000 } }));
    assert_eq!(deposit(2)["changes"][1], json!({ "on": "2027-03-01", "minimum": { "usd": 4500 } }));
}

#[test]
fn the_live_api_must_answer_announced_amounts_from_their_day() {
    let catalog = small(ANNOUNCED);
    let validation = read(&catalog);
    let plan = item(&validation, "task", "plan");
    let on = |day| {
        let amounts = plan.amounts_on(day);
        let range = amounts.price_range.as_ref().expect("a price");
        [Some(&range.min), Some(&range.max), amounts.deposit_amount.as_ref()].map(minor)
    };
    assert_eq!(on("2027-01-31"), [30, 40, 30].map(Some), "what is not sold counts for nothing");
    assert_eq!(on("2027-02-28"), [35, 40, 35].map(Some));
    assert_eq!(on("2027-03-01"), [45, 50, 45].map(Some));
    assert_eq!(plan.changes.len(), 2);
}

#[test]
fn amounts_and_metadata_keep_their_types() {
    let catalog = small(ANNOUNCED);
    let validation = read(&catalog);
    let share = item(&validation, "task", "share");
    let range = share.amounts.price_range.as_ref();
    assert_eq!(range.map(|range| range.min.clone()), Some(Number::Decimal("99.50".into())));
    assert_eq!(share.metadata["count"], MetadataValue::Integer(3));
    assert_eq!(share.metadata["urgent"], MetadataValue::Boolean(true));
    assert_eq!(share.metadata["note"], MetadataValue::Text("3".into()));
}
