//! What is no catalog's or no Stripe's: it is said in words, with its place, and takes as little along as it must.

use pricebook_cli::import::Failure;
use serde_json::{Value, json};

use super::{import_one, imported, lines};

/// An account with one product and these prices, each 20.00 USD unless it says otherwise; and what is left out of it.
fn left_out(prices: &[Value]) -> String {
    let prices = prices.iter().enumerate().map(|(number, fields)| {
        let mut price = json!({ "object": "price", "id": format!("price_{number}"), "product": "prod_1", "created": number,
                                "currency": "usd", "unit_amount": 2000, "tax_behavior": "exclusive" });
        price.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
        price
    });
    let products = json!([{ "object": "product", "id": "prod_1", "name": "Starter", "default_price": "price_0" }]);
    let account = json!({ "products": products, "prices": prices.collect::<Vec<_>>() });
    let notes = imported("account.json", &account.to_string()).notes;
    lines(&notes.into_iter().filter(|note| note.left_out).collect::<Vec<_>>())
}

fn refusal(name: &str, text: &str) -> String {
    match import_one(name, text) {
        Err(Failure::Source(notes)) => lines(&notes),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_value_of_another_type_is_told_in_words_with_its_place_in_the_file() {
    let monthly = |count: u32| json!({ "interval": "month", "interval_count": count, "usage_type": "licensed" });
    let tiers = json!([{ "up_to": 10, "unit_amount": 100 }, { "up_to": null, "flat_amount": true }]);
    insta::assert_snapshot!(left_out(&[
        json!({}),
        json!({ "unit_amount": "free" }),
        json!({ "unit_amount": 12.5 }),
        json!({ "product": 5 }),
        json!({ "billing_scheme": "per_moon" }),
        json!({ "recurring": monthly(70_000) }),
        json!({ "recurring": 7, "nickname": "n".repeat(50) }),
        json!({ "nickname": { "en": "Starter" } }),
        json!({ "billing_scheme": "tiered", "tiers_mode": "volume", "tiers": tiers }),
    ]), @r#"
    price_1: price: its `unit_amount` is the text "free", and Stripe has a whole number there (account.json at /prices/1/unit_amount)
    price_2: price: its `unit_amount` is 12.5, and Stripe has a whole number there (account.json at /prices/2/unit_amount)
    price_3: price: its `product` is 5, and Stripe has an id, or the object itself there (account.json at /prices/3/product)
    price_4: price: its `billing_scheme` is the text "per_moon", and Stripe has `per_unit` or `tiered` there (account.json at /prices/4/billing_scheme)
    price_5: price: its `recurring.interval_count` is 70000, and Stripe has a whole number from 0 to 65535 there (account.json at /prices/5/recurring/interval_count)
    price_6: price: its `recurring` is 7, and Stripe has an object there (account.json at /prices/6/recurring)
    price_7: price: its `nickname` is an object, and Stripe has a text there (account.json at /prices/7/nickname)
    price_8: price: its `tiers[1].flat_amount` is true, and Stripe has a whole number there (account.json at /prices/8/tiers/1/flat_amount)
    "#);
}

#[test]
fn one_currency_that_is_refused_leaves_the_price_in_the_others() {
    let yearly = json!({ "interval": "year", "interval_count": 1, "usage_type": "licensed" });
    let tiers = |end: Value| json!([{ "up_to": 10, "unit_amount": 100 }, { "up_to": end, "unit_amount": 50 }]);
    let tiered = |currencies: Value| {
        json!({ "unit_amount": null, "billing_scheme": "tiered", "recurring": yearly, "tiers_mode": "graduated",
        "tiers": tiers(Value::Null), "currency_options": currencies })
    };
    let unordered = json!([{ "up_to": 10, "unit_amount": 9 }, { "up_to": 5, "unit_amount": 8 }, { "up_to": null, "unit_amount": 7 }]);
    let euro_and_pound = json!({ "eur": { "unit_amount": "x" }, "gbp": { "unit_amount": 100_000_000_000_i64 } });
    insta::assert_snapshot!(left_out(&[
        json!({ "currency_options": euro_and_pound }),
        tiered(json!({ "eur": { "tiers": tiers(json!(20)), "tax_behavior": "exclusive" } })),
        json!({ "unit_amount": null, "billing_scheme": "tiered", "tiers_mode": "volume", "tiers": unordered }),
    ]), @r#"
    price_0: currency_options.eur: its `unit_amount` is the text "x", and Stripe has a whole number there (account.json at /prices/0/currency_options/eur/unit_amount)
    price_0: currency_options.gbp: 1000000000.00 GBP is more than can be charged; look for a digit too many; what costs more is sold in parts, each a price of its own
    price_1: currency_options.eur: in EUR this tier ends elsewhere; write `up_to: unlimited`: only the amounts differ between currencies
    price_2: price: its tier 2: a tier up to 5 after one up to 10; each tier ends after the one before: write a number above 10
    "#);
}

#[test]
fn a_file_of_something_else_is_refused_as_a_whole() {
    let product = json!({ "object": "product", "id": "prod_1", "name": "Starter", "active": false });
    let refused = |value: Value| refusal("account.json", &value.to_string());
    assert_eq!(
        refused(json!([product, { "id": "prod_2", "name": "Pro" }])),
        "account.json at /1: object: it has an `id` and no `object`, so it is none of Stripe's; give what Stripe's API answered\n"
    );
    let package = json!({ "name": "frontend", "version": "1.0.0", "scripts": { "build": "vite" } });
    assert_eq!(refused(package), "account.json: JSON: nothing in it is an object of Stripe's\n");
    assert_eq!(refused(json!([5])), "account.json at /0: object: `5` is none of Stripe's objects\n");
    let list = json!({ "object": "list", "data": [product, { "id": "prod_2" }] });
    let found = imported("account.json", &list.to_string());
    assert_eq!(found.catalog.products.len(), 1);
    assert!(lines(&found.notes).contains("prod_2: object: nothing says what it is"), "{}", lines(&found.notes));
}

#[test]
fn a_name_that_is_too_long_is_one_problem() {
    let long = json!({ "object": "product", "id": "prod_2", "name": "Plan, ".repeat(60).trim_end() });
    let price = json!({ "object": "price", "id": "price_2", "product": "prod_2", "currency": "usd", "unit_amount": 1 });
    let short = json!({ "object": "product", "id": "prod_1", "name": "Starter", "active": false });
    let notes = lines(&imported("account.json", &json!([short, long, price]).to_string()).notes);
    assert_eq!(notes.matches("prod_2").count() + notes.matches("price_2").count(), 1, "{notes}");
    assert!(notes.contains("has 359 characters; stripe allows 250"), "{notes}");
}

#[test]
fn a_name_that_is_no_constant_is_said_to_be_what_it_is() {
    let text = "import { y } from './y';\nexport enum Tier { Small = 'small' }\nnamespace Prices { export const base = 100; }\n\
                function f() { return 1; }\nclass K { static x = 1 }\nconst { taken } = { taken: 1 };\nlet later;\n\
                export const services = [{ id: Tier.Small, name: 'A', price: { value: Prices.base }, \
                metadata: { y, k: K.x, f, taken, later, gone } }];\n";
    insta::assert_snapshot!(refusal("services.config.ts", text), @r"
    services.config.ts:8:32: value: `Tier` is an enum, which is not read; make it a constant, `const Tier = { … }`, or write the value itself
    services.config.ts:8:71: value: `Prices` is a namespace, which is not read; make it a constant, `const Prices = { … }`, or write the value itself
    services.config.ts:8:98: value: `y` stands in another file, `./y`, which is not read; write the value itself
    services.config.ts:8:104: value: `K` is a class, which is not run; write the value itself
    services.config.ts:8:109: value: `f` is a function, which is not run; write the value itself
    services.config.ts:8:112: value: `taken` is taken out of another value; declare it by itself, or write the value
    services.config.ts:8:119: value: `later` has no value where it is declared; write it there
    services.config.ts:8:126: value: the file declares no constant `gone`; write the value itself
    ");
}

#[test]
fn one_bad_part_of_a_service_takes_nothing_else_along() {
    let text = "export const services = [{ id: 'a', name: 'A', price: { value: 5 }, metadata: { 'a[]': '1', ok: 'yes' } },\n\
                { id: 'b', name: 'B', price: { value: 10000000000 } }];\n";
    let found = imported("services.config.ts", text);
    let products: Vec<_> =
        found.catalog.products.iter().map(|product| (&*product.id, product.metadata.len())).collect();
    assert_eq!(products, [("a", 1)]);
    insta::assert_snapshot!(lines(&found.notes), @r"
    services.config.ts:1:26: metadata.a[]: the metadata key `a[]` holds `[`, which stripe does not allow; allowed: all characters but [ ] and =
    services.config.ts:2:1: product b: 10000000000.00 USD is more than can be charged; look for a digit too many; what costs more is sold in parts, each a price of its own
    ");
}
