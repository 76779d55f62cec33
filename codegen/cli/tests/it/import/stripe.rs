//! From the products and prices of a Stripe account.

use std::collections::BTreeMap;

use pricebook_cli::import::{Imported, Input, Options, import};
use pricebook_emit::build::{Package, Stream};
use pricebook_emit::stripe::desired;
use pricebook_model::{Catalog, Source};
use pricebook_types::stripe::{Desired, owned};
use serde_json::{Map, Value, json};

use super::{files, imported, lines};

const ACCOUNT: &str = include_str!("../../fixtures/account.json");
const EVERY_FIELD: &str = include_str!("../../fixtures/every_price_field.yaml");

#[test]
fn an_account_becomes_a_catalog_that_makes_the_same_objects() {
    let imported = imported("account.json", ACCOUNT);
    insta::assert_snapshot!(format!("{}--- notes\n{}", files(&imported), lines(&imported.notes)));
}

#[test]
fn every_price_field_survives_generate_import_generate() {
    let first = compiled("every.yaml", EVERY_FIELD);
    let second = round_trip(&first);
    assert_eq!(lines(&second.notes), "");
    assert_eq!(comparable(&desired(&first)), comparable(&desired(&second.catalog)));
}

#[test]
fn the_catalog_of_this_repository_survives_generate_import_generate() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let sources = Package::new(root, Stream::Catalog).sources().expect("the catalog");
    let first = pricebook_model::compile(sources, &pricebook_emit::limits(), None)
        .unwrap_or_else(|report| panic!("{:?}", report.diagnostics));
    let second = round_trip(&first);
    let (was, is) = (comparable(&desired(&first)), comparable(&desired(&second.catalog)));
    assert_eq!(was.len(), is.len());
    for (id, object) in &was {
        assert_eq!(Some(object), is.get(id), "{id}");
    }
    assert_eq!(lines(&second.notes), "");
    // Marks and hashes among them, so that a plan finds nothing to write.
    let whole = |catalog: &Catalog| {
        let state = json!(desired(catalog));
        let lists = ["products", "prices", "features", "coupons", "promotion_codes"].map(|list| state[list].clone());
        let objects = lists.into_iter().flat_map(|list| list.as_array().cloned().unwrap_or_default());
        let in_stripe = objects.map(|mut object| {
            // Announced changes come to Stripe on their day, and a meter's id is the catalog's own.
            if let Some(object) = object.as_object_mut() {
                object.retain(|field, _| !["changes", "meter"].contains(&field.as_str()));
            }
            object.to_string()
        });
        in_stripe.collect::<std::collections::BTreeSet<_>>()
    };
    let (was, is) = (whole(&first), whole(&second.catalog));
    assert_eq!(was.difference(&is).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn lists_pages_and_several_files_are_taken_together() {
    let account: Value = serde_json::from_str(ACCOUNT).expect("JSON");
    let list = |name: &str, has_more: bool| Input {
        name: format!("{name}.json"),
        text: json!({ "object": "list", "data": account[name], "has_more": has_more }).to_string(),
    };
    let files = [list("products", false), list("prices", true), list("meters", false)];
    let whole = imported("account.json", ACCOUNT);
    let parts = import(&files, &Options::default()).unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!(
        whole.files[1].1.lines().skip(1).collect::<Vec<_>>(),
        parts.files[1].1.lines().skip(1).collect::<Vec<_>>()
    );
    assert!(lines(&parts.notes).contains("prices.json: has_more"), "{}", lines(&parts.notes));
}

#[test]
fn broken_json_and_accounts_without_products_are_named() {
    let broken = super::import_one("a.json", "{\n  \"products\": [,]\n}").expect_err("it is broken");
    assert!(broken.to_string().starts_with("a.json:2:"), "{broken}");
    let empty = super::import_one("a.json", "[]").expect_err("it is empty");
    assert!(empty.to_string().contains("no Stripe product was found"), "{empty}");
}

#[test]
fn of_two_products_with_one_name_the_second_gets_an_id_and_a_name_of_its_own() {
    let product =
        |id: &str, created: u8| json!({ "id": id, "object": "product", "name": "Starter", "created": created });
    let price = |id: &str, product: &str| json!({ "id": id, "object": "price", "product": product, "currency": "usd", "unit_amount": 2000 });
    let account = json!({
        "products": [product("prod_3", 3), product("prod_1", 1), product("prod_2", 2)],
        "prices": [price("price_1", "prod_1"), price("price_2", "prod_2"), price("price_3", "prod_3")],
    });
    let imported = imported("account.json", &account.to_string());
    let products = imported.catalog.products.iter().map(|product| (product.id.as_str(), product.name.as_str()));
    assert_eq!(
        products.collect::<Vec<_>>(),
        [("starter", "Starter"), ("starter_2", "Starter (2)"), ("starter_3", "Starter (3)")]
    );
    assert!(imported.notes.iter().all(|note| !note.left_out), "{}", lines(&imported.notes));
    let said = lines(&imported.notes);
    let words = "prod_2: name: another product is called `Starter` too; this one becomes `Starter (2)`";
    assert!(said.contains(words) && said.contains("`Starter (3)`"), "{said}");
}

#[test]
fn a_kind_that_is_called_like_its_section_has_no_second_s() {
    let account = json!({
        "products": [{ "id": "prod_1", "object": "product", "name": "Starter" }],
        "prices": [{ "id": "price_1", "object": "price", "product": "prod_1", "currency": "usd", "unit_amount": 2000 }],
    });
    let input = Input { name: "account.json".to_owned(), text: account.to_string() };
    let options = Options { kind: Some("products".to_owned()), ..Options::default() };
    let imported = import(&[input], &options).unwrap_or_else(|failure| panic!("{failure}"));
    let paths: Vec<_> = imported.files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["catalog.yaml", "products.yaml"]);
    assert_eq!((&*imported.catalog.kinds[0].id, &*imported.catalog.kinds[0].plural), ("products", "products"));
}

#[test]
fn coupons_keep_their_ids() {
    let ids = ["25OFF", "SUMMER_2026", "jMT0WJUD", "ten-off"];
    let coupons: Vec<Value> = (ids.iter())
        .map(|id| json!({ "id": id, "object": "coupon", "name": "Off", "percent_off": 10, "duration": "once" }))
        .collect();
    let account = json!({
        "products": [{ "id": "prod_1", "object": "product", "name": "Starter" }],
        "prices": [{ "id": "price_1", "object": "price", "product": "prod_1", "currency": "usd", "unit_amount": 2000 }],
        "coupons": coupons,
    });
    let imported = imported("account.json", &account.to_string());
    let made: Vec<String> =
        desired(&imported.catalog).coupons.iter().map(|coupon| coupon.params.id.to_string()).collect();
    assert_eq!(made, ids);
    assert!(!lines(&imported.notes).contains("new coupon"), "{}", lines(&imported.notes));
}

fn compiled(path: &str, text: &str) -> Catalog {
    let source = Source { path: path.to_owned(), text: text.to_owned(), base: false };
    let sources = Package::with_base(vec![source]);
    pricebook_model::compile(sources, &pricebook_emit::limits(), None).unwrap_or_else(|report| {
        let lines =
            report.diagnostics.iter().map(|found| format!("{:?} {}", found.position(&report.sources), found.message));
        panic!("{}", lines.collect::<Vec<_>>().join("\n"))
    })
}

fn round_trip(catalog: &Catalog) -> Imported {
    imported("account.json", &as_stripe_answers(&desired(catalog)).to_string())
}

/// The desired state as an account that holds it answers.
fn as_stripe_answers(desired: &Desired<'_>) -> Value {
    let products = desired.products.iter().enumerate().map(|(number, product)| {
        let default = product.default_price.as_ref().map(|key| format!("price_{key}"));
        let mut object = json!(product.params);
        object["object"] = json!("product");
        object["id"] = json!(format!("prod_{}", product.local_id));
        object["created"] = json!(number);
        object["default_price"] = json!(default);
        if object.get("images").is_none() {
            object["images"] = json!([]);
        }
        object
    });
    let prices = desired.prices.iter().enumerate().map(|(number, price)| {
        let mut params = json!(price.params);
        if let Some(meter) = &price.meter {
            params["recurring"]["meter"] = json!(format!("mtr_{meter}"));
        }
        let id = format!("price_{}", price.params.lookup_key);
        price_as_stripe_answers(params, &id, &format!("prod_{}", price.product), number)
    });
    let meters = desired.meters.iter().map(|meter| {
        let mut object = json!(meter.params);
        object["object"] = json!("billing.meter");
        object["id"] = json!(format!("mtr_{}", meter.id));
        object
    });
    let mut account = json!({ "products": products.collect::<Vec<_>>(), "prices": prices.collect::<Vec<_>>(), "meters": meters.collect::<Vec<_>>() });
    for (key, value) in super::offers::as_stripe_answers(desired) {
        account[key] = value;
    }
    account
}

/// A price as an account answers it that was created with these parameters.
pub(super) fn price_as_stripe_answers(params: Value, id: &str, product: &str, created: usize) -> Value {
    let mut object = params;
    object["object"] = json!("price");
    object["id"] = json!(id);
    object["created"] = json!(created);
    object["livemode"] = json!(false);
    object["product"] = json!(product);
    object["type"] = json!(if object["recurring"].is_object() { "recurring" } else { "one_time" });
    answer_amounts(&mut object);
    let own = json!({ "unit_amount": object["unit_amount"], "unit_amount_decimal": object["unit_amount_decimal"],
                      "tiers": object["tiers"], "tax_behavior": object["tax_behavior"],
                      "custom_unit_amount": object["custom_unit_amount"] });
    let mut options = object["currency_options"].as_object().cloned().unwrap_or_default();
    options.values_mut().for_each(answer_amounts);
    let currency = object["currency"].as_str().unwrap_or_default().to_owned();
    options.insert(currency, own);
    object["currency_options"] = Value::Object(options);
    object
}

/// Stripe answers each amount twice, open ends as null, and what is not there as null.
fn answer_amounts(object: &mut Value) {
    let twice = |object: &mut Value, name: &str| {
        let decimal = format!("{name}_decimal");
        if let Some(whole) = object[name].as_i64() {
            object[&decimal] = json!(whole.to_string());
        } else if object.get(&decimal).is_none() {
            object[&decimal] = Value::Null;
        }
    };
    twice(object, "unit_amount");
    // Each bound is answered, and that customers choose follows from the object.
    object["custom_unit_amount"] = match object.get("custom_unit_amount") {
        Some(Value::Object(bounds)) => json!({
            "maximum": bounds.get("maximum"), "minimum": bounds.get("minimum"), "preset": bounds.get("preset"),
        }),
        _ => Value::Null,
    };
    if let Some(tiers) = object["tiers"].as_array_mut() {
        for tier in tiers {
            twice(tier, "unit_amount");
            twice(tier, "flat_amount");
            if tier["up_to"] == "inf" {
                tier["up_to"] = Value::Null;
            }
        }
    }
}

/// Products and prices by local id and lookup key, without what marks them as one catalog's.
fn comparable(desired: &Desired<'_>) -> BTreeMap<String, Value> {
    let without_marks = |mut params: Value| {
        if let Some(metadata) = params["metadata"].as_object_mut() {
            metadata.retain(|key, _| {
                ![owned::CATALOG, owned::HASH, owned::PRODUCT, owned::PRICE, owned::ID].contains(&key.as_str())
            });
        }
        params
    };
    let products = desired.products.iter().map(|product| {
        let object = json!({
            "params": without_marks(json!(product.params)),
            "default_price": product.default_price,
            "features": product.features,
        });
        (format!("product {}", product.local_id), object)
    });
    let prices = desired.prices.iter().map(|price| {
        let replaced_by = price.replaced_by.as_ref();
        let mut object = Map::from_iter([("params".to_owned(), without_marks(json!(price.params)))]);
        object.insert("product".to_owned(), json!(price.product));
        // A meter's id is the catalog's own; Stripe knows meters by their events.
        let meter = desired.meters.iter().find(|meter| Some(&meter.id) == price.meter.as_ref());
        object.insert("meter".to_owned(), json!(meter.map(|meter| &meter.params)));
        object.insert("replaced_by".to_owned(), json!(replaced_by));
        (format!("price {}", price.params.lookup_key), Value::Object(object))
    });
    let features = desired
        .features
        .iter()
        .map(|feature| (format!("feature {}", feature.params.lookup_key), without_marks(json!(feature.params))));
    let coupons = desired.coupons.iter().map(|coupon| {
        let object = json!({ "params": without_marks(json!(coupon.params)), "applies_to": coupon.applies_to });
        (format!("coupon {}", coupon.params.id), object)
    });
    let codes = desired
        .promotion_codes
        .iter()
        .map(|code| (format!("code {}", code.params.code), without_marks(json!(code.params))));
    products.chain(prices).chain(features).chain(coupons).chain(codes).collect()
}
