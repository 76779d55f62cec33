//! Whether payments would go through: each product is asked for payments that must be refused for their amount, and for
//! nothing else. Nothing can be charged: one cent is below the deposit, and below what Stripe takes at all; a billion is above
//! every price, and above what Stripe takes.

use pricebook_types::validation::{Number, Payment, PriceRule, Sale, Validation};
use pricebook_types::{Artifacts, Currency, Money};
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::value::RawValue;

use super::fetch::LiveApi;
use super::verdict::{Expected, Verdict, judge, judge_price};
use crate::services::major::decimal;

/// Requests of one round, so that a sync of thousands does not run into the limits of the API.
const MOST_REQUESTS: usize = 28;
/// Major units that nothing costs.
const BEYOND: i64 = 1_000_000_000;

/// What became of one test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PaymentTest {
    /// The kind's id.
    pub kind: String,
    /// The product's id.
    pub id: String,
    /// Whether the API refused as it must.
    pub passed: bool,
    /// What was seen.
    pub message: String,
}

/// The tests that were done, and how many products are left over.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PaymentTests {
    /// One for each product.
    pub tests: Vec<PaymentTest>,
    /// For which no request was left.
    pub left_out: usize,
}

/// Asks for payments for each of the products, one after the other.
pub async fn test_payments(
    api: &LiveApi,
    artifacts: &Artifacts,
    validation: &Validation<'_>,
    products: &[(String, String)],
    day: &str,
) -> PaymentTests {
    let first_kind = artifacts.kinds.first().map_or("", |kind| kind.id);
    let rules = validation
        .payments
        .iter()
        .filter(|rule| products.iter().any(|(kind, id)| *kind == *rule.kind && *id == *rule.id));
    let (mut done, mut left) = (PaymentTests::default(), MOST_REQUESTS);
    for rule in rules {
        let Some((least, expected)) = least(rule, day) else { continue };
        let prices = prices(rule, day);
        if left < 1 + prices.len().min(MOST_REQUESTS - 1) {
            done.left_out += 1;
            continue;
        }
        let kind = (rule.kind != first_kind).then_some(&*rule.kind);
        left -= 1;
        let answer = api.post("/create-payment", request(rule, kind, None, least)).await;
        let mut verdict = judge(answer, expected, least);
        // Only an API that knows our codes says what a price is before it takes a payment.
        if verdict.passed && verdict.has_code {
            for (price, cost) in prices.into_iter().take(left) {
                left -= 1;
                let beyond = Money::new(BEYOND * 10_i64.pow(cost.currency().minor_digits()), cost.currency());
                let answer = api.post("/create-payment", request(rule, kind, Some(&price.key), beyond)).await;
                verdict.and(judge_price(answer, &price.key, cost, beyond));
            }
        }
        let Verdict { passed, message, .. } = verdict;
        done.tests.push(PaymentTest { kind: rule.kind.to_string(), id: rule.id.to_string(), passed, message });
    }
    done
}

/// Every plain price of a product that is sold, with what it costs, in each currency.
fn prices<'a>(rule: &'a Payment<'_>, day: &'a str) -> Vec<(&'a PriceRule<'a>, Money)> {
    let is_sold = rule.sale == Sale::Sold;
    let prices = rule.prices.iter().filter(|price| is_sold && price.active);
    let amounts = prices.flat_map(|price| price.amounts_on(day).iter().map(move |amount| (price, amount)));
    amounts
        .filter_map(|(price, amount)| match amount.unit_amount {
            Some(Number::Whole(minor)) => Some((price, Money::new(minor, amount.currency))),
            _ => None,
        })
        .collect()
}

/// The least amount in the product's own currency, and what must be said to it; `None` where it could be paid, or where
/// there is nothing to pay.
fn least(rule: &Payment<'_>, day: &str) -> Option<(Money, Expected)> {
    let price = rule.prices.first()?;
    let currency = price.amounts_on(day).first()?.currency;
    let least = Money::new(currency.step_minor(), currency);
    let expected = match rule.sale {
        Sale::Free => return None,
        Sale::ComingSoon | Sale::Inactive => Expected::NotFound,
        Sale::Sold => sold(rule, price, currency, day)?,
    };
    Some((least, expected))
}

fn sold(rule: &Payment<'_>, price: &PriceRule<'_>, currency: Currency, day: &str) -> Option<Expected> {
    let amount = price.amounts_on(day).first()?.unit_amount.as_ref().and_then(decimal)?;
    let (minimum, expected) = match &rule.deposit {
        Some(deposit) => (Decimal::from(*deposit.minimum_on(day).get(&currency)?), Expected::Deposit),
        None => (amount, Expected::FullPrice),
    };
    (minimum > Decimal::from(currency.step_minor())).then_some(expected)
}

/// What is asked for. The amount is a JSON number with all its digits: other APIs may know no amounts as texts.
#[derive(Serialize)]
struct Request<'a> {
    service: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<&'a str>,
    amount: Option<Box<RawValue>>,
    currency: Currency,
}

fn request(rule: &Payment<'_>, kind: Option<&str>, price: Option<&str>, amount: Money) -> String {
    let digits = Decimal::new(amount.minor(), amount.currency().minor_digits()).to_string();
    let amount_of = RawValue::from_string(digits).ok();
    let request = Request { service: &rule.id, kind, price, amount: amount_of, currency: amount.currency() };
    // What is put here has texts for keys, which is all that could fail.
    serde_json::to_string(&request).unwrap_or_default()
}
