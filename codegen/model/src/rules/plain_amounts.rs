//! The plain amounts of a price through every announced change, with the places where they stand.

use pricebook_types::Currency;
use rust_decimal::Decimal;

use super::context::Context;
use crate::decl::{AmountsDecl, PriceDecl};
use crate::source::Spanned;

/// A plain amount of a price, in major units of a currency.
#[derive(Clone, Copy)]
pub(super) struct PlainAmount<'a> {
    /// The day of the announcement; `None` for what holds today.
    pub(super) on: Option<&'a str>,
    pub(super) currency: Currency,
    pub(super) amount: &'a Spanned<Decimal>,
}

/// What the price costs today and after each change; nothing for one with tiers.
pub(super) fn plain_amounts<'a>(context: &Context<'a>, price: &'a PriceDecl) -> Vec<PlainAmount<'a>> {
    let announced = price.changes.iter().map(|change| (Some(change.on.value.as_str()), &change.amounts));
    let stages = std::iter::once((None, &price.amounts)).chain(announced);
    stages.flat_map(|(on, amounts)| stage(context, price, on, amounts)).collect()
}

/// What subscriptions from before still cost.
pub(super) fn grandfathered_amounts<'a>(context: &Context<'a>, price: &'a PriceDecl) -> Vec<PlainAmount<'a>> {
    price.grandfathered.iter().flat_map(|former| stage(context, price, None, &former.amounts)).collect()
}

fn stage<'a>(
    context: &Context<'a>,
    price: &PriceDecl,
    on: Option<&'a str>,
    amounts: &'a AmountsDecl,
) -> impl Iterator<Item = PlainAmount<'a>> + use<'a> {
    let default = context.currency_of(price);
    let own = amounts.amount.iter().map(move |amount| (default, amount));
    let others = amounts.currencies.iter().map(|(currency, amount)| (currency.value, amount));
    own.chain(others).map(move |(currency, amount)| PlainAmount { on, currency, amount })
}
