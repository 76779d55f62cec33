//! What the database says that prices cost: `catalog_prices` and `catalog_price_amounts`.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use pricebook_types::Currency;
use pricebook_types::validation::{LiveItem, LiveKind};
use rust_decimal::Decimal;
use sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement};

use crate::db::{Session, Texts, text_type};

/// Lowest and highest price of a product, in minor units of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) min: Decimal,
    pub(super) max: Decimal,
}

/// What one unit costs at one price, in one currency, from a day on.
struct Amount {
    lookup_key: String,
    currency: String,
    effective_on: String,
    minor: Decimal,
}

/// What the products of a kind cost on a day, by their ids: the range of those prices that the catalog says make it, as far
/// as the database sells them.
pub(super) async fn ranges<'a>(
    session: &mut Session,
    kind: &'a LiveKind<'_>,
    day: &str,
) -> Result<BTreeMap<&'a str, Range>, sqlx::Error> {
    let query = select(session)
        .and_where(price("kind").eq(&*kind.kind))
        .and_where(price("active").eq(true))
        .and_where(amount("is_default").eq(true))
        .to_owned();
    let amounts = holding(amounts(session, &query).await?, day);
    let minors: BTreeMap<_, _> =
        amounts.iter().map(|amount| ((&*amount.lookup_key, &*amount.currency), amount.minor)).collect();
    let range = |item: &'a LiveItem<'_>| {
        let of_item = item.range_prices.iter().filter_map(|key| minors.get(&(&**key, item.currency.code())));
        let (min, max) = (of_item.clone().min()?, of_item.max()?);
        Some((&*item.id, Range { min: *min, max: *max }))
    };
    Ok(kind.items.iter().filter_map(range).collect())
}

/// What one unit of a price costs on a day, in minor units; `None` where the database does not sell it in this currency.
pub(super) async fn unit_amount(
    session: &mut Session,
    lookup_key: &str,
    currency: Currency,
    day: &str,
) -> Result<Option<Decimal>, sqlx::Error> {
    let query = select(session)
        .and_where(amount("lookup_key").eq(lookup_key))
        .and_where(amount("currency").eq(currency.code()))
        .and_where(price("active").eq(true))
        .to_owned();
    Ok(holding(amounts(session, &query).await?, day).into_iter().next().map(|amount| amount.minor))
}

/// A row of a price's amounts: the only one where `number` is 0, else one tier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tier {
    pub(super) number: u32,
    pub(super) up_to: Option<u64>,
    /// In minor units.
    pub(super) unit: Option<Decimal>,
    /// In minor units.
    pub(super) flat: Option<Decimal>,
}

/// All that a price costs on a day in a currency, in the order of its tiers; nothing where the database does not sell it.
pub(super) async fn tiers(
    session: &mut Session,
    lookup_key: &str,
    currency: Currency,
    day: &str,
) -> Result<Vec<Tier>, sqlx::Error> {
    let as_text = text_type(session.dialect());
    let columns = ["effective_on", "tier_number", "up_to", "unit_amount", "flat_amount"];
    let same_price = price("lookup_key").equals(("catalog_price_amounts", "lookup_key"));
    let query = Query::select()
        .exprs(columns.map(|column| amount(column).cast_as(as_text)))
        .from("catalog_prices")
        .join(JoinType::InnerJoin, "catalog_price_amounts", same_price)
        .and_where(amount("lookup_key").eq(lookup_key))
        .and_where(amount("currency").eq(currency.code()))
        .and_where(price("active").eq(true))
        .to_owned();
    let exact =
        |text: Option<String>| text.and_then(|text| text.parse::<Decimal>().ok()).map(|exact| exact.normalize());
    let tier = |row: Texts| {
        let [effective_on, number, up_to, unit, flat] = row.try_into().ok()?;
        let up_to = up_to.and_then(|text| text.parse().ok());
        Some((effective_on?, Tier { number: number?.parse().ok()?, up_to, unit: exact(unit), flat: exact(flat) }))
    };
    let mut rows: Vec<(String, Tier)> = session.rows(&query).await?.into_iter().filter_map(tier).collect();
    rows.retain(|(effective_on, _)| **effective_on <= *day);
    let latest = rows.iter().map(|(effective_on, _)| effective_on.clone()).max().unwrap_or_default();
    rows.retain(|(effective_on, _)| *effective_on == latest);
    let mut tiers: Vec<Tier> = rows.into_iter().map(|(_, tier)| tier).collect();
    tiers.sort_by_key(|tier| tier.number);
    Ok(tiers)
}

fn price(column: &'static str) -> Expr {
    Expr::col(("catalog_prices", column))
}

fn amount(column: &'static str) -> Expr {
    Expr::col(("catalog_price_amounts", column))
}

/// The columns of [`Amount`] for prices without tiers.
fn select(session: &Session) -> SelectStatement {
    let as_text = text_type(session.dialect());
    let columns = [price("lookup_key"), amount("currency"), amount("effective_on"), amount("unit_amount")];
    let same_price = price("lookup_key").equals(("catalog_price_amounts", "lookup_key"));
    Query::select()
        .exprs(columns.map(|column| column.cast_as(as_text)))
        .from("catalog_prices")
        .join(JoinType::InnerJoin, "catalog_price_amounts", same_price)
        .and_where(amount("tier_number").eq(0))
        .and_where(amount("unit_amount").is_not_null())
        .to_owned()
}

async fn amounts(session: &mut Session, query: &SelectStatement) -> Result<Vec<Amount>, sqlx::Error> {
    let amount = |row: Texts| {
        let [lookup_key, currency, effective_on, minor] = row.try_into().ok()?;
        let minor = minor?.parse::<Decimal>().ok()?.normalize();
        Some(Amount { lookup_key: lookup_key?, currency: currency?, effective_on: effective_on?, minor })
    };
    Ok(session.rows(query).await?.into_iter().filter_map(amount).collect())
}

/// Of the amounts of each price and currency the one that holds on a day.
fn holding(mut amounts: Vec<Amount>, day: &str) -> Vec<Amount> {
    amounts.retain(|amount| *amount.effective_on <= *day);
    // The latest first, of which the first is kept.
    let key = |amount: &Amount| (amount.lookup_key.clone(), amount.currency.clone());
    amounts.sort_by_cached_key(|amount| (key(amount), Reverse(amount.effective_on.clone())));
    amounts.dedup_by_key(|amount| key(amount));
    amounts
}
