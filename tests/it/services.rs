//! `pricebook services` of the real program, on the real catalog: saved and put back, killed, out of space.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use pricebook_app::catalog;
use pricebook_types::Dialect;
use serde_json::Value;

use crate::catalogs::real;
use crate::main_job_servers::url;
use crate::sql_databases::{Database, Texts, on};
use crate::sql_rows::generated;

/// The program in a folder of its own, and the URL of its database.
pub(crate) struct Shop {
    pub(crate) folder: tempfile::TempDir,
    url: String,
}

impl Shop {
    pub(crate) fn new(database: &Database) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = match database.dialect {
            Dialect::Sqlite => format!("sqlite:{}", folder.path().join("shop.db").display()),
            _ => url(database),
        };
        Self { folder, url }
    }

    fn start(&self, arguments: &[&str]) -> Child {
        self.command(env!("CARGO_BIN_EXE_pricebook")).args(arguments).spawn().expect("the program starts")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder.path()).env("DATABASE_URL", &self.url);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, code: i32, arguments: &[&str]) -> Output {
        let output = self.start(arguments).wait_with_output().expect("it ends");
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {err}");
        output
    }

    pub(crate) fn report(&self, code: i32, arguments: &[&str]) -> Value {
        serde_json::from_slice(&self.run(code, &[arguments, &["--json"]].concat()).stdout).expect("JSON")
    }

    fn backup(&self) -> PathBuf {
        // None of them goes before the test has ended.
        let report = self.report(0, &["services", "backup", "local", "--keep", "100000"]);
        report["file"].as_str().expect("a file").into()
    }
}

/// The statements of a backup, which are the same for the same rows; without what counts on and on.
fn rows(backup: &Path) -> String {
    let text = fs::read_to_string(backup).expect("the backup");
    let (_, statements) = text.split_once("\n\n").expect("a head");
    let (rows, _) = statements.split_once("-- catalog_state: ").expect("the state comes last");
    rows.to_owned()
}

fn cases(most: u32, few: u32) -> u32 {
    let cases = std::env::var("PRICEBOOK_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(few);
    cases.clamp(1, most)
}

fn on_every_database(test: impl Fn(&Shop)) {
    for dialect in Dialect::ALL {
        on(dialect, async |database| test(&Shop::new(database)));
    }
}

#[test]
fn every_table_that_a_sync_writes_is_known_and_no_other() {
    let sync = generated(&real(), Dialect::Sqlite, "sync.sql");
    let mut written: Vec<&str> = Vec::new();
    for word in ["INSERT INTO \"", "UPDATE \"", "DELETE FROM \""] {
        let found = sync.split(word).skip(1).filter_map(|rest| rest.split_once('"'));
        written.extend(found.map(|(table, _)| table));
    }
    let known: Vec<_> = catalog::artifacts().synced_tables.iter().map(|table| table.name).collect();
    assert!(written.iter().all(|table| known.contains(table)), "{written:?}");
    let mut inserted =
        sync.split("INSERT INTO \"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0)).collect::<Vec<_>>();
    inserted.dedup();
    assert_eq!(inserted, known, "in the order in which rows can be put in");
}

#[test]
fn the_rows_of_the_catalog_are_saved_and_put_back() {
    on_every_database(|shop| {
        shop.run(0, &["migrate", "up"]);
        let first = shop.report(0, &["services", "sync", "local"]);
        assert_eq!(first["changed"], true);
        let saved = shop.backup();
        let restored =
            shop.report(0, &["services", "restore", first["backup"]["file"].as_str().expect("a file"), "local"]);
        assert_eq!(restored["rows"], 0);
        assert!(!shop.report(2, &["services", "plan", "local"])["differences"].as_array().expect("a list").is_empty());
        shop.run(0, &["services", "restore", saved.to_str().expect("UTF-8"), "local"]);
        assert_eq!(shop.report(0, &["services", "plan", "local"])["equal"], true);
        assert_eq!(rows(&shop.backup()), rows(&saved));
    });
}

#[test]
fn a_sync_killed_at_any_moment_leaves_the_old_rows_or_the_new_ones() {
    let cases = cases(200, 6).max(6);
    for dialect in Dialect::ALL {
        on(dialect, async |database| {
            let shop = Shop::new(database);
            shop.run(0, &["migrate", "up"]);
            shop.run(0, &["services", "sync", "local"]);
            shop.run(0, &["services", "restore", &spoilt(&shop, database).await, "local"]);
            let saved = shop.backup();
            let old = rows(&saved);
            shop.run(2, &["services", "plan", "local"]);
            let start = Instant::now();
            shop.run(0, &["services", "sync", "local"]);
            let duration = start.elapsed();
            let mut killed = [0; STEPS.len()];
            for case in 0..cases {
                shop.run(0, &["services", "restore", saved.to_str().expect("UTF-8"), "local"]);
                let step = case as usize % STEPS.len();
                // Where that is too late, the next case of this step is earlier.
                let after = if killed[step] == 0 { Duration::ZERO } else { moment(duration / 4, case, cases) };
                killed[step] += u32::from(is_killed(shop.start(&["services", "sync", "local"]), STEPS[step], after));
                // Every row is new, which the plan tells, or none is.
                let output = shop.start(&["services", "plan", "local"]).wait_with_output().expect("it ends");
                let is_new = output.status.code() == Some(0);
                assert!(is_new || rows(&shop.backup()) == old, "{dialect:?}, case {case} of {cases}: a mix");
                for name in names(shop.folder.path()) {
                    let whole =
                        !name.ends_with(".sql") || fs::read_to_string(shop.folder.path().join(&name)).is_ok_and(ends);
                    assert!(whole, "{name} is not whole");
                }
            }
            assert!(
                killed.iter().all(|killed| *killed > 0),
                "{dialect:?}: not killed at each of {STEPS:?}: {killed:?}"
            );
        });
    }
}

/// What a sync tells while it is at work: before it looks, when it saves the old rows, and when it writes the new ones.
const STEPS: [&str; 3] = ["Step 1: ", "Step 2: ", "Step 3: "];

/// Kills a sync so long after it has told a step; false where it had ended before.
fn is_killed(mut sync: Child, step: &str, after: Duration) -> bool {
    let mut told = BufReader::new(sync.stdout.take().expect("its output"));
    let mut line = String::new();
    while !line.starts_with(step) {
        line.clear();
        assert_ne!(told.read_line(&mut line).expect("a line"), 0, "it ended before {step}");
    }
    std::thread::sleep(after);
    sync.kill().expect("it is killed, or has ended");
    sync.wait().expect("it ends").signal() == Some(9)
}

/// Later cases are at moments between those of the earlier ones, wherever the number of cases ends.
fn moment(duration: Duration, case: u32, cases: u32) -> Duration {
    duration * (case * 7919 % cases * 2 + 1) / (cases * 2)
}

fn ends(backup: String) -> bool {
    backup.lines().last().is_some_and(|line| line.starts_with("-- End of the backup; SHA-256"))
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// A backup in which every price costs something else and some are missing.
async fn spoilt(shop: &Shop, database: &mut Database) -> String {
    let spoil = "UPDATE services SET min_price = 1, name = 'spoilt'; DELETE FROM catalog_price_amounts; \
                 UPDATE catalog_prices SET label = 'spoilt'; DELETE FROM plans";
    match database.dialect {
        Dialect::Sqlite => execute(&shop.folder.path().join("shop.db"), spoil).await,
        _ => database.run(spoil).await,
    }
    shop.backup().to_str().expect("UTF-8").to_owned()
}

pub(crate) async fn execute(file: &Path, sql: &'static str) {
    use sqlx::{ConnectOptions, Connection};
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut connection = options.connect().await.expect("the database");
    sqlx::raw_sql(sql).execute(&mut connection).await.expect("a sound statement");
    connection.close().await.expect("it closes");
}

/// Files of the program can grow to so many blocks of 512 or 1024 bytes, as on a full disk.
#[cfg(unix)]
#[test]
fn without_space_nothing_is_half_written() {
    on(Dialect::Sqlite, async |database| {
        let shop = Shop::new(database);
        shop.run(0, &["migrate", "up"]);
        shop.run(0, &["services", "sync", "local"]);
        execute(&shop.folder.path().join("shop.db"), "UPDATE services SET name = 'spoilt'").await;
        let old = rows(&shop.backup());
        for blocks in [1, 16, 30, 48] {
            let script = format!("ulimit -f {blocks}; trap '' XFSZ; exec \"$0\" services sync local");
            let mut shell = shop.command("bash");
            let output = shell.args(["-c", &script, env!("CARGO_BIN_EXE_pricebook")]).output().expect("bash");
            let err = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{blocks}: {err}");
            assert!(err.contains("error: ") && !err.contains("is not known"), "{blocks}: {err}");
            assert_eq!(rows(&shop.backup()), old, "{blocks}: {err}");
        }
        for name in names(shop.folder.path()).iter().filter(|name| name.ends_with(".sql")) {
            assert!(ends(fs::read_to_string(shop.folder.path().join(name)).expect("a text")), "{name} is not whole");
        }
        shop.run(0, &["services", "sync", "local"]);
    });
}

#[test]
fn a_program_beside_other_generated_files_syncs_nothing() {
    on(Dialect::Sqlite, async |database| {
        let shop = Shop::new(database);
        shop.run(0, &["migrate", "up"]);
        let generated = shop.folder.path().join("generated");
        fs::create_dir(&generated).expect("a folder");
        let manifest = serde_json::json!({ "catalog": catalog::artifacts().name, "hash": "another" });
        fs::write(generated.join("manifest.json"), manifest.to_string()).expect("a file");
        let output = shop.run(1, &["services", "sync", "local"]);
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(err.contains("generated/ is of the catalog another, and this program of"), "{err}");
        assert!(err.contains("help: run cargo build"), "{err}");
        fs::remove_dir_all(&generated).expect("it goes");
        shop.run(0, &["services", "sync", "local"]);
    });
}

#[test]
fn a_checkout_whose_catalog_was_edited_syncs_nothing() {
    on(Dialect::Sqlite, async |database| {
        let shop = Shop::new(database);
        shop.run(0, &["migrate", "up"]);
        let (checkout, here) = (Path::new(env!("CARGO_MANIFEST_DIR")), shop.folder.path());
        for file in ["generated/manifest.json", "generated/sql/sqlite/sync.sql", "generated/sql/sqlite/verify.sql"] {
            fs::create_dir_all(here.join(file).parent().expect("a folder")).expect("folders");
            fs::copy(checkout.join(file), here.join(file)).expect("a copy");
        }
        fs::create_dir(here.join("catalog")).expect("a folder");
        let sync = |says: &str, code: i32, arguments: &[&str]| {
            fs::write(here.join("cargo"), format!("#!/bin/sh\n{says}\n")).expect("a file");
            fs::set_permissions(here.join("cargo"), fs::Permissions::from_mode(0o755)).expect("it can be run");
            let mut command = shop.command(env!("CARGO_BIN_EXE_pricebook"));
            command.env("CARGO", here.join("cargo")).args(["services", "sync", "local"]).args(arguments);
            let output = command.output().expect("it ends");
            let told = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(code), "{told}");
            told
        };
        let edited = "echo 'error: generated/sql/sqlite/sync.sql is not what the catalog says' >&2; exit 1";
        for arguments in [&[][..], &["--dry-run"]] {
            let told = sync(edited, 1, arguments);
            assert!(
                told.contains("cargo catalog generate --check says \"error: generated/sql/sqlite/sync.sql"),
                "{told}"
            );
        }
        sync(edited, 2, &["--dry-run", "--no-catalog-check"]);
        let told = sync("exit 0", 0, &[]);
        assert!(told.contains("; generated/ and catalog/ agree"), "{told}");
    });
}

#[test]
fn created_at_survives_a_sync() {
    for dialect in [Dialect::Postgres, Dialect::Mysql] {
        on(dialect, async |database| {
            let shop = Shop::new(database);
            shop.run(0, &["migrate", "up"]);
            shop.run(0, &["services", "sync", "local"]);
            let query = "SELECT id, created_at FROM services ORDER BY id";
            let created: Vec<Texts> = database.rows(query).await;
            database.run("UPDATE services SET min_price = 1, name = 'spoilt'").await;
            shop.run(0, &["services", "sync", "local"]);
            assert_eq!(database.rows(query).await, created);
        });
    }
}
