//! What a product costs, told once: the range and the deposit are the same in the tables of kinds, in the validation tables
//! and in what the live API answers.

use pricebook::config::DatabaseUrl;
use pricebook::db::{Database, Session};
use pricebook::services::read_active;
use pricebook_emit::{sql, validation};
use pricebook_model::Catalog;
use pricebook_model::migrate::{base_schema, own_schema};
use pricebook_types::{Dialect, UsageType};
use serde_json::{Value, json};

use crate::catalogs::small;
use crate::sql_rows::generated;

const SHOP: &str = r#"
catalog: { name: shop, title: Shop, currency: usd }
meters: { calls: { name: Calls, event_name: call } }
kinds:
  tea:
    table:
      amounts: UNIT
      columns:
        id: { type: text(64), from: id, key: true }
        low: { type: integer?, from: price.min }
        high: { type: integer?, from: price.max }
        deposit: { type: integer?, from: deposit.amount }
        currency: { type: text(3)?, from: price.currency }
        active: { type: boolean, from: active }
  coffee: { plural: coffees, stripe: { name: "{name} Coffee" } }
teas: PRODUCTS
coffees: PRODUCTS
"#;

const PRODUCTS: &str = "
  once: { name: Once, deposit: { percent: 20 }, prices: { one_time: 100.00 } }
  changed: { name: Changed, deposit: full, prices: { one_time: { amount: 100.00, changes: [{ on: 2001-01-01, amount: 200.00 }, { on: 2099-01-01, amount: 7.00 }] } } }
  plan: { name: Plan, prices: { monthly: 30.00, yearly: 300.00 } }
  speeds: { name: Speeds, prices: { slow: { interval: once, amount: 10.00 }, fast: { interval: once, amount: 25.00 }, monthly: 5.00 } }
  seats: { name: Seats, prices: { monthly: { amount: 15.00, unit: user }, flat: { interval: month, amount: 99.00 } } }
  and_usage: { name: And usage, prices: { monthly: 20.00, usage: { interval: month, usage: metered, meter: calls, unit: call, amount: 1.00 } } }
  euros: { name: Euros, prices: { monthly: { currency: eur, amount: 40.00 }, dollars: { interval: month, amount: 1.00 } } }
  not_sold: { name: Not sold, prices: { monthly: { amount: 8.00, grandfathered: [{ key: old, amount: 4.00 }] }, off: { interval: month, amount: 2.00, active: false } } }
  metered: { name: Metered, prices: { usage: { interval: month, usage: metered, meter: calls, amount: 1.00 } } }
  fine: { name: Fine, prices: { monthly: { amount: 0.005, unit: call } } }
  packages: { name: Packages, prices: { monthly: { amount: 10.00, unit: call, transform_quantity: { divide_by: 100, round: up } } } }
  tiered: { name: Tiered, prices: { monthly: { unit: user, tiers: { mode: volume, steps: [{ up_to: 5, unit_amount: 9.00 }, { up_to: unlimited, unit_amount: 7.00 }] } } } }
  some_tiers: { name: Some tiers, prices: { monthly: { amount: 9.00, unit: user }, many: { interval: month, unit: user, tiers: { mode: volume, steps: [{ up_to: unlimited, unit_amount: 7.00 }] } } } }
";

fn shop(unit: &str) -> Catalog {
    small(&SHOP.replace("UNIT", unit).replace("PRODUCTS", PRODUCTS))
}

/// A database that a sync has filled, on a day between all announced changes.
async fn filled(folder: &tempfile::TempDir, catalog: &Catalog) -> Session {
    let url = format!("sqlite:{}", folder.path().join("shop.db").display());
    let database = Database::open(&DatabaseUrl::parse(&url).expect("a URL")).await.expect("it opens");
    let mut session = database.session().await.expect("a session");
    for schema in [base_schema(catalog), own_schema(catalog)] {
        session.run(&sql::create_all(Dialect::Sqlite, &schema)).await.expect("the tables");
    }
    session.run(&generated(catalog, Dialect::Sqlite, "sync.sql")).await.expect("the rows");
    session
}

#[test]
fn the_range_is_what_one_unit_costs_on_the_terms_of_the_first_price() {
    let catalog = shop("minor");
    let range = |id: &str| {
        let product = catalog.products_of("tea").find(|product| product.id == id).expect("a product");
        product.offers()[0].range_minor
    };
    let expected = [
        ("once", Some((10_000, 10_000))),
        ("plan", Some((3_000, 3_000))),
        ("speeds", Some((1_000, 2_500))),
        ("seats", Some((1_500, 1_500))),
        ("and_usage", Some((2_000, 2_000))),
        ("euros", Some((4_000, 4_000))),
        ("not_sold", Some((800, 800))),
        ("metered", None),
        ("fine", None),
        ("packages", None),
        ("tiered", None),
        ("some_tiers", None),
    ];
    for (id, expected) in expected {
        assert_eq!(range(id), expected, "{id}");
    }
}

#[test]
fn what_is_billed_by_use_is_told_and_reviewed_as_that() {
    let catalog = shop("minor");
    let product = catalog.products_of("tea").find(|product| product.id == "metered").expect("a product");
    assert_eq!(product.price_display, "$1/call/mo");
    let tables = validation::tables(&catalog);
    let by_use = tables.payments.iter().filter(|payment| payment.kind == "tea").flat_map(|payment| &payment.prices);
    let by_use = by_use.filter(|price| price.usage == UsageType::Metered).map(|price| &*price.lookup_key);
    assert_eq!(by_use.collect::<Vec<_>>(), ["tea_and_usage_usage", "tea_metered_usage"]);
}

#[test]
fn the_live_api_answers_major_units_whatever_the_table_holds() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    for (unit, high) in [("major", "200"), ("minor", "20000")] {
        let (catalog, folder) = (shop(unit), tempfile::tempdir().expect("a folder"));
        runtime.block_on(async {
            let mut session = filled(&folder, &catalog).await;
            let stored = session.text("SELECT CAST(high AS TEXT) FROM teas WHERE id = 'changed'").await;
            assert_eq!(stored.expect("the row").as_deref(), Some(high));
            for kind in &validation::tables(&catalog).live {
                assert_eq!(json!(kind.amounts), "major");
                let answered = read_active(&mut session, kind, "2026-11-21").await.expect("the rows");
                let answered: Vec<Value> = answered.iter().map(amounts).collect();
                let on_this_day = |item: &pricebook_types::validation::LiveItem<'_>| {
                    let due = item.amounts_on("2026-11-21");
                    json!([item.id, item.currency, due.price_range, due.deposit_amount])
                };
                assert_eq!(answered, kind.items.iter().map(on_this_day).collect::<Vec<_>>(), "{} {unit}", kind.kind);
            }
        });
    }
}

fn amounts(listed: &pricebook::services::Listed) -> Value {
    json!([listed.id, listed.currency, listed.price_range, listed.deposit_amount])
}
