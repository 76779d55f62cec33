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

/// Rows that are expanded together.
///
/// The compiler's interpreter keeps the pointers of a value in one sorted list, and moves all behind a place where one is
/// written: filled one by one, the time for a table would grow with the square of its length.
const PIECE: usize = 64;

/// A table of what each row becomes, filled piece by piece.
macro_rules! in_pieces {
    ($none:expr, $rows:expr, $row:pat => $value:expr) => {{
        let mut table = [$none; N];
        let mut first = 0;
        while first < N {
            let mut piece = [$none; PIECE];
            let mut count = 0;
            while count < PIECE && first + count < N {
                let $row = $rows[first + count];
                piece[count] = $value;
                count += 1;
            }
            let (_, rest) = table.split_at_mut(first);
            let (place, _) = rest.split_at_mut(count);
            let (full, _) = piece.split_at(count);
            place.copy_from_slice(full);
            first += count;
        }
        table
    }};
}

/// The amounts of a table.
pub const fn amounts<const N: usize>(rows: &[AmountRow; N]) -> [CurrencyAmount; N] {
    const NONE: CurrencyAmount = CurrencyAmount { currency: Currency::Usd, unit_amount: None, tiers: &[] };
    in_pieces!(NONE, rows, (currency, minor) => {
        CurrencyAmount { currency, unit_amount: Some(Amount::Minor(minor)), tiers: &[] }
    })
}

/// The grants of a table.
pub const fn grants<const N: usize>(features: &[Feature], rows: &[GrantRow; N]) -> [Grant; N] {
    const NONE: Grant = Grant { feature: "", limit: Limit::Off };
    in_pieces!(NONE, rows, (feature, limit) => Grant { feature: features[feature as usize].id, limit })
}

/// The prices of a table.
pub const fn prices<const N: usize>(
    shapes: &[Price],
    amounts: &'static [CurrencyAmount],
    rows: &[PriceRow; N],
) -> [Price; N] {
    in_pieces!(NO_PRICE, rows, (shape, lookup_key, product, range) => {
        let price = Price { lookup_key, product, ..shapes[shape as usize] };
        if range.1 > 0 { Price { amounts: part(amounts, range), ..price } } else { price }
    })
}

/// The products of a table.
pub const fn products<const N: usize>(
    shapes: &[Product],
    prices: &'static [Price],
    lists: Lists,
    rows: &[ProductRow; N],
) -> [Product; N] {
    in_pieces!(NO_PRODUCT, rows, (shape, id, name, description, range, grants, lines, attributes, metadata) => Product {
        id,
        name,
        description,
        prices: part(prices, range),
        grants: part(lists.grants, grants),
        marketing_features: lists.marketing_features[lines as usize],
        attributes: lists.values[attributes as usize],
        metadata: lists.values[metadata as usize],
        ..shapes[shape as usize]
    })
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
