//! The tables of generated Rust: short rows in the source, expanded to full values by the compiler.
//!
//! rustc takes about 100 µs for a literal of a whole [`Product`] with its prices, and a tenth of that for a row of
//! numbers and texts. What many rows share is written once, in a shape; the functions here put the two together.

use crate::{
    Amount, BillingType, Currency, CurrencyAmount, Feature, Grant, Limit, Price, Product, TaxBehavior, UsageType, Value,
};

/// A stretch of another table: the first position and the number of entries.
pub type Range = (u32, u32);

/// An amount of a whole number of minor units.
pub type AmountRow = (Currency, i64);

/// Shape, lookup key, product and amounts; without amounts, the price has those of its shape.
pub type PriceRow = (u32, &'static str, &'static str, Range);

/// A feature's position and how much of it is granted.
pub type GrantRow = (u32, Limit);

/// A product's group, and the stretches below and above it among the grouped products of its kind.
pub type Place = (u32, Range, Range);

/// Shape, id, name, description, prices, grants, and the positions of marketing features, attributes and metadata.
pub type ProductRow = (u32, &'static str, &'static str, &'static str, Range, Range, u32, u32, u32);

/// The lists that products share.
#[derive(Clone, Copy, Debug)]
pub struct Lists {
    /// What products grant.
    pub grants: &'static [Grant],
    /// Lines for the price list.
    pub marketing_features: &'static [&'static [&'static str]],
    /// Attributes, then metadata.
    pub values: &'static [&'static [(&'static str, Value)]],
}

/// The amounts of a table.
pub const fn amounts<const N: usize>(rows: &[AmountRow; N]) -> [CurrencyAmount; N] {
    let mut table = [CurrencyAmount { currency: Currency::Usd, unit_amount: None, tiers: &[] }; N];
    let mut index = 0;
    while index < N {
        let (currency, minor) = rows[index];
        table[index] = CurrencyAmount { currency, unit_amount: Some(Amount::Minor(minor)), tiers: &[] };
        index += 1;
    }
    table
}

/// The grants of a table.
pub const fn grants<const N: usize>(features: &[Feature], rows: &[GrantRow; N]) -> [Grant; N] {
    let mut table = [Grant { feature: "", limit: Limit::Off }; N];
    let mut index = 0;
    while index < N {
        let (feature, limit) = rows[index];
        table[index] = Grant { feature: features[feature as usize].id, limit };
        index += 1;
    }
    table
}

/// The prices of a table.
pub const fn prices<const N: usize>(
    shapes: &[Price],
    amounts: &'static [CurrencyAmount],
    rows: &[PriceRow; N],
) -> [Price; N] {
    let mut table = [NO_PRICE; N];
    let mut index = 0;
    while index < N {
        let (shape, lookup_key, product, range) = rows[index];
        table[index] = Price { lookup_key, product, ..shapes[shape as usize] };
        if range.1 > 0 {
            table[index].amounts = part(amounts, range);
        }
        index += 1;
    }
    table
}

/// The products of a table.
pub const fn products<const N: usize>(
    shapes: &[Product],
    prices: &'static [Price],
    lists: Lists,
    rows: &[ProductRow; N],
) -> [Product; N] {
    let mut table = [NO_PRODUCT; N];
    let mut index = 0;
    while index < N {
        let (shape, id, name, description, range, grants, marketing_features, attributes, metadata) = rows[index];
        table[index] = Product {
            id,
            name,
            description,
            prices: part(prices, range),
            grants: part(lists.grants, grants),
            marketing_features: lists.marketing_features[marketing_features as usize],
            attributes: lists.values[attributes as usize],
            metadata: lists.values[metadata as usize],
            ..shapes[shape as usize]
        };
        index += 1;
    }
    table
}

/// A part of a table.
pub const fn part<T>(table: &'static [T], (first, count): Range) -> &'static [T] {
    table.split_at(first as usize).1.split_at(count as usize).0
}

const NO_PRICE: Price = Price {
    lookup_key: "",
    key: "",
    label: "",
    product: "",
    interval: None,
    usage: UsageType::Licensed,
    meter: None,
    tier_mode: None,
    unit: None,
    transform_quantity: None,
    trial_days: 0,
    tax_behavior: TaxBehavior::Unspecified,
    amounts: &[],
    changes: &[],
    grandfathered: None,
    active: false,
};

const NO_PRODUCT: Product = Product {
    kind: "",
    id: "",
    name: "",
    description: "",
    active: false,
    coming_soon: false,
    free: false,
    billing_type: BillingType::Free,
    unit_label: None,
    deposit: None,
    prices: &[],
    grants: &[],
    marketing_features: &[],
    attributes: &[],
    metadata: &[],
};
