//! Cloudflare D1 by way of wrangler, on the D1 that it runs on this machine.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Once;

use pricebook_app::catalog;
use pricebook_types::EnvironmentDatabase;
use serde_json::Value;

use crate::project::root;
use crate::takeover::{OF_DOCUMENT, ROWS};

/// A folder with wrangler's configuration, which names the catalog's databases.
struct Worker {
    folder: tempfile::TempDir,
}

impl Worker {
    fn new() -> Self {
        static INSTALL: Once = Once::new();
        INSTALL.call_once(|| {
            let ci = ["ci", "--silent", "--no-audit", "--no-fund"];
            let installed = Command::new("npm").args(ci).current_dir(tools()).output().expect("npm");
            assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
        });
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = "name = \"shop\"\ncompatibility_date = \"2026-01-01\"\n".to_owned();
        for environment in catalog::artifacts().environments {
            let Some(EnvironmentDatabase::D1(name)) = environment.database else { panic!("the catalog names D1") };
            let id = environment.id;
            config +=
                &format!("[[d1_databases]]\nbinding = \"{id}\"\ndatabase_name = \"{name}\"\ndatabase_id = \"{id}\"\n");
        }
        fs::write(folder.path().join("wrangler.toml"), config).expect("a file");
        Self { folder }
    }

    fn start(&self, program: &str, path: &str, arguments: &[&str]) -> Output {
        Command::new(program)
            .args(arguments)
            .current_dir(self.folder.path())
            .env("PATH", path)
            .env("WRANGLER_SEND_METRICS", "false")
            .env_remove("DATABASE_URL")
            .stdin(Stdio::null())
            .output()
            .expect("it starts")
    }

    fn run(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.start(env!("CARGO_BIN_EXE_pricebook"), &path(), arguments);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {out}{err}");
        format!("{out}{err}")
    }

    fn services(&self, code: i32, arguments: &[&str]) -> String {
        self.run(code, &[&["services"], arguments, &["staging", "--local"]].concat())
    }

    fn backup(&self) -> PathBuf {
        let report: Value = serde_json::from_str(&self.services(0, &["backup", "--json"])).expect("JSON");
        report["file"].as_str().expect("a file").into()
    }

    /// Runs statements with wrangler alone, and returns what they find.
    fn execute(&self, sql: &str) -> Value {
        let command = format!("--command={sql}");
        let arguments = ["d1", "execute", "stratiqx-staging", "--local", "--json", &command];
        let output = self.start("wrangler", &path(), &arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let mut answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        answer[0]["results"].take()
    }
}

fn tools() -> PathBuf {
    root().join("tests/node/d1")
}

fn path() -> String {
    let bin = tools().join("node_modules/.bin");
    format!("{}:{}", bin.display(), std::env::var("PATH").expect("a path"))
}

fn statements(backup: &Path) -> String {
    let text = fs::read_to_string(backup).expect("the backup");
    let (_, statements) = text.split_once("\n\n").expect("a head");
    statements.split_once("-- catalog_state: ").expect("the state comes last").0.to_owned()
}

/// What wrangler itself would cut out of a file, or take for several statements.
const HOSTILE: &str = "O'Brien's \"quoted\" plan; BEGIN TRANSACTION; COMMIT; -- \\ /* \u{1f680}\n' || '";

/// One test, for each call of wrangler takes a second or two.
#[test]
fn a_d1_database_is_migrated_synced_saved_put_back_and_kept_from_halves() {
    let worker = Worker::new();
    worker.execute(OF_DOCUMENT);
    worker.execute(ROWS);
    let told = worker.run(0, &["migrate", "up", "staging", "--local"]);
    assert!(told.contains("taken over: the table services with its 2 rows\n"), "{told}");
    let told = worker.services(0, &["sync"]);
    assert!(told.contains("1395 → 1495") && told.contains("left alone: services by-hand"), "{told}");
    let kept = worker.execute("SELECT created_at FROM services WHERE id = 'market-essentials'");
    assert_eq!(kept[0]["created_at"].as_str(), Some("2024-02-03 04:05:06"));
    worker.execute("DELETE FROM services WHERE id = 'by-hand'");
    assert!(told.contains("verified: every row is as the catalog says"), "{told}");

    let name = HOSTILE.replace('\'', "''").replace("BEGIN TRANSACTION", "BEGIN' || ' TRANSACTION");
    worker.execute(&format!("UPDATE services SET name = '{name}', max_price = 9007199254740993"));
    worker.execute("INSERT INTO services (id, name, active) VALUES ('by-hand', 'By hand', 1)");
    let saved = worker.backup();
    let told = worker.services(0, &["sync"]);
    assert!(told.contains("left alone: services by-hand"), "{told}");
    assert!(told.contains("9007199254740993 → 1495"), "{told}");
    worker.execute("DELETE FROM services WHERE id = 'by-hand'; DELETE FROM catalog_prices");
    worker.run(0, &["services", "restore", saved.to_str().expect("UTF-8"), "staging", "--local"]);
    assert_eq!(statements(&worker.backup()), statements(&saved));
    let found = worker.execute("SELECT name FROM services WHERE id = 'market-essentials'");
    assert_eq!(found[0]["name"].as_str(), Some(HOSTILE));

    worker.execute(
        "CREATE TRIGGER spoil AFTER UPDATE ON services WHEN NEW.min_price > 1 BEGIN \
         UPDATE services SET min_price = 1 WHERE id = NEW.id; END",
    );
    let told = worker.services(1, &["sync"]);
    assert!(told.contains("error: after the sync rows still differ from the catalog; nothing was kept"), "{told}");
    assert!(told.contains("the old rows are in "), "{told}");
    let found = worker.execute(
        "SELECT (SELECT name FROM services WHERE id = 'market-essentials') AS name, \
         (SELECT status FROM catalog_sync_runs ORDER BY id DESC LIMIT 1) AS status",
    );
    assert_eq!((found[0]["name"].as_str(), found[0]["status"].as_str()), (Some(HOSTILE), Some("failed")));
}

#[test]
fn without_wrangler_the_command_to_install_is_named() {
    let worker = Worker::new();
    let nowhere = worker.folder.path().join("nothing");
    let npx = worker.folder.path().join("npx");
    for folder in [&nowhere, &npx] {
        fs::create_dir(folder).expect("a folder");
    }
    // What npx does where nobody can be asked whether it may install.
    let refusal = "#!/bin/sh\necho 'npm error npx canceled due to missing packages and no YES option: [\"wrangler@4\"]' >&2\nexit 1\n";
    fs::write(npx.join("npx"), refusal).expect("a file");
    fs::set_permissions(npx.join("npx"), fs::Permissions::from_mode(0o755)).expect("a program");
    for path in [nowhere, npx] {
        let path = path.to_str().expect("UTF-8");
        let output = worker.start(env!("CARGO_BIN_EXE_pricebook"), path, &["services", "plan", "staging"]);
        assert_eq!(output.status.code(), Some(1));
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(err.contains("wrangler is not there"), "{err}");
        assert!(err.contains("help: install Cloudflare's command: npm install --global wrangler"), "{err}");
    }
}
