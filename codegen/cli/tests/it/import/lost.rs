//! What an account says and a catalog cannot: it is named, and the import does not count as whole.

use pricebook_cli::import::{Imported, Input, Options, import};
use pricebook_emit::stripe::desired;
use pricebook_model::catalog::CustomAmount;
use serde_json::{Value, json};

use super::{files, imported, lines};

/// Imports an account with one product and these prices, each 20.00 USD unless it says otherwise.
fn with_prices(prices: &[Value]) -> Imported {
    let prices = prices.iter().enumerate().map(|(number, fields)| {
        let mut price = json!({ "object": "price", "id": format!("price_{number}"), "product": "prod_1", "created": number,
                                "currency": "usd", "unit_amount": 2000, "tax_behavior": "exclusive" });
        let fields = fields.as_object().expect("an object").clone();
        price.as_object_mut().expect("an object").extend(fields);
        price
    });
    let products = json!([{ "object": "product", "id": "prod_1", "name": "Starter", "default_price": "price_0" }]);
    imported("account.json", &json!({ "products": products, "prices": prices.collect::<Vec<_>>() }).to_string())
}

/// What is not in the catalog at all, one a line.
fn left_out(imported: &Imported) -> String {
    lines(&imported.notes.iter().filter(|note| note.left_out).cloned().collect::<Vec<_>>())
}

#[test]
fn prices_of_which_customers_choose_the_amount_are_taken_over() {
    let chosen = json!({ "minimum": 500, "maximum": null, "preset": 1000 });
    let no_bounds = json!({ "minimum": null, "maximum": null, "preset": null });
    let euro = json!({ "eur": { "custom_unit_amount": no_bounds, "unit_amount": null } });
    let imported = with_prices(&[
        json!({}),
        json!({ "unit_amount": null, "custom_unit_amount": chosen, "currency_options": euro }),
        json!({ "unit_amount": null, "custom_unit_amount": no_bounds }),
        json!({ "unit_amount": null }),
        json!({ "nickname": "Sure", "custom_unit_amount": no_bounds }),
        json!({ "custom_unit_amount": chosen }),
    ]);
    let prices = &imported.catalog.products[0].prices;
    let amounts: Vec<_> = prices.iter().map(|price| price.amounts[0].custom).collect();
    let custom = |minimum, preset| Some(CustomAmount { minimum, maximum: None, preset });
    assert_eq!(amounts, [None, custom(Some(500), Some(1000)), custom(None, None), None]);
    assert_eq!(prices[1].amounts[1].custom, custom(None, None));
    insta::assert_snapshot!(left_out(&imported), @r"
    price_3: price: it has no amount
    price_5: price: it has an amount, and customers choose it (`custom_unit_amount`)
    ");
}

#[test]
fn fields_that_nobody_knows_are_named() {
    let recurring =
        json!({ "interval": "month", "interval_count": 1, "usage_type": "licensed", "aggregate_usage": "max" });
    let euro = json!({ "eur": { "unit_amount": 1900, "rounding": "up" } });
    let imported = with_prices(&[
        json!({ "recurring": recurring, "type": "recurring", "livemode": true, "surge": { "factor": 2 }, "later": null }),
        json!({ "currency_options": euro }),
    ]);
    insta::assert_snapshot!(left_out(&imported), @r"
    price_0: surge: this import does not know the field
    price_0: recurring.aggregate_usage: this import does not know the field
    price_1: currency_options.eur.rounding: this import does not know the field
    ");
}

#[test]
fn what_is_shipped_and_shown_of_a_product_is_taken_over() {
    let product = json!({ "object": "product", "id": "prod_1", "name": "Shirt", "images": ["https://shop.example/shirt.png"],
                          "url": "https://shop.example/shirt", "shippable": true,
                          "package_dimensions": { "height": 1, "length": 2.5, "weight": 3.25, "width": 4 } });
    let price =
        json!({ "object": "price", "id": "price_1", "product": "prod_1", "currency": "usd", "unit_amount": 2000 });
    let imported = imported("account.json", &json!([product, price]).to_string());
    assert_eq!(left_out(&imported), "");
    let made = json!(desired(&imported.catalog).products[0].params);
    assert_eq!(
        (&made["images"], &made["url"], &made["shippable"]),
        (&json!(["https://shop.example/shirt.png"]), &json!("https://shop.example/shirt"), &json!(true))
    );
    assert_eq!(made["package_dimensions"], json!({ "height": 1.0, "length": 2.5, "weight": 3.25, "width": 4.0 }));
}

#[test]
fn one_bad_part_takes_nothing_else_along() {
    let product = json!({ "object": "product", "id": "prod_1", "name": "Starter", "default_price": "price_0",
                          "statement_descriptor": "<*>", "images": ["shirt.png", "https://shop.example/shirt.png"],
                          "metadata": { "features": "none", "target": "small" } });
    let price = |id: &str, amount: i64, active: bool, metadata: Value| {
        json!({ "object": "price", "id": id, "product": "prod_1", "currency": "usd", "unit_amount": amount,
                "active": active, "metadata": metadata, "tax_behavior": "exclusive" })
    };
    let prices = [
        price("price_0", 2000, true, json!({ "a]": "1", "b": "2" })),
        price("price_1", 100_000_000, true, json!({})),
        price("price_2", 200_000_000, false, json!({ "a]": "1", "b": "2" })),
        price("price_3", 1500, false, json!({ "a]": "1", "b": "2" })),
    ];
    let imported = imported("account.json", &json!([product, prices]).to_string());
    let sold = imported.catalog.products[0].prices.iter();
    let sold: Vec<_> = sold.map(|price| (&*price.key, price.amount_minor(), price.metadata.len())).collect();
    assert_eq!(sold, [("one_time", Some(2000), 1), ("one_time_4", Some(1500), 1)]);
    assert_eq!(imported.catalog.products[0].metadata.len(), 1);
    assert_eq!(imported.catalog.products[0].images, ["https://shop.example/shirt.png"]);
    insta::assert_snapshot!(left_out(&imported), @r#"
    prod_1: statement_descriptor: the statement descriptor `<*>` holds `<`, which stripe does not allow; allowed: ASCII letters, digits, spaces and signs but < > \ " ' and *
    prod_1: images: the address of the image `shirt.png` is none for stripe; it must be an address on the web, without a user's name and password: `https://example.com/page`
    prod_1: metadata.features: metadata cannot have the key `features`; choose another key, or list them under `marketing_features:`
    price_0: metadata.a]: the metadata key `a]` holds `]`, which stripe does not allow; allowed: all characters but [ ] and =
    price_2: price: 2000000.00 USD is more than can be charged; look for a digit too many; what costs more is sold in parts, each a price of its own
    price_1: price: 1000000.00 USD is more than can be charged; look for a digit too many; what costs more is sold in parts, each a price of its own
    price_3: metadata.a]: the account has "1", the catalog makes nothing of it
    "#);
}

#[test]
fn of_two_products_with_one_name_the_one_that_is_sold_keeps_it() {
    let product = |id: &str, created: u8, active: bool| json!({ "id": id, "object": "product", "name": "Starter", "created": created, "active": active });
    let price = |product: &str| {
        json!({ "id": format!("price_{product}"), "object": "price", "product": product, "currency": "usd",
                "unit_amount": 2000 })
    };
    let account = json!([product("old", 1, false), product("new", 2, true), price("old"), price("new")]);
    let imported = imported("account.json", &account.to_string());
    let products = imported.catalog.products.iter().map(|product| (&*product.id, &*product.name, product.active));
    assert_eq!(products.collect::<Vec<_>>(), [("starter_2", "Starter (2)", false), ("starter", "Starter", true)]);
    assert!(lines(&imported.notes).contains("old: name: another product is called `Starter` too"));
}

#[test]
fn a_lookup_key_is_kept_as_the_account_has_it() {
    let imported = with_prices(&[json!({ "lookup_key": "Premium.Yearly v2: 50%/a" })]);
    assert_eq!(left_out(&imported), "");
    assert_eq!(imported.catalog.products[0].prices[0].lookup_key, "Premium.Yearly v2: 50%/a");
}

#[test]
fn a_former_price_with_other_metadata_or_tax_stays_a_price_of_its_own() {
    let euro = |tax: &str| json!({ "eur": { "unit_amount": 1900, "tax_behavior": tax } });
    let old = |id: &str, more: Value| {
        let mut price = json!({ "active": false, "unit_amount": 1500, "lookup_key": id });
        price.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        price
    };
    let campaign = json!({ "campaign": "spring" });
    let imported = with_prices(&[
        json!({ "metadata": campaign, "currency_options": euro("inclusive") }),
        old("same", json!({ "metadata": campaign })),
        old("same-euro", json!({ "metadata": campaign, "currency_options": euro("inclusive") })),
        old("other-euro", json!({ "metadata": campaign, "currency_options": euro("exclusive") })),
        old("no-campaign", json!({})),
    ]);
    let formers = imported.catalog.products[0].prices.iter();
    let formers: Vec<_> = formers.map(|price| (&*price.lookup_key, price.grandfathered.is_some())).collect();
    let expected = [
        ("starter_one_time", false),
        ("other-euro", false),
        ("no-campaign", false),
        ("same", true),
        ("same-euro", true),
    ];
    assert_eq!(formers, expected);
    assert_eq!(left_out(&imported), "");
}

#[test]
fn a_currency_that_nobody_knows_is_named_without_all_that_are_known() {
    let imported = with_prices(&[json!({}), json!({ "currency": "xxx" })]);
    insta::assert_snapshot!(left_out(&imported), @r#"price_1: price: its `currency` is the text "xxx", which is none of the 139 values that are known there (account.json at /prices/1/currency)"#);
}

#[test]
fn a_module_beside_json_is_said_to_be_imported_alone() {
    let input = |name: &str, text: &str| Input { name: name.to_owned(), text: text.to_owned() };
    let inputs = [input("services.config.ts", "export const x = 1;"), input("account.json", "[]")];
    let refused = import(&inputs, &Options::default()).expect_err("one of them is no JSON").to_string();
    assert!(refused.contains("a module such as `services.config.ts` is imported alone"), "{refused}");
}

#[test]
fn an_object_of_overlapping_pages_is_one_and_a_deleted_one_is_none() {
    let product = |id: &str, name: &str| json!({ "object": "product", "id": id, "name": name, "created": 1 });
    let grants = |feature: &str| {
        let grant = json!({ "object": "product_feature", "id": "prodft_1", "entitlement_feature": feature });
        json!({ "object": "list", "url": "/v1/products/prod_1/features", "data": [grant] })
    };
    let feature = json!({ "object": "entitlements.feature", "id": "feat_1", "name": "API", "lookup_key": "api" });
    let price =
        json!({ "object": "price", "id": "price_1", "product": "prod_1", "currency": "usd", "unit_amount": 2000 });
    let coupon = json!({ "object": "coupon", "id": "SPRING", "percent_off": 10, "duration": "once" });
    let page = json!([product("prod_1", "Starter"), feature, price, coupon, grants("feat_1")]);
    let gone = json!({ "object": "product", "id": "prod_2", "deleted": true });
    let renamed = json!([product("prod_1", "Renamed")]);
    let found = imported("account.json", &json!([page, page, gone, renamed]).to_string());
    let products = found.catalog.products.iter().map(|product| (&*product.name, product.prices.len()));
    assert_eq!(products.collect::<Vec<_>>(), [("Starter", 1)]);
    let (features, coupons) = (&found.catalog.features, &found.catalog.coupons);
    assert_eq!((features.len(), coupons.len(), found.catalog.products[0].grants.len()), (1, 1, 1));
    let notes = lines(&found.notes);
    assert!(notes.contains("prod_2: product: Stripe says that it was deleted"), "{notes}");
    assert_eq!(notes.matches("given twice").count(), 1, "{notes}");
    assert!(notes.contains("prod_1: product: it was given twice, and not alike; the first was kept"), "{notes}");
}

#[test]
fn what_stripe_refused_is_said_in_its_words() {
    let refusal = json!({ "error": { "type": "invalid_request_error", "message": "Invalid API Key provided" } });
    let inputs = [Input { name: "prices.json".to_owned(), text: refusal.to_string() }];
    let refused = import(&inputs, &Options::default()).expect_err("nothing was answered").to_string();
    assert_eq!(refused, "prices.json: error: Stripe refused to answer: Invalid API Key provided");
    let product = json!({ "object": "product", "id": "prod_1", "name": "Starter", "active": false });
    let found = imported("account.json", &json!([product, refusal]).to_string());
    assert!(left_out(&found).contains("account.json: error: Stripe refused to answer"), "{}", left_out(&found));
}

#[test]
fn an_active_product_whose_prices_are_all_archived_is_taken_over_as_inactive() {
    let imported = with_prices(&[json!({ "active": false }), json!({ "active": false, "unit_amount": 2500 })]);
    assert!(!imported.catalog.products[0].active);
    insta::assert_snapshot!(lines(&imported.notes), @r#"
    prod_1: active: its prices are all archived, so that nobody can buy it: it is inactive in the catalog
    price_0: lookup_key: the account has "", the catalog makes "starter_one_time" of it
    price_0: nickname: the account has "", the catalog makes "One-time" of it
    price_1: lookup_key: the account has "", the catalog makes "starter_one_time_2" of it
    price_1: nickname: the account has "", the catalog makes "One time 2" of it
    "#);
    assert_eq!(left_out(&imported), "");
    let text = imported.files.iter().map(|(_, text)| text.as_str()).collect::<String>();
    assert!(text.contains("active: false # its prices are all archived"), "{text}");
}

#[test]
fn a_product_that_lost_its_only_price_is_not_said_to_have_none() {
    let kept = json!({ "object": "product", "id": "prod_2", "name": "Kept" });
    let price = |product: &str, amount: Value| {
        let id = format!("price_of_{product}");
        json!({ "object": "price", "id": id, "product": product, "currency": "usd", "unit_amount": amount })
    };
    let lost = |amount: Value| {
        let products = json!([{ "object": "product", "id": "prod_1", "name": "Starter" }, kept]);
        let prices = [price("prod_1", amount), price("prod_2", json!(2000))];
        left_out(&imported("account.json", &json!({ "products": products, "prices": prices }).to_string()))
    };
    insta::assert_snapshot!(lost(Value::Null), @r"
    price_of_prod_1: price: it has no amount
    prod_1: product starter: none of its prices could be taken over
    ");
    insta::assert_snapshot!(lost(json!(100_000_000)), @r"
    price_of_prod_1: price: 1000000.00 USD is more than can be charged; look for a digit too many; what costs more is sold in parts, each a price of its own
    prod_1: product starter: none of its prices could be taken over
    ");
}

#[test]
fn a_product_is_taken_over_where_not_all_is_known_of_its_package() {
    let product = json!({ "object": "product", "id": "prod_1", "name": "Shirt", "default_price": "price_0",
                          "package_dimensions": { "height": 1, "length": null, "weight": 8, "width": 8 } });
    let price =
        json!({ "object": "price", "id": "price_0", "product": "prod_1", "currency": "usd", "unit_amount": 2000 });
    let imported = imported("account.json", &json!({ "products": [product], "prices": [price] }).to_string());
    assert_eq!(imported.catalog.products[0].name, "Shirt");
    insta::assert_snapshot!(left_out(&imported), @"prod_1: package_dimensions: its height, length, weight and width are not all numbers");
}

#[test]
fn a_price_of_less_than_can_be_charged_is_one_of_many_units() {
    for small in [json!({ "unit_amount": 10 }), json!({ "unit_amount": null, "unit_amount_decimal": "0.5" })] {
        for recurring in [json!({ "interval": "month", "interval_count": 1, "usage_type": "licensed" }), Value::Null] {
            let mut price = small.clone();
            price["recurring"] = recurring;
            let imported = with_prices(&[price]);
            assert_eq!(left_out(&imported), "");
            assert!(files(&imported).contains("unit: unit"), "{}", files(&imported));
        }
    }
    let former = json!({ "unit_amount": 20, "active": false, "lookup_key": "former" });
    let imported = with_prices(&[json!({ "unit_amount": 60 }), former]);
    assert_eq!(left_out(&imported), "");
    assert!(imported.catalog.products[0].prices[1].grandfathered.is_some());
    let euro = json!({ "eur": { "unit_amount": 20 } });
    assert_eq!(left_out(&with_prices(&[json!({ "currency_options": euro })])), "");
}

#[test]
fn a_price_with_two_amounts_is_not_guessed() {
    let product = json!({ "object": "product", "id": "prod_1", "name": "Starter" });
    let price = |id: &str, more: Value| {
        let mut price = json!({ "object": "price", "id": id, "product": "prod_1", "currency": "usd", "unit_amount": 2000,
                                "lookup_key": "starter" });
        price.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        price
    };
    let with = |one: Value, other: Value| {
        let inputs = [Input { name: "account.json".to_owned(), text: json!([product, one, other]).to_string() }];
        import(&inputs, &Options::default()).map_err(|refused| refused.to_string())
    };
    let raised = json!({ "unit_amount": 2500 });
    insta::assert_snapshot!(with(price("price_1", json!({})), price("price_1", raised.clone())).unwrap_err(), @"price_1: price: it was given twice, with two amounts; save the account's prices again, in one go");
    insta::assert_snapshot!(with(price("price_1", json!({})), price("price_2", raised)).unwrap_err(), @"price_2: price: `price_1` has the lookup key `starter` too, with another amount; save the account's prices again, in one go");
    let euro = json!({ "currency_options": { "eur": { "unit_amount": 1900 } } });
    let once = with(price("price_1", json!({})), price("price_1", euro)).expect("one price, asked for in two ways");
    assert_eq!(once.catalog.products[0].prices.len(), 1);
}

#[test]
fn a_broken_currency_is_left_out_and_a_broken_tier_named() {
    let options = json!({ "eur": { "unit_amount": 1900 }, "gbp": { "unit_amount": null }, "xxx": { "unit_amount": 5 },
                          "jpy": { "unit_amount": null, "unit_amount_decimal": "much" } });
    let tiers = json!([{ "up_to": 10, "unit_amount": 100 }, { "up_to": null, "unit_amount": null, "unit_amount_decimal": "1,5" }]);
    let imported = with_prices(&[
        json!({ "currency_options": options }),
        json!({ "billing_scheme": "tiered", "tiers_mode": "graduated", "unit_amount": null, "tiers": tiers,
                "recurring": { "interval": "month", "interval_count": 1, "usage_type": "licensed" } }),
    ]);
    let sold = &imported.catalog.products[0].prices;
    assert_eq!(sold.len(), 1);
    assert_eq!(sold[0].amounts.len(), 2, "its own and euros");
    insta::assert_snapshot!(left_out(&imported), @r#"
    price_0: currency_options.gbp: its amount in gbp is missing; expand `data.currency_options.gbp.tiers`
    price_0: currency_options.jpy: `much` is no decimal number
    price_0: currency_options.xxx: "xxx" is no ISO 4217 currency code that Stripe charges in
    price_1: price: `unit_amount_decimal` of its tier 2: `1,5` is no decimal number
    "#);
}

#[test]
fn what_is_free_in_one_currency_alone_makes_no_product_free() {
    let euro = json!({ "eur": { "unit_amount": 500 } });
    let product = |id: &str| json!({ "object": "product", "id": id, "name": id });
    let price = |product: &str, amount: u32, options: &Value| {
        json!({ "object": "price", "id": format!("price_{product}"), "product": product, "currency": "usd",
                "unit_amount": amount, "currency_options": options })
    };
    let account = json!([product("a"), price("a", 0, &euro), product("b"), price("b", 2000, &json!({}))]);
    let imported = imported("account.json", &account.to_string());
    assert_eq!(imported.catalog.products.iter().map(|product| product.id.as_str()).collect::<Vec<_>>(), ["b"]);
    insta::assert_snapshot!(left_out(&imported), @r"
    price_a: price: `a` costs nothing, and does not say that it is free; write an amount, or add `free: true` to the product
    a: product a: none of its prices could be taken over
    ");
    let beside = with_prices(&[json!({}), json!({ "unit_amount": 0, "nickname": "Other", "currency_options": euro })]);
    assert!(!beside.catalog.products[0].free && beside.catalog.products[0].prices.len() == 1);
    assert!(!left_out(&beside).contains("it is free, but other prices"), "{}", left_out(&beside));
}

#[test]
fn a_product_whose_only_price_cannot_be_read_is_told_to_have_lost_it() {
    let product = |id: &str| json!({ "object": "product", "id": id, "name": id });
    let price = |product: &str, amount: Value| json!({ "object": "price", "id": format!("price_{product}"), "product": product, "currency": "usd", "unit_amount": amount });
    let account = json!([product("a"), price("a", json!("12")), product("b"), price("b", json!(2000))]);
    insta::assert_snapshot!(left_out(&imported("account.json", &account.to_string())), @r#"
    price_a: price: its `unit_amount` is the text "12", and Stripe has a whole number there (account.json at /1/unit_amount)
    a: product a: none of its prices could be taken over
    "#);
}

#[test]
fn a_price_that_contradicts_itself_is_left_out() {
    let recurring = json!({ "interval": "month", "interval_count": 1, "usage_type": "licensed" });
    let imported = with_prices(&[
        json!({}),
        json!({ "type": "recurring", "recurring": null }),
        json!({ "type": "one_time", "recurring": recurring }),
        json!({ "unit_amount_decimal": "250" }),
        json!({ "currency_options": { "usd": { "unit_amount": 2100 } } }),
        json!({ "nickname": "Sure", "type": "recurring", "recurring": recurring, "unit_amount_decimal": "2000.0",
                "currency_options": { "usd": { "unit_amount": 2000, "unit_amount_decimal": "2000" } } }),
    ]);
    insta::assert_snapshot!(left_out(&imported), @r"
    price_1: price: its type is recurring, and no interval stands in `recurring`
    price_2: price: its type is one_time, and `recurring` has an interval
    price_3: price: it is 2000 as a whole number and `250` as a decimal
    price_4: price: its amount in usd is another one under `currency_options`
    ");
    assert_eq!(imported.catalog.products[0].prices.len(), 2, "what says the same twice is sound");
}

#[test]
fn no_element_of_a_list_vanishes_without_a_word() {
    let product = json!({ "object": "product", "id": "prod_1", "name": "Starter", "active": false });
    let price = |object: Value| json!({ "object": object, "id": "price_1", "product": "prod_1", "currency": "usd", "unit_amount": 2000 });
    let mut nameless = price(Value::Null);
    nameless.as_object_mut().expect("an object").remove("object");
    let other =
        json!({ "object": "price", "id": "price_2", "product": "prod_2", "currency": "usd", "unit_amount": 2000 });
    let sold = json!([{ "object": "product", "id": "prod_2", "name": "Sold" }, other]);
    for list in [
        json!([sold, product, price(json!("Price"))]),
        json!([sold, { "object": "list", "data": ["junk", null, 5] }]),
        json!({ "object": "list", "data": [sold, product, nameless] }),
    ] {
        let imported = imported("account.json", &list.to_string());
        assert!(!left_out(&imported).is_empty() && imported.catalog.products.len() == 1, "{list}");
    }
    for list in [json!([sold, product, nameless]), json!([sold, "junk", null, 5])] {
        let input = Input { name: "account.json".to_owned(), text: list.to_string() };
        assert!(import(&[input], &Options::default()).is_err(), "outside of Stripe's lists: {list}");
    }
}
