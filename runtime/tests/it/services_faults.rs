//! Syncs in trouble: a lock, a broken connection, a file that may only be read. The rows stay as they were.

use std::fs;
use std::time::{Duration, Instant};

use pricebook_types::Dialect;
use sqlx::{Connection, MySqlConnection, PgConnection, SqliteConnection};

use crate::databases::{Database, on_every_database};
use crate::shop::{Ran, block_on};

/// Holds the lock on `teas` while `work` is done.
fn while_locked(database: &Database, work: impl FnOnce()) {
    let url = database.url();
    block_on(async {
        match database.dialect {
            Dialect::Sqlite => {
                let mut connection = SqliteConnection::connect(&url).await.expect("the database");
                sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut connection).await.expect("the lock");
                work();
                sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.expect("it is given back");
            }
            Dialect::Postgres => {
                let mut connection = PgConnection::connect(&url).await.expect("the database");
                sqlx::raw_sql("BEGIN; UPDATE teas SET minor = 5").execute(&mut connection).await.expect("the lock");
                work();
                connection.close().await.expect("it closes");
            }
            Dialect::Mysql => {
                let mut connection = MySqlConnection::connect(&url).await.expect("the database");
                let lock = "START TRANSACTION; UPDATE teas SET minor = 5";
                sqlx::raw_sql(lock).execute(&mut connection).await.expect("the lock");
                work();
                connection.close().await.expect("it closes");
            }
        }
    });
}

fn in_a_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| scope.spawn(work).join().expect("a run"))
}

#[test]
fn a_lock_that_nobody_gives_back_ends_the_sync() {
    on_every_database(|database| {
        database.services(0, &["sync"]);
        database.execute("UPDATE teas SET minor = 1");
        let before = database.teas();
        while_locked(database, || {
            let ran = in_a_thread(|| database.services(1, &["sync"]));
            assert!(ran.err.contains("help: another program is writing to it"), "{:?}: {}", database.dialect, ran.err);
        });
        assert_eq!(database.teas(), before);
        database.services(0, &["sync"]);
    });
}

#[test]
fn a_connection_that_breaks_keeps_the_old_rows() {
    // Ends every other connection to this database as soon as one waits for our lock.
    let cases = [
        (
            Dialect::Postgres,
            "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'",
        ),
        (
            Dialect::Mysql,
            "SELECT CONCAT('KILL ', id) FROM information_schema.processlist
             WHERE db = DATABASE() AND id <> CONNECTION_ID() AND info LIKE '%FOR UPDATE'",
        ),
    ];
    for (dialect, find) in cases {
        let database = Database::with_tables(dialect);
        database.services(0, &["sync"]);
        database.execute("UPDATE teas SET minor = 1");
        let before = database.teas();
        let mut ran: Option<Ran> = None;
        while_locked(&database, || {
            std::thread::scope(|scope| {
                let sync = scope.spawn(|| database.services(1, &["sync"]));
                let deadline = Instant::now() + Duration::from_secs(8);
                let broken = in_a_thread(|| {
                    loop {
                        match database.query(find).first() {
                            Some(kill) if dialect == Dialect::Mysql => {
                                database.execute(kill);
                                return true;
                            }
                            Some(_) => return true,
                            None if Instant::now() > deadline => return false,
                            None => {}
                        }
                    }
                });
                assert!(broken, "{dialect:?}: no sync waits");
                ran = Some(sync.join().expect("a run"));
            });
        });
        let ran = ran.expect("it ran");
        assert!(ran.err.contains("help: see that the server runs"), "{dialect:?}: {}", ran.err);
        assert_eq!(database.teas(), before);
        database.services(0, &["sync"]);
    }
}

#[test]
fn a_file_that_may_only_be_read_is_reported_and_left_alone() {
    let database = Database::with_tables(Dialect::Sqlite);
    database.services(0, &["sync"]);
    database.execute("UPDATE teas SET minor = 1");
    // A write version in the header that this SQLite does not know makes the file read-only, to the administrator too.
    let file = database.file().expect("a file");
    let mut bytes = fs::read(&file).expect("the database");
    bytes[18] = 3;
    fs::write(&file, &bytes).expect("the database");
    let ran = database.services(1, &["sync"]);
    assert!(ran.err.contains("help: make the file and its folder writable"), "{}", ran.err);
    assert_eq!(fs::read(&file).expect("the database"), bytes);
    database.services(2, &["plan"]);
}
