//! What declarations mean.

use insta::assert_snapshot;
use pricebook_model::Catalog;

use crate::catalogs::{compiled, everything, file};

fn catalog() -> Catalog {
    compiled(vec![file("everything.yaml", &everything())]).expect("the catalog of all keys")
}

#[test]
fn every_key_of_the_format_has_a_meaning() {
    let mut text = serde_json::to_string_pretty(&catalog()).expect("a catalog is JSON");
    text.push('\n');
    assert_snapshot!(text);
}

#[test]
fn reasons_are_kept_where_they_stand_and_no_target_sees_them() {
    let catalog = catalog();
    let rules = |accepts: &[(String, String)]| accepts.iter().map(|(rule, _)| rule.clone()).collect::<String>();
    let price = catalog.products.iter().flat_map(|product| &product.prices).find(|price| !price.accepts.is_empty());
    assert_eq!(rules(&price.expect("a reason at a price").accepts), "price-raised");
    assert_eq!(rules(&catalog.accepts), "tax-behavior-changed");
    assert_eq!(rules(&catalog.kinds[0].accepts), "local-id-changed");
    assert_eq!(rules(&catalog.groups[0].accepts), "group-changed");
    assert_eq!(rules(&catalog.coupons[1].accepts), "coupon-changed");
    assert_eq!(rules(&catalog.retired[0].accepts), "product-retired");
    let other = everything().replace("The law.", "Another law.");
    let other = compiled(vec![file("everything.yaml", &other)]).expect("another reason");
    assert_eq!(other.hash, catalog.hash);
}

#[test]
fn prices_and_deposits_are_shown_as_people_write_them() {
    let catalog = catalog();
    let shown: Vec<String> = (catalog.products.iter())
        .map(|product| format!("{} | {} | {}", product.id, product.price_display, product.deposit_display))
        .collect();
    assert_snapshot!(shown.join("\n"), @r#"
    starter | $29/mo | 
    professional | $79/mo | 
    market-essentials | $1,495 | 20% deposit required
    third | $1,000 | 33.3% deposit required
    fixed | $2,000 | $500 deposit required
    retainer | $3,500/mo | Full payment required
    soon | $3,495/mo | Coming Soon
    report | Free | $0
    "#);
}

#[test]
fn every_price_has_its_key_id_and_names() {
    let catalog = catalog();
    let prices = catalog.products.iter().flat_map(|product| &product.prices);
    let shown: Vec<String> = prices
        .map(|price| {
            let interval = price.interval.map_or_else(|| "once".to_owned(), |interval| interval.to_string());
            format!("{} | {} | {} | {} | {interval}", price.key, price.lookup_key, price.local_id, price.stripe_name)
        })
        .collect();
    assert_snapshot!(shown.join("\n"), @r#"
    monthly | plan_basic_starter_monthly | plan_starter_monthly | Starter (Monthly) | month
    monthly | plan_pro_professional_monthly | plan_professional_monthly | Professional Plan (Every month) | month
    yearly | plan_pro_professional_yearly | plan_professional_yearly | Professional Plan (Yearly) | year
    weekly | plan_pro_professional_weekly | plan_professional_weekly | Professional Plan (Weekly) | week
    usage | plan_pro_professional_usage | plan_professional_usage | Professional Plan (Usage) | month
    pack | plan_pro_professional_pack | plan_professional_pack | Professional Plan (Pack) | once
    gift | plan_pro_professional_gift | plan_professional_gift | Professional Plan (Gift) | once
    monthly_2024 | plan_pro_professional_monthly_2024 | plan_professional_monthly_2024 | Professional Plan (Monthly 2024) | month
    one_time | service_market-essentials_one_time | service_market-essentials | Market Essentials | once
    one_time | service_third_one_time | service_third | Third | once
    one_time | service_fixed_one_time | service_fixed | Fixed | once
    monthly | service_retainer_monthly | service_retainer | Retainer | month
    monthly | service_soon_monthly | service_soon | Soon | month
    one_time | service_report_one_time | service_report | Report | once
    "#);
}

#[test]
fn a_divided_quantity_is_shown_with_its_amount() {
    let text = "catalog: { name: small, title: Small, currency: usd }
kinds: { host: {} }
hosts:
  cluster:
    name: Cluster
    prices: { monthly: { amount: 120.00, unit: node, transform_quantity: { divide_by: 10, round: up } } }
";
    let catalog = compiled(vec![file("catalog.yaml", text)]).expect("a sound catalog");
    assert_eq!(catalog.products[0].price_display, "$120/10 × node/mo");
}

#[test]
fn a_default_table_has_the_columns_that_attributes_may_not_have() {
    let text = "catalog: { name: small, title: Small, currency: usd }\nkinds: { host: {} }\n";
    let catalog = compiled(vec![file("catalog.yaml", text)]).expect("a sound catalog");
    let columns: Vec<_> = catalog.tables.iter().flat_map(|table| &table.columns).map(|column| &*column.name).collect();
    assert_eq!(columns, pricebook_model::lower::DEFAULT_COLUMNS);
}

#[test]
fn the_comment_of_an_amount_column_says_the_unit_of_its_kind() {
    let comments = |text: String| {
        let catalog = compiled(vec![file("catalog/all.yaml", &text)]).expect("a catalog");
        let columns = catalog.tables.into_iter().flat_map(|table| table.columns);
        let of_amounts = columns.filter(|column| matches!(&*column.name, "min_price" | "deposit_amount"));
        of_amounts.map(|column| column.description).collect::<Vec<_>>()
    };
    let text = everything();
    assert_eq!(
        comments(text.clone()),
        ["The lowest. In whole major units, such as dollars.", "In whole major units, such as dollars."]
    );
    let minor = text.replace("amounts: major", "amounts: minor");
    assert_eq!(comments(minor), ["The lowest. In minor units, such as cents.", "In minor units, such as cents."]);
}

#[test]
fn an_amount_that_customers_choose_is_shown_by_its_least_and_never_as_nothing() {
    let shown = |custom: &str| {
        let text = format!(
            "catalog: {{ name: shop, title: Shop, currency: usd }}\nkinds: {{ gift: {{}} }}\n\
             gifts: {{ card: {{ name: Card, prices: {{ one_time: {{ custom_amount: {custom} }} }} }} }}\n"
        );
        let catalog = compiled(vec![file("catalog.yaml", &text)]).expect("a catalog");
        catalog.products[0].price_display.clone()
    };
    assert_eq!(shown("{}"), "Any amount");
    assert_eq!(shown("{ maximum: 500.00, preset: 20.00 }"), "Any amount");
    assert_eq!(shown("{ minimum: 5.00 }"), "From $5");
}
