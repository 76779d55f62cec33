//! What a payment must satisfy: the amounts of the product's own prices, and at least the deposit.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pricebook_model::catalog::{self, CurrencyAmount, Product};
use pricebook_types::validation::{Amount, Change, DepositChange, DepositRule, Payment, PriceRule, Sale, Tier};
use pricebook_types::{Currency, DepositKind};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::numbers;

pub(super) fn payment(product: &Product) -> Payment<'_> {
    Payment {
        kind: Cow::Borrowed(&product.kind),
        id: Cow::Borrowed(&product.id),
        name: Cow::Borrowed(&product.name),
        sale: match product {
            Product { coming_soon: true, .. } => Sale::ComingSoon,
            Product { active: false, .. } => Sale::Inactive,
            Product { free: true, .. } => Sale::Free,
            _ => Sale::Sold,
        },
        prices: product.prices.iter().map(price).collect(),
        deposit: product.deposit.as_ref().map(|deposit| self::deposit(product, deposit)),
    }
}

fn price(price: &catalog::Price) -> PriceRule<'_> {
    PriceRule {
        key: Cow::Borrowed(&price.key),
        lookup_key: Cow::Borrowed(&price.lookup_key),
        active: price.active,
        interval: price.interval,
        tier_mode: price.tier_mode,
        amounts: price.amounts.iter().map(amount).collect(),
        changes: price
            .changes
            .iter()
            .map(|change| Change {
                on: Cow::Borrowed(&change.on),
                amounts: change.amounts.iter().map(amount).collect(),
            })
            .collect(),
    }
}

fn amount(amount: &CurrencyAmount) -> Amount<'_> {
    Amount {
        currency: amount.currency,
        unit_amount: amount.unit_amount.map(numbers::minor),
        tiers: amount
            .tiers
            .iter()
            .map(|tier| Tier {
                up_to: tier.up_to,
                unit_amount: tier.unit_amount.map(numbers::minor),
                flat_amount: tier.flat_amount.map(numbers::minor),
            })
            .collect(),
    }
}

fn deposit<'a>(product: &'a Product, deposit: &catalog::Deposit) -> DepositRule<'a> {
    let primary = product.prices.first();
    DepositRule {
        kind: deposit.kind,
        minimum: minimum(deposit, primary.map_or(&[], |price| &price.amounts)),
        changes: primary
            .filter(|_| deposit.kind != DepositKind::Fixed)
            .map_or(&[][..], |price| &price.changes)
            .iter()
            .map(|change| DepositChange {
                on: Cow::Borrowed(&change.on),
                minimum: BTreeMap::from_iter(
                    change.amounts.iter().filter_map(|amount| Some((amount.currency, share(deposit, amount)?))),
                ),
            })
            .collect(),
    }
}

/// The deposit in its own currency, and the same share of the price in the others.
fn minimum(deposit: &catalog::Deposit, amounts: &[CurrencyAmount]) -> BTreeMap<Currency, i64> {
    let others = amounts.iter().filter(|amount| amount.currency != deposit.currency);
    let mut minimum: BTreeMap<_, _> =
        others.filter_map(|amount| Some((amount.currency, share(deposit, amount)?))).collect();
    minimum.insert(deposit.currency, deposit.amount_minor);
    minimum
}

/// A share of a plain amount, rounded up to whole minor units; a fixed deposit is no share.
fn share(deposit: &catalog::Deposit, amount: &CurrencyAmount) -> Option<i64> {
    if deposit.kind == DepositKind::Fixed {
        return None;
    }
    (amount.unit_amount?.checked_mul(deposit.value)? / Decimal::ONE_HUNDRED).ceil().to_i64()
}
