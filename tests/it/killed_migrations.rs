//! A migration that is killed at any moment is finished by the next one, on every database.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use pricebook_types::Dialect;

use crate::main_job_servers::url;
use crate::place::{Place, succeeded};
use crate::sql_databases::{Database, on};
use crate::sql_live;
use crate::sql_random::cases;

/// A case makes a database and starts two processes; so many moments are as close together as they can be told apart.
fn moments(duration: Duration) -> impl Iterator<Item = Duration> {
    let cases = cases(8).clamp(1, 200);
    (0..cases).map(move |case| duration * case / cases)
}

fn migrate(database: &Database) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pricebook"));
    let command = command.args(["migrate", "up"]).env("DATABASE_URL", url(database)).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

fn finished(child: Child) -> String {
    succeeded(child.wait_with_output().expect("it ends"))
}

fn killed(mut child: Child, after: Duration) {
    std::thread::sleep(after);
    child.kill().expect("it is killed, or has ended");
    child.wait().expect("it ends");
}

fn on_a_server(dialect: Dialect) {
    let (duration, fresh) = on(dialect, async |database| {
        let start = Instant::now();
        finished(migrate(database));
        (start.elapsed(), sql_live::schema(database).await)
    });
    for moment in moments(duration) {
        on(dialect, async |database| {
            killed(migrate(database), moment);
            finished(migrate(database));
            assert_eq!(sql_live::schema(database).await, fresh, "{dialect:?}, killed after {moment:?}");
            assert!(finished(migrate(database)).contains("nothing changed"));
        });
    }
}

#[test]
fn on_mysql_the_next_one_goes_on_with_it() {
    on_a_server(Dialect::Mysql);
}

#[test]
fn on_postgres_the_next_one_does_it_whole() {
    on_a_server(Dialect::Postgres);
}

#[test]
fn on_sqlite_the_next_one_does_it_whole() {
    let schema = |place: &Place| place.column("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name");
    let whole = Place::new();
    let start = Instant::now();
    whole.out(&["migrate", "up"]);
    for moment in moments(start.elapsed()) {
        let place = Place::new();
        killed(place.start(&["migrate", "up"]), moment);
        place.out(&["migrate", "up"]);
        assert_eq!(schema(&place), schema(&whole), "killed after {moment:?}");
        assert_eq!(place.column("PRAGMA integrity_check"), ["ok"]);
    }
}
