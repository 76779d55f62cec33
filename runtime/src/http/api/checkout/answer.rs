//! How a checkout is answered.

use pricebook_types::validation::Number;
use pricebook_types::{Currency, Interval, Money};
use serde::Serialize;
use utoipa::ToSchema;

use crate::services::checkout::{Accepted, AcceptedLine};
use crate::services::major_units;
use crate::services::payment::Attempt;
use crate::stripe::CheckoutSession;

/// A page on which the customer can now pay.
#[derive(Serialize, ToSchema)]
#[schema(as = CheckoutCreated)]
pub(in crate::http) struct Created<'a> {
    /// Always true.
    success: bool,
    checkout: Content<'a>,
}

/// The page.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Checkout)]
struct Content<'a> {
    /// Our id of the attempt.
    id: &'a str,
    /// Always `open`: nothing is paid yet.
    #[schema(example = "open")]
    status: &'static str,
    /// Where the customer pays, for a day.
    url: &'a str,
    /// Stripe's id: `cs_…`
    session_id: &'a str,
    /// What is sold.
    lines: Vec<Line<'a>>,
    /// ISO 4217 in lower case.
    #[schema(value_type = String, example = "usd")]
    currency: Currency,
    /// `month`, `year`, `3 months`: how often a subscription is paid; null without one.
    interval: Option<String>,
    /// Days before its first payment.
    trial_days: u16,
    /// All lines together for one period, before what is taken off and without what is billed by use; in major units of `currency`.
    #[schema(schema_with = crate::http::openapi::amount)]
    amount: Number<'static>,
    /// The same in minor units.
    amount_minor: i64,
    /// What the caller calls the customer or the order.
    customer_reference: Option<&'a str>,
}

/// One line of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CheckoutLineSold)]
struct Line<'a> {
    /// The kind of what is sold.
    kind: &'a str,
    /// The product's id.
    product: &'a str,
    /// The product's name.
    name: &'a str,
    /// The price's id everywhere.
    price: &'a str,
    /// Null for what is billed by use.
    quantity: Option<u32>,
    /// For one period, in minor units; null for what is billed by use.
    amount_minor: Option<i64>,
}

pub(super) fn created<'a>(attempt: &'a Attempt, accepted: &'a Accepted, session: &'a CheckoutSession) -> Created<'a> {
    let content = Content {
        id: &attempt.id,
        status: "open",
        url: &session.url,
        session_id: &session.id,
        lines: accepted.lines.iter().map(line).collect(),
        currency: accepted.currency,
        interval: accepted.interval.as_ref().map(Interval::to_string),
        trial_days: accepted.trial_days,
        amount: major_units(Money::new(accepted.total_minor, accepted.currency)),
        amount_minor: accepted.total_minor,
        customer_reference: attempt.customer_reference.as_deref(),
    };
    Created { success: true, checkout: content }
}

fn line(line: &AcceptedLine) -> Line<'_> {
    Line {
        kind: &line.kind,
        product: &line.product,
        name: &line.name,
        price: &line.lookup_key,
        quantity: line.quantity,
        amount_minor: line.total_minor,
    }
}
