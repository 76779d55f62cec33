//! The command line: wrong usage is 2 (of `services` 1), says what is right, and touches nothing.

use crate::shop::{SHOP, run};

#[test]
fn databases_that_are_not_served_name_what_is() {
    let cases = [
        ("oracle://me:secret@host/db", "oracle databases are not served; use sqlite:<path>, postgres://… or mysql://…"),
        ("postgres://me:secret@host", "the database URL names no database; use postgres://<user>@<host>/<database>"),
        ("postgres:me:secret@host/db", "the database is no URL"),
        ("mysql:/me:secret@host/db", "the database is no URL"),
        ("postgres://me:12/secret@host/db", "the database is no URL"),
        ("shop.db", "the database is no URL; use sqlite:<path>"),
        ("C:/shop.db", "the database is no URL; use sqlite:<path>"),
        ("sqlite::memory:", "use sqlite:<path>, or --dry-run to keep nothing"),
        ("sqlite://", "the database URL names no file; use sqlite:<path>"),
        ("sqlite:shop.db?mode=ro", "a SQLite URL takes no parameters"),
    ];
    for (url, message) in cases {
        let ran = run(&SHOP, &["--database", url]);
        assert_eq!(ran.code, 2, "{url}");
        assert!(ran.err.starts_with("error: --database: ") && ran.err.contains(message), "{url}: {}", ran.err);
        assert!(!ran.err.contains("secret"), "{url}: {}", ran.err);
    }
}

#[test]
fn wrong_arguments_are_told_on_stderr_with_code_2() {
    for arguments in [&["--colour"][..], &["sell"], &["prices", "--format", "csv"]] {
        let ran = run(&SHOP, arguments);
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.out.is_empty() && ran.err.starts_with("error:"), "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn wrong_arguments_of_services_and_migrate_are_nothing_pending() {
    let cases = [
        &["services"][..],
        &["migrate", "down"],
        &["services", "pla"],
        &["services", "plan", "--bogus"],
        &["services", "plan", "prodction"],
        &["services", "sync", "--keep", "0"],
        &["services", "sync", "production", "--no-backup"],
        &["--database", "ftp://x", "services", "plan"],
        &["--json", "services", "verify", "--database"],
        &["--serve", "services", "plan"],
    ];
    for arguments in cases {
        let ran = run(&SHOP, arguments);
        assert_eq!(ran.code, 1, "{arguments:?}: {}{}", ran.out, ran.err);
        assert!(ran.out.is_empty() && !ran.err.is_empty(), "{arguments:?}: {}", ran.out);
    }
    let help = run(&SHOP, &["services", "--help"]);
    assert_eq!(help.code, 0);
    assert!(help.out.contains("Exit codes: 0 nothing differs, or all was done; 2 changes are pending"), "{}", help.out);
}

#[test]
fn help_names_the_catalog_and_every_command() {
    let ran = run(&SHOP, &["--help"]);
    assert_eq!(ran.code, 0);
    insta::assert_snapshot!(ran.out);
}
