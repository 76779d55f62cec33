//! Prices whose lookup key or name changed, by a pattern or by hand: what is to leave the sale does, and is told once.

use std::collections::BTreeMap;

use pricebook_model::migrate::own_schema;
use pricebook_model::{Catalog, Lock};
use pricebook_types::Dialect;

use crate::catalogs::{small, small_after};
use crate::sql_databases::{on, on_every_database};
use crate::sql_rows::{NO_ROWS, create_tables, generated};

const SHOP: &str = "
catalog: { name: shop, title: Shop, currency: usd }
kinds:
  tea: { plural: teas }
teas:
  green: { name: Green tea, prices: { monthly: 4.50, yearly: 45.00 } }
  black: { name: Black tea, prices: { monthly: 5.00 } }
";

fn recorded(catalog: &Catalog) -> Lock {
    Lock { version: 1, schema: own_schema(catalog), ..Lock::default() }.recorded(catalog)
}

#[test]
fn a_price_that_a_pattern_gives_another_lookup_key_is_sold_under_that_alone() {
    let before = small(SHOP);
    let by_id = SHOP.replace("{ plural: teas }", "{ plural: teas, lookup_key: \"{id}_{price}\" }");
    let after = small(&by_id);
    on_every_database(async |database| {
        create_tables(database, &before).await;
        database.run(&generated(&before, database.dialect, "sync.sql")).await;
        let verify = generated(&after, database.dialect, "verify.sql");
        let found = database.rows(&verify).await;
        let to_go: Vec<_> = found.iter().filter(|row| row[2].as_deref() == Some("active")).collect();
        let ids: Vec<_> = to_go.iter().filter_map(|row| row[1].as_deref()).collect();
        assert_eq!(ids, ["tea_black_monthly", "tea_green_monthly", "tea_green_yearly"], "{found:?}");
        database.run(&generated(&after, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&verify).await, NO_ROWS);
        let on = if database.dialect == Dialect::Postgres { "active" } else { "active = 1" };
        let sold = format!("SELECT lookup_key FROM catalog_prices WHERE {on} ORDER BY lookup_key");
        assert_eq!(database.values(&sold).await, ["black_monthly", "green_monthly", "green_yearly"]);
        assert_eq!(database.values("SELECT count(*) FROM catalog_prices").await, ["6"], "what was sold stays");
    });
}

#[test]
fn a_price_whose_name_was_changed_by_hand_is_told_once() {
    let catalog = small(SHOP);
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        database.run(&generated(&catalog, database.dialect, "sync.sql")).await;
        database.run("UPDATE catalog_prices SET price_key = 'weekly' WHERE lookup_key = 'tea_green_monthly'").await;
        let verify = generated(&catalog, database.dialect, "verify.sql");
        let told = ["catalog_prices", "tea_green_monthly", "price_key", "monthly", "weekly"];
        assert_eq!(database.rows(&verify).await, [told.map(|text| Some(text.to_owned())).to_vec()]);
        database.run(&generated(&catalog, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&verify).await, NO_ROWS);
    });
}

#[test]
fn however_many_prices_are_retired_each_is_told_once_while_it_is_on_sale() {
    let shop = |prices: &str| {
        let head = "catalog: { name: shop, title: Shop, currency: usd }\nkinds: { tea: { plural: teas } }\nteas:\n";
        let teas = (0..1_000).map(|tea| format!("  tea-{tea}: {{ name: Tea {tea}, prices: {{ {prices} }} }}\n"));
        head.to_owned() + &teas.collect::<String>()
    };
    let (before, kept) = (small(&shop("monthly: 5.00, yearly: 50.00, weekly: 2.00")), shop("monthly: 5.00"));
    let lines = (0..1_000).flat_map(|tea| ["weekly", "yearly"].map(|key| format!("price/tea_tea-{tea}_{key}")));
    let listing = kept.clone() + "retired: [" + &lines.collect::<Vec<_>>().join(", ") + "]\n";
    let lock = recorded(&before);
    let listed = small_after(&listing, &lock);
    let remembered = small_after(&kept, &lock.recorded(&listed));
    on(Dialect::Sqlite, async |database| {
        create_tables(database, &before).await;
        database.run(&generated(&before, database.dialect, "sync.sql")).await;
        for catalog in [&listed, &remembered] {
            let found = database.rows(&generated(catalog, database.dialect, "verify.sql")).await;
            let mut told: BTreeMap<String, usize> = BTreeMap::new();
            for row in found.iter().filter(|row| row[0].as_deref() == Some("catalog_prices")) {
                *told.entry(row[1].clone().expect("a lookup key")).or_default() += 1;
            }
            assert_eq!(told.len(), 2_000);
            assert!(told.values().all(|times| *times == 1), "{told:?}");
        }
        database.run(&generated(&listed, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&generated(&listed, database.dialect, "verify.sql")).await, NO_ROWS);
        assert_eq!(database.values("SELECT count(*) FROM catalog_prices WHERE active = 1").await, ["1000"]);
    });
}
