//! Everything a catalog compiles into, as one value that the runtime reads.

use crate::{Feature, Group, Kind, Product};

/// A SQL dialect that artifacts are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// SQLite 3.40 or later, and Cloudflare D1.
    Sqlite,
    /// PostgreSQL 13 or later.
    Postgres,
    /// MySQL 8 and MariaDB 10.6 or later.
    Mysql,
}

impl Dialect {
    /// Every dialect, in the order in which artifacts list them.
    pub const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mysql];

    /// The folder and setting name: `sqlite`, `postgres` or `mysql`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
        }
    }
}

/// How long a statement with rows may grow, in bytes: Cloudflare D1 refuses more than 100 KB, and something comes around the rows.
pub const MAX_STATEMENT_BYTES: usize = 95_000;

/// One text for each dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PerDialect<T: 'static> {
    /// For SQLite and D1.
    pub sqlite: T,
    /// For PostgreSQL.
    pub postgres: T,
    /// For MySQL and MariaDB.
    pub mysql: T,
}

impl<T: Copy> PerDialect<T> {
    /// The text for `dialect`.
    pub const fn get(&self, dialect: Dialect) -> T {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
            Dialect::Mysql => self.mysql,
        }
    }
}

/// One numbered, never rewritten step of a schema's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Migration {
    /// 1, 2, 3 … without gaps within a stream.
    pub number: u32,
    /// The name given to `cargo catalog migrate`, in snake case.
    pub name: &'static str,
    /// The SQL text, statement by statement separated by `;` at a line's end, as the file in `generated/` holds it.
    pub sql: PerDialect<&'static str>,
    /// SHA-256 of each dialect's text, in lower-case hexadecimal.
    pub checksum: PerDialect<&'static str>,
}

/// The migrations of one owner: the runtime's own tables, or a company's catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    /// `pricebook` for the runtime's tables, otherwise the catalog's name.
    pub name: &'static str,
    /// In order of their numbers.
    pub migrations: &'static [Migration],
}

/// A place where the catalog is put to use: `production`, `staging` …
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Environment {
    /// A slug.
    pub id: &'static str,
    /// Where its database is found.
    pub database: Option<EnvironmentDatabase>,
    /// The Stripe account (`acct_…`) that keys must belong to.
    pub stripe_account: Option<&'static str>,
    /// Whether live keys are expected (otherwise test keys).
    pub stripe_live: bool,
    /// Where the live API answers, without a trailing slash.
    pub live_url: Option<&'static str>,
}

/// Where the database of an environment is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnvironmentDatabase {
    /// The URL stands in the environment variable of this name, which is written in capitals.
    Variable(&'static str),
    /// It is the Cloudflare D1 database of this name.
    D1(&'static str),
}

/// A table whose rows a sync writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncedTable {
    /// Its name.
    pub name: &'static str,
    /// What its rows are.
    pub rows: SyncedRows,
    /// The column that says whether a row is for sale.
    pub active: Option<&'static str>,
    /// The columns that an update moves by itself, as a trigger moves `updated_at`.
    pub touched: &'static [&'static str],
}

/// What the rows of a table are, where the runtime can tell which of them the catalog knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncedRows {
    /// The products of the kind of this id, by their ids.
    Products(&'static str),
    /// Prices, by their lookup keys.
    Prices,
    /// Features, by their ids.
    Features,
    /// Coupons, by their ids.
    Coupons,
    /// Parts of prices, by the column `lookup_key`.
    OfPrices,
    /// Parts of products, by the columns `kind` and `product_id`.
    OfProducts,
    /// Parts of coupons, by the column `coupon_id`.
    OfCoupons,
    /// Anything else.
    Others,
}

/// Something that was sold under an id and is so no more: its rows stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SoldNoMore {
    /// The id of its kind, or `price`, `feature` or `coupon`.
    pub what: &'static str,
    /// The id.
    pub id: &'static str,
}

/// What the runtime is given: the catalog's typed rows and the texts of `generated/`.
#[derive(Clone, Copy, Debug)]
pub struct Artifacts {
    /// The catalog's name, a slug.
    pub name: &'static str,
    /// The catalog's name for people.
    pub title: &'static str,
    /// SHA-256 of the catalog's meaning, in lower-case hexadecimal; the same in every artifact.
    pub catalog_hash: &'static str,
    /// Where the catalog is put to use, in the order of the catalog.
    pub environments: &'static [Environment],
    /// Every kind, in the order of the catalog.
    pub kinds: &'static [Kind],
    /// Every product that is sold or was retired in place, by kind and then in the order of the catalog.
    pub products: &'static [Product],
    /// Every feature, in the order of the catalog.
    pub features: &'static [Feature],
    /// The id of every coupon, in the order of the catalog.
    pub coupons: &'static [&'static str],
    /// What the catalog or its lock remembers as sold no more, and the former ids of what was renamed.
    pub sold_no_more: &'static [SoldNoMore],
    /// Every group, in the order of the catalog.
    pub groups: &'static [Group],
    /// The company's own migrations; the runtime adds its stream in front.
    pub migrations: Stream,
    /// The tables that [`Self::sync_sql`] writes, those that others refer to first.
    pub synced_tables: &'static [SyncedTable],
    /// The idempotent transaction that makes the rows equal to the catalog; it brings its own first and last statement
    /// (`BEGIN TRANSACTION;` … `COMMIT;`), so that any database's own shell runs the file whole or not at all.
    pub sync_sql: PerDialect<&'static str>,
    /// The query (one statement, or several with the same columns) that returns a row per difference between the rows
    /// and the catalog, in a stable order and as text: `table_name`, `row_id`, `column_name`, `expected`, `actual`.
    /// NULL stands for SQL's NULL. Where the whole row is missing, `column_name` and `actual` are NULL; where it is to be
    /// removed, `column_name` is, and `actual` is what the row holds.
    pub verify_sql: PerDialect<&'static str>,
    /// `generated/stripe/catalog.json`: the desired state of the Stripe account.
    pub stripe_json: &'static str,
    /// `generated/validation/catalog.json`: what a payment must satisfy and what the live API must answer.
    pub validation_json: &'static str,
}
