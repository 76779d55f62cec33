//! `user …`: people, their roles and their tokens, each change with its audit row, on all three databases.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};

use pricebook::auth::Sort;
use pricebook_types::{Artifacts, Dialect, Environment, EnvironmentDatabase};
use serde_json::{Value, json};

use crate::databases::{Database, on_every_database};
use crate::shop::{SHOP, run};

/// Runs `user …` as JSON, which must end with this code.
fn user(database: &Database, code: u8, arguments: &[&str]) -> Value {
    let ran = database.run(&SHOP, &[&["user"], arguments, &["--json"]].concat());
    assert_eq!(ran.code, code, "{:?} {arguments:?}: {}{}", database.dialect, ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap_or(Value::Null)
}

fn told(database: &Database, code: u8, arguments: &[&str]) -> String {
    let ran = database.run(&SHOP, &[&["user"], arguments].concat());
    assert_eq!(ran.code, code, "{:?} {arguments:?}: {}{}", database.dialect, ran.out, ran.err);
    format!("{}{}", ran.out, ran.err)
}

/// What the audit log has, the oldest first.
fn audit(database: &Database) -> Vec<String> {
    database.query("SELECT CONCAT(action, ' ', result) FROM audit_log ORDER BY id")
}

#[test]
fn the_first_admin_is_made_with_a_token_that_is_shown_once_and_stored_as_its_hash() {
    on_every_database(|database| {
        assert_eq!(user(database, 0, &["list"]), json!([]), "nobody is there by default");
        let arguments = ["add", "Ana@Shop.example", "--name", "Ana", "--role", "admin", "--token", "deploys"];
        let added = user(database, 0, &arguments);
        assert_eq!((&added["user"]["email"], &added["user"]["role"]), (&json!("ana@shop.example"), &json!("admin")));
        let token = added["token"]["token"].as_str().expect("a token");
        assert!(token.len() == 68 && token.starts_with("pbk_"), "{token}");
        let stored = database.query("SELECT token_hash FROM api_tokens").remove(0);
        assert_eq!(stored, pricebook::auth::Token::parse(Sort::Program, token).expect("a token").hash());
        assert!(stored.len() == 64 && !token.contains(&stored), "{stored}");
        let listed = user(database, 0, &["token", "list"]);
        let shown = (&listed[0]["id"], &listed[0]["state"], &listed[0]["scopes"], &listed[0]["expires_at"]);
        assert_eq!(shown, (&added["token"]["id"], &json!("active"), &json!(["all"]), &Value::Null));
        let everything = format!("{listed}{}", database.query("SELECT details FROM audit_log").concat());
        assert!(!everything.contains("pbk_") && !everything.contains(&stored), "{everything}");
        assert_eq!(audit(database), ["user.add succeeded", "token.add succeeded"]);
        assert_eq!(database.query("SELECT DISTINCT actor_kind FROM audit_log"), ["command"]);
    });
}

/// An output that takes nothing, as a full disk or a reader that has gone.
struct Full(ErrorKind);

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn run_without_output(database: &Database, kind: ErrorKind, arguments: &[&str]) -> (u8, String) {
    let url = database.url();
    let arguments = [&["pricebook", "--database", &url, "user"], arguments].concat();
    let mut err = Vec::new();
    let code = pricebook::run_with(&SHOP, arguments.iter().map(OsString::from), &mut Full(kind), &mut err);
    (code, String::from_utf8(err).expect("UTF-8"))
}

#[test]
fn a_token_that_cannot_be_shown_is_not_made() {
    on_every_database(|database| {
        for kind in [ErrorKind::StorageFull, ErrorKind::BrokenPipe] {
            for form in [&[][..], &["--json"]] {
                let first = [&["add", "ana@shop.example", "--role", "admin", "--token", "office"], form].concat();
                let (code, said) = run_without_output(database, kind, &first);
                assert!(code == 1 && said.contains("the token cannot be shown, so nothing was made"), "{said}");
                assert_eq!(database.query("SELECT id FROM users"), [""; 0]);
                user(database, 0, &["add", "bea@shop.example", "--role", "admin"]);
                let (code, said) =
                    run_without_output(database, kind, &[&["token", "add", "bea@shop.example", "x"], form].concat());
                assert!(code == 1 && said.contains("help: see that the output can be written"), "{said}");
                database.execute("DELETE FROM users");
            }
        }
        assert_eq!(database.query("SELECT id FROM api_tokens"), [""; 0]);
        assert!(audit(database).iter().all(|row| row == "user.add succeeded"), "{:?}", audit(database));
    });
}

#[test]
fn a_change_that_cannot_be_told_is_kept_and_a_warning() {
    let database = Database::with_tables(Dialect::Sqlite);
    let add = ["add", "ana@shop.example", "--role", "admin"];
    for (arguments, kept) in
        [(&add[..], "ana@shop.example is added"), (&["disable", "ana@shop.example"], "is disabled now")]
    {
        let (code, said) = run_without_output(&database, ErrorKind::StorageFull, arguments);
        assert_eq!(code, 0, "{said}");
        assert!(said.starts_with("warning:") && said.contains(kept) && said.contains("cannot be written"), "{said}");
    }
    assert_eq!(user(&database, 0, &["list"])[0]["status"], "disabled");
}

#[test]
fn a_token_that_would_open_nothing_is_refused_or_warned_of() {
    on_every_database(|database| {
        user(database, 0, &["add", "ana@shop.example", "--role", "customer"]);
        let warned = told(database, 0, &["token", "add", "ana@shop.example", "shop"]);
        assert!(warned.contains("warning: the token of a customer opens nothing below /api/admin/"), "{warned}");
        user(database, 0, &["disable", "ana@shop.example"]);
        let refused = told(database, 1, &["token", "add", "ana@shop.example", "again"]);
        assert!(refused.contains("ana@shop.example is disabled") && refused.contains("user enable"), "{refused}");
        assert_eq!(database.query("SELECT name FROM api_tokens"), ["shop"]);
    });
}

#[test]
fn scopes_are_shown_as_they_are_typed_and_all_stands_alone() {
    let database = Database::with_tables(Dialect::Sqlite);
    user(&database, 0, &["add", "ana@shop.example", "--role", "admin"]);
    let add = ["token", "add", "ana@shop.example", "x", "--scopes"];
    let refused = told(&database, 2, &[&add[..], &["all,admin-read"]].concat());
    assert!(refused.contains("the scope all holds every other one"), "{refused}");
    told(&database, 0, &[&add[..], &["admin-read,admin-write,admin-read"]].concat());
    let listed = told(&database, 0, &["token", "list"]);
    assert!(listed.contains("  scopes admin-read,admin-write  "), "{listed}");
}

#[test]
fn two_tokens_are_never_the_same() {
    let database = Database::with_tables(Dialect::Sqlite);
    user(&database, 0, &["add", "ana@shop.example", "--role", "admin"]);
    let add = || user(&database, 0, &["token", "add", "ana@shop.example", "deploys"])["token"].clone();
    assert_ne!(add(), add());
}

#[test]
fn a_change_is_told_from_and_to_and_one_that_changes_nothing_leaves_no_trace() {
    on_every_database(|database| {
        user(database, 0, &["add", "ana@shop.example", "--role", "customer"]);
        assert_eq!(user(database, 0, &["role", "ANA@shop.example", "operator"])["changed"], true);
        assert_eq!(user(database, 0, &["role", "ana@shop.example", "operator"])["changed"], false);
        assert_eq!(user(database, 0, &["disable", "ana@shop.example"])["changed"], true);
        assert_eq!(user(database, 0, &["disable", "ana@shop.example"])["changed"], false);
        let users = user(database, 0, &["list"]);
        assert_eq!((&users[0]["role"], &users[0]["status"]), (&json!("operator"), &json!("disabled")));
        assert_eq!(user(database, 0, &["enable", "ana@shop.example"])["changed"], true);
        let made = audit(database);
        assert_eq!(
            made,
            ["user.add succeeded", "user.role succeeded", "user.disable succeeded", "user.enable succeeded"]
        );
        let details = database.query("SELECT details FROM audit_log WHERE action = 'user.role'").remove(0);
        let details: Value = serde_json::from_str(&details).expect("JSON");
        assert_eq!((&details["from"], &details["to"]), (&json!("customer"), &json!("operator")));
    });
}

#[test]
fn a_token_is_revoked_by_its_id_and_says_so_in_the_list() {
    on_every_database(|database| {
        user(database, 0, &["add", "ana@shop.example", "--role", "admin"]);
        let scoped = ["token", "add", "ana@shop.example", "reports", "--expires", "30", "--scopes", "admin-read"];
        let id = user(database, 0, &scoped)["id"].as_str().expect("an id").to_owned();
        let listed = user(database, 0, &["token", "list", "--of", "ana@shop.example"]);
        assert_eq!((&listed[0]["scopes"], &listed[0]["state"]), (&json!(["admin-read"]), &json!("active")));
        assert!(listed[0]["expires_at"].as_str().is_some_and(|at| at.len() == 20 && at.ends_with('Z')), "{listed}");
        assert_eq!(user(database, 0, &["token", "revoke", &id])["changed"], true);
        assert_eq!(user(database, 0, &["token", "revoke", &id])["changed"], false);
        assert_eq!(user(database, 0, &["token", "list"])[0]["state"], "revoked");
        assert_eq!(user(database, 0, &["token", "list", "--of", "nobody@shop.example"]), json!([]));
        assert_eq!(audit(database).last().map(String::as_str), Some("token.revoke succeeded"));
    });
}

#[test]
fn a_change_whose_audit_row_cannot_be_written_is_not_kept() {
    on_every_database(|database| {
        user(database, 0, &["add", "ana@shop.example", "--role", "customer"]);
        database.execute("ALTER TABLE audit_log RENAME TO audit_log_of_before");
        told(database, 1, &["add", "eve@shop.example", "--role", "admin", "--token", "mine"]);
        told(database, 1, &["role", "ana@shop.example", "admin"]);
        let rows = database.query("SELECT CONCAT(email, ' ', role) FROM users");
        assert_eq!(rows, ["ana@shop.example customer"]);
        assert_eq!(database.query("SELECT id FROM api_tokens"), [""; 0]);
    });
}

#[test]
fn what_cannot_be_done_is_told_with_what_to_do() {
    on_every_database(|database| {
        user(database, 0, &["add", "ana@shop.example", "--role", "admin"]);
        let hidden = "bea\u{200b}@shop.example";
        let cases: [(u8, &[&str], &str); 11] = [
            (1, &["add", hidden, "--role", "admin"], "is no address of mail"),
            (1, &["add", "bea@shop.example", "--role", "admin", "--name", "Bea\u{202e}"], "name"),
            (1, &["token", "add", "ana@shop.example", "off\u{feff}ice"], "name"),
            (1, &["add", "ANA@shop.example", "--role", "admin"], "there is a user ana@shop.example already"),
            (1, &["add", "ana", "--role", "admin"], "help: write it as ana@shop.example"),
            (1, &["role", "eve@shop.example", "admin"], "there is no user eve@shop.example"),
            (1, &["token", "add", "eve@shop.example", "x"], "help: see the users with `pricebook user list`"),
            (1, &["token", "revoke", "nothing"], "there is no token nothing"),
            (2, &["add", "eve@shop.example"], "--role"),
            (2, &["add", "eve@shop.example", "--role", "root"], "[possible values: admin, operator, customer]"),
            (2, &["list", "nowhere"], "there is no environment nowhere; the catalog has production, staging, local"),
        ];
        for (code, arguments, message) in cases {
            let said = told(database, code, arguments);
            assert!(said.contains(message), "{arguments:?}: {said}");
        }
        let dry = database.run(&SHOP, &["--dry-run", "user", "disable", "ana@shop.example"]);
        assert_eq!((dry.code, dry.err.contains("without --dry-run")), (2, true), "{}", dry.err);
        assert_eq!(audit(database), ["user.add succeeded"]);
    });
}

#[test]
fn without_tables_the_command_for_them_is_named() {
    for dialect in Dialect::ALL {
        let database = Database::new(dialect);
        let said = told(&database, 1, &["add", "ana@shop.example", "--role", "admin"]);
        assert!(said.contains("help: bring its tables up to date first: pricebook migrate up local"), "{said}");
        assert!(!database.file().is_some_and(|file| file.exists()), "asking made the database");
    }
}

#[test]
fn users_of_a_database_that_no_server_works_on_are_refused() {
    const D1: Environment = Environment {
        id: "preview",
        database: Some(EnvironmentDatabase::D1("shop-preview")),
        stripe_account: None,
        stripe_live: false,
        live_url: None,
    };
    let artifacts: &'static Artifacts = Box::leak(Box::new(Artifacts { environments: &[D1], ..SHOP }));
    for arguments in [&["list", "preview"][..], &["add", "ana@shop.example", "--role", "admin", "preview"]] {
        let ran = run(artifacts, &[&["user"], arguments].concat());
        assert_eq!((ran.code, ran.err.contains("no server works on Cloudflare D1")), (2, true), "{}", ran.err);
    }
}
