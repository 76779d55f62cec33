//! `sync.sql` and `verify.sql` on real databases: rows become as the catalog says, and every difference is found.

mod columns;

use pricebook_emit::sql;
use pricebook_model::Catalog;
use pricebook_model::migrate::{base_schema, own_schema};
use pricebook_model::schema::{Column, ColumnType};
use pricebook_types::Dialect;

use crate::catalogs::{real, small};
use crate::sql_databases::{Database, Texts, on, on_every_database};

/// A file below `generated/sql/`, as the catalog says.
pub(crate) fn generated(catalog: &Catalog, dialect: Dialect, name: &str) -> String {
    let path = format!("sql/{}/{name}", dialect.name());
    let files = sql::emit(catalog);
    files.into_iter().find(|artifact| artifact.path == path).expect("it is generated").text
}

/// A database with every table of the catalog.
pub(crate) async fn create_tables(database: &mut Database, catalog: &Catalog) {
    for schema in [base_schema(catalog), own_schema(catalog)] {
        database.run(&sql::create_all(database.dialect, &schema)).await;
    }
}

/// The rows of every table, in the order of their keys.
async fn all_rows(database: &mut Database, catalog: &Catalog) -> Vec<(String, Vec<Texts>)> {
    let mut all = Vec::new();
    for table in &catalog.tables {
        let key: Vec<_> = (1..=table.primary_key.len()).map(|at| at.to_string()).collect();
        let order =
            [table.primary_key.clone(), table.columns.iter().map(|column| column.name.clone()).collect()].concat();
        let query = format!("SELECT {} FROM {} ORDER BY {}", names(database, &order), table.name, key.join(", "));
        all.push((table.name.clone(), database.rows(&query).await));
    }
    all
}

fn names(database: &Database, names: &[String]) -> String {
    let quote = if database.dialect == Dialect::Mysql { '`' } else { '"' };
    names.iter().map(|name| format!("{quote}{name}{quote}")).collect::<Vec<_>>().join(", ")
}

pub(crate) const NO_ROWS: Vec<Texts> = Vec::new();

#[test]
fn a_sync_makes_the_rows_equal_and_a_second_one_changes_nothing() {
    let catalog = real();
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        let sync = generated(&catalog, database.dialect, "sync.sql");
        let verify = generated(&catalog, database.dialect, "verify.sql");
        let missing = database.rows(&verify).await;
        assert!(!missing.is_empty() && missing.iter().all(|row| row[2].is_none()), "every row is missing");
        database.run(&sync).await;
        assert_eq!(database.rows(&verify).await, NO_ROWS);
        let rows = all_rows(database, &catalog).await;
        database.run(&sync).await;
        assert_eq!(all_rows(database, &catalog).await, rows, "{:?}", database.dialect);
    });
}

/// A value of the column's type that the catalog does not have.
fn other_value(column: &Column, catalog: &Catalog) -> String {
    match &column.ty {
        ColumnType::Text { .. } => "'qqq'".to_owned(),
        ColumnType::Integer => "7919".to_owned(),
        ColumnType::Boolean => format!("NOT {}", column.name),
        ColumnType::Decimal { .. } => "'79.19'".to_owned(),
        ColumnType::Timestamp | ColumnType::Date => "'2001-02-03'".to_owned(),
        ColumnType::Json => r#"'{"changed": 1}'"#.to_owned(),
        ColumnType::Bytes => "NULL".to_owned(),
        ColumnType::Enum(name) => {
            let declared = catalog.enums.iter().find(|declared| &declared.name == name).expect("a declared enum");
            format!(
                "CASE WHEN {0} = '{1}' THEN '{2}' ELSE '{1}' END",
                column.name, declared.values[0].0, declared.values[1].0
            )
        }
    }
}

#[test]
fn every_changed_column_is_found_and_put_right() {
    let catalog = real();
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        let sync = generated(&catalog, database.dialect, "sync.sql");
        let verify = generated(&catalog, database.dialect, "verify.sql");
        database.run(&sync).await;
        let mut tried = 0;
        for table in catalog.tables.iter().filter(|table| !table.base || table.name.starts_with("catalog_")) {
            let rows = database.values(&format!("SELECT count(*) FROM {}", table.name)).await[0].clone();
            let is_ours = |column: &&Column| {
                !table.primary_key.contains(&column.name)
                    && !table.foreign_keys.iter().any(|foreign_key| foreign_key.columns.contains(&column.name))
                    && !["created_at", "updated_at", "synced_at", "revision"].contains(&column.name.as_str())
            };
            for column in table.columns.iter().filter(is_ours).filter(|_| rows != "0") {
                let value = other_value(column, &catalog);
                database.run(&format!("UPDATE {} SET {} = {value}", table.name, column.name)).await;
                let found = database.rows(&verify).await;
                let of_column =
                    |row: &&Texts| row[0].as_deref() == Some(&*table.name) && row[2].as_deref() == Some(&*column.name);
                let others = |row: &&Texts| !of_column(row);
                assert_eq!(
                    (found.iter().filter(of_column).count(), found.iter().filter(others).count()),
                    (rows.parse().expect("a number"), 0),
                    "{:?}: {}.{}: {found:?}",
                    database.dialect,
                    table.name,
                    column.name
                );
                assert!(found.iter().all(|row| row[3] != row[4]), "{found:?}");
                database.run(&sync).await;
                assert_eq!(database.rows(&verify).await, NO_ROWS, "{}.{}", table.name, column.name);
                tried += 1;
            }
        }
        assert!(tried > 60, "{tried} columns");
    });
}

#[test]
fn a_space_behind_a_text_is_found_and_taken_away() {
    let catalog = real();
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        let sync = generated(&catalog, database.dialect, "sync.sql");
        let verify = generated(&catalog, database.dialect, "verify.sql");
        database.run(&sync).await;
        for (table, column) in [("services", "name"), ("plans", "billing_type"), ("catalog_features", "name")] {
            let longer = match database.dialect {
                Dialect::Sqlite => format!("{column} || ' '"),
                Dialect::Postgres | Dialect::Mysql => format!("concat({column}, ' ')"),
            };
            let rows = database.values(&format!("SELECT count(*) FROM {table}")).await[0].parse::<usize>();
            database.run(&format!("UPDATE {table} SET {column} = {longer}")).await;
            let found = database.rows(&verify).await;
            assert_eq!(Ok(found.len()), rows, "{:?}: {table}.{column}: {found:?}", database.dialect);
            database.run(&sync).await;
            assert_eq!(database.rows(&verify).await, NO_ROWS, "{:?}: {table}.{column}", database.dialect);
        }
    });
}

#[test]
fn bytes_in_place_of_a_text_are_found_and_put_right() {
    let catalog = real();
    on(Dialect::Sqlite, async |database| {
        create_tables(database, &catalog).await;
        let sync = generated(&catalog, database.dialect, "sync.sql");
        let verify = generated(&catalog, database.dialect, "verify.sql");
        database.run(&sync).await;
        database.run("UPDATE plans SET name = CAST(name AS BLOB) WHERE id = 'starter'").await;
        let found = database.rows(&verify).await;
        let starter = |row: &Texts| {
            (row[0].as_deref(), row[1].as_deref(), row[2].as_deref()) == (Some("plans"), Some("starter"), Some("name"))
        };
        assert!(found.len() == 1 && starter(&found[0]), "{found:?}");
        database.run(&sync).await;
        assert_eq!(database.rows(&verify).await, NO_ROWS);
    });
}

#[test]
fn a_boolean_that_is_neither_true_nor_false_is_found_and_put_right() {
    let catalog = real();
    for (dialect, set, shown) in [
        (Dialect::Mysql, "2", "2"),
        (Dialect::Sqlite, "7", "7"),
        (Dialect::Sqlite, "'true'", "'true'"),
        (Dialect::Sqlite, "x'31'", "X'31'"),
    ] {
        on(dialect, async |database| {
            create_tables(database, &catalog).await;
            let sync = generated(&catalog, database.dialect, "sync.sql");
            let verify = generated(&catalog, database.dialect, "verify.sql");
            database.run(&sync).await;
            if dialect == Dialect::Sqlite {
                database.run("PRAGMA ignore_check_constraints = TRUE").await;
            }
            database.run(&format!("UPDATE plans SET active = {set} WHERE id = 'starter'")).await;
            let expected = ["plans", "starter", "active", "true", shown].map(|text| Some(text.to_owned()));
            assert_eq!(database.rows(&verify).await, [expected.to_vec()]);
            database.run(&sync).await;
            assert_eq!(database.rows(&verify).await, NO_ROWS);
        });
    }
}

#[test]
fn a_sync_writes_moments_in_utc_whatever_the_sessions_time_zone() {
    let catalog = real();
    on(Dialect::Mysql, async |database| {
        create_tables(database, &catalog).await;
        database.run("SET time_zone = '+05:00'").await;
        database.run(&generated(&catalog, database.dialect, "sync.sql")).await;
        for (table, column) in
            [("plans", "created_at"), ("catalog_prices", "created_at"), ("catalog_state", "synced_at")]
        {
            let off =
                format!("SELECT count(*) FROM {table} WHERE ABS(TIMESTAMPDIFF(MINUTE, {column}, UTC_TIMESTAMP())) > 5");
            assert_eq!(database.values(&off).await, ["0"], "{table}.{column}");
        }
    });
}

#[test]
fn each_of_many_columns_is_compared() {
    let attributes: Vec<_> = (1..=40).map(|number| format!("size{number}")).collect();
    let of_each = |value: &str| attributes.iter().map(|name| format!("{name}: {value}")).collect::<Vec<_>>().join(", ");
    let catalog = small(&format!(
        "catalog: {{ name: shop, title: Shop, currency: usd }}
kinds:
  tea: {{ plural: teas, attributes: {{ {} }} }}
teas:
  green: {{ name: Green tea, attributes: {{ {} }}, prices: {{ monthly: 4.50 }} }}
",
        of_each("{ type: integer }"),
        of_each("7")
    ));
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        let verify = generated(&catalog, database.dialect, "verify.sql");
        database.run(&generated(&catalog, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&verify).await, NO_ROWS);
        for name in &attributes {
            database.run(&format!("UPDATE teas SET {name} = 8")).await;
            let found = database.rows(&verify).await;
            let expected = ["teas", "green", name.as_str(), "7", "8"].map(|text| Some(text.to_owned()));
            assert_eq!(found, [expected.to_vec()], "{:?}", database.dialect);
            database.run(&format!("UPDATE teas SET {name} = 7")).await;
        }
    });
}

#[test]
fn a_sync_keeps_created_at_and_moves_updated_at_of_changed_rows_only() {
    let catalog = real();
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        let sync = generated(&catalog, database.dialect, "sync.sql");
        database.run(&sync).await;
        database.run("UPDATE plans SET created_at = '2001-02-03 04:05:06', updated_at = '2001-02-03 04:05:06'").await;
        let dates = "SELECT count(*) FROM plans WHERE created_at = '2001-02-03 04:05:06' UNION ALL
            SELECT count(*) FROM plans WHERE updated_at = '2001-02-03 04:05:06'";
        database
            .run("UPDATE plans SET name = 'Changed', updated_at = '2001-02-03 04:05:06' WHERE id = 'starter'")
            .await;
        if database.dialect != Dialect::Mysql {
            // A value that is set to what it was is taken for one that was not set.
            database.run("UPDATE plans SET updated_at = '2001-02-03 04:05:06' WHERE id = 'starter'").await;
        }
        assert_eq!(database.values(dates).await, ["3", "3"], "{:?}", database.dialect);
        database.run(&sync).await;
        assert_eq!(database.values(dates).await, ["3", "2"], "{:?}", database.dialect);
        assert_eq!(database.values("SELECT name FROM plans WHERE id = 'starter'").await, ["Starter Plan"]);
    });
}

#[test]
fn rows_that_the_catalog_never_had_are_left_alone() {
    let catalog = real();
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        let sync = generated(&catalog, database.dialect, "sync.sql");
        let verify = generated(&catalog, database.dialect, "verify.sql");
        database.run(&sync).await;
        database.run("INSERT INTO services (id, name, created_at) VALUES ('handmade', 'By hand', NULL)").await;
        database
            .run("INSERT INTO catalog_prices (lookup_key, kind, product_id, price_key, local_id, label) VALUES ('hand', 'hand', 'made', 'x', 'x', 'x')")
            .await;
        database
            .run("INSERT INTO catalog_price_amounts (lookup_key, currency, effective_on) VALUES ('hand', 'usd', '1970-01-01')")
            .await;
        database.run(&sync).await;
        assert_eq!(database.values("SELECT name FROM services WHERE id = 'handmade'").await, ["By hand"]);
        assert_eq!(
            database.values("SELECT currency FROM catalog_price_amounts WHERE lookup_key = 'hand'").await,
            ["usd"]
        );
        assert_eq!(database.rows(&verify).await, NO_ROWS);
    });
}

/// Texts that try to end a literal, a comment or a statement, or to be read as something else.
const HOSTILE: &[&str] = &[
    "O'Brien's \"quoted\" plan",
    "'); DROP TABLE teas; --",
    "C:\\dir\\",
    "\\'; DROP TABLE teas; --",
    "two\nlines;\nCOMMIT;\nBEGIN TRANSACTION;\n-- not a comment",
    "\tTabs and a bell",
    "*/ /* ${x} `y` $$ $1 ? %s :name {{z}}",
    "emoji 🎉👩‍👩‍👧, العربية, 日本語, \u{202e}rtl",
    "~^|`#@$%&*+=<>!\\\n",
    "trailing backslash \\",
];

/// As a name may be; other texts may be anything.
fn in_one_line(hostile: &str) -> String {
    hostile.replace(['\n', '\t', '\u{202e}'], " ").trim().to_owned()
}

#[test]
fn hostile_texts_pass_unharmed() {
    let mut text =
        "catalog: { name: shop, title: Shop, currency: usd }\nkinds:\n  tea: { plural: teas }\nteas:\n".to_owned();
    for (number, hostile) in HOSTILE.iter().enumerate() {
        let name = serde_json::json!(in_one_line(hostile));
        let hostile = serde_json::json!(hostile).to_string().replace('\u{202e}', "\\u202e");
        text.push_str(&format!(
            "  tea{number}: {{ name: {name}, description: {hostile}, prices: {{ monthly: 1.00 }}, metadata: {{ note: {hostile} }} }}\n"
        ));
    }
    let catalog = small(&text);
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        database.run(&generated(&catalog, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&generated(&catalog, database.dialect, "verify.sql")).await, NO_ROWS);
        let rows = database.rows("SELECT name, description, metadata FROM teas ORDER BY id").await;
        assert_eq!(rows.len(), HOSTILE.len());
        for (row, hostile) in rows.iter().zip(HOSTILE) {
            assert_eq!(row[0], Some(in_one_line(hostile)), "{:?}", database.dialect);
            assert_eq!(row[1].as_deref(), Some(*hostile), "{:?}", database.dialect);
            let metadata: serde_json::Value = serde_json::from_str(row[2].as_deref().expect("metadata")).expect("JSON");
            assert_eq!(metadata["note"], *hostile);
        }
    });
}

#[test]
fn no_statement_is_larger_than_cloudflare_d1_takes() {
    let mut text =
        "catalog: { name: shop, title: Shop, currency: usd }\nkinds:\n  tea: { plural: teas }\nteas:\n".to_owned();
    (0..2000).for_each(|number| {
        text.push_str(&format!("  tea{number}: {{ name: Tea {number}, prices: {{ monthly: 1.00 }} }}\n"))
    });
    let catalog = small(&text);
    for name in ["sync.sql", "verify.sql"] {
        let longest = generated(&catalog, Dialect::Sqlite, name).split(";\n").map(str::len).max();
        assert!(longest.is_some_and(|bytes| (50_000..100_000).contains(&bytes)), "{name}: {longest:?}");
    }
    on_every_database(async |database| {
        create_tables(database, &catalog).await;
        database.run(&generated(&catalog, database.dialect, "sync.sql")).await;
        assert_eq!(database.rows(&generated(&catalog, database.dialect, "verify.sql")).await, NO_ROWS);
        assert_eq!(database.values("SELECT count(*) FROM catalog_price_amounts").await, ["2000"]);
    });
}
