//! Whether the database sells a line for what the reviewed catalog says.

use pricebook_types::Currency;
use pricebook_types::validation::{Amount, Number};
use rust_decimal::Decimal;

use super::line::Reviewed;
use super::{CheckError, of_product};
use crate::db::Session;
use crate::services::major::{decimal, to_minor};
use crate::services::payment::Refusal;
use crate::services::read::{Listed, read_one};
use crate::services::read_prices::{self, Tier};

/// # Errors
/// Where it does not, or cannot be asked.
pub(super) async fn agrees(
    session: &mut Session,
    line: &Reviewed<'_>,
    currency: Currency,
    day: &str,
) -> Result<(), CheckError> {
    let refused = |refusal| CheckError::Refused(of_product(line.lookup_key(), refusal));
    let (title, id) = (line.kind.title, line.product.id.to_string());
    let row = read_one(session, line.live, &id, day).await?;
    let row = row.ok_or_else(|| refused(Refusal::Unknown { title, id: id.clone() }))?;
    if !row.active {
        return Err(refused(Refusal::Inactive { title, id }));
    }
    let in_database = read_prices::tiers(session, line.lookup_key(), currency, day).await?;
    let reviewed = line.amount_on(day).and_then(tiers);
    match reviewed {
        Some(reviewed) if reviewed == in_database && !costs_less(line, &row, currency, &reviewed) => Ok(()),
        _ => Err(refused(Refusal::OutOfSync { id })),
    }
}

/// Whether the product's own row says less than its usual price; it may span several prices, so that more is no difference.
fn costs_less(line: &Reviewed<'_>, row: &Listed, currency: Currency, reviewed: &[Tier]) -> bool {
    let highest = row.price_range.as_ref().and_then(|range| to_minor(decimal(&range.max)?, row.currency));
    match (highest, reviewed) {
        (Some(highest), [Tier { number: 0, unit: Some(unit), .. }]) if line.is_first() && row.currency == currency => {
            Decimal::from(highest) < *unit
        }
        _ => false,
    }
}

/// As rows of the database: one for a plain amount, else one for each tier.
fn tiers(amount: &Amount<'_>) -> Option<Vec<Tier>> {
    let exact = |number: &Option<Number<'_>>| match number {
        Some(number) => decimal(number).map(|number| Some(number.normalize())),
        None => Some(None),
    };
    if amount.tiers.is_empty() {
        return Some(vec![Tier { number: 0, up_to: None, unit: exact(&amount.unit_amount)?, flat: None }]);
    }
    let numbered = amount.tiers.iter().zip(1..);
    let rows = numbered.map(|(tier, number)| {
        Some(Tier { number, up_to: tier.up_to, unit: exact(&tier.unit_amount)?, flat: exact(&tier.flat_amount)? })
    });
    rows.collect()
}
