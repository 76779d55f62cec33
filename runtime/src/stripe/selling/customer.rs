//! A user as a customer of Stripe's. <https://docs.stripe.com/api/customers/create>

use serde::Deserialize;

use super::{key_of, pair};
use crate::stripe::{GatewayError, StripeClient};

/// A user who buys for the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCustomer {
    /// Our id of the user.
    pub user_id: String,
    /// Where Stripe sends receipts.
    pub email: String,
    /// What people call them.
    pub name: String,
}

#[derive(Deserialize)]
struct Customer {
    id: String,
}

pub(super) async fn make(client: &StripeClient, new: &NewCustomer, key: &str) -> Result<String, GatewayError> {
    let form = [pair("email", &new.email), pair("name", &new.name), pair("metadata[pricebook_user]", &new.user_id)];
    let made = client.post::<Customer>("/v1/customers", &form, &key_of(key, &form)).await;
    made.map(|Customer { id }| id).map_err(|error| GatewayError::Unavailable(error.to_string()))
}
