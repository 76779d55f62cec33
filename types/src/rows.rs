//! The tables of generated Rust: short rows in the source, expanded to full values by the compiler.
//!
//! rustc takes about 100 µs for a literal of a whole [`Product`] with its prices, 14 for a text and 1 for a number that
//! stands in a list of numbers. So what many rows share is written once, in a shape; texts stand in lists of their own; and
//! what else a row says is numbers. The functions here put them together.

use crate::{
    Amount, BillingType, Currency, CurrencyAmount, Feature, Grant, Limit, Price, Product, TaxBehavior, UsageType, Value,
};

/// A stretch of another table: the first position and the number of entries.
pub type Range = (u32, u32);

/// A product's group, and the stretches below and above it among the grouped products of its kind.
pub type Place = (u32, Range, Range);

/// The lists that products share.
#[derive(Clone, Copy, Debug)]
pub struct Lists {
    /// All prices, in the order of the products.
    pub prices: &'static [Price],
    /// What products grant.
    pub grants: &'static [Grant],
    /// Lines for the price list.
    pub marketing_features: &'static [&'static [&'static str]],
    /// Attributes, then metadata.
    pub values: &'static [&'static [(&'static str, Value)]],
}

/// Stretches of a table.
///
/// The compiler's interpreter takes 2 µs for every call, and `split_at` makes twenty. Of up to four entries, a stretch is
/// taken from views of the table that need no call: in pairs from the first entry on, in pairs from the second on, and so on.
struct Parts<T: 'static> {
    table: &'static [T],
    ones: [&'static [[T; 1]]; 1],
    pairs: [&'static [[T; 2]]; 2],
    threes: [&'static [[T; 3]]; 3],
    fours: [&'static [[T; 4]]; 4],
}

impl<T> Parts<T> {
    const fn of(table: &'static [T]) -> Self {
        Self { table, ones: views(table), pairs: views(table), threes: views(table), fours: views(table) }
    }

    const fn part(&self, first: u32, count: u32) -> &'static [T] {
        let at = first as usize;
        match count {
            0 => &[],
            1 => &self.ones[0][at],
            2 => &self.pairs[at % 2][at / 2],
            3 => &self.threes[at % 3][at / 3],
            4 => &self.fours[at % 4][at / 4],
            _ => part(self.table, (first, count)),
        }
    }
}

/// A table in chunks, from each of the first `K` entries on.
const fn views<T, const K: usize>(table: &'static [T]) -> [&'static [[T; K]]; K] {
    let mut views: [&[[T; K]]; K] = [&[]; K];
    let mut first = 0;
    while first < K && first < table.len() {
        views[first] = table.split_at(first).1.as_chunks().0;
        first += 1;
    }
    views
}

/// Rows that are expanded together.
///
/// The compiler's interpreter keeps the pointers of a value in one sorted list, and moves all behind a place where one is
/// written: filled one by one, the time for a table would grow with the square of its length.
const PIECE: usize = 64;

/// A table of what each position becomes, filled piece by piece.
macro_rules! in_pieces {
    ($none:expr, $position:pat => $value:expr) => {{
        let mut table = [$none; N];
        let mut first = 0;
        while first < N {
            let mut piece = [$none; PIECE];
            let mut count = 0;
            while count < PIECE && first + count < N {
                let $position = first + count;
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

/// The amounts of a table. A row: the currency's position, whole minor units.
pub const fn amounts<const N: usize>(currencies: &[Currency], rows: &[[i64; 2]; N]) -> [CurrencyAmount; N] {
    const NONE: CurrencyAmount =
        CurrencyAmount { currency: Currency::Usd, unit_amount: None, tiers: &[], custom: None };
    in_pieces!(NONE, position => {
        let [currency, minor] = rows[position];
        let currency = currencies[currency as usize];
        CurrencyAmount { currency, unit_amount: Some(Amount::Minor(minor)), tiers: &[], custom: None }
    })
}

/// The grants of a table. A row: the feature's position; 0 for off, 1 for on, 2 for unlimited, 3 for at most as many units
/// as the last number says.
pub const fn grants<const N: usize>(features: &[Feature], rows: &[[u64; 3]; N]) -> [Grant; N] {
    const NONE: Grant = Grant { feature: "", limit: Limit::Off };
    in_pieces!(NONE, position => {
        let [feature, form, most] = rows[position];
        let limit = match form {
            0 => Limit::Off,
            1 => Limit::On,
            2 => Limit::Unlimited,
            _ => Limit::AtMost(most),
        };
        Grant { feature: features[feature as usize].id, limit }
    })
}

/// The prices of a table. A row: shape, the product's position, the first amount and how many; without amounts, a price
/// has those of its shape.
pub const fn prices<const N: usize>(
    shapes: &[Price],
    lookup_keys: &[&'static str; N],
    product_ids: &[&'static str],
    amounts: &'static [CurrencyAmount],
    rows: &[[u32; 4]; N],
) -> [Price; N] {
    let amounts = Parts::of(amounts);
    in_pieces!(NO_PRICE, position => {
        let [shape, product, first, count] = rows[position];
        let price =
            Price { lookup_key: lookup_keys[position], product: product_ids[product as usize], ..shapes[shape as usize] };
        if count > 0 { Price { amounts_before_changes: amounts.part(first, count), ..price } } else { price }
    })
}

/// The products of a table, with a name and a description each. A row: shape, the first price and how many, the first grant
/// and how many, and the positions of the marketing features, the attributes and the metadata.
pub const fn products<const N: usize>(
    shapes: &[Product],
    ids: &[&'static str; N],
    texts: &[[&'static str; 2]; N],
    lists: Lists,
    rows: &[[u32; 8]; N],
) -> [Product; N] {
    let (prices, grants) = (Parts::of(lists.prices), Parts::of(lists.grants));
    in_pieces!(NO_PRODUCT, position => {
        let [shape, first_price, price_count, first_grant, grant_count, lines, attributes, metadata] = rows[position];
        let [name, description] = texts[position];
        Product {
            id: ids[position],
            name,
            description,
            prices: prices.part(first_price, price_count),
            grants: grants.part(first_grant, grant_count),
            marketing_features: lists.marketing_features[lines as usize],
            attributes: lists.values[attributes as usize],
            metadata: lists.values[metadata as usize],
            ..shapes[shape as usize]
        }
    })
}

/// The entries of a perfect hash over ids: each with its position.
pub const fn entries<const N: usize>(ids: &[&'static str], positions: &[u32; N]) -> [(&'static str, u32); N] {
    in_pieces!(("", 0), position => (ids[positions[position] as usize], positions[position]))
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
    currency_tax_behavior: &[],
    amounts_before_changes: &[],
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
    images: &[],
    url: None,
    deposit: None,
    prices: &[],
    grants: &[],
    marketing_features: &[],
    attributes: &[],
    metadata: &[],
};
