//! Columns of a kind's own table: truths among numbers, references between kinds, values of which no two rows have the same.

use pricebook_model::migrate::own_schema;
use pricebook_model::{Catalog, Lock};
use pricebook_types::Dialect;

use super::{NO_ROWS, create_tables, generated};
use crate::catalogs::{small, small_after};
use crate::sql_databases::{Database, on, on_every_database};

fn part(columns: &str, parts: &str) -> String {
    format!(
        "catalog: {{ name: shop, title: Shop, currency: usd }}
kinds:
  part:
    plural: parts
    attributes: {{ whole: text, spare: boolean }}
    table: {{ columns: {{ id: {{ type: text(64), from: id, key: true }}, {columns} }} }}
parts:
{parts}"
    )
}

async fn sync(database: &mut Database, catalog: &Catalog) {
    database.run(&generated(catalog, database.dialect, "sync.sql")).await;
    assert_eq!(database.rows(&generated(catalog, database.dialect, "verify.sql")).await, NO_ROWS);
}

#[test]
fn a_truth_in_a_column_of_numbers_is_one_or_nought() {
    let columns = "active: { type: integer, from: active }, spare: { type: integer?, from: attribute.spare }";
    let bolt = "  bolt: { name: Bolt, attributes: { spare: true }, prices: { monthly: 1.00 } }\n";
    let nut = "  nut: { name: Nut, active: false, attributes: { spare: false }, prices: { monthly: 1.00 } }\n";
    let before = small(&part(columns, &format!("{bolt}{nut}")));
    let lock = Lock { version: 1, schema: own_schema(&before), ..Lock::default() }.recorded(&before);
    let after = small_after(&part(columns, &format!("{nut}retired: [part/bolt]\n")), &lock);
    on_every_database(async |database| {
        create_tables(database, &before).await;
        sync(database, &before).await;
        let held = "SELECT CONCAT(id, ' ', active, ' ', spare) FROM parts ORDER BY id";
        let held = if database.dialect == Dialect::Sqlite {
            held.replace("CONCAT(", "(").replace(',', " ||")
        } else {
            held.to_owned()
        };
        assert_eq!(database.values(&held).await, ["bolt 1 1", "nut 0 0"], "{:?}", database.dialect);
        let told = database.rows(&generated(&after, database.dialect, "verify.sql")).await;
        let of_part = told.iter().filter(|row| row[0].as_deref() == Some("parts"));
        let of_part: Vec<_> = of_part.map(|row| row.iter().flatten().map(String::as_str).collect::<Vec<_>>()).collect();
        assert_eq!(of_part, [["parts", "bolt", "active", "0", "1"]], "{:?}", database.dialect);
        sync(database, &after).await;
        assert_eq!(database.values(&held).await, ["bolt 0 1", "nut 0 0"], "{:?}", database.dialect);
    });
}

#[test]
fn rows_are_written_after_those_that_they_refer_to() {
    let of = "whole: { type: text(64)?, from: attribute.whole, references: wholes.id }";
    let whole =
        "  whole: { plural: wholes, table: { columns: { id: { type: text(64), from: id, key: true } } } }\nparts:";
    let parts = "  bolt: { name: Bolt, attributes: { whole: engine }, prices: { monthly: 1.00 } }\n  \
                 nut: { name: Nut, prices: { monthly: 1.00 } }\n\
                 wholes:\n  engine: { name: Engine, prices: { monthly: 1.00 } }\n";
    let catalog = small(&part(of, parts).replace("parts:\n", &format!("{whole}\n")));
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        sync(database, &catalog).await;
        let of = database.values("SELECT whole FROM parts ORDER BY id").await;
        assert_eq!(of, ["engine", "NULL"], "{:?}", database.dialect);
    });
}

const UNIQUE: &str = "name: { type: text(100)?, from: name, unique: true }, active: { type: boolean, from: active }";
const TWO: &str =
    "  green: { name: Green, prices: { monthly: 1.00 } }\n  black: { name: Black, prices: { monthly: 1.00 } }\n";

/// What becomes of green and black in each database.
fn become_of(parts: &str, expected: &[&str]) {
    let before = small(&part(UNIQUE, TWO));
    let lock = Lock { version: 1, schema: own_schema(&before), ..Lock::default() }.recorded(&before);
    let after = small_after(&part(UNIQUE, parts), &lock);
    on_every_database(async |database| {
        create_tables(database, &before).await;
        sync(database, &before).await;
        sync(database, &after).await;
        let on = if database.dialect == Dialect::Postgres { "active" } else { "active = 1" };
        let id = "CASE WHEN name IS NULL THEN id ELSE CONCAT(id, ' ', name) END";
        let id = if database.dialect == Dialect::Sqlite {
            id.replace("CONCAT(id, ' ', name)", "id || ' ' || name")
        } else {
            id.to_owned()
        };
        let rows =
            database.values(&format!("SELECT {id} FROM parts ORDER BY CASE WHEN {on} THEN 0 ELSE 1 END, id")).await;
        assert_eq!(rows, expected, "{:?}", database.dialect);
    });
}

#[test]
fn two_products_swap_a_unique_value() {
    let swapped = TWO.replace("Green", "X").replace("Black", "Green").replace('X', "Black");
    become_of(&swapped, &["black Green", "green Black"]);
}

#[test]
fn a_product_keeps_its_unique_value_under_another_id() {
    let renamed = TWO.replace("green: { name", "jade: { was: green, name");
    become_of(&renamed, &["black Black", "jade Green", "green"]);
}

#[test]
fn a_new_product_gets_the_unique_value_of_a_retired_one() {
    let retired = TWO.replace("green:", "mint:") + "retired: [part/green]\n";
    become_of(&retired, &["black Black", "mint Green", "green"]);
}

#[test]
fn a_unique_value_of_a_row_that_nobody_knows_is_not_overwritten() {
    let catalog = small(&part(UNIQUE, TWO));
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        let by_hand = if database.dialect == Dialect::Postgres { "TRUE" } else { "1" };
        database.run(&format!("INSERT INTO parts (id, name, active) VALUES ('hand', 'Green', {by_hand})")).await;
        let sync = generated(&catalog, database.dialect, "sync.sql");
        assert!(database.try_run(&sync).await.is_err(), "{:?}", database.dialect);
        database.run("ROLLBACK").await;
        assert_eq!(database.values("SELECT name FROM parts").await, ["Green"], "{:?}", database.dialect);
    });
}

#[test]
fn a_second_sync_takes_no_unique_value_away() {
    let catalog = small(&part(UNIQUE, TWO));
    on(Dialect::Sqlite, async |database| {
        create_tables(database, &catalog).await;
        sync(database, &catalog).await;
        database.run("CREATE TRIGGER no_update BEFORE UPDATE ON parts BEGIN SELECT RAISE(ABORT, 'updated'); END").await;
        sync(database, &catalog).await;
    });
}
