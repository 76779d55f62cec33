//! Looking at an account: what would have to be done.

use pricebook_types::stripe::Desired;

use super::super::{Requests, StripeError};
use super::plan::{self, Known, Options, Plan};
use super::{Actual, plan as make_plan, subscriptions};

/// Reads the account and plans, and counts who pays the prices that leave. With `deep` what products grant is read for all of them, else for those that are not as they
/// were written last.
///
/// # Errors
/// What Stripe said.
pub async fn look(
    requests: &Requests,
    desired: &Desired<'_>,
    known: &Known,
    options: &Options,
    account: &str,
    deep: bool,
) -> Result<Plan, StripeError> {
    let mut actual = Actual::read(requests, desired).await?;
    let products = plan::products_to_read(desired, &actual, options, deep);
    actual.read_granted(requests, &products).await?;
    let mut plan = make_plan(desired, &actual, known, options, account, requests.is_live());
    plan.subscriptions = subscriptions::count(requests, plan.leaving_prices()).await;
    Ok(plan)
}
