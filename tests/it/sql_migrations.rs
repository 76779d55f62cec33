//! Migrations: their laws on random schemas, and on real databases that replaying them gives what creating gives.

use std::io::Write as _;
use std::process::Command;

use pricebook_emit::{Artifact, sql};
use pricebook_model::Lock;
use pricebook_model::lock::Schema;
use pricebook_model::migrate::{Shape, apply, base_schema, diff, hazards, own_schema, with_column_order};
use pricebook_types::Dialect;
use proptest::prelude::*;

use crate::catalogs::{real, small};
use crate::sql_databases::{on, on_every_database, server};
use crate::sql_live;
use crate::sql_random::{Dice, cases, schema};

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(256), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn applying_the_difference_gives_the_other_schema(a: u64, b: u64) {
        let (a, b) = (schema(&mut Dice(a)), schema(&mut Dice(b)));
        let steps = diff(&a, &b);
        let expected = Shape::of(&with_column_order(b, &a));
        prop_assert_eq!(apply(&steps, Shape::of(&a)).sorted(), expected.sorted(), "{:#?}", steps);
    }

    #[test]
    fn a_schema_does_not_differ_from_itself(seed: u64) {
        let schema = schema(&mut Dice(seed));
        prop_assert_eq!(diff(&schema, &schema), Vec::new());
    }

    #[test]
    fn steps_come_in_the_order_of_their_execution(a: u64, b: u64) {
        let steps = diff(&schema(&mut Dice(a)), &schema(&mut Dice(b)));
        let first_created = steps.iter().position(|step| step.describe().starts_with("create table"));
        let last_dropped = steps.iter().rposition(|step| step.describe().starts_with("drop "));
        prop_assert!(first_created.zip(last_dropped).is_none_or(|(created, dropped)| dropped < created));
    }
}

/// Runs a history of migrations, and creates its last schema in another database.
fn replay_equals_fresh(dialect: Dialect, history: &[Schema]) {
    let mut from = Schema::default();
    let mut migrations = Vec::new();
    for to in history {
        let to = with_column_order(to.clone(), &from);
        migrations.push(sql::migration(dialect, &from, &to));
        from = to;
    }
    let replayed = live_after(dialect, &migrations);
    let fresh = live_after(dialect, &[sql::create_all(dialect, &from)]);
    assert_eq!(replayed, fresh, "{dialect:?}\n{}", migrations.join("\n-----\n"));
}

fn live_after(dialect: Dialect, migrations: &[String]) -> Vec<String> {
    on(dialect, async |database| {
        for (number, migration) in migrations.iter().enumerate() {
            if let Err(error) = database.try_run(migration).await {
                panic!("{dialect:?}, {number}: {error}\n{}", migrations[..=number].join("\n-----\n"));
            }
        }
        sql_live::schema(database).await
    })
}

#[test]
fn replaying_random_migrations_gives_what_creating_gives() {
    // A history of four schemas, twice on each of three databases, is seconds of work.
    for seed in 0..u64::from((cases(40) / 10).min(100)) {
        let mut dice = Dice(seed);
        let history: Vec<_> = (0..4).map(|_| schema(&mut dice)).collect();
        Dialect::ALL.iter().for_each(|dialect| replay_equals_fresh(*dialect, &history));
    }
}

#[test]
fn a_rebuild_keeps_clear_of_tables_and_indexes_that_are_called_like_its_own() {
    let schema = |max: u32| {
        own_schema(&small(&format!(
            "catalog: {{ name: shop, title: Shop, currency: usd }}
records:
  plans: {{ columns: {{ id: {{ type: text(9), key: true }}, s: {{ type: text({max}), unique: true }} }} }}
  new_plans: {{ columns: {{ id: {{ type: text(9), key: true }}, s: {{ type: text({max}), unique: true }} }} }}
  new_uq_plans_s: {{ columns: {{ id: {{ type: text(9), key: true, references: plans.id }} }} }}
"
        )))
    };
    Dialect::ALL.iter().for_each(|dialect| replay_equals_fresh(*dialect, &[schema(50), schema(20)]));
}

#[test]
fn the_first_migrations_of_base_and_catalog_create_everything() {
    let catalog = real();
    let base = sql::write_base_migration(&catalog, &Lock::default(), "initial").expect("tables to create");
    let own = sql::write_migration(&catalog, &Lock::default(), "initial").expect("tables to create");
    assert_eq!(diff(&own.lock.schema, &own_schema(&catalog)), []);
    assert_eq!(sql::write_migration(&catalog, &own.lock, "again").map(|written| written.files), None);
    for dialect in Dialect::ALL {
        let path = format!("sql/{}/migrations/0001_initial.sql", dialect.name());
        let text = |files: &[Artifact]| {
            files.iter().find(|file| file.path == path).expect("a file for each dialect").text.clone()
        };
        let schemas = [base_schema(&catalog), own_schema(&catalog)];
        let fresh = schemas.map(|schema| sql::create_all(dialect, &schema));
        assert_eq!(live_after(dialect, &[text(&base.files), text(&own.files)]), live_after(dialect, &fresh));
    }
}

const ORCHARD: &str = "
catalog: { name: orchard, title: Orchard, currency: usd }
enums:
  ripeness: { values: [green, ripe] }
records:
  trees:
    columns:
      id: { type: text(64), key: true }
      height: { type: integer?, description: In metres. }
      note: text?
      planted_on: { type: date, default: 2020-02-29 }
      touched_at: { type: timestamp, default: now, on_update: now }
  fruits:
    columns:
      id: { type: text(64), key: true }
      tree_id: { type: text(64), references: trees.id, on_delete: cascade }
      state: { type: ripeness?, default: green }
    indexes: { idx_fruits_state: [state] }
";

#[test]
fn rows_survive_migrations_with_foreign_keys_on() {
    let before = own_schema(&small(ORCHARD));
    let text = ORCHARD
        .replace("trees:\n    columns", "oaks:\n    was: trees\n    columns")
        .replace("trees.id", "oaks.id")
        .replace("height: { type: integer?", "height: { type: \"decimal(8,2)\", default: \"0.5\"")
        .replace("note: text?", "remark: { type: text(200)?, was: note }")
        .replace("[green, ripe]", "[green, ripe, over]")
        .replace("ripeness?, default: green", "ripeness, default: ripe");
    let after = with_column_order(own_schema(&small(&text)), &before);
    let names: Vec<_> = hazards(&diff(&before, &after), &small(&text)).into_iter().map(|hazard| hazard.name).collect();
    assert_eq!(names, ["narrow-type:oaks.height", "narrow-type:oaks.remark"]);
    on_every_database(async |database| {
        database.run(&sql::create_all(database.dialect, &before)).await;
        database.run("INSERT INTO trees (id, height, note) VALUES ('a', 3, 'old'), ('b', NULL, NULL)").await;
        database.run("INSERT INTO fruits (id, tree_id, state) VALUES ('x', 'a', NULL), ('y', 'a', 'ripe')").await;
        database.run(&sql::migration(database.dialect, &before, &after)).await;
        let planted = database.values("SELECT CAST(planted_on AS CHAR(10)) FROM oaks ORDER BY id").await;
        assert_eq!(planted, ["2020-02-29", "2020-02-29"]);
        let rows = database.rows("SELECT id, height, remark FROM oaks ORDER BY id").await;
        let rows: Vec<Vec<_>> =
            rows.into_iter().map(|row| row.into_iter().map(Option::unwrap_or_default).collect()).collect();
        let heights: Vec<_> = rows.iter().map(|row| row[1].parse::<f64>().expect("a number")).collect();
        assert_eq!(heights, [3.0, 0.5]);
        assert_eq!([&rows[0][2], &rows[1][2]], ["old", ""]);
        assert_eq!(database.values("SELECT state FROM fruits ORDER BY id").await, ["ripe", "ripe"]);
        database.run("UPDATE fruits SET state = 'over'").await;
        database.run("DELETE FROM oaks WHERE id = 'a'").await;
        assert_eq!(database.values("SELECT count(*) FROM fruits").await, ["0"], "the reference still cascades");
    });
}

#[test]
fn a_text_that_does_not_fit_its_new_type_stops_the_migration_before_anything_is_copied() {
    let text = |ty: &str| {
        format!(
            "
catalog: {{ name: orchard, title: Orchard, currency: usd }}
records:
  trees: {{ columns: {{ id: {{ type: text(64), key: true }}, age: {ty} }} }}
"
        )
    };
    let before = own_schema(&small(&text("text(40)?")));
    for (ty, good, bad, why) in [
        ("integer?", "12", "twelve", "trees.age holds what is no whole number"),
        ("integer?", "-7", "7.5", "trees.age holds what is no whole number"),
        ("boolean?", "1", "yes", "trees.age holds what is no whole number"),
        ("timestamp?", "2026-01-31 12:00:00", "noon", "trees.age holds what is no time"),
        ("\"decimal(8,2)?\"", "12.50", "twelve", "CHECK constraint failed"),
    ] {
        let after = own_schema(&small(&text(ty)));
        on(Dialect::Sqlite, async |database| {
            database.run(&sql::create_all(Dialect::Sqlite, &before)).await;
            let migration = sql::migration(Dialect::Sqlite, &before, &after);
            database
                .run(&format!("INSERT INTO trees (id, age) VALUES ('a', '{good}'), ('b', NULL), ('c', '{bad}')"))
                .await;
            let refused = database.try_run(&migration).await.expect_err("a bad row");
            assert!(refused.to_string().contains(why), "{ty}: {refused}");
            let _ = database.try_run("ROLLBACK").await;
            let tables = "SELECT group_concat(name) FROM sqlite_master WHERE type = 'table'";
            assert_eq!(database.values(tables).await, ["trees"], "{ty}");
            assert_eq!(database.values("SELECT age FROM trees WHERE id = 'c'").await, [bad], "{ty}");
            database.run("DELETE FROM trees WHERE id = 'c'").await;
            database.run(&migration).await;
            assert_eq!(database.values("SELECT age FROM trees WHERE id = 'a'").await, [good], "{ty}");
            assert_eq!(database.values(tables).await, ["trees"], "{ty}");
        });
    }
}

#[test]
fn values_are_looked_at_although_a_new_table_refers_to_the_rebuilt_one() {
    let text = |height: &str, fruits: &str| {
        format!(
            "
catalog: {{ name: orchard, title: Orchard, currency: usd }}
records:
  trees: {{ columns: {{ id: {{ type: text(64), key: true }}, height: {height} }} }}
{fruits}"
        )
    };
    let fruits = "  fruits: { columns: { id: { type: text(64), key: true }, tree_id: { type: text(64)?, references: trees.id } } }\n";
    let before = own_schema(&small(&text("text(40)?", "")));
    let after = own_schema(&small(&text("integer?", fruits)));
    on(Dialect::Sqlite, async |database| {
        database.run(&sql::create_all(Dialect::Sqlite, &before)).await;
        database.run("INSERT INTO trees (id, height) VALUES ('a', '3')").await;
        database.run(&sql::migration(Dialect::Sqlite, &before, &after)).await;
        database.run("INSERT INTO fruits (id, tree_id) VALUES ('x', 'a')").await;
        assert_eq!(database.values("SELECT height FROM trees").await, ["3"]);
    });
}

#[test]
fn a_table_goes_before_the_rebuilt_ones_that_it_refers_to() {
    let text = "
catalog: { name: orchard, title: Orchard, currency: usd }
records:
  trees: { columns: { id: { type: text(64), key: true }, height: integer? } }
  soils: { columns: { id: { type: text(64), key: true }, depth: integer? } }
  fruits:
    columns:
      id: { type: text(64), key: true }
      tree_id: { type: text(64), references: trees.id, on_delete: cascade }
      soil_id: { type: text(64), references: soils.id, on_delete: cascade }
  baskets:
    columns:
      id: { type: text(64), key: true }
      fruit_id: { type: text(64), references: fruits.id, on_delete: restrict }
";
    let before = own_schema(&small(text));
    let kept = text.split_once("  fruits:").expect("the tables that go come last").0;
    let after = own_schema(&small(&kept.replace("integer?", "\"decimal(8,2)?\"")));
    on_every_database(async |database| {
        database.run(&sql::create_all(database.dialect, &before)).await;
        database.run("INSERT INTO trees (id, height) VALUES ('a', 3)").await;
        database.run("INSERT INTO soils (id, depth) VALUES ('b', 2)").await;
        database.run("INSERT INTO fruits (id, tree_id, soil_id) VALUES ('x', 'a', 'b')").await;
        database.run("INSERT INTO baskets (id, fruit_id) VALUES ('y', 'x')").await;
        database.run(&sql::migration(database.dialect, &before, &after)).await;
        assert_eq!(database.values("SELECT id FROM trees").await, ["a"]);
        assert_eq!(database.values("SELECT id FROM soils").await, ["b"]);
    });
}

#[test]
fn every_step_that_can_lose_something_has_a_name_to_accept() {
    let before = own_schema(&small(ORCHARD));
    let text = ORCHARD
        .replace("      note: text?\n", "      owner: text(20)\n")
        .replace("[green, ripe]", "[ripe]")
        .replace("default: green", "default: ripe")
        .replace("height: { type: integer?", "height: { type: integer");
    let after = own_schema(&small(&text));
    let names = |from: &Schema, to: &Schema| -> Vec<_> {
        hazards(&diff(from, to), &small(&text)).into_iter().map(|hazard| hazard.name).collect()
    };
    assert_eq!(
        names(&before, &after),
        [
            "drop-column:trees.note",
            "add-required-column:trees.owner",
            "require-column:trees.height",
            "drop-value:fruits.state.green",
        ]
    );
    let nothing = Schema::default();
    assert_eq!(names(&before, &nothing), ["drop-table:trees", "drop-table:fruits"]);
    assert_eq!(names(&nothing, &before), Vec::<String>::new());
}

#[test]
fn plain_psql_applies_a_migration() {
    let catalog = real();
    let text = sql::migration(Dialect::Postgres, &Schema::default(), &base_schema(&catalog));
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(text.as_bytes()).expect("it is written");
    on(Dialect::Postgres, async |database| {
        let url = server(Dialect::Postgres);
        let url = url.replacen("/postgres?", &format!("/{}?", database.name), 1);
        let output = Command::new("psql")
            .args(["--no-psqlrc", "--set", "ON_ERROR_STOP=1", "-d", &url, "-f"])
            .arg(file.path())
            .output()
            .expect("psql runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'
            AND table_name IN ('stripe_product_mappings', 'product_change_log') ORDER BY 1";
        assert_eq!(database.values(tables).await, ["product_change_log", "stripe_product_mappings"]);
    });
}
