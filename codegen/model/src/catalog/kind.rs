//! Families of products: their attributes, the prices they may have, and where their table gets its values.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A family of products.
#[derive(Clone, Debug, Serialize)]
pub struct Kind {
    /// In snake case: `plan`.
    pub id: String,
    /// For people: `Plan`.
    pub title: String,
    /// The top-level key that declares its products: `plans`.
    pub plural: String,
    /// What it is, or empty.
    pub description: String,
    /// Typed attributes, in order.
    pub attributes: Vec<Attribute>,
    /// Which prices its products may and must have.
    pub prices: PricePolicy,
    /// What stands for what in Stripe.
    pub stripe_product_per: StripeProductPer,
    /// The kind's table; the same value stands in [`Catalog::tables`].
    pub table: String,
    /// Whether the table has a column for each attribute, as kinds have that declare no columns.
    #[serde(skip)]
    pub default_columns: bool,
    /// Where each column of the table gets its value, in the order of the table's columns.
    pub sources: Vec<ColumnSource>,
    /// Whether the table's amount columns hold major or minor units.
    pub amounts: AmountUnit,
    /// Lint rules that are accepted for all products of the kind, with their reasons; no target sees them.
    #[serde(skip)]
    pub accepts: Vec<(String, String)>,
}

/// Whether a Stripe product stands for a product or for each of its prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StripeProductPer {
    /// One Stripe product with all prices.
    Product,
    /// One Stripe product for each price: "Starter Plan (Monthly)".
    Price,
}

/// Units of amount columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountUnit {
    /// Dollars, and whole ones: an amount with cents is reported.
    Major,
    /// Cents.
    #[default]
    Minor,
}

/// Which prices, by key, the products of a kind may and must have.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PricePolicy {
    /// Keys that may be used; empty for any.
    pub allowed: Vec<String>,
    /// Keys that must be used by every product that is not retired.
    pub required: Vec<String>,
    /// At least so many prices.
    pub min: u32,
    /// At most so many prices.
    pub max: Option<u32>,
}

/// A typed attribute of a kind's products.
#[derive(Clone, Debug, Serialize)]
pub struct Attribute {
    /// In snake case.
    pub id: String,
    /// What it is, or empty.
    pub description: String,
    /// The id before a rename.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub was: Option<String>,
    /// Its type.
    pub ty: AttributeType,
    /// Whether every product must give it (an attribute with a default never is).
    pub required: bool,
    /// What products have that do not give it.
    pub default: Option<Value>,
}

/// The type of an attribute.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeType {
    /// Text of at most so many characters.
    Text {
        /// The most characters.
        max: Option<u32>,
    },
    /// A whole number within bounds.
    Integer {
        /// The least.
        min: Option<i64>,
        /// The most.
        max: Option<i64>,
    },
    /// An exact decimal number.
    Decimal,
    /// True or false.
    Boolean,
    /// An ISO 8601 date.
    Date,
    /// One of the values of an enum declared in place: the type is named `<Kind><Attribute>`.
    OneOf(Vec<String>),
    /// One of the values of an enum of `enums:`.
    Enum(String),
    /// A list of texts.
    List,
}

/// A value of an attribute or of metadata.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Text, enum value or ISO date.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// True or false.
    Boolean(bool),
    /// A list of texts.
    List(Vec<String>),
}

/// Where a column of a kind's table gets its value.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnSource {
    /// The product's id.
    Id,
    /// The product's name.
    Name,
    /// The product's description, NULL where empty.
    Description,
    /// [`Product::local_id`].
    LocalId,
    /// The lowest amount of the active prices, in [`Kind::amounts`] units.
    PriceMin,
    /// The highest amount of the active prices, in [`Kind::amounts`] units.
    PriceMax,
    /// The currency of these amounts and of the deposit's, an ISO 4217 code in lower case; NULL without a price.
    PriceCurrency,
    /// The deposit's amount in [`Kind::amounts`] units, NULL where there is none.
    DepositAmount,
    /// [`BillingType::as_str`].
    BillingType,
    /// JSON: `{"features": [marketing features], ...metadata}`.
    Metadata,
    /// JSON: an object of feature id to `true`, a number or `"unlimited"`.
    Features,
    /// Whether the product can be bought.
    Active,
    /// Whether it is announced only.
    ComingSoon,
    /// The attribute with this id.
    Attribute(String),
    /// Not written by a sync: the column's default fills it.
    Default,
}

impl ColumnSource {
    /// Whether it brings an amount of money.
    pub const fn is_amount(&self) -> bool {
        matches!(self, Self::PriceMin | Self::PriceMax | Self::DepositAmount)
    }
}
