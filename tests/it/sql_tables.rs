//! The tables of the requirements as real databases have them: types, defaults, checks, cascades, `updated_at`.

use pricebook_emit::sql;
use pricebook_model::migrate::{base_schema, own_schema};
use pricebook_model::schema::{Column, ColumnType};
use pricebook_types::Dialect;
use sqlparser::dialect::MySqlDialect;
use sqlparser::parser::Parser;

use crate::catalogs::{one_file, real, small};
use crate::project::{read, root};
use crate::sql_databases::{Database, on, on_every_database};
use crate::sql_rows::{create_tables, generated};

const USER: &str = "INSERT INTO users (id, email, name) VALUES ('u', 'u@example.com', 'U')";
const INSTANCE: &str = "INSERT INTO service_instances (id, user_id, service_id, name, type, start_date)
    VALUES ('i', 'u', 's', 'Site', 'hosting', '2027-01-01 00:00:00')";

/// The columns of a table as its database tells them: name, type, NULL or not, default.
async fn columns(database: &mut Database, table: &str) -> String {
    let query = match database.dialect {
        Dialect::Sqlite => format!(
            "SELECT name || ' ' || type || iif([notnull] OR pk, ' NOT NULL', '') || coalesce(' DEFAULT ' || dflt_value, '')
                FROM pragma_table_info('{table}') ORDER BY cid"
        ),
        Dialect::Postgres => format!(
            "SELECT column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', '')
                || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END || coalesce(' DEFAULT ' || column_default, '')
                FROM information_schema.columns WHERE table_name = '{table}' ORDER BY ordinal_position"
        ),
        // MariaDB tells the default NULL as a text, MySQL as none.
        Dialect::Mysql => format!(
            "SELECT CONCAT(column_name, ' ', column_type, IF(is_nullable = 'NO', ' NOT NULL', ''),
                IF(COALESCE(column_default, 'NULL') = 'NULL', '', CONCAT(' DEFAULT ', column_default)),
                IF(extra = '', '', CONCAT(' ', extra)))
                FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{table}'
                ORDER BY ordinal_position"
        ),
    };
    database.values(&query).await.join("\n")
}

#[test]
fn services_has_the_columns_of_the_payment_api() {
    on(Dialect::Sqlite, async |database| {
        create_tables(database, &real()).await;
        insta::assert_snapshot!(columns(database, "services").await, @r"
        id TEXT NOT NULL
        name TEXT NOT NULL
        description TEXT
        min_price INTEGER
        max_price INTEGER
        deposit_amount INTEGER
        billing_type TEXT
        metadata TEXT
        active INTEGER DEFAULT 1
        created_at TEXT DEFAULT CURRENT_TIMESTAMP
        ");
    });
}

#[test]
fn service_instances_have_the_columns_of_the_customers_services() {
    on_every_database(async |database| {
        create_tables(database, &real()).await;
        let name = format!("columns_of_service_instances_{}", database.dialect.name());
        insta::assert_snapshot!(name, columns(database, "service_instances").await);
    });
}

#[test]
fn services_holds_whole_dollars_and_the_states_of_the_document() {
    on_every_database(async |database| {
        let catalog = real();
        create_tables(database, &catalog).await;
        database.run(&generated(&catalog, database.dialect, "sync.sql")).await;
        let active = "CASE WHEN active THEN 1 ELSE 0 END";
        let query = format!(
            "SELECT id, min_price, max_price, deposit_amount, billing_type, {active} FROM services ORDER BY id"
        );
        let line = |row: &Vec<Option<String>>| {
            row.iter().map(|text| text.as_deref().unwrap_or("NULL")).collect::<Vec<_>>().join(" ")
        };
        let lines: Vec<_> = database.rows(&query).await.iter().map(line).collect();
        insta::allow_duplicates! { insta::assert_snapshot!(lines.join("\n"), @r"
        competitor-tracking 3495 3495 NULL monthly 0
        market-essentials 1495 1495 299 one-time 1
        market-intelligence 2995 2995 599 one-time 1
        market-pulse-executive 0 0 0 free 0
        ongoing-retainer 3500 3500 3500 monthly 1
        strategic-analysis 4995 4995 999 one-time 1
        ") };
    });
}

#[test]
fn other_values_than_the_enums_are_refused() {
    on_every_database(async |database| {
        create_tables(database, &real()).await;
        database.run(USER).await;
        database.run(INSTANCE).await;
        assert_eq!(database.values("SELECT status FROM service_instances").await, ["active"]);
        for wrong in ["type = 'balcony'", "status = 'gone'", "status = ''", "type = NULL", "status = 'ACTIVE'"] {
            let update = format!("UPDATE service_instances SET {wrong}");
            let result = database.try_run(&update).await;
            // MySQL compares the values of an ENUM by the column's collation, which tells case apart.
            assert!(result.is_err(), "{:?} takes {wrong}", database.dialect);
        }
    });
}

#[test]
fn optional_json_may_be_left_out_on_sqlite_before_3_45() {
    on(Dialect::Sqlite, async |database| {
        let tables = sql::create_all(Dialect::Sqlite, &base_schema(&real()));
        // There `json_valid(NULL)` is 0; here it is NULL, which a CHECK lets pass.
        let as_before = tables.replace("json_valid(", "1 IS json_valid(");
        assert_ne!(as_before, tables);
        database.run(&as_before).await;
        database.run(USER).await;
        database.run(INSTANCE).await;
        assert_eq!(database.values("SELECT config FROM service_instances").await, ["NULL"]);
        let broken = database.try_run("UPDATE service_instances SET config = '{'").await;
        assert!(broken.is_err(), "what is no JSON is refused as ever");
    });
}

#[test]
fn deleting_a_user_deletes_the_instances() {
    on_every_database(async |database| {
        create_tables(database, &real()).await;
        database.run(USER).await;
        database.run(INSTANCE).await;
        database.run("DELETE FROM users").await;
        assert_eq!(database.values("SELECT count(*) FROM service_instances").await, ["0"]);
        assert!(database.try_run(INSTANCE).await.is_err(), "an instance needs its user");
    });
}

#[test]
fn updated_at_moves_on_every_update() {
    on_every_database(async |database| {
        create_tables(database, &real()).await;
        database.run(USER).await;
        database.run(INSTANCE).await;
        let updated_at = "SELECT updated_at FROM service_instances";
        database.run("UPDATE service_instances SET updated_at = '2001-02-03 04:05:06'").await;
        let before = database.values(updated_at).await;
        database.run("UPDATE service_instances SET name = 'Another'").await;
        let after = database.values(updated_at).await;
        assert!(after > before, "{:?}: {before:?}, then {after:?}", database.dialect);
    });
}

#[test]
fn a_service_id_is_unique_and_the_indexes_are_there() {
    on_every_database(async |database| {
        create_tables(database, &real()).await;
        database.run(USER).await;
        database.run(INSTANCE).await;
        let second = INSTANCE.replace("('i',", "('j',");
        assert!(database.try_run(&second).await.is_err(), "{:?}", database.dialect);
        let indexes = match database.dialect {
            Dialect::Sqlite => {
                "SELECT i.name || ' ' || group_concat(c.name) FROM pragma_index_list('service_instances') i
                    JOIN pragma_index_info(i.name) c WHERE i.name LIKE 'idx%' GROUP BY i.name ORDER BY 1"
            }
            Dialect::Postgres => {
                "SELECT i.relname || ' ' || string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_index x
                    JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_attribute a ON a.attrelid = i.oid
                    WHERE x.indrelid = 'service_instances'::regclass AND i.relname LIKE 'idx%' GROUP BY i.relname ORDER BY 1"
            }
            Dialect::Mysql => {
                "SELECT CONCAT(index_name, ' ', GROUP_CONCAT(column_name ORDER BY seq_in_index)) FROM information_schema.statistics
                    WHERE table_schema = DATABASE() AND table_name = 'service_instances' AND index_name LIKE 'idx%'
                    GROUP BY index_name ORDER BY 1"
            }
        };
        assert_eq!(database.values(indexes).await, ["idx_service_type type", "idx_user_status user_id,status"]);
    });
}

#[test]
fn exact_decimals_and_sound_json_only() {
    on(Dialect::Sqlite, async |database| {
        create_tables(database, &real()).await;
        let insert = |percent: &str| {
            format!(
                "INSERT INTO catalog_coupons (id, name, duration, percent_off) VALUES ('{percent}', 'x', 'once', '{percent}')"
            )
        };
        for right in ["10", "0.5", "-12.25", "100.00", "0"] {
            database.run(&insert(right)).await;
        }
        for wrong in ["10.555", "1e2", "ten", "", "1.2.3", "1-2", "1000", "--1", ".5", "1,5"] {
            assert!(database.try_run(&insert(wrong)).await.is_err(), "takes {wrong}");
        }
        let json = "UPDATE catalog_coupons SET applies_to = '{'";
        assert!(database.try_run(json).await.is_err());
        let boolean = "UPDATE catalog_coupons SET active = 2";
        assert!(database.try_run(boolean).await.is_err());
    });
}

#[test]
fn ids_that_differ_in_case_or_accents_are_different() {
    on_every_database(async |database| {
        create_tables(database, &real()).await;
        for id in ["cafe", "Cafe", "café"] {
            database.run(&format!("INSERT INTO services (id, name) VALUES ('{id}', 'x')")).await;
        }
        assert_eq!(database.values("SELECT count(*) FROM services WHERE id = 'CAFE'").await, ["0"]);
    });
}

#[test]
fn a_parser_of_mysqls_dialect_reads_every_statement() {
    let read_all = |name: &str, text: &str, least: usize| {
        let statements = Parser::parse_sql(&MySqlDialect {}, text);
        assert!(statements.as_ref().is_ok_and(|statements| statements.len() >= least), "{name}: {statements:?}");
    };
    for name in ["schema.sql", "sync.sql", "verify.sql"] {
        read_all(name, &generated(&real(), Dialect::Mysql, name), 6);
    }
    for package in ["", "examples/adopter/", "runtime/"] {
        let folder = format!("{package}generated/sql/mysql");
        read_all(&folder, &read(format!("{folder}/schema.sql")), 2);
        let migrations = std::fs::read_dir(root().join(&folder).join("migrations")).expect("migrations");
        let migrations: Vec<_> = migrations.map(|entry| entry.expect("a migration").path()).collect();
        assert!(!migrations.is_empty(), "{folder}");
        for path in migrations {
            read_all(&path.display().to_string(), &read(&path), 1);
        }
    }
}

/// With it, a row of [`widest`] takes 65,535 bytes: 64,589 in the other columns, and two for the length of this one.
const LONGEST_FILLER: u32 = 236;

/// A table with a column of every type and two long texts.
fn widest(filler: u32) -> String {
    format!(
        "
catalog: {{ name: wide, title: Wide, currency: usd }}
enums: {{ shade: {{ values: [light, dark] }} }}
records:
  walls:
    columns:
      id: {{ type: text(63), key: true }}
      code: text(64)
      note: text?
      height: integer?
      painted: boolean?
      width: \"decimal(28,12)?\"
      share: \"decimal(5,2)?\"
      built_on: date?
      seen_at: timestamp?
      facts: json?
      photo: bytes
      shade: shade?
      story: text(16000)
      more: text({filler})
"
    )
}

/// A table of `integers` columns that take eight bytes of a row and `flags` that take one, beside its key of eight.
fn of_many_columns(integers: usize, flags: usize) -> String {
    let columns = |name: &str, ty: &str, count| {
        (1..=count).map(|number| format!("      {name}_{number}: {ty}\n")).collect::<String>()
    };
    format!(
        "catalog: {{ name: wide, title: Wide, currency: usd }}\nrecords:\n  walls:\n    columns:\n      id: {{ type: integer, key: true }}\n{}{}",
        columns("number", "integer", integers),
        columns("flag", "boolean", flags)
    )
}

#[test]
fn a_table_as_wide_as_it_may_be_is_one_that_every_database_takes() {
    let codes = |text: &str| -> Vec<&str> {
        let compiled = pricebook_model::compile(one_file(text), &pricebook_emit::limits(), None);
        compiled.err().iter().flat_map(|report| &report.diagnostics).map(|found| found.code).collect()
    };
    let too_long = "Row size too large";
    for (widest, wider, code, words) in [
        (of_many_columns(0, 1_016), of_many_columns(0, 1_017), "too-many-columns", "Too many columns"),
        (of_many_columns(1_012, 3), of_many_columns(1_012, 4), "row-too-long", too_long),
    ] {
        assert_eq!(codes(&widest), Vec::<&str>::new());
        assert_eq!(codes(&wider), [code]);
        let schema = own_schema(&small(&widest));
        on_every_database(async |database| database.run(&sql::create_all(database.dialect, &schema)).await);
        on(Dialect::Mysql, async |database| {
            let mut more = schema.clone();
            let column = more.tables[0].columns.last_mut().expect("a column");
            let again = Column { name: "again".to_owned(), ..column.clone() };
            more.tables[0].columns.push(again);
            let refused = database.try_run(&sql::create_all(Dialect::Mysql, &more)).await.expect_err("too wide");
            assert!(refused.to_string().contains(words), "{refused}");
        });
    }
}

#[test]
fn a_row_as_long_as_it_may_be_is_one_that_the_database_takes() {
    on(Dialect::Mysql, async |database| {
        let mut schema = own_schema(&small(&widest(LONGEST_FILLER)));
        database.run(&sql::create_all(Dialect::Mysql, &schema)).await;
        let longer = widest(LONGEST_FILLER + 1);
        let refused =
            pricebook_model::compile(one_file(&longer), &pricebook_emit::limits(), None).expect_err("too long");
        assert_eq!(refused.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), ["row-too-long"]);
        let more = schema.tables[0].columns.last_mut().expect("a column");
        more.ty = ColumnType::Text { max: Some(LONGEST_FILLER + 1) };
        schema.tables[0].name.push_str("_longer");
        let refused = database.try_run(&sql::create_all(Dialect::Mysql, &schema)).await.expect_err("too long");
        assert!(refused.to_string().contains("Row size too large"), "{refused}");
    });
}
