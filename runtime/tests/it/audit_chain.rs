//! The audit log is chained by hash: `audit verify` names the first row that is not as it was sealed.

use pricebook::audit::COLUMNS;
use pricebook_types::Dialect;
use serde_json::{Value, json};

use crate::databases::{Database, on_every_database};
use crate::shop::{Ran, SHOP};

fn audit(database: &Database, code: u8, arguments: &[&str]) -> Ran {
    let ran = database.run(&SHOP, &[&["audit"], arguments].concat());
    assert_eq!(ran.code, code, "{:?} {arguments:?}: {}{}", database.dialect, ran.out, ran.err);
    ran
}

fn chain(database: &Database, code: u8) -> Value {
    serde_json::from_str(&audit(database, code, &["verify", "--json"]).out).expect("JSON")
}

/// Commands that each leave a row; the details of the first are those of a sync.
fn five_rows(database: &Database) {
    database.services(0, &["sync"]);
    for name in ["ana", "bea", "cem", "dan"] {
        let ran = database.run(&SHOP, &["user", "add", &format!("{name}@shop.example"), "--role", "operator"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
}

fn id(database: &Database, number: u32) -> String {
    database.query(&format!("SELECT id FROM audit_log WHERE seal_number = {number}")).remove(0)
}

#[test]
fn rows_are_sealed_in_their_order_and_found_whole() {
    on_every_database(|database| {
        assert!(audit(database, 0, &["verify"]).out.contains("nothing is sealed yet"));
        assert!(audit(database, 0, &["seal"]).out.contains("nothing was to be sealed"));
        five_rows(database);
        assert!(audit(database, 0, &["verify"]).out.contains("not sealed yet: 5 rows"));
        let sealed: Value = serde_json::from_str(&audit(database, 0, &["seal", "--json"]).out).expect("JSON");
        assert_eq!((&sealed["rows"], &sealed["last_number"]), (&json!(5), &json!(5)));
        let in_order = "SELECT id FROM audit_log ORDER BY ";
        assert_eq!(database.query(&format!("{in_order} seal_number")), database.query(&format!("{in_order} id")));
        let whole = json!({ "first_number": 1, "last_number": 5, "last_hash": sealed["last_hash"], "unsealed": 0 });
        assert_eq!(chain(database, 0), whole);
        let zeros = database.query("SELECT previous_hash FROM audit_log WHERE seal_number = 1").remove(0);
        assert_eq!(zeros, "0".repeat(64));

        assert_eq!(database.run(&SHOP, &["user", "disable", "ana@shop.example"]).code, 0);
        audit(database, 0, &["seal"]);
        let longer = chain(database, 0);
        assert_eq!((&longer["last_number"], &longer["unsealed"]), (&json!(6), &json!(0)));
        let linked = database.query("SELECT previous_hash FROM audit_log WHERE seal_number = 6").remove(0);
        assert_eq!(sealed["last_hash"], linked, "the chain goes on where it ended");
    });
}

#[test]
fn the_first_row_that_is_not_as_it_was_sealed_is_named() {
    on_every_database(|database| {
        five_rows(database);
        audit(database, 0, &["seal"]);
        let third = id(database, 3);
        // The id names the row, and is changed below.
        for column in COLUMNS.iter().skip(1).chain(["occurred_at"].iter()) {
            let value = match *column {
                "actor_kind" => "'system'",
                "result" => "'failed'",
                "details" => "'{\"role\": \"admin\"}'",
                "occurred_at" => "'2020-01-01 00:00:00'",
                _ => "'another'",
            };
            database.execute(&format!(
                "CREATE TABLE kept AS SELECT {column} AS value FROM audit_log WHERE seal_number = 3"
            ));
            database.execute(&format!("UPDATE audit_log SET {column} = {value} WHERE seal_number = 3"));
            let broken = chain(database, 1);
            assert_eq!(broken["broken"], json!({ "what": "changed", "number": 3, "id": third }), "{column}");
            database
                .execute(&format!("UPDATE audit_log SET {column} = (SELECT value FROM kept) WHERE seal_number = 3"));
            database.execute("DROP TABLE kept");
            assert_eq!(chain(database, 0)["last_number"], 5, "{column}");
        }
        // Before the first there is nothing that is whole.
        let first = id(database, 1);
        database.execute("CREATE TABLE kept AS SELECT action AS value FROM audit_log WHERE seal_number = 1");
        database.execute("UPDATE audit_log SET action = 'nothing' WHERE seal_number = 1");
        assert_eq!(chain(database, 1)["broken"], json!({ "what": "changed", "number": 1, "id": first }));
        database.execute("UPDATE audit_log SET action = (SELECT value FROM kept) WHERE seal_number = 1");
        database.execute("DROP TABLE kept");
        database.execute("UPDATE audit_log SET action = 'nothing' WHERE seal_number = 4");
        let told = audit(database, 1, &["verify"]).out;
        let line = format!("broken: row 4 ({}) was changed after it was sealed; whole from 1 to 3", id(database, 4));
        assert!(told.contains(&line), "{told}");
    });
}

#[test]
fn bytes_that_are_no_text_are_a_change_also_where_they_are_shown_alike() {
    let database = Database::with_tables(Dialect::Sqlite);
    five_rows(&database);
    database.execute("UPDATE audit_log SET object_id = 'caf\u{fffd}' WHERE action = 'user.add'");
    audit(&database, 0, &["seal"]);
    database.execute("UPDATE audit_log SET object_id = CAST(x'636166E9' AS TEXT) WHERE seal_number = 3");
    assert_eq!(chain(&database, 1)["broken"]["number"], 3);
}

#[test]
fn a_row_that_is_gone_or_was_put_in_between_is_found() {
    on_every_database(|database| {
        five_rows(database);
        audit(database, 0, &["seal"]);
        let fourth = id(database, 4);
        database.execute("DELETE FROM audit_log WHERE seal_number = 3");
        assert_eq!(chain(database, 1)["broken"], json!({ "what": "gone", "number": 3 }));
        // Who numbers the rest anew has still not the hashes for it.
        database.execute("UPDATE audit_log SET seal_number = 3 WHERE seal_number = 4");
        assert_eq!(chain(database, 1)["broken"], json!({ "what": "unlinked", "number": 3, "id": fourth }));
        database.execute("UPDATE audit_log SET previous_hash = (SELECT h FROM (SELECT row_hash AS h FROM audit_log WHERE seal_number = 2) x) WHERE seal_number = 3");
        assert_eq!(chain(database, 1)["broken"], json!({ "what": "changed", "number": 3, "id": fourth }));
    });
}

#[test]
fn a_beginning_or_an_end_that_was_cut_off_is_found() {
    on_every_database(|database| {
        five_rows(database);
        audit(database, 0, &["seal"]);
        let cut = |rows: &str, gone: Value| {
            database.execute(&format!("CREATE TABLE kept AS SELECT * FROM audit_log WHERE {rows}"));
            database.execute(&format!("DELETE FROM audit_log WHERE {rows}"));
            assert_eq!(chain(database, 1)["broken"], json!({ "what": "gone", "number": gone }), "{rows}");
            database.execute("INSERT INTO audit_log SELECT * FROM kept");
            database.execute("DROP TABLE kept");
            assert_eq!(chain(database, 0)["last_number"], 5, "{rows}");
        };
        cut("seal_number = 1", json!(1));
        cut("seal_number <= 2", json!(1));
        cut("seal_number = 5", json!(5));
        cut("seal_number >= 4", json!(4));
        cut("seal_number > 0", json!(1));
        // What comes later takes nobody's place.
        database.execute("DELETE FROM audit_log WHERE seal_number = 5");
        assert_eq!(database.run(&SHOP, &["user", "disable", "ana@shop.example"]).code, 0);
        audit(database, 0, &["seal"]);
        assert_eq!(chain(database, 1)["broken"], json!({ "what": "gone", "number": 5 }));
        assert_eq!(database.query("SELECT CONCAT(MAX(seal_number), '') FROM audit_log"), ["6"]);
    });
}

#[test]
fn a_chain_that_was_made_anew_has_not_the_hash_that_was_written_down() {
    on_every_database(|database| {
        five_rows(database);
        audit(database, 0, &["seal"]);
        let hash = |number: u32| {
            database.query(&format!("SELECT row_hash FROM audit_log WHERE seal_number = {number}")).remove(0)
        };
        let written = [format!("2:{}", hash(2)), format!("5:{}", hash(5))];
        let held = ["verify", "--holds", &written[0], "--holds", &written[1]];
        audit(database, 0, &held);
        audit(database, 1, &["verify", "--holds", &format!("9:{}", hash(5))]);
        for wrong in ["5", "0:aa", "5:xyz", "-1:00"] {
            audit(database, 2, &["verify", &format!("--holds={wrong}")]);
        }
        database.execute("UPDATE audit_log SET action = 'nothing' WHERE seal_number = 2");
        database.execute("UPDATE audit_log SET seal_number = NULL, previous_hash = NULL, row_hash = NULL");
        database.execute("DELETE FROM audit_chain");
        audit(database, 0, &["seal"]);
        assert_eq!(chain(database, 0)["last_number"], 5, "by itself it is whole");
        let told = audit(database, 1, &held).out;
        assert!(told.contains("row 2 (") && told.contains("has not the hash that was written down of it"), "{told}");
    });
}

#[test]
fn many_sealers_at_once_make_one_chain() {
    on_every_database(|database| {
        five_rows(database);
        let rows: Vec<_> = (0..600).map(|number| format!("('x{number:04}', 'command', 'test', 'row')")).collect();
        database.execute(&format!(
            "INSERT INTO audit_log (id, actor_kind, action, object_type) VALUES {}",
            rows.join(", ")
        ));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| database.run(&SHOP, &["audit", "seal"]));
            }
        });
        // One that gave way to another has left what it did not see.
        audit(database, 0, &["seal"]);
        let chain = chain(database, 0);
        assert_eq!(
            (&chain["first_number"], &chain["last_number"], &chain["unsealed"]),
            (&json!(1), &json!(605), &json!(0))
        );
    });
}
