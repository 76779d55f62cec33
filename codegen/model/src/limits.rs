//! What targets can express, as data that emitters export and the model checks the catalog against.
//!
//! The model names no target: a rule reads these values and says "`order` has a meaning of its own in postgres".

use pricebook_types::Currency;

use crate::Catalog;
use crate::schema::{ColumnType, Table};

/// Everything that one target limits.
#[derive(Clone, Copy, Debug)]
pub struct TargetLimits {
    /// The target's name, as messages show it: `rust`, `sqlite`, `postgres`, `mysql`, `typescript`, `stripe`.
    pub target: &'static str,
    /// Limits of names.
    pub names: &'static [NameLimit],
    /// The names that the target itself gives to what belongs to a table.
    pub given: Option<fn(&Table) -> Vec<GivenName>>,
    /// Limits of texts.
    pub texts: &'static [TextLimit],
    /// Limits of amounts by currency.
    pub charges: &'static [ChargeLimit],
    /// How many metadata keys a product may have.
    pub metadata_keys: Option<usize>,
    /// How many metadata keys a price may have.
    pub price_metadata_keys: Option<usize>,
    /// How many marketing features a product may have.
    pub marketing_features: Option<usize>,
    /// How many images a product may have.
    pub images: Option<usize>,
    /// Limits of numbers.
    pub numbers: &'static [NumberLimit],
    /// The largest whole number, also below zero, that the target holds exactly.
    pub max_exact_integer: Option<u64>,
    /// How long a table's rows may be, each way in which they are counted.
    pub rows: &'static [RowLimit],
    /// How many columns and indexes a table may have.
    pub tables: Option<TableLimit>,
}

impl TargetLimits {
    /// A target without limits.
    pub const fn none(target: &'static str) -> Self {
        Self {
            target,
            names: &[],
            given: None,
            texts: &[],
            charges: &[],
            metadata_keys: None,
            price_metadata_keys: None,
            marketing_features: None,
            images: None,
            numbers: &[],
            max_exact_integer: None,
            rows: &[],
            tables: None,
        }
    }

    /// What it charges in a currency; `None` where it says nothing of it.
    pub fn charge(&self, currency: Currency) -> Option<&'static ChargeLimit> {
        self.charges.iter().find(|limit| limit.currency == currency)
    }
}

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameOf {
    /// A kind; a type in Rust and TypeScript.
    Kind,
    /// A kind's plural; a module and its table of products in TypeScript.
    Plural,
    /// A product: a variant in Rust, a literal in TypeScript.
    Item,
    /// A feature: a variant in Rust, a literal and a key in TypeScript.
    Feature,
    /// A table.
    Table,
    /// A column; a field in Rust and TypeScript.
    Column,
    /// An index or a unique constraint.
    Index,
    /// A foreign key.
    ForeignKey,
    /// An enum's value.
    EnumValue,
    /// An enum's name.
    Enum,
    /// A price key: a method in Rust, a key in TypeScript.
    PriceKey,
    /// An attribute of a kind: a method in Rust, a key in TypeScript.
    Attribute,
    /// A price's lookup key: a variant in Rust.
    LookupKey,
    /// An API shape.
    Interface,
    /// A field of an API shape.
    Field,
}

/// How a target writes a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// As it stands in the catalog.
    AsIs,
    /// `ServiceInstance`.
    UpperCamel,
    /// `serviceInstance`.
    LowerCamel,
    /// `service_instance`.
    Snake,
    /// `SERVICE_INSTANCE`.
    ScreamingSnake,
}

/// Limits of names of certain things.
#[derive(Clone, Copy, Debug)]
pub struct NameLimit {
    /// What the limit applies to.
    pub of: &'static [NameOf],
    /// How the target writes it; two names that become one collide.
    pub case: Case,
    /// At most so many bytes after conversion.
    pub max_bytes: usize,
    /// Words that cannot be used after conversion, compared without regard to case if `reserved_any_case`.
    pub reserved: &'static [&'static str],
    /// Whether reserved words are reserved in every case.
    pub reserved_any_case: bool,
    /// How names of the target's own begin.
    pub reserved_prefixes: &'static [&'static str],
}

/// A name that a target gives to what belongs to a table, and that the catalog does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenName {
    /// The name: `pk_plans`.
    pub name: String,
    /// What it names: `primary key`.
    pub what: &'static str,
    /// The column that it is of, unless it is of the whole table.
    pub column: Option<String>,
    /// What else must be called otherwise.
    pub space: NameSpace,
}

/// What must have different names in a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameSpace {
    /// Tables, indexes and keys of the whole database.
    Relations,
    /// Triggers and functions of the whole database.
    Routines,
    /// Checks and references of one table.
    Constraints,
}

/// What a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextOf {
    /// A product's name, as it stands in the catalog.
    Name,
    /// The title of the catalog or of a kind.
    Title,
    /// What a price is called.
    Label,
    /// What one unit of a price or feature is.
    Unit,
    /// A Stripe product name.
    ProductName,
    /// A product's description.
    ProductDescription,
    /// A lookup key.
    LookupKey,
    /// A local id.
    LocalId,
    /// A metadata key.
    MetadataKey,
    /// A metadata value, as text.
    MetadataValue,
    /// A marketing feature.
    MarketingFeature,
    /// A statement descriptor.
    StatementDescriptor,
    /// A unit label.
    UnitLabel,
    /// The address of a product's picture.
    Image,
    /// The address of a page about a product.
    Url,
    /// A tax code.
    TaxCode,
    /// A coupon's id.
    CouponId,
    /// A coupon's name.
    CouponName,
    /// A promotion code.
    PromotionCode,
    /// A feature's id.
    FeatureId,
    /// A feature's name.
    FeatureName,
    /// A meter's name.
    MeterName,
    /// A group's name.
    GroupName,
    /// A meter's event name.
    MeterEvent,
}

/// Limits of a text.
#[derive(Clone, Copy, Debug)]
pub struct TextLimit {
    /// What the limit applies to.
    pub of: TextOf,
    /// At least so many characters.
    pub min_chars: usize,
    /// At most so many characters.
    pub max_chars: usize,
    /// Whether a character is allowed.
    pub allows: fn(char) -> bool,
    /// The allowed characters in words: `letters, digits, - and _`.
    pub allowed: &'static str,
    /// What the whole must look like.
    pub form: Option<Form>,
}

/// What a text must look like.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Whether it does.
    pub holds: fn(&str) -> bool,
    /// In words, behind `it must be`: `a text with at least one letter`.
    pub words: &'static str,
}

/// Limits of a charge in one currency.
#[derive(Clone, Copy, Debug)]
pub struct ChargeLimit {
    /// The currency.
    pub currency: Currency,
    /// The least that can be charged, in minor units.
    pub min_minor: i64,
    /// The most that can be charged, in minor units.
    pub max_minor: i64,
    /// Every charge is a multiple of so many minor units.
    pub step_minor: i64,
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NumberOf {
    /// The months of a coupon that lasts for some.
    CouponMonths,
    /// How often a coupon can be redeemed.
    CouponRedemptions,
    /// How often a promotion code can be redeemed.
    PromotionCodeRedemptions,
    /// The share that a coupon takes off, in percent.
    PercentOff,
    /// The days of a trial.
    TrialDays,
    /// How many units are charged as one.
    DivideBy,
    /// A side of a product's package in inches, or its weight in ounces.
    PackageDimension,
}

/// Limits of a number.
#[derive(Clone, Copy, Debug)]
pub struct NumberLimit {
    /// What the limit applies to.
    pub of: NumberOf,
    /// The least.
    pub min: u32,
    /// The most.
    pub max: u32,
    /// At most so many digits behind the point.
    pub decimals: u32,
}

/// Limits of what the columns of one table may take together.
#[derive(Clone, Copy, Debug)]
pub struct RowLimit {
    /// At most so many bytes.
    pub max_bytes: u64,
    /// What a row takes beside its columns.
    pub own_bytes: u64,
    /// The most bytes that a value of this type takes in its row; an enum has so many values.
    pub column_bytes: fn(ty: &ColumnType, enum_values: usize) -> u64,
    /// So many columns that allow NULL take one more byte.
    pub nullable_columns_per_byte: u64,
    /// What to do about a row that is too long.
    pub advice: &'static str,
}

/// Limits of the parts of one table.
#[derive(Clone, Copy, Debug)]
pub struct TableLimit {
    /// Whether a catalog is put to use where it holds.
    pub holds: fn(&Catalog) -> bool,
    /// At most so many columns.
    pub max_columns: usize,
    /// At most so many columns in a key, an index or a reference.
    pub max_index_columns: usize,
    /// At most so many indexes, the primary key among them.
    pub max_indexes: Option<usize>,
    /// How many indexes the target makes for a table.
    pub indexes: fn(&Table) -> usize,
}
