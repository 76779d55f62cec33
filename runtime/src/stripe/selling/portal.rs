//! The page on which a customer manages subscriptions, cards and invoices. <https://docs.stripe.com/api/customer_portal>

use serde::Deserialize;

use super::{key_of, pair};
use crate::stripe::StripeClient;
use crate::stripe::client::StripeError;

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PortalError {
    /// Somebody deleted the customer there.
    #[error("the customer is not there any more")]
    CustomerGone,
    /// Nobody has said yet what customers may do on the page.
    #[error("the portal has no settings in Stripe yet")]
    NotConfigured,
    /// It gave no usable answer.
    #[error("the payment service does not answer: {0}")]
    Unavailable(String),
}

#[derive(Deserialize)]
struct PortalSession {
    url: String,
}

#[derive(Deserialize)]
struct Configurations {
    data: Vec<Configuration>,
}

#[derive(Deserialize)]
struct Configuration {
    id: String,
}

/// What customers of a test account may do where nobody has said it: cards, invoices, and leaving at the end of a period.
const OF_TESTS: [(&str, &str); 4] = [
    ("features[invoice_history][enabled]", "true"),
    ("features[payment_method_update][enabled]", "true"),
    ("features[subscription_cancel][enabled]", "true"),
    ("features[subscription_cancel][mode]", "at_period_end"),
];
const CONFIGURATIONS: &str = "/v1/billing_portal/configurations";

pub(super) async fn make(client: &StripeClient, customer: &str, return_url: &str) -> Result<String, PortalError> {
    let form = vec![pair("customer", customer), pair("return_url", return_url)];
    match open(client, form.clone()).await {
        // What customers may do with real subscriptions is for the company to say.
        Err(PortalError::NotConfigured) if !client.is_live() => {
            let configuration = configuration(client).await.map_err(refusal)?;
            open(client, [form, vec![pair("configuration", configuration)]].concat()).await
        }
        opened => opened,
    }
}

/// Each time another page: an address of one is good for a few minutes.
async fn open(client: &StripeClient, form: Vec<(String, String)>) -> Result<String, PortalError> {
    let key = format!("portal-{}", uuid::Uuid::now_v7());
    let opened = client.post::<PortalSession>("/v1/billing_portal/sessions", &form, &key).await;
    opened.map(|PortalSession { url }| url).map_err(refusal)
}

/// One that is there, or a new one.
async fn configuration(client: &StripeClient) -> Result<String, StripeError> {
    let known: Configurations = client.get(&format!("{CONFIGURATIONS}?active=true&limit=1")).await?;
    if let Some(Configuration { id }) = known.data.into_iter().next() {
        return Ok(id);
    }
    let form = OF_TESTS.map(|(name, value)| pair(name, value));
    let Configuration { id } = client.post(CONFIGURATIONS, &form, &key_of("portal-configuration", &form)).await?;
    Ok(id)
}

fn refusal(error: StripeError) -> PortalError {
    match &error {
        StripeError::Refused { error, .. } if error.is_of_missing("customer") => PortalError::CustomerGone,
        StripeError::Refused { error, .. } if error.message.contains("No configuration provided") => {
            PortalError::NotConfigured
        }
        _ => PortalError::Unavailable(error.to_string()),
    }
}
