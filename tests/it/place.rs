//! The real binary in an empty folder, and the database that it makes there.

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use pricebook_app::catalog;
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tempfile::TempDir;

/// An empty folder to run in.
pub(crate) struct Place {
    pub(crate) folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join(format!(".pricebook/{}.db", catalog::artifacts().name))
    }

    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        Command::new(env!("CARGO_BIN_EXE_pricebook"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("DATABASE_URL")
            .env_remove("STRIPE_SECRET_KEY")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts")
    }

    pub(crate) fn run_and_kill(&self, after: Duration) {
        let mut child = self.start(&[]);
        std::thread::sleep(after);
        child.kill().expect("it is killed, or has ended");
        child.wait().expect("it ends");
    }

    pub(crate) fn out(&self, arguments: &[&str]) -> String {
        succeeded(self.start(arguments).wait_with_output().expect("it ends"))
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        json(&self.out(&[arguments, &["--json"]].concat()))
    }

    pub(crate) fn failure(&self, arguments: &[&str]) -> String {
        let output = self.start(arguments).wait_with_output().expect("it ends");
        assert!(!output.status.success());
        assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stderr).expect("UTF-8")
    }

    pub(crate) fn execute(&self, sql: &str) {
        self.sql(async |connection| {
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await.expect("a sound statement");
        });
    }

    /// What the database says to a statement that it should refuse.
    pub(crate) fn refusal(&self, sql: &str) -> String {
        self.sql(async |connection| {
            let result = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
            result.expect_err("a statement that breaks a rule").to_string()
        })
    }

    /// The one column that a query returns, as texts.
    pub(crate) fn column(&self, sql: &str) -> Vec<String> {
        self.sql(async |connection| {
            sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_all(connection).await.expect("an answer")
        })
    }

    fn sql<T>(&self, work: impl AsyncFnOnce(&mut sqlx::SqliteConnection) -> T) -> T {
        let options = SqliteConnectOptions::new().filename(self.database());
        tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(async {
            let mut connection = options.connect().await.expect("the database opens");
            let result = work(&mut connection).await;
            connection.close().await.expect("the database closes");
            result
        })
    }
}

pub(crate) fn succeeded(output: Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

pub(crate) fn json(out: &str) -> Value {
    serde_json::from_str(out).expect("JSON")
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
