//! `services backup` and `services restore`: what was saved comes back to the byte, or nothing happens.

use std::fs;
use std::path::{Path, PathBuf};

use pricebook::Artifacts;
use pricebook_types::Dialect;

use crate::databases::{Database, SOUND, on_every_database};
use crate::shop::{FIRST, SHOP, migration, with_migrations};

/// A tea's picture, and an order of it in a table that no sync writes.
fn with_more() -> &'static Artifacts {
    let alter = |ty: &str| format!("ALTER TABLE teas ADD COLUMN picture {ty};\n");
    let orders = "CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, tea VARCHAR(64),
  FOREIGN KEY (tea) REFERENCES teas (id) ON DELETE CASCADE);\n";
    let mut more = migration(2, "more", "", "bb");
    more.sql.sqlite = (alter("BLOB") + orders).leak();
    more.sql.postgres = (alter("BYTEA") + orders).leak();
    // The tables of a catalog are made so, while the server's own choice is another.
    let utf8 = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
    let orders = orders.replace(");\n", &format!(") {utf8};\n"));
    more.sql.mysql = format!("ALTER TABLE teas CONVERT TO {utf8};\n{}{orders}", alter("LONGBLOB")).leak();
    with_migrations(vec![FIRST, more])
}

fn shop_with_more(dialect: Dialect) -> (Database, &'static Artifacts) {
    let (database, shop) = (Database::new(dialect), with_more());
    assert_eq!(database.run(shop, &["migrate"]).code, 0);
    database.services_of(shop, 0, &["sync", "--no-backup"]);
    (database, shop)
}

fn on_every_shop_with_more(test: impl Fn(&Database, &'static Artifacts)) {
    for dialect in Dialect::ALL {
        let (database, shop) = shop_with_more(dialect);
        test(&database, shop);
    }
}

fn backup(database: &Database, shop: &'static Artifacts) -> PathBuf {
    let ran = database.services_of(shop, 0, &["backup", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    report["file"].as_str().expect("a file").into()
}

/// The statements of a backup, which are the same for the same rows.
fn statements(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("the backup");
    let (_, statements) = text.split_once("\n\n").expect("a head");
    statements.rsplit_once("-- End of the backup").expect("an end").0.to_owned()
}

fn restore(database: &Database, shop: &'static Artifacts, code: u8, file: &Path) -> String {
    let ran = database.services_of(shop, code, &["restore", file.to_str().expect("UTF-8")]);
    ran.out + &ran.err
}

/// Texts that would break out of a literal, a line or a script.
const HOSTILE: [&str; 12] = [
    "It's \"quoted\" `too`",
    "'); DROP TABLE teas; --",
    "back\\slash \\' and \\",
    "line\nCOMMIT;\nBEGIN TRANSACTION;\n-- End of the backup; SHA-256 of everything above: 0",
    "carriage\r\nreturn\ttab\u{1}\u{1f}\u{7f}",
    "🫖 茶 Ünïcödé \u{202e}\u{feff}",
    "$$ $tag$ E'\\x41' :name ? @p %s",
    "/* not */ -- a comment",
    " leading and trailing ",
    "\u{1a}",
    "NULL",
    "x'00'",
];

fn quoted(dialect: Dialect, text: &str) -> String {
    let text = text.replace('\'', "''");
    if dialect == Dialect::Mysql { format!("'{}'", text.replace('\\', "\\\\")) } else { format!("'{text}'") }
}

fn put_hostile_rows(database: &Database) {
    let dialect = database.dialect;
    for (number, text) in HOSTILE.iter().enumerate() {
        let name = quoted(dialect, text);
        let bytes = match dialect {
            Dialect::Postgres => "'\\x00ff27225c'::bytea".to_owned(),
            _ => "X'00ff27225c'".to_owned(),
        };
        // PostgreSQL's INTEGER has four bytes, and so has MySQL's.
        let minor = if number % 2 == 0 { i64::from(i32::MAX) } else { i64::from(i32::MIN) };
        let picture = if number % 3 == 0 { "NULL".to_owned() } else { bytes };
        database.execute(&format!("INSERT INTO teas VALUES ('tea-{number}', {name}, {minor}, FALSE, {picture})"));
        database.execute(&format!(
            "INSERT INTO catalog_prices (lookup_key, kind, product_id, price_key, local_id, label, interval_count, updated_at)
             VALUES ('p{number}', 'tea', {name}, 'monthly', 'l', {name}, {}, '2020-02-29 12:34:56.789')",
            i64::MAX
        ));
        database.execute(&format!(
            "INSERT INTO catalog_price_amounts (lookup_key, currency, effective_on, tier_number, up_to, unit_amount)
             VALUES ('p{number}', 'usd', '2027-01-31', {number}, {}, '1234567890123456.000000000001')",
            i64::MIN
        ));
    }
    if dialect == Dialect::Sqlite {
        database.execute("INSERT INTO teas VALUES ('zero', CAST(X'610062' AS TEXT), 1, FALSE, '')");
        database.execute("INSERT INTO teas VALUES (CAST(x'6BFF' AS TEXT), CAST(x'61E92762' AS TEXT), 1, FALSE, x'E9')");
        database.execute("INSERT INTO teas VALUES ('odd types', 'float', 0.1, FALSE, 1e300)");
    }
}

/// Everything that a restore has to undo.
fn change_everything(database: &Database) {
    database.execute("UPDATE teas SET name = 'changed', minor = 1, picture = NULL");
    database.execute("DELETE FROM catalog_prices WHERE lookup_key IN ('p1', 'p3')");
    database.execute("UPDATE catalog_prices SET label = 'changed'");
    database.execute("UPDATE catalog_price_amounts SET unit_amount = '7', up_to = NULL");
    database.execute("INSERT INTO teas VALUES ('aaa', 'first', 1, TRUE, NULL), ('zzz', 'last', 1, TRUE, NULL)");
    database.execute(
        "INSERT INTO catalog_prices (lookup_key, kind, product_id, price_key, local_id, label)
         VALUES ('p', 'tea', 'aaa', 'monthly', 'l', 'new')",
    );
    database.execute(
        "INSERT INTO catalog_price_amounts (lookup_key, currency, effective_on) VALUES ('p2', 'aaa', '1970-01-01'),
         ('p', 'usd', '2030-01-01')",
    );
}

#[test]
fn what_was_saved_comes_back_to_the_byte() {
    on_every_shop_with_more(|database, shop| {
        put_hostile_rows(database);
        let saved = backup(database, shop);
        change_everything(database);
        let changed = backup(database, shop);
        assert_ne!(statements(&changed), statements(&saved));

        let told = restore(database, shop, 0, &saved);
        let of = |file: &Path| without_revision(&statements(file));
        assert_eq!(of(&backup(database, shop)), of(&saved), "{:?}", database.dialect);
        // What was replaced can be had back, too.
        let replaced = database.only_file("backup-before-restore-", ".sql");
        assert!(told.contains(&replaced.display().to_string()), "{told}");
        assert_eq!(statements(&replaced), statements(&changed));
        restore(database, shop, 0, &replaced);
        assert_eq!(of(&backup(database, shop)), of(&changed));
    });
}

/// The revision goes on, so that servers notice.
fn without_revision(statements: &str) -> String {
    statements.lines().filter(|line| !line.contains(SHOP.catalog_hash)).collect::<Vec<_>>().join("\n")
}

#[test]
fn hostile_texts_are_in_the_database_as_they_were_meant() {
    on_every_shop_with_more(|database, shop| {
        put_hostile_rows(database);
        let saved = backup(database, shop);
        database.execute("UPDATE teas SET name = 'changed'");
        restore(database, shop, 0, &saved);
        for (number, text) in HOSTILE.iter().enumerate() {
            let name = database.query(&format!("SELECT name FROM teas WHERE id = 'tea-{number}'"));
            assert_eq!(name, [*text], "{:?}", database.dialect);
        }
        if database.dialect == Dialect::Sqlite {
            let kept = "SELECT hex(name) || typeof(name) || hex(picture) FROM teas WHERE hex(id) = '6BFF'";
            database.execute("UPDATE teas SET name = CAST(x'61E92762' AS TEXT) WHERE hex(id) = '6BFF'");
            restore(database, shop, 0, &backup(database, shop));
            assert_eq!(database.query(kept), ["61E92762textE9"], "bytes that are no text in UTF-8");
        }
    });
}

#[test]
fn restoring_raises_the_revision_and_leaves_a_record() {
    on_every_shop_with_more(|database, shop| {
        let revision = || -> i64 {
            database.query("SELECT CONCAT('', revision) FROM catalog_state")[0].parse().expect("a number")
        };
        let saved = backup(database, shop);
        database.execute("UPDATE catalog_state SET revision = 41");
        restore(database, shop, 0, &saved);
        assert_eq!(revision(), 42);
        let actions = database.query("SELECT action FROM audit_log ORDER BY id");
        assert_eq!(actions, ["services.sync", "services.backup", "services.restore"]);
        assert_eq!(
            database.query("SELECT location FROM backups WHERE restored_at IS NOT NULL"),
            [saved.display().to_string()]
        );
    });
}

#[test]
fn a_backup_and_the_shell_of_the_database_need_nothing_else() {
    // What the file says works without this program: on SQLite with whatever runs scripts.
    let (database, shop) = shop_with_more(Dialect::Sqlite);
    put_hostile_rows(&database);
    let saved = backup(&database, shop);
    change_everything(&database);
    database.execute(&fs::read_to_string(&saved).expect("the backup"));
    assert_eq!(statements(&backup(&database, shop)), statements(&saved));
}

#[test]
fn a_backup_that_is_run_by_hand_sets_the_clock_of_its_session_to_utc() {
    // Times that a database fills in by itself are of the session's zone on these two.
    for (dialect, elsewhere, zone) in [
        (Dialect::Postgres, "SET TimeZone = 'Asia/Kolkata';\n", "current_setting('TimeZone')"),
        (Dialect::Mysql, "SET time_zone = '+05:30';\n", "@@session.time_zone"),
    ] {
        let (database, shop) = shop_with_more(dialect);
        put_hostile_rows(&database);
        let saved = backup(&database, shop);
        change_everything(&database);
        let script = fs::read_to_string(&saved).expect("the backup");
        let (script, _) = script.rsplit_once("\nCOMMIT;\n").expect("a transaction");
        let zones = database.query(&format!("{elsewhere}{script}\nSELECT {zone};\nCOMMIT"));
        assert_eq!(zones, [if dialect == Dialect::Mysql { "+00:00" } else { "UTC" }]);
        assert_eq!(statements(&backup(&database, shop)), statements(&saved), "{dialect:?}");
    }
}

#[test]
fn many_rows_come_back_in_several_statements() {
    on_every_database(|database| {
        let numbers: Vec<_> =
            (0..4000).map(|number| format!("('t{number:05}', '{}', 1, TRUE)", "x".repeat(60))).collect();
        database.execute(&format!("INSERT INTO teas VALUES {}", numbers.join(", ")));
        let saved = backup(database, &SHOP);
        assert!(statements(&saved).matches("INSERT INTO").count() > 3);
        database.execute("DELETE FROM teas WHERE id LIKE '%7'");
        database.execute("INSERT INTO teas VALUES ('t00000a', 'x', 1, TRUE), ('a', 'x', 1, TRUE), ('u', 'x', 1, TRUE)");
        restore(database, &SHOP, 0, &saved);
        assert_eq!(statements(&backup(database, &SHOP)), statements(&saved), "{:?}", database.dialect);
    });
}

#[test]
fn an_empty_table_is_empty_again() {
    on_every_database(|database| {
        let saved = backup(database, &SHOP);
        database.services(0, &["sync"]);
        assert_eq!(database.teas(), SOUND);
        restore(database, &SHOP, 0, &saved);
        assert_eq!(database.teas(), [""; 0]);
    });
}

#[test]
fn a_dry_run_of_a_restore_counts_what_would_change_and_keeps_nothing() {
    on_every_shop_with_more(|database, shop| {
        let file = backup(database, shop);
        let dry = |code: u8, more: &[&str]| {
            let restore = ["restore", file.to_str().expect("UTF-8"), "--dry-run"];
            database.services_of(shop, code, &[&restore[..], more].concat()).out
        };
        let told = dry(0, &[]);
        let nothing = "0 of them are missing now, 0 are otherwise, and 0 others would go\n";
        assert!(told.contains("rows of local, taken ") && told.ends_with(nothing), "{told}");
        database.execute("DELETE FROM teas WHERE id = 'green'");
        database.execute("UPDATE teas SET minor = 1");
        database.execute("INSERT INTO teas (id, name, minor, active) VALUES ('a', 'A', 1, TRUE), ('b', 'B', 1, TRUE)");
        let (before, files) = (database.teas(), database.files());
        assert!(dry(2, &[]).ends_with("1 of them are missing now, 1 are otherwise, and 2 others would go\n"));
        let report: serde_json::Value = serde_json::from_str(&dry(2, &["--json"])).expect("JSON");
        assert_eq!(report["changes"], serde_json::json!({ "inserted": 1, "updated": 1, "deleted": 2 }));
        // Nobody has to confirm what is not done, and a restore that would be refused is refused.
        dry(1, &["production"]);
        dry(2, &["production", "--from", "local"]);
        database.execute("INSERT INTO orders VALUES (1, 'a')");
        dry(1, &[]);
        assert_eq!((database.teas(), database.files()), (before, files));
    });
}

#[test]
fn rows_of_other_tables_that_would_be_lost_stop_a_restore() {
    on_every_shop_with_more(|database, shop| {
        let saved = backup(database, shop);
        database.execute("INSERT INTO teas VALUES ('black', 'Black tea', 1, TRUE, NULL)");
        database.execute("INSERT INTO orders VALUES (1, 'green'), (2, 'black')");
        let told = restore(database, shop, 1, &saved);
        assert!(told.contains("orders.tea refers to 1 rows that the backup does not have; nothing was kept"), "{told}");
        assert_eq!(database.query("SELECT tea FROM orders ORDER BY id"), ["green", "black"]);
        assert_eq!(database.teas().len(), 3);
        database.execute("DELETE FROM orders WHERE id = 2");
        restore(database, shop, 0, &saved);
        assert_eq!(database.query("SELECT tea FROM orders ORDER BY id"), ["green"]);
    });
}

#[test]
fn a_file_that_is_no_whole_backup_of_this_catalog_and_database_is_refused() {
    on_every_shop_with_more(|database, shop| {
        let saved = backup(database, shop);
        let text = fs::read_to_string(&saved).expect("the backup");
        let broken = database.folder().join("broken.sql");
        let cases = [
            ("DROP TABLE teas;\n".to_owned(), "is no backup of pricebook"),
            (text[..text.len() - 1].to_owned(), "is damaged: it lacks its end"),
            (text[..text.len() / 2].to_owned(), "is damaged: it lacks its end"),
            (text.replace("Green", "Brown"), "is damaged: it was changed after it was written"),
            (text.clone() + "DELETE FROM teas;\n", "is damaged: it was changed after it was written"),
        ];
        for (text, message) in cases {
            fs::write(&broken, text).expect("a file");
            let told = restore(database, shop, 1, &broken);
            assert!(told.contains(message), "{message}: {told}");
        }
        let told = restore(database, shop, 1, &database.folder().join("missing.sql"));
        assert!(told.contains("see that the file or folder is there"), "{told}");

        let bakery = Box::leak(Box::new(Artifacts { name: "bakery", ..*shop }));
        let elsewhere = Database::new(database.dialect);
        assert_eq!(elsewhere.run(bakery, &["migrate"]).code, 0);
        let told = restore(&elsewhere, bakery, 1, &saved);
        assert!(told.contains("the backup is of the catalog shop, and this is bakery"), "{told}");
        let few = Box::leak(Box::new(Artifacts { synced_tables: &[], ..*shop }));
        let told = restore(database, few, 1, &saved);
        assert!(told.contains("the backup holds the table teas, which no sync of this catalog writes"), "{told}");
    });
    let (sqlite, shop) = shop_with_more(Dialect::Sqlite);
    let (postgres, _) = shop_with_more(Dialect::Postgres);
    let told = restore(&postgres, shop, 1, &backup(&sqlite, shop));
    assert!(told.contains("the backup is of a database of the kind sqlite, and this is postgres"), "{told}");
}

#[test]
fn a_backup_of_a_table_with_other_columns_is_refused() {
    on_every_database(|database| {
        database.services(0, &["sync"]);
        let saved = backup(database, &SHOP);
        database.execute("ALTER TABLE teas ADD COLUMN origin VARCHAR(9)");
        database.execute("UPDATE teas SET minor = 1, origin = 'Assam'");
        let before = database.teas();
        let told = restore(database, &SHOP, 1, &saved);
        assert!(told.contains("are not those of the backup; nothing was kept"), "{told}");
        assert_eq!(database.teas(), before);
        assert_eq!(database.query("SELECT DISTINCT origin FROM teas"), ["Assam"]);
    });
}

#[test]
fn no_backup_is_ever_overwritten_and_the_oldest_go_first() {
    let (database, shop) = shop_with_more(Dialect::Sqlite);
    for name in ["backup-20200101_000000.sql", "backup-notes.sql", "backup-20200101_000001.sql.gz"] {
        fs::write(database.folder().join(name), "mine").expect("a file");
    }
    let files: Vec<_> = (0..5).map(|_| backup(&database, shop)).collect();
    let mut different = files.clone();
    different.dedup();
    assert_eq!(different, files);
    assert!(files.iter().all(|file| file.exists()));
    let folder = database.folder().to_str().expect("UTF-8");
    let kept = database.run(shop, &["services", "backup", "--keep", "2", "--folder", folder]);
    assert_eq!(kept.code, 0, "{}", kept.err);
    assert_eq!(files.iter().filter(|file| file.exists()).count(), 1);
    assert!(files[4].exists());
    // What is not ours by name and head stays.
    assert_eq!(fs::read_to_string(database.folder().join("backup-20200101_000000.sql")).expect("it"), "mine");
    assert!(database.folder().join("backup-notes.sql").exists());
    // Another environment's are its own.
    database.services_of(shop, 0, &["backup", "staging", "--keep", "1"]);
    assert!(files[4].exists());
}

#[test]
fn the_newest_backup_stays_where_the_clock_was_set_back() {
    let (database, shop) = shop_with_more(Dialect::Sqlite);
    let old = backup(&database, shop);
    for name in ["backup-20991231_235958.sql", "backup-20991231_235959.sql"] {
        fs::copy(&old, database.folder().join(name)).expect("a copy");
    }
    let folder = database.folder().to_str().expect("UTF-8");
    let kept = database.run(shop, &["services", "backup", "--keep", "2", "--folder", folder]);
    assert_eq!(kept.code, 0, "{}", kept.err);
    let written = kept.out.split_once(": ").expect("the file").0;
    assert!(fs::exists(written).expect("a folder"), "{}", kept.out);
    let names =
        ["backup-20991231_235958.sql", "backup-20991231_235959.sql"].map(|name| database.folder().join(name).exists());
    assert_eq!((old.exists(), names), (false, [false, true]));
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_a_backup() {
    use std::os::unix::fs::PermissionsExt;
    let (database, shop) = shop_with_more(Dialect::Sqlite);
    let mode = fs::metadata(backup(&database, shop)).expect("the backup").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
