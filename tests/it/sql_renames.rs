//! What becomes of rows when an attribute has another id, and when a column must have a value: on each database.

use pricebook_emit::sql;
use pricebook_model::migrate::{diff, hazards, own_schema, with_column_order};
use pricebook_model::{Catalog, Lock};

use crate::catalogs::{small, small_after};
use crate::sql_databases::{Database, on_every_database};
use crate::sql_rows::{create_tables, generated};

const SHOP: &str = "
catalog: { name: shop, title: Shop, currency: usd }
kinds:
  tea:
    plural: teas
    attributes:
      leaf: { type: one_of, values: [whole, broken], default: whole }
      grams: integer
teas:
  green: { name: Green, attributes: { leaf: broken, grams: 100 }, prices: { monthly: 1.00 } }
  black: { name: Black, prices: { monthly: 2.00 } }
";

/// The shop with `black` sold no more, which stays in the database without any weight.
fn without_black(text: &str) -> String {
    let black = "  black: { name: Black, prices: { monthly: 2.00 } }\n";
    assert!(text.contains(black));
    text.replace(black, "retired: [tea/black]\n")
}

fn migration(database: &Database, from: &Catalog, to: &Catalog) -> String {
    let from = own_schema(from);
    sql::migration(database.dialect, &from, &with_column_order(own_schema(to), &from))
}

async fn rows(database: &mut Database, query: &str) -> Vec<String> {
    let rows = database.rows(query).await;
    let text = |row: Vec<Option<String>>| row.into_iter().map(|text| text.unwrap_or_else(|| "NULL".to_owned()));
    rows.into_iter().map(|row| text(row).collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn a_renamed_attribute_keeps_its_values_also_of_what_is_sold_no_more() {
    let before = small(SHOP);
    let text = without_black(SHOP)
        .replace("      grams: integer", "      weight: { type: integer, was: grams }")
        .replace("      leaf: {", "      cut: { was: leaf,")
        .replace("leaf: broken, grams: 100", "cut: broken, weight: 100");
    let lock = Lock { schema: own_schema(&before), ..Lock::default() }.recorded(&before);
    // Until the migration is written the build asks for it; what it is held against here is what it becomes.
    let after = small_after(&text, &Lock { schema: own_schema(&small(&text)), ..lock });
    let steps: Vec<_> = diff(&own_schema(&before), &own_schema(&after)).iter().map(|step| step.describe()).collect();
    assert_eq!(steps, ["rename column teas.leaf to cut", "rename column teas.grams to weight"]);
    on_every_database(async |database| {
        create_tables(database, &before).await;
        database.run(&generated(&before, database.dialect, "sync.sql")).await;
        database.run("UPDATE teas SET grams = 7 WHERE id = 'black'").await;
        let text = migration(database, &before, &after);
        database.run(&text).await;
        let query = "SELECT id, cut, weight FROM teas ORDER BY id";
        assert_eq!(rows(database, query).await, ["black whole 7", "green broken 100"], "{:?}", database.dialect);
        database.run(&generated(&after, database.dialect, "sync.sql")).await;
        assert_eq!(rows(database, query).await, ["black whole 7", "green broken 100"], "{:?}", database.dialect);
        let verify = generated(&after, database.dialect, "verify.sql");
        assert_eq!(rows(database, &verify).await, Vec::<String>::new(), "{:?}", database.dialect);
    });
}

#[test]
fn a_column_that_must_have_a_value_is_refused_where_a_row_that_no_sync_writes_may_have_none() {
    let required = "      grams: { type: integer, required: true }";
    let before = small(SHOP);
    let after = small(&without_black(SHOP).replace("      grams: integer", required));
    let hazards = hazards(&diff(&own_schema(&before), &own_schema(&after)), &after);
    let instead: Vec<_> = hazards.iter().map(|hazard| (hazard.name.as_str(), hazard.instead.as_deref())).collect();
    insta::assert_snapshot!(format!("{instead:?}"), @r#"[("require-column:teas.grams", Some("give the attribute `grams` of `tea` a default, which the row of `black` gets, for no sync writes it any more; another migration can take the default away"))]"#);
    on_every_database(async |database| {
        synced_before(database, &before).await;
        let text = migration(database, &before, &after);
        assert!(database.try_run(&text).await.is_err(), "{:?}: the refusal has a reason", database.dialect);
    });
}

#[test]
fn a_default_is_what_such_a_row_gets() {
    let with_default = "      grams: { type: integer, default: 50 }";
    let before = small(SHOP);
    let after = small(&without_black(SHOP).replace("      grams: integer", with_default));
    let required =
        small(&without_black(SHOP).replace("      grams: integer", "      grams: { type: integer, required: true }"));
    for (from, to) in [(&before, &after), (&after, &required)] {
        assert_eq!(hazards(&diff(&own_schema(from), &own_schema(to)), to), []);
    }
    on_every_database(async |database| {
        synced_before(database, &before).await;
        for (from, to) in [(&before, &after), (&after, &required)] {
            let text = migration(database, from, to);
            database.run(&text).await;
            database.run(&generated(to, database.dialect, "sync.sql")).await;
            let found = rows(database, "SELECT id, grams FROM teas ORDER BY id").await;
            assert_eq!(found, ["black 50", "green 100"], "{:?}", database.dialect);
        }
    });
}

/// A database that was synced while `black` was sold.
async fn synced_before(database: &mut Database, catalog: &Catalog) {
    create_tables(database, catalog).await;
    database.run(&generated(catalog, database.dialect, "sync.sql")).await;
    assert_eq!(rows(database, "SELECT id, grams FROM teas ORDER BY id").await, ["black NULL", "green 100"]);
}
