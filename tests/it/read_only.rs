//! Who may read the SQLite file and write nothing is told what it holds, or just what is in the way.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::Command;

use crate::place::Place;

/// Nobody's user id, where the test itself may do everything.
const NOBODY: u32 = 65_534;

/// The code and both outputs of a command of somebody who may write neither the file nor its folder.
fn as_reader(place: &Place, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pricebook"));
    command.args(arguments).current_dir("/").env_remove("DATABASE_URL");
    command.args(["--database", &format!("sqlite:{}", place.database().display())]);
    if fs::metadata(place.database()).expect("the file").uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).expect("UTF-8"))
}

/// Lets others read everything, or the files beside the database not at all.
fn permit(place: &Place, beside: u32) {
    let folder = place.database().parent().expect("a folder").to_owned();
    for entry in fs::read_dir(&folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        let mode = if path == place.database() { 0o444 } else { beside };
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
    }
    fs::set_permissions(folder, Permissions::from_mode(0o555)).expect("it is ours");
    fs::set_permissions(place.folder.path(), Permissions::from_mode(0o555)).expect("it is ours");
}

fn permit_all(place: &Place) {
    for folder in [place.folder.path(), place.database().parent().expect("a folder")] {
        fs::set_permissions(folder, Permissions::from_mode(0o755)).expect("it is ours");
    }
    for end in ["", "-wal", "-shm"] {
        let path = format!("{}{end}", place.database().display());
        if fs::exists(&path).expect("its folder is there") {
            fs::set_permissions(path, Permissions::from_mode(0o644)).expect("it is ours");
        }
    }
}

#[test]
fn who_may_only_read_sees_the_plan_and_how_everything_is() {
    let place = Place::new();
    place.out(&[]);
    permit(&place, 0o444);
    for arguments in [
        &["services", "plan", "local"][..],
        &["services", "verify", "local"],
        &["services", "sync", "local", "--dry-run"],
    ] {
        let (code, told) = as_reader(&place, arguments);
        assert_eq!(code, Some(0), "{arguments:?}: {told}");
        assert!(told.contains("every row is as the catalog says"), "{told}");
    }
    let (_, told) = as_reader(&place, &["doctor"]);
    assert!(told.contains("every row is as the catalog says") && !told.contains("unable to open"), "{told}");
    let (code, told) = as_reader(&place, &["services", "sync", "local", "--folder", "/tmp"]);
    assert!(code == Some(1) && told.contains("writable"), "{told}");
    let (code, told) = as_reader(&place, &["doctor"]);
    assert!(code == Some(1) && told.contains("so that no server could start: this user may not write"), "{told}");
    permit_all(&place);
}

#[test]
fn who_may_only_read_can_save_the_rows() {
    let place = Place::new();
    place.out(&[]);
    let folder = tempfile::tempdir().expect("a folder");
    fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).expect("it is ours");
    let saved = folder.path().to_str().expect("UTF-8");
    let recorded = || place.column("SELECT id FROM backups").len();
    permit(&place, 0o444);
    let (code, told) = as_reader(&place, &["services", "backup", "local", "--folder", saved]);
    permit_all(&place);
    assert!(code == Some(0) && told.contains("warning: this user may only read the database"), "{told}");
    assert_eq!(recorded(), 0);
    let file = fs::read_dir(folder.path()).expect("the folder").next().expect("a file").expect("an entry").path();
    place.execute("UPDATE services SET min_price = 7 WHERE id = 'market-essentials'");
    let restore = ["services", "restore", file.to_str().expect("UTF-8"), "local", "--folder", saved];
    let place_url = format!("sqlite:{}", place.database().display());
    assert!(place.out(&[&["--database", &place_url][..], &restore].concat()).contains("put back: "));
    place.out(&["--database", &place_url, "services", "verify", "local"]);
}

#[test]
fn rows_in_a_log_that_nobody_else_may_read_are_not_passed_over() {
    let place = Place::new();
    place.out(&[]);
    let program = writing_program(&place);
    permit(&place, 0o400);
    for arguments in [&["services", "plan", "local"][..], &["doctor"]] {
        let (code, told) = as_reader(&place, arguments);
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains("-wal, which this user may not read with it"), "{told}");
        assert!(told.contains("run it as the user whose program writes the file"), "{told}");
    }
    permit(&place, 0o444);
    let (code, told) = as_reader(&place, &["services", "plan", "local"]);
    assert!(code == Some(2) && told.contains("7 → "), "the log is read where it can be: {told}");
    drop(program);
    permit_all(&place);
}

/// A program that has the file open and has written to its log.
fn writing_program(place: &Place) -> tokio::runtime::Runtime {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(place.database());
    runtime.block_on(async {
        let mut connection = sqlx::ConnectOptions::connect(&options).await.expect("the database opens");
        let edit = "UPDATE services SET min_price = 7 WHERE id = 'market-essentials'";
        sqlx::raw_sql(edit).execute(&mut connection).await.expect("a sound statement");
        // It stays open as long as the runtime is there.
        tokio::spawn(async move {
            std::future::pending::<()>().await;
            drop(connection);
        });
    });
    runtime
}
