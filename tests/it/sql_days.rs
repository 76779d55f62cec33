//! Announced amounts in the kinds' own tables: the same `sync.sql` and `verify.sql` are right on every day.

use pricebook_emit::sql::row_texts;
use pricebook_model::Catalog;
use pricebook_types::Dialect;

use crate::catalogs::small;
use crate::sql_databases::{Database, Texts, on_every_database};
use crate::sql_rows::{create_tables, generated};

/// One tea whose price changed long ago, one whose price changes in a far future, and one that knows both days.
const SHOP: &str = "
catalog: { name: shop, title: Shop, currency: usd }
kinds:
  tea:
    plural: teas
    table:
      amounts: AMOUNTS
      columns:
        id: { type: text(64), from: id, key: true }
        name: { type: text, from: name }
        low: { type: integer?, from: price.min }
        high: { type: integer?, from: price.max }
        deposit: { type: integer?, from: deposit.amount }
        active: { type: boolean, from: active }
teas:
  past: { name: Past, deposit: { percent: 20 }, prices: { monthly: { amount: 10.00, changes: [{ on: 2001-01-01, amount: 15.00 }] } } }
  future: { name: Future, deposit: full, prices: { monthly: { amount: 20.00, changes: [{ on: 2099-01-01, amount: 25.00 }] } } }
  both:
    name: Both
    prices:
      monthly: { amount: 30.00, changes: [{ on: 2001-01-01, amount: 35.00 }, { on: 2001-06-01, amount: 36.00 }, { on: 2099-01-01, amount: 10.00 }] }
      partners: { interval: month, amount: 40.00, changes: [{ on: 2001-03-01, amount: 45.00 }] }
      weekly: { amount: 1.00, active: false }
";

fn shop(amounts: &str) -> Catalog {
    small(&SHOP.replace("AMOUNTS", amounts))
}

async fn shown(database: &mut Database, query: &str) -> Vec<String> {
    let text = |row: &Texts| row.iter().map(|text| text.as_deref().unwrap_or("NULL")).collect::<Vec<_>>().join(" ");
    database.rows(query).await.iter().map(text).collect()
}

#[test]
fn a_sync_writes_what_holds_today() {
    for (amounts, expected) in [
        ("major", ["both 36 45 NULL", "future 20 20 20", "past 15 15 3"]),
        ("minor", ["both 3600 4500 NULL", "future 2000 2000 2000", "past 1500 1500 300"]),
    ] {
        let catalog = shop(amounts);
        on_every_database(async |database| {
            create_tables(database, &catalog).await;
            let verify = generated(&catalog, database.dialect, "verify.sql");
            database.run(&generated(&catalog, database.dialect, "sync.sql")).await;
            let text = if database.dialect == Dialect::Mysql { "CHAR" } else { "TEXT" };
            let amounts = ["low", "high", "deposit"].map(|name| format!("CAST({name} AS {text})")).join(", ");
            let query = format!("SELECT id, {amounts} FROM teas ORDER BY id");
            assert_eq!(shown(database, &query).await, expected, "{:?}", database.dialect);
            assert_eq!(shown(database, &verify).await, Vec::<String>::new(), "{:?}", database.dialect);
        });
    }
}

#[test]
fn a_row_that_was_put_back_to_its_old_amount_is_found_and_put_right() {
    let catalog = shop("major");
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        let verify = generated(&catalog, database.dialect, "verify.sql");
        let sync = generated(&catalog, database.dialect, "sync.sql");
        database.run(&sync).await;
        assert_eq!(shown(database, &verify).await, Vec::<String>::new(), "{:?}", database.dialect);
        database.run("UPDATE teas SET low = 10, deposit = 2 WHERE id = 'past'").await;
        database.run("UPDATE teas SET high = 25 WHERE id = 'future'").await;
        assert_eq!(
            shown(database, &verify).await,
            ["teas future high 20 25", "teas past low 15 10", "teas past deposit 3 2"],
            "{:?}",
            database.dialect
        );
        database.run(&sync).await;
        assert_eq!(shown(database, &verify).await, Vec::<String>::new(), "{:?}", database.dialect);
    });
}

#[test]
fn the_files_name_every_day_on_which_a_row_changes() {
    let catalog = shop("minor");
    let low_of_both = |dialect| {
        let sync = generated(&catalog, dialect, "sync.sql");
        let both = &sync[sync.find("-- Both").expect("the tea")..];
        let start = both.find("CASE").expect("a dated amount");
        both[start..start + both[start..].find("END").expect("its end") + 3].to_owned()
    };
    insta::assert_snapshot!(Dialect::ALL.map(low_of_both).join("\n"), @r"
    CASE
         WHEN date('now') >= '2099-01-01' THEN 1000
         WHEN date('now') >= '2001-06-01' THEN 3600
         WHEN date('now') >= '2001-01-01' THEN 3500
         ELSE 3000 END
    CASE
         WHEN (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::date >= DATE '2099-01-01' THEN 1000
         WHEN (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::date >= DATE '2001-06-01' THEN 3600
         WHEN (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')::date >= DATE '2001-01-01' THEN 3500
         ELSE 3000 END
    CASE
         WHEN UTC_DATE() >= DATE '2099-01-01' THEN 1000
         WHEN UTC_DATE() >= DATE '2001-06-01' THEN 3600
         WHEN UTC_DATE() >= DATE '2001-01-01' THEN 3500
         ELSE 3000 END
    ");
    let low_on = |day: &str| {
        let rows = row_texts(&catalog, day);
        let both = rows.iter().find(|row| row.table == "teas" && row.key == ["both"]).expect("the row");
        both.value("low").map(str::to_owned)
    };
    let days = ["2000-12-31", "2001-01-01", "2001-05-31", "2001-06-01", "2098-12-31", "2099-01-01"];
    assert_eq!(days.map(low_on), ["3000", "3500", "3500", "3600", "3600", "1000"].map(|low| Some(low.to_owned())));
}
