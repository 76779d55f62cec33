//! Real databases for tests: a new one each time, dropped when the test is done with it.

use std::sync::atomic::{AtomicU32, Ordering};

use pricebook_types::Dialect;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, Row};

/// A database with one connection.
pub(crate) struct Database {
    pub(crate) dialect: Dialect,
    /// For clients that take a URL, and the name on its server.
    pub(crate) name: String,
    connection: AnyConnection,
}

enum AnyConnection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    Mysql(MySqlConnection),
}

/// A row as text.
pub(crate) type Texts = Vec<Option<String>>;

/// Runs `test` on a new database of each dialect.
pub(crate) fn on_every_database(test: impl AsyncFn(&mut Database)) {
    for dialect in Dialect::ALL {
        on(dialect, &test);
    }
}

/// What `test` finds in a new database.
pub(crate) fn on<T>(dialect: Dialect, test: impl AsyncFn(&mut Database) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let mut database = Database::create(dialect).await;
        let found = test(&mut database).await;
        database.remove().await;
        found
    })
}

/// The server's URL.
pub(crate) fn server(dialect: Dialect) -> String {
    let variable = match dialect {
        Dialect::Sqlite => return "sqlite::memory:".to_owned(),
        Dialect::Postgres => "PRICEBOOK_TEST_POSTGRES_URL",
        Dialect::Mysql => "PRICEBOOK_TEST_MYSQL_URL",
    };
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} names no server: run this with `./test --with-servers`"))
}

fn postgres() -> PgConnectOptions {
    server(Dialect::Postgres).parse().expect("a URL of PostgreSQL")
}

fn mysql() -> MySqlConnectOptions {
    server(Dialect::Mysql).parse().expect("a URL of MySQL")
}

impl Database {
    async fn create(dialect: Dialect) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("pricebook_test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let connection = match dialect {
            // Foreign keys are on, as they are on Cloudflare D1.
            Dialect::Sqlite => AnyConnection::Sqlite(
                SqliteConnectOptions::new().in_memory(true).foreign_keys(true).connect().await.expect("SQLite"),
            ),
            Dialect::Postgres => {
                let mut server = postgres().connect().await.expect("the PostgreSQL server");
                let create = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'");
                server.execute(AssertSqlSafe(create)).await.expect("a database");
                AnyConnection::Postgres(postgres().database(&name).connect().await.expect("the database"))
            }
            Dialect::Mysql => {
                let mut server = mysql().connect().await.expect("the MySQL server");
                server.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.expect("a database");
                AnyConnection::Mysql(mysql().database(&name).connect().await.expect("the database"))
            }
        };
        Self { dialect, name, connection }
    }

    async fn remove(self) {
        let drop = AssertSqlSafe(format!("DROP DATABASE {}", self.name));
        match self.connection {
            AnyConnection::Sqlite(connection) => connection.close().await.expect("it closes"),
            AnyConnection::Postgres(connection) => {
                connection.close().await.expect("it closes");
                postgres().connect().await.expect("the server").execute(drop).await.expect("it goes");
            }
            AnyConnection::Mysql(mut connection) => {
                connection.execute(drop).await.expect("it goes");
            }
        }
    }

    /// Runs statements.
    pub(crate) async fn try_run(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match &mut self.connection {
            AnyConnection::Sqlite(connection) => sql.execute(connection).await.map(drop),
            AnyConnection::Postgres(connection) => sql.execute(connection).await.map(drop),
            AnyConnection::Mysql(connection) => sql.execute(connection).await.map(drop),
        }
    }

    /// Runs statements that are sound.
    pub(crate) async fn run(&mut self, sql: &str) {
        if let Err(error) = self.try_run(sql).await {
            panic!("{:?}: {error}\n{sql}", self.dialect);
        }
    }

    /// The rows of every query among the statements, as text.
    pub(crate) async fn rows(&mut self, sql: &str) -> Vec<Texts> {
        macro_rules! texts {
            ($connection:expr) => {{
                let rows = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_all($connection).await;
                let rows = rows.unwrap_or_else(|error| panic!("{error}\n{sql}"));
                let text = |row: &_, at| Row::try_get_unchecked::<Option<String>, _>(row, at).expect("a text");
                rows.iter().map(|row| (0..row.len()).map(|at| text(row, at)).collect()).collect()
            }};
        }
        match &mut self.connection {
            AnyConnection::Sqlite(connection) => texts!(connection),
            AnyConnection::Postgres(connection) => texts!(connection),
            AnyConnection::Mysql(connection) => texts!(connection),
        }
    }

    /// The first column of every row, NULL as `NULL`.
    pub(crate) async fn values(&mut self, sql: &str) -> Vec<String> {
        let rows = self.rows(sql).await;
        rows.into_iter().map(|mut row| row.swap_remove(0).unwrap_or_else(|| "NULL".to_owned())).collect()
    }
}
