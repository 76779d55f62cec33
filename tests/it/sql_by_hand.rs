//! SQL files that people run in their database's own shell, as the head of each file says.

use std::fs;
use std::io::{Seek, Write};
use std::process::{Command, Output};

use pricebook_emit::sql;
use pricebook_model::Catalog;
use pricebook_model::migrate::{base_schema, own_schema};
use pricebook_types::Dialect;

use crate::catalogs::small;
use crate::sql_databases::{on, server};
use crate::sql_rows::{NO_ROWS, create_tables, generated};

const BEFORE: &str = "
catalog: { name: shop, title: Shop, currency: usd }
kinds:
  tea: { plural: teas }
teas:
  green: { name: Green tea, prices: { monthly: 4.50 } }
";

/// Its row comes first, the row that is refused behind it.
const AFTER: &str = "
catalog: { name: shop, title: Shop, currency: usd }
kinds:
  tea: { plural: teas }
teas:
  green: { name: Greener tea, prices: { monthly: 4.50, weekly: 2.00 } }
";

/// Runs a generated file by the command in its head.
fn by_hand(text: &str, database: &str) -> Output {
    let command = text.lines().find_map(|line| line.strip_prefix("-- By hand, so that it ends at the first error: "));
    let file = tempfile::NamedTempFile::new().expect("a file");
    fs::write(file.path(), text).expect("it is written");
    let file = file.path().to_str().expect("a path in UTF-8");
    let command = command.expect("the head says how").replace("DATABASE", "\"$1\"").replace("FILE", "\"$2\"");
    Command::new("sh").args(["-c", &command, "sh", database, file]).output().expect("a shell")
}

fn assert_refused(output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains("no weekly prices"), "{said}");
}

#[test]
fn a_sync_that_fails_in_the_shell_of_sqlite_keeps_nothing() {
    let (before, after) = (small(BEFORE), small(AFTER));
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("shop.db");
    let database = database.to_str().expect("a path in UTF-8");
    let shell = |sql: &str| {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(sql.as_bytes()).and_then(|()| file.rewind()).expect("it is written");
        let output = Command::new("sqlite3").args(["-bail", database]).stdin(file).output().expect("sqlite3 runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    for schema in [base_schema(&before), own_schema(&before)] {
        shell(&sql::create_all(Dialect::Sqlite, &schema));
    }
    let sync = |catalog: &Catalog| by_hand(&generated(catalog, Dialect::Sqlite, "sync.sql"), database);
    assert!(sync(&before).status.success());
    shell(
        "CREATE TRIGGER refusal BEFORE INSERT ON catalog_prices WHEN NEW.price_key = 'weekly'
         BEGIN SELECT RAISE(ABORT, 'no weekly prices'); END;",
    );
    assert_refused(&sync(&after));
    let verified = by_hand(&generated(&before, Dialect::Sqlite, "verify.sql"), database);
    assert_eq!((verified.status.success(), String::from_utf8_lossy(&verified.stdout).as_ref()), (true, ""));
    shell("DROP TRIGGER refusal;");
    assert!(sync(&after).status.success());
    assert_eq!(shell("SELECT name FROM teas;"), "Greener tea\n");
}

#[test]
fn a_sync_that_fails_in_psql_keeps_nothing() {
    let (before, after) = (small(BEFORE), small(AFTER));
    on(Dialect::Postgres, async |database| {
        create_tables(database, &before).await;
        let url = server(Dialect::Postgres);
        let url = url.replacen("/postgres?", &format!("/{}?", database.name), 1);
        let sync = |catalog: &Catalog| by_hand(&generated(catalog, Dialect::Postgres, "sync.sql"), &url);
        assert!(sync(&before).status.success());
        let refusal = "ALTER TABLE catalog_prices ADD CONSTRAINT \"no weekly prices\" CHECK (price_key <> 'weekly')";
        database.run(refusal).await;
        assert_refused(&sync(&after));
        assert_eq!(database.rows(&generated(&before, Dialect::Postgres, "verify.sql")).await, NO_ROWS);
        database.run("ALTER TABLE catalog_prices DROP CONSTRAINT \"no weekly prices\"").await;
        assert!(sync(&after).status.success());
        assert_eq!(database.values("SELECT name FROM teas").await, ["Greener tea"]);
    });
}
