//! What the database says is sold: the rows of a kind, in the shape of the payment API.

use std::collections::BTreeMap;

use pricebook_types::Currency;
use pricebook_types::validation::{LiveField, LiveItem, LiveKind, LiveTable, LiveUnit, Number, PriceRange};
use rust_decimal::Decimal;
use sea_query::{Alias, Expr, ExprTrait, Order, Query, SelectStatement};
use serde::Serialize;
use serde_json::{Map, Value};

use super::major::{from_major, number};
use super::read_prices::{self, Range};
use crate::db::{Session, Texts, text_type};

/// A product as the database has it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The description, or empty.
    pub description: String,
    /// Lowest and highest price in major units of `currency`.
    pub price_range: Option<PriceRange<'static>>,
    /// The deposit in major units of `currency`.
    pub deposit_amount: Option<Number<'static>>,
    /// The currency of these amounts.
    pub currency: Currency,
    /// How it is billed.
    pub billing_type: String,
    /// The lines of the price list.
    pub features: Vec<String>,
    /// Free key-value data.
    pub metadata: Map<String, Value>,
    /// Whether it can be bought.
    pub active: bool,
}

/// The fields that are read from a kind's table, in the order of the columns of the query.
const FIELDS: [LiveField; 9] = [
    LiveField::Id,
    LiveField::Name,
    LiveField::Description,
    LiveField::PriceMin,
    LiveField::PriceMax,
    LiveField::DepositAmount,
    LiveField::BillingType,
    LiveField::Metadata,
    LiveField::Active,
];

/// What databases write for true, in columns of truth values and in those of numbers.
const TRUE: [&str; 3] = ["1", "true", "t"];

/// The active products of a kind, in the order of the catalog, those that it does not know last. `day` (`YYYY-MM-DD` in
/// UTC) says which announced amounts hold, where the kind's own table has none.
///
/// # Errors
/// What the database said.
pub async fn read_active(session: &mut Session, kind: &LiveKind<'_>, day: &str) -> Result<Vec<Listed>, sqlx::Error> {
    let mut query = select(session, &kind.table);
    if let Some(active) = column(&kind.table, LiveField::Active) {
        query.and_where(active.cast_as(text_type(session.dialect())).is_in(TRUE));
    }
    let rows = session.rows(&query).await?;
    let ranges = match has_amounts(&kind.table) {
        true => BTreeMap::new(),
        false => read_prices::ranges(session, kind, day).await?,
    };
    let place = |id: &str| kind.items.iter().position(|item| item.id == id).unwrap_or(usize::MAX);
    let mut listed: Vec<_> = rows.into_iter().filter_map(|row| Listed::of(row, kind, &ranges, day)).collect();
    listed.sort_by_cached_key(|item| (place(&item.id), item.id.clone()));
    Ok(listed)
}

/// One product of a kind, active or not; `None` where the database has no such row.
///
/// # Errors
/// What the database said.
pub async fn read_one(
    session: &mut Session,
    kind: &LiveKind<'_>,
    id: &str,
    day: &str,
) -> Result<Option<Listed>, sqlx::Error> {
    let Some(key) = column(&kind.table, LiveField::Id) else { return Ok(None) };
    let query = select(session, &kind.table).and_where(key.eq(id)).to_owned();
    let row = session.rows(&query).await?.into_iter().next();
    Ok(row.and_then(|row| Listed::of(row, kind, &BTreeMap::new(), day)))
}

/// Every field of the kind's table as text, NULL where the table has no column for it.
fn select(session: &Session, table: &LiveTable<'_>) -> SelectStatement {
    let as_text = text_type(session.dialect());
    let mut query = Query::select();
    for field in FIELDS {
        let value = column(table, field).unwrap_or_else(|| Expr::val(None::<String>));
        query.expr(value.cast_as(as_text));
    }
    query.from(Alias::new(&*table.name));
    if let Some(id) = table.columns.get(&LiveField::Id) {
        query.order_by(Alias::new(&**id), Order::Asc);
    }
    query
}

fn column(table: &LiveTable<'_>, field: LiveField) -> Option<Expr> {
    table.columns.get(&field).map(|name| Expr::col(Alias::new(&**name)))
}

fn has_amounts(table: &LiveTable<'_>) -> bool {
    table.columns.contains_key(&LiveField::PriceMin) || table.columns.contains_key(&LiveField::PriceMax)
}

impl Listed {
    /// `None` for a row without an id.
    fn of(row: Texts, kind: &LiveKind<'_>, ranges: &BTreeMap<&str, Range>, day: &str) -> Option<Self> {
        let [id, name, description, min, max, deposit, billing_type, metadata, active] = row.try_into().ok()?;
        let id = id?;
        let known = kind.items.iter().find(|item| item.id == id);
        // A row that the catalog does not know is shown in the currency of the others.
        let currency = known.or(kind.items.first()).map_or(Currency::Usd, |item| item.currency);
        let amount = |text: Option<String>| major(&text?, kind.table.amounts, currency);
        let price_range = match has_amounts(&kind.table) {
            true => amount(min.clone().or_else(|| max.clone())).zip(amount(max.or(min))),
            false => ranges.get(&*id).map(|range| (number(range.min, currency), number(range.max, currency))),
        };
        let deposit_amount = match kind.table.columns.contains_key(&LiveField::DepositAmount) {
            true => amount(deposit),
            false => known.and_then(|item| owned(item.amounts_on(day).deposit_amount.as_ref()?)),
        };
        let (features, metadata) = split(metadata.as_deref().unwrap_or_default());
        let of_catalog = |text: fn(&LiveItem<'_>) -> String| known.map(text).unwrap_or_default();
        let in_table = |field, value: Option<String>, otherwise: String| {
            if kind.table.columns.contains_key(&field) { value.unwrap_or_default() } else { otherwise }
        };
        Some(Self {
            name: in_table(LiveField::Name, name, of_catalog(|item| item.name.to_string())),
            description: in_table(LiveField::Description, description, of_catalog(|item| item.description.to_string())),
            price_range: price_range.map(|(min, max)| PriceRange { min, max }),
            deposit_amount,
            currency,
            billing_type: in_table(
                LiveField::BillingType,
                billing_type,
                of_catalog(|item| item.billing_type.as_str().to_owned()),
            ),
            features,
            metadata,
            active: match kind.table.columns.contains_key(&LiveField::Active) {
                true => active.is_some_and(|active| TRUE.contains(&&*active)),
                false => known.is_some_and(|item| item.active),
            },
            id,
        })
    }
}

/// An amount of the table in major units; `None` for what is no number, as only SQLite lets somebody write.
fn major(text: &str, unit: LiveUnit, currency: Currency) -> Option<Number<'static>> {
    let amount: Decimal = text.parse().ok()?;
    match unit {
        LiveUnit::Major => Some(from_major(amount, currency)),
        LiveUnit::Minor => Some(number(amount, currency)),
    }
}

fn owned(number: &Number<'_>) -> Option<Number<'static>> {
    Some(match number {
        Number::Whole(whole) => Number::Whole(*whole),
        Number::Decimal(text) => Number::Decimal(text.to_string().into()),
    })
}

/// `{"features": […], …}`: the lines of the price list, and the rest.
fn split(metadata: &str) -> (Vec<String>, Map<String, Value>) {
    let Ok(Value::Object(mut metadata)) = serde_json::from_str(metadata) else { return Default::default() };
    let features = metadata.remove("features").and_then(|features| serde_json::from_value(features).ok());
    (features.unwrap_or_default(), metadata)
}
