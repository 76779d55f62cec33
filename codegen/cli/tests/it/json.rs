//! `--json` of every subcommand: one document on the standard output however the command ends, with problems of one shape.

use serde_json::Value;

use crate::scratch::{Ran, Scratch, binary};

/// Every subcommand that programs read, in an order in which none finds its work done by another.
const COMMANDS: &[&[&str]] = &[
    &["check"],
    &["generate"],
    &["generate", "--check"],
    &["diff"],
    &["lint"],
    &["migrate", "add_fax"],
    &["migrate", "add_fax", "--dry-run"],
    &["record", "--check"],
    &["record"],
    &["import", "services.config.ts", "--out", "imported"],
    &["explain", "price-raised"],
    &["explain", "--list"],
];

/// What is wrong, how it comes about, and the code that each of these commands then gives.
type Case = (&'static str, fn(&Scratch), &'static [(&'static str, &'static str)]);

const CASES: &[Case] = &[
    ("all is well", |_| {}, &[]),
    (
        "a catalog with a problem",
        |scratch| scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 19.005"),
        &[
            ("check", "amount-too-fine"),
            ("generate", "amount-too-fine"),
            ("diff", "amount-too-fine"),
            ("lint", "amount-too-fine"),
            ("migrate", "amount-too-fine"),
            ("record", "amount-too-fine"),
        ],
    ),
    (
        "a lock with a merge conflict",
        |scratch| scratch.edit("generated/catalog.lock", "  \"version\": 1,\n", "<<<<<<< main\n  \"version\": 1,\n"),
        &[
            ("check", "lock-unreadable"),
            ("generate", "lock-unreadable"),
            ("diff", "lock-unreadable"),
            ("lint", "lock-unreadable"),
            ("migrate", "lock-unreadable"),
            ("record", "lock-unreadable"),
        ],
    ),
    (
        "a commit to compare with that has a problem",
        |scratch| {
            let text = scratch.read("catalog/addons.yaml");
            scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 19.005");
            scratch.commit("Broken");
            scratch.write("catalog/addons.yaml", &text);
        },
        &[("diff", "amount-too-fine"), ("lint", "amount-too-fine")],
    ),
    (
        "no repository",
        |scratch| std::fs::remove_dir_all(scratch.path(".git")).expect("a removed folder"),
        &[("diff", "refused"), ("lint", "refused")],
    ),
    (
        "no catalog",
        |scratch| std::fs::remove_dir_all(scratch.path("catalog")).expect("a removed folder"),
        &[
            ("check", "usage"),
            ("generate", "usage"),
            ("diff", "usage"),
            ("lint", "usage"),
            ("migrate", "usage"),
            ("record", "usage"),
        ],
    ),
    (
        "nothing that can be imported",
        |scratch| scratch.write("services.config.ts", "export const services = [{ id: 'a',"),
        &[("import", "not-imported")],
    ),
    (
        "no file to import",
        |scratch| std::fs::remove_file(scratch.path("services.config.ts")).expect("a removed file"),
        &[("import", "refused")],
    ),
];

/// The document that a command printed, with nothing beside it.
fn document(ran: &Ran, what: &str) -> Value {
    assert_eq!(ran.stderr, "", "{what}");
    let document: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{what}: {}", ran.stdout));
    for problem in document["problems"].as_array().unwrap_or_else(|| panic!("{what}: {}", ran.stdout)) {
        assert!(problem["code"].is_string() && problem["message"].is_string(), "{what}: {problem}");
        assert!(problem["help"].as_array().is_some_and(|help| help.iter().all(Value::is_string)), "{what}: {problem}");
        for (name, is_right) in
            [("file", Value::is_string as fn(&Value) -> bool), ("line", Value::is_u64), ("column", Value::is_u64)]
        {
            let value = problem.get(name).unwrap_or_else(|| panic!("{what}: no {name} in {problem}"));
            assert!(value.is_null() || is_right(value), "{what}: {name} of {problem}");
        }
        assert!(!problem["message"].as_str().unwrap_or_default().starts_with("error"), "{what}: {problem}");
    }
    document
}

fn codes(document: &Value) -> Vec<&str> {
    document["problems"].as_array().into_iter().flatten().filter_map(|problem| problem["code"].as_str()).collect()
}

#[test]
fn every_command_prints_one_document_however_it_ends() {
    for (case, break_it, problems) in CASES {
        let scratch = Scratch::new();
        scratch.write("services.config.ts", "export const services = [{ id: 'a', name: 'A', price: { value: 5 } }];");
        break_it(&scratch);
        for command in COMMANDS {
            let what = format!("{command:?} with {case}");
            let mut called = scratch.command(&[command, &["--json"][..]].concat());
            called.env("GIT_CEILING_DIRECTORIES", scratch.path(".."));
            let ran = Ran::from(called.output().expect("the binary runs"));
            let document = document(&ran, &what);
            let wanted = problems.iter().find(|(name, _)| *name == command[0]).map(|(_, code)| *code);
            assert_eq!(codes(&document), Vec::from_iter(wanted), "{what}");
            assert_eq!(ran.code, if wanted == Some("usage") { 2 } else { wanted.map_or(0, |_| 1) }, "{what}");
        }
    }
}

#[test]
fn wrong_usage_is_a_document_too() {
    let scratch = Scratch::new();
    for arguments in [
        &["check", "--json", "--chek"][..],
        &["diff", "--json", "--markdown"],
        &["lint", "--json", "--max-raise", "much"],
        &["lint", "--format", "json", "--bogus"],
        &["lint", "--format=json", "--bogus"],
        &["migrate", "--json"],
        &["migrate", "Add Fax", "--json"],
        &["migrate", "nothing", "--accept", "drop-table:fax", "--json", "--records"],
        &["explain", "--json", "no-such-code"],
        &["record", "--json", "--records"],
        &["generate", "--json", "--manifest-dir", "nowhere"],
        &["import", "--json"],
        &["import", "services.config.ts", "--json", "--kind", "Fax"],
    ] {
        let ran = scratch.run(arguments);
        let what = format!("{arguments:?}");
        assert_eq!((codes(&document(&ran, &what)), ran.code), (vec!["usage"], 2), "{what}");
    }
    for arguments in [&["diff", "--json", "--against", "mian"][..], &["lint", "--format", "json", "--against", "mian"]]
    {
        let ran = scratch.run(arguments);
        let document = document(&ran, "an unknown commit");
        assert_eq!((codes(&document), ran.code), (vec!["refused"], 1));
        assert_eq!(document["problems"][0]["help"][0], "did you mean `--against main`?");
    }
    assert!(binary(&["check", "--json", "--help"]).output().expect("the binary runs").status.success());
}

#[test]
fn a_problem_says_where_it_is_and_of_which_commit() {
    let scratch = Scratch::new();
    scratch.edit("generated/catalog.lock", "  \"version\": 1,\n", "<<<<<<< main\n  \"version\": 1,\n");
    let lock = document(&scratch.run(&["check", "--json"]), "a broken lock");
    assert_eq!(lock["problems"][0]["file"], "generated/catalog.lock");
    assert_eq!((&lock["problems"][0]["line"], &lock["problems"][0]["column"]), (&3.into(), &1.into()));
    assert_eq!(lock["problems"][0]["message"], "the lock cannot be read: key must be a string");
    scratch.write("generated/catalog.lock", "");
    let lock = document(&scratch.run(&["check", "--json"]), "an empty lock");
    assert_eq!((&lock["problems"][0]["line"], &lock["problems"][0]["column"]), (&1.into(), &1.into()));

    let scratch = Scratch::new();
    scratch.edit("catalog/addons.yaml", "monthly: 19.00", "monthly: 19.005");
    scratch.commit("Broken");
    scratch.edit("catalog/addons.yaml", "monthly: 19.005", "monthly: 19.00");
    let base = document(&scratch.run(&["lint", "--json"]), "a broken commit");
    assert_eq!(base["problems"][0]["revision"], "HEAD");
    assert_eq!(base["problems"][0]["file"], "catalog/addons.yaml");
    let annotated = scratch.run(&["lint", "--format", "github"]).stdout;
    assert!(annotated.starts_with("::error title=amount-too-fine::at HEAD, catalog/addons.yaml:"), "{annotated}");

    scratch.edit("generated/typescript/src/catalog.ts", "export", "// by hand\nexport");
    let stale = document(&scratch.run(&["generate", "--check", "--json"]), "an edited file");
    assert_eq!(codes(&stale), ["stale-artifact"]);
    assert_eq!(stale["problems"][0]["file"], "generated/typescript/src/catalog.ts");
}

#[test]
fn what_the_system_refuses_names_the_file_and_what_to_do() {
    let scratch = Scratch::new();
    std::fs::remove_file(scratch.path("generated/catalog.lock")).unwrap();
    std::fs::create_dir(scratch.path("generated/catalog.lock")).unwrap();
    let refused = document(&scratch.run(&["check", "--json"]), "a folder in the place of the lock");
    assert_eq!(codes(&refused), ["io"]);
    assert_eq!(refused["problems"][0]["file"], "generated/catalog.lock");
    assert_eq!(refused["problems"][0]["help"][0], "put a file there, or give it another name");

    std::fs::create_dir(scratch.path("catalog/more.yaml")).unwrap();
    std::os::unix::fs::symlink(scratch.path("nowhere"), scratch.path("catalog/gone.yaml")).unwrap();
    let refused = document(&scratch.run(&["check", "--json"]), "a link that leads nowhere");
    assert_eq!(codes(&refused), ["unreadable-catalog"]);
    assert_eq!(refused["problems"][0]["file"], "catalog/gone.yaml");
    let help = refused["problems"][0]["help"][0].as_str().unwrap();
    assert!(help.starts_with("see whether it is still there"), "{help}");
}

#[test]
fn a_catalog_file_that_is_none_is_refused_and_not_waited_for() {
    let scratch = Scratch::new();
    for (what, made) in [
        (
            "a pipe",
            std::process::Command::new("mkfifo").arg(scratch.path("catalog/pipe.yaml")).status().unwrap().success(),
        ),
        ("a device", std::os::unix::fs::symlink("/dev/zero", scratch.path("catalog/zero.yaml")).is_ok()),
        ("a socket", std::os::unix::net::UnixListener::bind(scratch.path("catalog/socket.yaml")).is_ok()),
    ] {
        assert!(made, "{what}");
        let refused = document(&scratch.run(&["check", "--json"]), what);
        assert_eq!(codes(&refused), ["unreadable-catalog"], "{what}");
        let problem = &refused["problems"][0];
        let path = problem["file"].as_str().unwrap();
        assert!(["catalog/pipe.yaml", "catalog/zero.yaml", "catalog/socket.yaml"].contains(&path), "{path}");
        assert!(
            problem["message"].as_str().unwrap().ends_with("it is no file, but a folder, a pipe, a socket or a device")
        );
        std::fs::remove_file(scratch.path(path)).unwrap();
    }
    std::os::unix::fs::symlink(scratch.path("generated"), scratch.path("catalog/shared")).unwrap();
    let refused = document(&scratch.run(&["check", "--json"]), "a linked folder");
    assert_eq!(
        (codes(&refused), &refused["problems"][0]["file"]),
        (vec!["unreadable-catalog"], &"catalog/shared".into())
    );
    std::fs::remove_file(scratch.path("catalog/shared")).unwrap();
    let text = format!("# {}\n", "x".repeat(1 << 20)).repeat(70);
    scratch.write("catalog/large.yaml", &text);
    let refused = document(&scratch.run(&["check", "--json"]), "a large file");
    assert_eq!(codes(&refused), ["file-too-large"]);
}

#[test]
fn what_a_migration_does_is_told_whether_or_not_it_is_written() {
    let scratch = Scratch::new();
    let table = "records:\n  faxes:\n    columns:\n      id: { type: text(40) }\n      sent: { type: text(9) }\n    primary_key: [id]\n";
    scratch.write("catalog/faxes.yaml", table);
    let written = document(&scratch.run(&["migrate", "add_faxes", "--json"]), "a migration");
    assert_eq!(written["steps"].as_array().map(Vec::len), Some(1));
    assert_eq!(written["written"].as_array().map(Vec::len), Some(4), "{written}");
    scratch.edit("catalog/faxes.yaml", "      sent: { type: text(9) }\n", "");
    let ran = scratch.run(&["migrate", "drop_sent", "--json"]);
    let refused = document(&ran, "a destructive migration");
    assert_eq!((codes(&refused), ran.code), (vec!["refused"], 1));
    assert_eq!(refused["hazards"][0]["name"], "drop-column:faxes.sent");
    assert_eq!(refused["written"], serde_json::json!([]));
    let accept = ["migrate", "drop_sent", "--json", "--dry-run", "--accept", "drop-column:faxes.sent"];
    let tried = document(&scratch.run(&accept), "a dry run");
    assert!(tried["files"][0]["text"].as_str().is_some_and(|text| text.contains("sent")), "{tried}");
    assert_eq!(tried["written"], serde_json::json!([]));
}
