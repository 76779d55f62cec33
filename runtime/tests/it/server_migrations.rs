//! Migrations on PostgreSQL and MariaDB: once each, by one of many, and honest about what stands when one fails.

use std::sync::Barrier;

use pricebook::Artifacts;
use pricebook_types::Dialect;

use crate::server::{Server, on_every_server, url};
use crate::shop::{Ran, migration, run, with_migrations};

const CREATE: &str = "CREATE TABLE teas (id VARCHAR(64) PRIMARY KEY, name VARCHAR(64) NOT NULL);\n";
const HALF: &str =
    "CREATE TABLE half (id INTEGER);\nINSERT INTO nowhere VALUES (1);\nCREATE TABLE rest (id INTEGER);\n";

fn shop() -> &'static Artifacts {
    with_migrations(vec![migration(1, "initial", CREATE, "aa")])
}

fn migrated(server: &Server, artifacts: &'static Artifacts) -> Ran {
    let ran = server.run(artifacts, &["migrate"]);
    assert_eq!(ran.code, 0, "{:?}: {}", server.dialect, ran.err);
    ran
}

#[test]
fn migrations_run_once_and_are_recorded() {
    on_every_server(|server| {
        let due = server.run(shop(), &["migrate", "--dry-run"]);
        assert!(due.out.contains("would be migrated: shop 0001_initial"), "{}{}", due.out, due.err);
        assert!(migrated(server, shop()).out.contains("migrated: shop 0001_initial"));
        assert!(migrated(server, shop()).out.contains("nothing changed"));
        let recorded = "SELECT CONCAT(stream, ' ', number, ' ', name, ' ', checksum) FROM pricebook_migrations WHERE stream = 'shop'";
        assert_eq!(server.query(recorded), ["shop 1 initial aa"]);
        let status = server.run(shop(), &["migrate", "status"]);
        assert!(status.out.contains("Z: shop 0001_initial") && !status.out.contains("due:"), "{}", status.out);
    });
}

#[test]
fn many_at_once_migrate_once() {
    on_every_server(|server| {
        let (start, shop) = (Barrier::new(6), shop());
        let applied: usize = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..6)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        migrated(server, shop).out.matches("migrated: shop").count()
                    })
                })
                .collect();
            runs.into_iter().map(|run| run.join().expect("a run")).sum()
        });
        assert_eq!(applied, 1, "{:?}", server.dialect);
    });
}

#[test]
fn an_edited_or_an_unknown_migration_is_refused() {
    on_every_server(|server| {
        migrated(server, shop());
        let edited = server.run(with_migrations(vec![migration(1, "initial", "SELECT 1;", "changed")]), &["migrate"]);
        assert_eq!(edited.code, 1);
        assert!(edited.err.contains("was changed after this database had run it"), "{}", edited.err);
        let unknown = server.run(with_migrations(Vec::new()), &["migrate"]);
        assert_eq!(unknown.code, 1);
        assert!(unknown.err.contains("which this program does not know"), "{}", unknown.err);
    });
}

#[test]
fn a_migration_that_fails_on_postgres_leaves_nothing() {
    let server = Server::new(Dialect::Postgres);
    migrated(&server, shop());
    let broken = with_migrations(vec![migration(1, "initial", CREATE, "aa"), migration(2, "half", HALF, "bb")]);
    let ran = server.run(broken, &["migrate"]);
    assert_eq!(ran.code, 1);
    let told =
        "migration 0002_half of shop failed: error returned from database: relation \"nowhere\" does not exist\n";
    assert!(ran.err.contains(told), "no line of the server's own source is told: {}", ran.err);
    assert_eq!(server.query("SELECT tablename::text FROM pg_tables WHERE tablename IN ('half', 'rest')"), [""; 0]);
    assert_eq!(server.run(shop(), &["migrate"]).code, 0);
}

#[test]
fn a_migration_that_fails_on_mysql_goes_on_at_the_statement_that_failed() {
    let server = Server::new(Dialect::Mysql);
    migrated(&server, shop());
    let broken = with_migrations(vec![migration(1, "initial", CREATE, "aa"), migration(2, "half", HALF, "bb")]);
    let ran = server.run(broken, &["migrate"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("migration 0002_half of shop failed at statement 2 of 3: "), "{}", ran.err);
    assert!(ran.err.contains("help: MySQL keeps each statement"), "{}", ran.err);
    let status = server.run(broken, &["migrate", "status"]);
    assert!(status.out.contains("due: shop 0002_half (stopped after 1 statement)"), "{}", status.out);

    server.execute("CREATE TABLE nowhere (id INTEGER)");
    migrated(&server, broken);
    let tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name IN ('half', 'rest')
                  ORDER BY 1";
    assert_eq!(server.query(tables), ["half", "rest"]);
    assert_eq!(server.query("SELECT id FROM nowhere"), ["1"]);
    assert!(migrated(&server, broken).out.contains("nothing changed"));
}

/// Every sort of change that a migration for MySQL is made of.
const CHANGES: [&str; 13] = [
    "CREATE TABLE pots (id BIGINT NOT NULL, tea VARCHAR(64), weight BIGINT, PRIMARY KEY (id), KEY teas_of (tea))",
    "CREATE UNIQUE INDEX weights ON pots (weight)",
    "ALTER TABLE pots ADD COLUMN size BIGINT",
    "ALTER TABLE pots MODIFY COLUMN size VARCHAR(9)",
    "ALTER TABLE pots ADD CONSTRAINT of_tea FOREIGN KEY (tea) REFERENCES teas (id)",
    "ALTER TABLE pots RENAME COLUMN weight TO grams",
    "ALTER TABLE pots DROP COLUMN size",
    "ALTER TABLE pots DROP FOREIGN KEY of_tea",
    "DROP INDEX weights ON pots",
    "ALTER TABLE pots DROP PRIMARY KEY",
    "ALTER TABLE pots ADD PRIMARY KEY (id, grams)",
    "RENAME TABLE pots TO jars",
    "DROP TABLE jars",
];

#[test]
fn what_was_done_on_mysql_and_not_counted_is_not_done_again() {
    let server = Server::new(Dialect::Mysql);
    migrated(&server, shop());
    let mut migrations = vec![migration(1, "initial", CREATE, "aa")];
    for (number, change) in (2..).zip(CHANGES) {
        let sql = format!("-- A change; of the tables.\n{change};\n").leak();
        migrations.push(migration(number, "change", sql, "bb"));
        let shop = with_migrations(migrations.clone());
        // As a run leaves it that was killed after the server had done the statement, and before it was told so.
        server.execute(change);
        server.execute(&format!(
            "INSERT INTO pricebook_migrations (stream, number, name, checksum, statements_done)
             VALUES ('shop', {number}, 'change', 'bb', -1)"
        ));
        let status = server.run(shop, &["migrate", "status"]);
        assert!(
            status.out.contains(&format!("due: shop {number:04}_change (stopped in statement 1)")),
            "{}",
            status.out
        );
        assert!(migrated(&server, shop).out.contains(&format!("migrated: shop {number:04}_change")), "{change}");
    }
}

#[test]
fn a_table_of_somebody_else_is_refused_each_time() {
    let server = Server::new(Dialect::Mysql);
    server.execute("CREATE TABLE teas (id INTEGER)");
    for _ in 0..2 {
        let ran = server.run(shop(), &["migrate"]);
        assert_eq!(ran.code, 1);
        let expected = "the table teas, which migration 0001_initial of shop makes, is there and cannot be taken over";
        assert!(ran.err.contains(expected), "{}", ran.err);
    }
    server.execute("DROP TABLE teas");
    migrated(&server, shop());
}

#[test]
fn a_table_that_lacks_nothing_is_taken_over_also_after_a_run_that_was_killed() {
    on_every_server(|server| {
        let exact = if server.dialect == Dialect::Mysql { "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" } else { "" };
        server.execute(&CREATE.replace(";", exact));
        server.execute("INSERT INTO teas VALUES ('green', 'Green tea')");
        assert!(migrated(server, shop()).out.contains("taken over: the table teas with its row\n"));
        if server.dialect == Dialect::Mysql {
            server.execute("UPDATE pricebook_migrations SET statements_done = -1 WHERE stream = 'shop'");
            migrated(server, shop());
        }
        assert!(migrated(server, shop()).out.contains("nothing changed"));
        assert_eq!(server.query("SELECT name FROM teas"), ["Green tea"]);
    });
}

#[test]
fn rows_on_mysql_are_written_once_wherever_a_run_ends() {
    let server = Server::new(Dialect::Mysql);
    migrated(&server, shop());
    let add = "INSERT INTO teas VALUES ('green', 'Green tea');\nINSERT INTO pots VALUES (1);\n";
    let more = with_migrations(vec![migration(1, "initial", CREATE, "aa"), migration(2, "add", add, "bb")]);
    assert!(server.run(more, &["migrate"]).err.contains("failed at statement 2 of 2"));
    server.execute("CREATE TABLE pots (id INTEGER)");
    migrated(&server, more);
    assert_eq!(server.query("SELECT id FROM teas"), ["green"]);
}

#[test]
fn what_is_wrong_with_a_server_is_said_without_the_password() {
    for dialect in [Dialect::Postgres, Dialect::Mysql] {
        let ran = run(shop(), &["--database", &url(dialect, "pricebook_nobody_made_this"), "migrate"]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains("help: create the database on the server"), "{}", ran.err);
    }
    for url in ["postgres://me:secret@127.0.0.1:1/shop", "mysql://me:secret@127.0.0.1:1/shop"] {
        let ran = run(shop(), &["--database", url]);
        assert_eq!(ran.code, 1);
        assert!(
            ran.err.contains("127.0.0.1:1/shop: ") && ran.err.contains("help: see that the server runs"),
            "{}",
            ran.err
        );
        assert!(ran.err.contains("Connection refused") && !ran.err.contains("secret"), "{}", ran.err);
    }
}
