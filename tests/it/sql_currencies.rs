//! Amounts in several currencies in real databases: which of them contain tax, what coupons take off, what a row is in.

use crate::catalogs::small;
use crate::sql_databases::{Database, Texts, on_every_database};
use crate::sql_rows::{create_tables, generated};

const SHOP: &str = "
catalog: { name: shop, title: Shop, currency: usd, tax_behavior: exclusive }
kinds:
  tea:
    plural: teas
    table:
      name: teas
      columns:
        id: { type: text(64), from: id, key: true }
        active: { type: boolean, from: active }
        cost: { type: integer?, from: price.min }
        currency: { type: text(3)?, from: price.currency }
teas:
  green:
    name: Green tea
    prices:
      monthly:
        amount: 4.50
        currencies: { eur: 4.00, gbp: 3.50 }
        currency_tax_behavior: { eur: inclusive }
        changes: [{ on: 2099-01-01, amount: 5.50, currencies: { eur: 5.00, gbp: 4.50 } }]
  sencha: { name: Sencha, prices: { monthly: { amount: 600, currency: jpy } } }
  rare: { name: Rare tea, active: false }
coupons:
  spring: { name: Spring, amount_off: 2.00, currencies: { eur: 1.50, gbp: 1.25 }, duration: once }
  autumn: { name: Autumn, percent_off: 10, duration: once }
";

const TAXES: &str = "SELECT currency, effective_on, tax_behavior FROM catalog_price_amounts
    WHERE lookup_key = 'tea_green_monthly' ORDER BY effective_on, currency";
const OFF: &str = "SELECT coupon_id, currency, amount_off FROM catalog_coupon_amounts ORDER BY coupon_id, currency";

async fn lines(database: &mut Database, query: &str) -> Vec<String> {
    database.rows(query).await.into_iter().map(line).collect()
}

fn line(row: Texts) -> String {
    row.into_iter().map(|value| value.unwrap_or_else(|| "-".to_owned())).collect::<Vec<_>>().join(" ")
}

async fn differences(database: &mut Database, verify: &str) -> Vec<String> {
    let mut found = lines(database, verify).await;
    found.sort_unstable();
    found
}

#[test]
fn each_currency_has_its_tax_behavior_and_each_coupon_its_amounts() {
    let catalog = small(SHOP);
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        database.run(&generated(&catalog, database.dialect, "sync.sql")).await;
        let verify = generated(&catalog, database.dialect, "verify.sql");
        assert_eq!(
            lines(database, TAXES).await,
            [
                "eur 1970-01-01 inclusive",
                "gbp 1970-01-01 exclusive",
                "usd 1970-01-01 exclusive",
                "eur 2099-01-01 inclusive",
                "gbp 2099-01-01 exclusive",
                "usd 2099-01-01 exclusive",
            ]
        );
        assert_eq!(lines(database, OFF).await, ["spring eur 150", "spring gbp 125", "spring usd 200"]);
        database.run("UPDATE catalog_price_amounts SET tax_behavior = 'unspecified' WHERE currency = 'gbp'").await;
        database.run("UPDATE catalog_coupon_amounts SET amount_off = 7 WHERE currency = 'eur'").await;
        assert_eq!(
            differences(database, &verify).await,
            [
                "catalog_coupon_amounts spring/eur amount_off 150 7",
                "catalog_price_amounts tea_green_monthly/gbp/1970-01-01/0 tax_behavior exclusive unspecified",
                "catalog_price_amounts tea_green_monthly/gbp/2099-01-01/0 tax_behavior exclusive unspecified",
            ]
        );
    });
}

#[test]
fn a_currency_that_a_coupon_no_longer_has_goes_from_its_amounts() {
    let before = small(SHOP);
    let text = SHOP.replace("currencies: { eur: 1.50, gbp: 1.25 }", "currencies: { eur: 1.50 }");
    let percent = SHOP.replace("amount_off: 2.00, currencies: { eur: 1.50, gbp: 1.25 }", "percent_off: 20");
    on_every_database(async |database| {
        create_tables(database, &before).await;
        database.run(&generated(&before, database.dialect, "sync.sql")).await;
        database.run("INSERT INTO catalog_coupons (id, name, duration) VALUES ('hand', 'By hand', 'once')").await;
        database
            .run("INSERT INTO catalog_coupon_amounts (coupon_id, currency, amount_off) VALUES ('hand', 'chf', 5)")
            .await;
        for (text, left) in [(&text, &["spring eur 150", "spring usd 200"][..]), (&percent, &[])] {
            let catalog = small(text);
            let verify = generated(&catalog, database.dialect, "verify.sql");
            assert!(!differences(database, &verify).await.is_empty());
            database.run(&generated(&catalog, database.dialect, "sync.sql")).await;
            let expected = [&["hand chf 5"][..], left].concat();
            assert_eq!(lines(database, OFF).await, expected, "what nobody declared is left alone");
            assert_eq!(differences(database, &verify).await, Vec::<String>::new());
        }
    });
}

#[test]
fn a_row_says_in_which_currency_its_amounts_are() {
    let catalog = small(SHOP);
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        database.run(&generated(&catalog, database.dialect, "sync.sql")).await;
        let rows = lines(database, "SELECT id, cost, currency FROM teas ORDER BY id").await;
        assert_eq!(rows, ["green 450 usd", "rare - -", "sencha 600 jpy"]);
        database.run("UPDATE teas SET currency = 'usd' WHERE id = 'sencha'").await;
        let verify = generated(&catalog, database.dialect, "verify.sql");
        assert_eq!(differences(database, &verify).await, ["teas sencha currency jpy usd"]);
    });
}
