//! The checkout's check: each line must be a price that the reviewed catalog sells, that the database sells alike, and that the
//! payment service has as it was reviewed. What a caller believes that it costs counts for nothing.

mod in_database;
mod in_stripe;
mod line;
mod refusal;
mod sums;

use pricebook_types::stripe::Desired;
use pricebook_types::validation::Validation;
use pricebook_types::{Currency, Interval, Kind};

use super::payment;
use crate::db::Session;
use line::Reviewed;

pub use in_stripe::in_stripe;
pub use refusal::CheckoutRefusal;

/// Stripe charges amounts of at most eight digits.
const MOST_MINOR: i64 = 99_999_999;

/// What somebody wants to buy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// At least one.
    pub lines: Vec<WantedLine>,
    /// That of the prices where it is absent.
    pub currency: Option<Currency>,
    /// As the catalog says where it is absent; never more.
    pub trial_days: Option<u16>,
    /// What is to be taken off.
    pub discount: Option<WantedDiscount>,
}

/// So much of one price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedLine {
    /// The price's id everywhere.
    pub lookup_key: String,
    /// 1 where it is absent, and nothing of what is billed by use.
    pub quantity: Option<u32>,
}

/// What is to be taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WantedDiscount {
    /// A coupon, by its id.
    Coupon(String),
    /// A promotion code, in any case.
    PromotionCode(String),
}

/// What the check accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// In the order in which they were asked for.
    pub lines: Vec<AcceptedLine>,
    /// The currency of all of them.
    pub currency: Currency,
    /// How often the recurring ones are paid; `None` where there are none.
    pub interval: Option<Interval>,
    /// Days before the first payment.
    pub trial_days: u16,
    /// What is taken off, as the catalog writes it.
    pub discount: Option<WantedDiscount>,
    /// All lines together, for one period, before what is taken off; what is billed by use is not in it.
    pub total_minor: i64,
}

/// One line that the check accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedLine {
    /// The kind's id.
    pub kind: String,
    /// The product's id.
    pub product: String,
    /// The product's name.
    pub name: String,
    /// The price's id everywhere.
    pub lookup_key: String,
    /// The id of its Stripe product in `stripe_product_mappings`.
    pub local_id: String,
    /// The hash of the reviewed price.
    pub content_hash: String,
    /// `None` for what is billed by use.
    pub quantity: Option<u32>,
    /// For one period, in minor units; `None` for what is billed by use.
    pub total_minor: Option<i64>,
}

/// Why a check has no result.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// It is refused.
    #[error(transparent)]
    Refused(#[from] CheckoutRefusal),
    /// The database cannot be asked.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What is known without asking anybody.
#[derive(Clone, Copy, Debug)]
pub struct Catalog<'a> {
    /// The kinds.
    pub kinds: &'static [Kind],
    /// What can be paid for.
    pub validation: &'a Validation<'static>,
    /// What the payment service is to have.
    pub desired: &'a Desired<'static>,
}

/// Checks what somebody wants to buy, as prices hold on `day` (`YYYY-MM-DD` in UTC).
///
/// # Errors
/// [`CheckError`].
pub async fn check(
    session: &mut Session,
    catalog: Catalog<'_>,
    wanted: &Wanted,
    day: &str,
) -> Result<Accepted, CheckError> {
    let mut reviewed: Vec<Reviewed<'_>> = Vec::new();
    for line in &wanted.lines {
        let line = line::reviewed(catalog, line, day)?;
        if reviewed.iter().any(|before| before.lookup_key() == line.lookup_key()) {
            return Err(CheckoutRefusal::Twice { price: line.lookup_key().to_owned() }.into());
        }
        reviewed.push(line);
    }
    let currency = one_currency(&reviewed, wanted.currency)?;
    let interval = one_interval(&reviewed)?;
    let trial_days = trial_days(&reviewed, wanted.trial_days)?;
    let discount = wanted.discount.as_ref().map(|discount| discount_of(catalog, discount)).transpose()?;
    for line in &reviewed {
        in_database::agrees(session, line, currency, day).await?;
    }
    let lines: Vec<AcceptedLine> = reviewed.iter().map(Reviewed::accepted).collect();
    let total_minor = lines.iter().filter_map(|line| line.total_minor).fold(0_i64, i64::saturating_add);
    if total_minor > MOST_MINOR {
        return Err(CheckoutRefusal::TooMuch { most: pricebook_types::Money::new(MOST_MINOR, currency) }.into());
    }
    Ok(Accepted { lines, currency, interval, trial_days, discount, total_minor })
}

/// The currency in which all prices are reviewed first, which is the one that subscriptions are billed in.
fn one_currency(lines: &[Reviewed<'_>], wanted: Option<Currency>) -> Result<Currency, CheckoutRefusal> {
    let mut currencies: Vec<Currency> = lines.iter().map(|line| line.params.currency).collect();
    currencies.dedup();
    match (currencies.as_slice(), wanted) {
        ([one], None) => Ok(*one),
        ([one], Some(wanted)) if *one == wanted => Ok(wanted),
        ([one], Some(wanted)) => Err(CheckoutRefusal::Currency { wanted, offered: *one }),
        _ => Err(CheckoutRefusal::Currencies { currencies }),
    }
}

fn one_interval(lines: &[Reviewed<'_>]) -> Result<Option<Interval>, CheckoutRefusal> {
    let mut intervals: Vec<Interval> = lines.iter().filter_map(Reviewed::interval).collect();
    intervals.dedup();
    match intervals.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(*one)),
        [one, other, ..] => Err(CheckoutRefusal::Intervals { one: *one, other: *other }),
    }
}

/// A trial is one of the whole subscription, so that nothing is given away for longer than its own price says.
fn trial_days(lines: &[Reviewed<'_>], wanted: Option<u16>) -> Result<u16, CheckoutRefusal> {
    let recurring = lines.iter().filter(|line| line.is_licensed()).filter_map(|line| line.params.recurring.as_ref());
    let most = recurring.map(|recurring| recurring.trial_period_days.unwrap_or_default()).min().unwrap_or_default();
    match wanted {
        Some(days) if days > most => Err(CheckoutRefusal::Trial { most }),
        wanted => Ok(wanted.unwrap_or(most)),
    }
}

/// Only what the catalog has is taken off, however the customer writes it.
fn discount_of(catalog: Catalog<'_>, wanted: &WantedDiscount) -> Result<WantedDiscount, CheckoutRefusal> {
    let desired = catalog.desired;
    match wanted {
        WantedDiscount::Coupon(id) => {
            let known = desired.coupons.iter().find(|coupon| coupon.params.id == *id);
            known.map(|coupon| WantedDiscount::Coupon(coupon.params.id.to_string())).ok_or(CheckoutRefusal::Coupon)
        }
        WantedDiscount::PromotionCode(code) => {
            let known = desired.promotion_codes.iter().find(|known| known.params.code.eq_ignore_ascii_case(code));
            let known = known.map(|known| WantedDiscount::PromotionCode(known.params.code.to_string()));
            known.ok_or(CheckoutRefusal::PromotionCode)
        }
    }
}

/// A refusal of the payment check, for one line.
fn of_product(price: &str, refusal: payment::Refusal) -> CheckoutRefusal {
    CheckoutRefusal::Product { price: price.to_owned(), refusal }
}
