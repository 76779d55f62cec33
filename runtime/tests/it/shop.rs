//! A catalog of two products, written out by hand in the shape that the compiler gives it, and a folder to run it in.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use pricebook_types::{
    Artifacts, BillingType, Currency, CurrencyAmount, Environment, EnvironmentDatabase, Interval, Kind, Migration,
    PerDialect, Price, Product, Stream, SyncedRows, SyncedTable, TaxBehavior, UsageType,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;

const CREATE: &str = "CREATE TABLE teas (
  id VARCHAR(64) NOT NULL PRIMARY KEY, name VARCHAR(255) NOT NULL, minor INTEGER NOT NULL, active BOOLEAN NOT NULL
);\n";
const SYNC: &str = "-- The rows of the shop.
BEGIN TRANSACTION;
INSERT INTO teas (id, name, minor, active) VALUES ('green', 'Green tea', 450, TRUE), ('white', 'White tea', 900, FALSE)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, minor = excluded.minor, active = excluded.active;
INSERT INTO catalog_state (catalog, catalog_hash)
VALUES ('shop', '5ab0c0ffee00000000000000000000000000000000000000000000000000beef')
ON CONFLICT (catalog) DO UPDATE SET catalog_hash = excluded.catalog_hash, revision = catalog_state.revision + 1
WHERE catalog_state.catalog_hash <> excluded.catalog_hash;
COMMIT;
";
const SYNC_OF_MYSQL: &str = "-- The rows of the shop.
START TRANSACTION;
INSERT INTO teas (id, name, minor, active) VALUES ('green', 'Green tea', 450, TRUE), ('white', 'White tea', 900, FALSE)
ON DUPLICATE KEY UPDATE name = VALUES(name), minor = VALUES(minor), active = VALUES(active);
INSERT INTO catalog_state (catalog, catalog_hash)
VALUES ('shop', '5ab0c0ffee00000000000000000000000000000000000000000000000000beef')
ON DUPLICATE KEY UPDATE revision = IF(catalog_hash = VALUES(catalog_hash), revision, revision + 1),
  catalog_hash = VALUES(catalog_hash);
COMMIT;
";
const VERIFY: &str = "SELECT * FROM (
  SELECT 'teas' AS table_name, e.id AS row_id, d.c AS column_name,
    CASE d.c WHEN 'name' THEN e.name WHEN 'minor' THEN e.minor ELSE e.active END AS expected,
    CASE d.c WHEN 'name' THEN a.name WHEN 'minor' THEN CONCAT('', a.minor) WHEN 'active' THEN
      CASE WHEN a.active THEN '1' ELSE '0' END END AS actual
  FROM (SELECT 'green' AS id, 'Green tea' AS name, '450' AS minor, '1' AS active
    UNION ALL SELECT 'white', 'White tea', '900', '0') e
  CROSS JOIN (SELECT 'name' AS c UNION ALL SELECT 'minor' UNION ALL SELECT 'active') d
  JOIN teas a ON a.id = e.id
) found WHERE expected <> actual
UNION ALL
SELECT 'teas', e.id, NULL, NULL, NULL FROM (SELECT 'green' AS id UNION ALL SELECT 'white') e
WHERE e.id NOT IN (SELECT id FROM teas)
ORDER BY 2, 3;
";

const fn same(text: &'static str) -> PerDialect<&'static str> {
    PerDialect { sqlite: text, postgres: text, mysql: text }
}

pub(crate) const fn migration(number: u32, name: &'static str, sql: &'static str, checksum: &'static str) -> Migration {
    Migration { number, name, sql: same(sql), checksum: same(checksum) }
}

pub(crate) static FIRST: Migration = migration(1, "initial", CREATE, "aa");
static MIGRATIONS: [Migration; 1] = [FIRST];

pub(crate) const fn tea(id: &'static str, name: &'static str, active: bool, prices: &'static [Price]) -> Product {
    Product {
        kind: "tea",
        id,
        name,
        description: "",
        active,
        coming_soon: !active,
        free: false,
        billing_type: BillingType::Monthly,
        unit_label: None,
        images: &[],
        url: None,
        deposit: None,
        prices,
        grants: &[],
        marketing_features: &[],
        attributes: &[],
        metadata: &[],
    }
}

pub(crate) const fn monthly(
    product: &'static str,
    lookup_key: &'static str,
    amounts: &'static [CurrencyAmount],
) -> Price {
    Price {
        lookup_key,
        key: "monthly",
        label: "Monthly",
        product,
        interval: Some(Interval::MONTHLY),
        usage: UsageType::Licensed,
        meter: None,
        tier_mode: None,
        unit: None,
        transform_quantity: None,
        trial_days: 0,
        tax_behavior: TaxBehavior::Unspecified,
        currency_tax_behavior: &[],
        amounts_before_changes: amounts,
        changes: &[],
        grandfathered: None,
        active: true,
    }
}

pub(crate) const fn usd(minor: i64) -> CurrencyAmount {
    CurrencyAmount {
        currency: Currency::Usd,
        unit_amount: Some(pricebook_types::Amount::Minor(minor)),
        tiers: &[],
        custom: None,
    }
}

static PRODUCTS: [Product; 2] = [
    tea("green", "Green tea", true, &[monthly("green", "tea_green_monthly", &[usd(450)])]),
    tea("white", "White tea", false, &[monthly("white", "tea_white_monthly", &[usd(900)])]),
];

/// The catalog.
pub(crate) static SHOP: Artifacts = Artifacts {
    name: "shop",
    title: "Tea Shop",
    catalog_hash: "5ab0c0ffee00000000000000000000000000000000000000000000000000beef",
    environments: &[
        Environment { id: "production", database: None, stripe_account: None, stripe_live: true, live_url: None },
        Environment {
            id: "staging",
            database: Some(EnvironmentDatabase::Variable("PRICEBOOK_TEST_STAGING_URL")),
            stripe_account: None,
            stripe_live: false,
            live_url: None,
        },
    ],
    kinds: &[Kind { id: "tea", title: "Tea", plural: "teas", table: "teas" }],
    products: &PRODUCTS,
    features: &[],
    coupons: &[],
    sold_no_more: &[],
    groups: &[],
    migrations: Stream { name: "shop", migrations: &MIGRATIONS },
    synced_tables: &[
        SyncedTable { name: "teas", rows: SyncedRows::Products("tea"), active: Some("active"), touched: &[] },
        SyncedTable {
            name: "catalog_prices",
            rows: SyncedRows::Prices,
            active: Some("active"),
            touched: &["updated_at"],
        },
        SyncedTable { name: "catalog_price_amounts", rows: SyncedRows::OfPrices, active: None, touched: &[] },
        SyncedTable { name: "catalog_state", rows: SyncedRows::Others, active: None, touched: &[] },
    ],
    sync_sql: PerDialect { sqlite: SYNC, postgres: SYNC, mysql: SYNC_OF_MYSQL },
    verify_sql: same(VERIFY),
    stripe_json: "{}",
    validation_json: "{}",
};

/// The catalog with other migrations.
pub(crate) fn with_migrations(migrations: Vec<Migration>) -> &'static Artifacts {
    let migrations = Stream { name: "shop", migrations: Vec::leak(migrations) };
    Box::leak(Box::new(Artifacts { migrations, ..SHOP }))
}

/// The catalog with another `sync.sql`.
pub(crate) fn with_sync(sync: &'static str) -> &'static Artifacts {
    Box::leak(Box::new(Artifacts { sync_sql: same(sync), ..SHOP }))
}

/// What a command printed, and its exit code.
pub(crate) struct Ran {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// Both outputs after each other, with the database's folder taken out.
    pub(crate) fn text(&self, place: &Place) -> String {
        format!("{}{}", self.out, self.err).replace(&place.folder.path().display().to_string(), "<folder>")
    }
}

/// A folder with a database file that may not be there yet.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder().join("shop.db")
    }

    pub(crate) fn url(&self) -> String {
        format!("sqlite:{}", self.file().display())
    }

    /// Runs a command on the database.
    pub(crate) fn run(&self, artifacts: &'static Artifacts, arguments: &[&str]) -> Ran {
        run(artifacts, &[&["--database", &self.url()], arguments].concat())
    }

    /// The database's tables and rows as SQL would give them, one line each.
    pub(crate) fn teas(&self) -> Vec<String> {
        self.query("SELECT id || ' ' || name || ' ' || minor || ' ' || active FROM teas ORDER BY id")
    }

    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        let sql = sql.to_owned();
        self.with(async move |connection| {
            sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(connection).await.expect("an answer")
        })
    }

    pub(crate) fn execute(&self, sql: &'static str) {
        self.with(async move |connection| {
            sqlx::raw_sql(sql).execute(connection).await.expect("a sound statement");
        });
    }

    pub(crate) fn with<T>(&self, work: impl AsyncFnOnce(&mut SqliteConnection) -> T) -> T {
        let options = SqliteConnectOptions::new().filename(self.file()).create_if_missing(true);
        block_on(async {
            let mut connection = options.connect().await.expect("the database opens");
            let result = work(&mut connection).await;
            connection.close().await.expect("the database closes");
            result
        })
    }
}

/// Runs a command.
pub(crate) fn run(artifacts: &'static Artifacts, arguments: &[&str]) -> Ran {
    let arguments = ["pricebook"].iter().chain(arguments).map(OsString::from);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = pricebook::run_with(artifacts, arguments, &mut out, &mut err);
    Ran { code, out: String::from_utf8(out).expect("UTF-8"), err: String::from_utf8(err).expect("UTF-8") }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}
