//! What an account says and a catalog cannot: it is named, and the import does not count as whole.

use pricebook_cli::import::Imported;
use serde_json::{Value, json};

use super::{imported, lines};

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

fn keys(imported: &Imported) -> Vec<&str> {
    imported.catalog.products[0].prices.iter().map(|price| price.key.as_str()).collect()
}

#[test]
fn a_price_of_which_customers_choose_the_amount_is_refused_by_its_id() {
    let chosen = json!({ "minimum": 500, "maximum": null, "preset": 1000 });
    let no_bounds = json!({ "minimum": null, "maximum": null, "preset": null });
    let euro = json!({ "eur": { "custom_unit_amount": no_bounds, "unit_amount": null } });
    let imported = with_prices(&[
        json!({}),
        json!({ "unit_amount": null, "custom_unit_amount": chosen }),
        json!({ "unit_amount": null, "custom_unit_amount": no_bounds }),
        json!({ "currency_options": euro }),
        json!({ "unit_amount": null }),
        json!({ "nickname": "Sure", "custom_unit_amount": no_bounds }),
    ]);
    assert_eq!(keys(&imported), ["one_time", "one_time_2"]);
    insta::assert_snapshot!(left_out(&imported), @r"
    price_1: price: customers choose its amount (`custom_unit_amount`), which a catalog cannot say
    price_2: price: customers choose its amount (`custom_unit_amount`), which a catalog cannot say
    price_3: price: customers choose its amount in eur (`custom_unit_amount`), which a catalog cannot say
    price_4: price: it has no amount
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
fn what_a_catalog_says_of_no_product_is_named() {
    let product = json!({ "object": "product", "id": "prod_1", "name": "Shirt", "images": ["https://shop.example/shirt.png"],
                          "url": "https://shop.example/shirt", "shippable": true, "package_dimensions": { "height": 1 } });
    let price =
        json!({ "object": "price", "id": "price_1", "product": "prod_1", "currency": "usd", "unit_amount": 2000 });
    let imported = imported("account.json", &json!([product, price]).to_string());
    insta::assert_snapshot!(left_out(&imported), @r"
    prod_1: images: a catalog does not hold it
    prod_1: url: a catalog does not hold it
    prod_1: shippable: a catalog does not hold it
    prod_1: package_dimensions: a catalog does not hold it
    ");
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
