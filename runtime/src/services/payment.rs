//! The payment check: what is paid for must be sold, in the database and in the reviewed catalog, and the amount must be
//! one that both accept. The price that a caller believes in counts for nothing.

use pricebook_types::validation::{Amount, LiveField, LiveKind, Number, Payment, PriceRule, Sale, Validation};
use pricebook_types::{Currency, CustomAmount, Kind, Money, UsageType};
use rust_decimal::Decimal;

use super::major::{decimal, to_minor};
use super::read::{Listed, read_one};
use super::read_prices;
use crate::db::Session;

pub use super::payment_attempt::{Attempt, Claim, Ending, Purpose, Replay, answered, claim, failed, look_up};
pub use super::payment_refusal::Refusal;

/// What somebody wants to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The product's id.
    pub product: String,
    /// The key of one of its prices; the first one where it is absent.
    pub price: Option<String>,
    /// In major units.
    pub amount: Decimal,
    /// The currency.
    pub currency: Currency,
}

/// A payment that the check accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The product's name.
    pub name: String,
    /// The price's id everywhere.
    pub lookup_key: String,
    /// The amount.
    pub money: Money,
    /// The whole price, of which the amount may be a part.
    pub price: Money,
}

/// Why a check has no result.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// The payment is refused.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The database cannot be asked.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// Checks a payment for a product of a kind, as prices hold on `day` (`YYYY-MM-DD` in UTC).
///
/// # Errors
/// [`CheckError`].
pub async fn check(
    session: &mut Session,
    validation: &Validation<'_>,
    kind: &Kind,
    order: &Order,
    day: &str,
) -> Result<Accepted, CheckError> {
    let (rule, live) = reviewed(validation, kind, order)?;
    let row = read_one(session, live, &order.product, day).await?;
    let row = row.ok_or_else(|| Refusal::Unknown { title: kind.title, id: order.product.clone() })?;
    sold(kind, rule, row.active, order)?;
    let price = price(rule, order)?;
    let amount = amount(price, order, day)?;
    let minor = payable(order)?;
    if let Some(bounds) = &amount.custom {
        let money = chosen(bounds, Money::new(minor, order.currency))?;
        return Ok(Accepted { name: row.name, lookup_key: price.lookup_key.to_string(), money, price: money });
    }
    let terms = Terms::of(rule, price, amount, order, day)?;
    let in_database = read_prices::unit_amount(session, &price.lookup_key, order.currency, day).await?;
    let is_first = rule.prices.first().is_some_and(|first| first.key == price.key) && order.currency == row.currency;
    terms.accepts(minor, Seen { row: is_first.then_some(&row), unit_amount: in_database, live }, order)?;
    Ok(Accepted {
        name: row.name,
        lookup_key: price.lookup_key.to_string(),
        money: Money::new(minor, order.currency),
        price: Money::new(terms.price_minor, order.currency),
    })
}

/// What the catalog says of the product, and where its kind's rows are.
fn reviewed<'a>(
    validation: &'a Validation<'a>,
    kind: &Kind,
    order: &Order,
) -> Result<(&'a Payment<'a>, &'a LiveKind<'a>), Refusal> {
    let rule = validation.payments.iter().find(|rule| rule.kind == kind.id && rule.id == order.product);
    let live = validation.live.iter().find(|live| live.kind == kind.id);
    rule.zip(live).ok_or_else(|| Refusal::Unknown { title: kind.title, id: order.product.clone() })
}

fn sold(kind: &Kind, rule: &Payment<'_>, active: bool, order: &Order) -> Result<(), Refusal> {
    let (title, id) = (kind.title, order.product.clone());
    match rule.sale {
        Sale::ComingSoon => Err(Refusal::ComingSoon { title, id }),
        Sale::Inactive => Err(Refusal::Inactive { title, id }),
        Sale::Free | Sale::Sold if !active => Err(Refusal::Inactive { title, id }),
        Sale::Free => Err(Refusal::Free { title, id }),
        Sale::Sold => Ok(()),
    }
}

fn price<'a>(rule: &'a Payment<'a>, order: &Order) -> Result<&'a PriceRule<'a>, Refusal> {
    let mut sold = rule.prices.iter().filter(|price| price.active);
    let found = match &order.price {
        None => sold.next(),
        Some(key) => sold.find(|price| price.key == **key),
    };
    found.ok_or_else(|| Refusal::UnknownPrice {
        id: order.product.clone(),
        price: order.price.clone().unwrap_or_default(),
        prices: rule.prices.iter().filter(|price| price.active).map(|price| price.key.to_string()).collect(),
    })
}

fn amount<'a>(price: &'a PriceRule<'a>, order: &Order, day: &str) -> Result<&'a Amount<'a>, Refusal> {
    let amounts = price.amounts_on(day);
    amounts.iter().find(|amount| amount.currency == order.currency).ok_or_else(|| Refusal::Currency {
        id: order.product.clone(),
        currency: order.currency,
        currencies: amounts.iter().map(|amount| amount.currency).collect(),
    })
}

/// The amount in minor units, a multiple of what Stripe charges.
fn payable(order: &Order) -> Result<i64, Refusal> {
    let minor = to_minor(order.amount, order.currency).filter(|minor| minor % order.currency.step_minor() == 0);
    minor.ok_or(Refusal::TooFine { currency: order.currency })
}

/// An amount that the customer chose, if it is one that the catalog leaves to choose. The database holds no bounds, and what
/// the catalog leaves unbounded is bounded by what Stripe charges.
fn chosen(bounds: &CustomAmount, money: Money) -> Result<Money, Refusal> {
    let of = |minor: i64| Money::new(minor, money.currency());
    match (bounds.minimum, bounds.maximum) {
        _ if money.minor() <= 0 => Err(Refusal::BelowMinimum { minimum: of(bounds.minimum.unwrap_or(1)) }),
        (Some(minimum), _) if money.minor() < minimum => Err(Refusal::BelowMinimum { minimum: of(minimum) }),
        (_, Some(maximum)) if money.minor() > maximum => Err(Refusal::AboveMaximum { maximum: of(maximum) }),
        _ => Ok(money),
    }
}

/// What the catalog asks for.
struct Terms {
    price_minor: i64,
    /// The least payment, where less than the price may be paid.
    deposit_minor: Option<i64>,
    currency: Currency,
}

/// What the database says of it.
struct Seen<'a> {
    /// The product's row, where its amounts are those of this price in this currency.
    row: Option<&'a Listed>,
    unit_amount: Option<Decimal>,
    live: &'a LiveKind<'a>,
}

impl Terms {
    fn of(
        rule: &Payment<'_>,
        price: &PriceRule<'_>,
        amount: &Amount<'_>,
        order: &Order,
        day: &str,
    ) -> Result<Self, Refusal> {
        // Half a cent is nothing that one unit could be paid with.
        let (UsageType::Licensed, Some(Number::Whole(price_minor))) = (price.usage, &amount.unit_amount) else {
            return Err(Refusal::BilledByUse { id: order.product.clone() });
        };
        let price_minor = *price_minor;
        let is_first = rule.prices.first().is_some_and(|first| first.key == price.key);
        let deposit = rule.deposit.as_ref().filter(|_| is_first);
        let deposit_minor = deposit.and_then(|deposit| deposit.minimum_on(day).get(&order.currency).copied());
        Ok(Self { price_minor, deposit_minor, currency: order.currency })
    }

    /// Whether an amount is one that the catalog and the database accept. Where they differ, the stricter one holds, and an
    /// amount of which they would not say the same is put off until they agree.
    fn accepts(&self, minor: i64, seen: Seen<'_>, order: &Order) -> Result<(), Refusal> {
        let money = |minor| Money::new(minor, self.currency);
        let out_of_sync = || Refusal::OutOfSync { id: order.product.clone() };
        let unit_amount = seen.unit_amount.and_then(|amount| i64::try_from(amount).ok()).ok_or_else(out_of_sync)?;
        let in_row =
            |number: Option<&Number<'_>>| number.and_then(decimal).and_then(|major| to_minor(major, self.currency));
        let row_price = seen.row.and_then(|row| in_row(row.price_range.as_ref().map(|range| &range.max)));
        let row_deposit = match seen.row {
            Some(row) if seen.live.table.columns.contains_key(&LiveField::DepositAmount) => {
                in_row(row.deposit_amount.as_ref())
            }
            _ => None,
        };
        // A row may span several prices, so that only less than this one is a difference.
        let highest = row_price.map_or(unit_amount, |price| price.min(unit_amount));
        let agree = highest == self.price_minor;
        match self.deposit_minor {
            Some(deposit) => {
                let minimum = row_deposit.map_or(deposit, |row| row.max(deposit));
                match minor {
                    _ if minor < minimum => Err(Refusal::BelowDeposit { minimum: money(minimum) }),
                    _ if minor <= highest && minor <= self.price_minor => Ok(()),
                    _ if agree => Err(Refusal::AboveThePrice { price: money(self.price_minor) }),
                    _ => Err(out_of_sync()),
                }
            }
            None if !agree => Err(out_of_sync()),
            None if minor != self.price_minor => Err(Refusal::NotThePrice { price: money(self.price_minor) }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_that_customers_choose_lies_between_its_bounds() {
        let usd = |minor| Money::new(minor, Currency::Usd);
        let bounds = |minimum, maximum| CustomAmount { minimum, maximum, preset: None };
        let both = bounds(Some(500), Some(50_000));
        assert_eq!(chosen(&both, usd(499)), Err(Refusal::BelowMinimum { minimum: usd(500) }));
        assert_eq!(chosen(&both, usd(500)), Ok(usd(500)));
        assert_eq!(chosen(&both, usd(50_000)), Ok(usd(50_000)));
        assert_eq!(chosen(&both, usd(50_001)), Err(Refusal::AboveMaximum { maximum: usd(50_000) }));
        let open = bounds(None, None);
        assert_eq!(chosen(&open, usd(99_999_999)), Ok(usd(99_999_999)));
        assert_eq!(chosen(&open, usd(0)), Err(Refusal::BelowMinimum { minimum: usd(1) }));
    }
}
