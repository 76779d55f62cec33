//! Who pays a price: the subscriptions that have it. <https://docs.stripe.com/api/subscriptions/object>

use std::collections::BTreeMap;

use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde_json::Value;

use super::super::{Requests, StripeError};
use super::actual::{Page, all};

/// Prices whose subscriptions are asked for at once; the rate limit still holds.
const AT_ONCE: usize = 8;
/// The states in which a subscription goes on.
const LIVE: [&str; 5] = ["active", "trialing", "past_due", "unpaid", "paused"];

/// A subscription, as far as a move to another price must know it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Subscription {
    /// `sub_…`
    pub(super) id: String,
    pub(super) status: String,
    /// In lower case; it never changes.
    pub(super) currency: String,
    /// `cus_…`
    pub(super) customer: String,
    #[serde(default)]
    pub(super) cancel_at_period_end: bool,
    /// Where the prices of its next phases stand.
    #[serde(default)]
    pub(super) schedule: Option<String>,
    /// A change that waits for its payment.
    #[serde(default)]
    pub(super) pending_update: Option<Value>,
    pub(super) items: Page<Item>,
}

/// A price within a subscription.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Item {
    /// `si_…`
    pub(super) id: String,
    pub(super) price: ItemPrice,
    /// None where it is billed by use.
    #[serde(default)]
    pub(super) quantity: Option<u64>,
}

/// The price of an item.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct ItemPrice {
    /// `price_…`
    pub(super) id: String,
}

impl Subscription {
    /// Whether it goes on.
    pub(super) fn is_live(&self) -> bool {
        LIVE.contains(&self.status.as_str())
    }
}

/// Every live subscription of a price.
pub(super) async fn of_price(requests: &Requests, price: &str) -> Result<Vec<Subscription>, StripeError> {
    let query = format!("&price={price}");
    let id = |subscription: &Subscription| subscription.id.clone();
    let mut found = all(requests, "/v1/subscriptions", &query, id).await?;
    found.retain(Subscription::is_live);
    for subscription in found.iter_mut().filter(|subscription| subscription.items.has_more) {
        let query = format!("&subscription={}", subscription.id);
        subscription.items.data =
            all(requests, "/v1/subscription_items", &query, |item: &Item| item.id.clone()).await?;
    }
    Ok(found)
}

/// How many live subscriptions each of these prices has; none where Stripe does not say, as to a restricted key.
pub(super) async fn count(requests: &Requests, prices: Vec<String>) -> BTreeMap<String, Option<u64>> {
    let counting = prices.into_iter().map(|price| async move {
        let query = format!("&price={price}");
        let found = all(requests, "/v1/subscriptions", &query, |counted: &Counted| counted.id.clone()).await;
        if let Err(error) = &found {
            tracing::warn!(%error, price, "the subscriptions of a price cannot be read");
        }
        let live = |counted: &&Counted| LIVE.contains(&counted.status.as_str());
        (price, found.ok().map(|found| found.iter().filter(live).count() as u64))
    });
    stream::iter(counting).buffer_unordered(AT_ONCE).collect().await
}

/// What counting needs of a subscription.
#[derive(Deserialize)]
struct Counted {
    id: String,
    status: String,
}
