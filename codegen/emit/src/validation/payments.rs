//! What a payment must satisfy: the amounts of the product's own prices, and at least the deposit.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pricebook_model::catalog::{self, CurrencyAmount, CustomAmount, Product};
use pricebook_types::validation::{Amount, Change, DepositChange, DepositRule, Payment, PriceRule, Sale, Tier};
use pricebook_types::{Currency, Money};

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
        deposit: product.deposit.as_ref().map(self::deposit),
    }
}

fn price(price: &catalog::Price) -> PriceRule<'_> {
    PriceRule {
        key: Cow::Borrowed(&price.key),
        lookup_key: Cow::Borrowed(&price.lookup_key),
        active: price.active,
        interval: price.interval,
        usage: price.usage,
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
        custom: amount.custom.map(|CustomAmount { minimum, maximum, preset }| pricebook_types::CustomAmount {
            minimum,
            maximum,
            preset,
        }),
    }
}

fn deposit(deposit: &catalog::Deposit) -> DepositRule<'_> {
    DepositRule {
        kind: deposit.kind,
        minimum: minimum(&deposit.amounts),
        changes: deposit
            .changes
            .iter()
            .map(|change| DepositChange { on: Cow::Borrowed(&change.on), minimum: minimum(&change.amounts) })
            .collect(),
    }
}

fn minimum(amounts: &[Money]) -> BTreeMap<Currency, i64> {
    amounts.iter().map(|amount| (amount.currency(), amount.minor())).collect()
}
