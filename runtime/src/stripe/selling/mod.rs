//! Selling what stands in the catalog: pages of Stripe's on which customers pay, and on which they manage what they pay for.

mod checkout;
mod customer;
mod portal;

use std::fmt::Debug;

use super::{AccountError, BoxFuture, GatewayError, StripeClient};

pub use checkout::{CheckoutError, CheckoutLine, CheckoutOrder, CheckoutSession, Discount};
pub use customer::NewCustomer;
pub use portal::PortalError;

/// What can be asked of a payment service that has the catalog's prices.
pub trait Selling: Debug + Send + Sync {
    /// The account: `acct_…`
    fn account_id(&self) -> BoxFuture<'_, Result<String, AccountError>>;

    /// Makes a customer, once for each key, and returns the id: `cus_…`
    fn make_customer<'a>(
        &'a self,
        new: &'a NewCustomer,
        idempotency_key: &'a str,
    ) -> BoxFuture<'a, Result<String, GatewayError>>;

    /// Makes a page on which the customer pays, once for each attempt and what is asked for.
    fn check_out<'a>(&'a self, order: &'a CheckoutOrder) -> BoxFuture<'a, Result<CheckoutSession, CheckoutError>>;

    /// Makes a page on which a customer manages subscriptions and invoices, and returns its address.
    fn portal<'a>(&'a self, customer: &'a str, return_url: &'a str) -> BoxFuture<'a, Result<String, PortalError>>;
}

impl Selling for StripeClient {
    fn account_id(&self) -> BoxFuture<'_, Result<String, AccountError>> {
        Box::pin(async move { Ok(self.account().await?.id) })
    }

    fn make_customer<'a>(
        &'a self,
        new: &'a NewCustomer,
        idempotency_key: &'a str,
    ) -> BoxFuture<'a, Result<String, GatewayError>> {
        Box::pin(customer::make(self, new, idempotency_key))
    }

    fn check_out<'a>(&'a self, order: &'a CheckoutOrder) -> BoxFuture<'a, Result<CheckoutSession, CheckoutError>> {
        Box::pin(checkout::make(self, order))
    }

    fn portal<'a>(&'a self, customer: &'a str, return_url: &'a str) -> BoxFuture<'a, Result<String, PortalError>> {
        Box::pin(portal::make(self, customer, return_url))
    }
}

/// The same for the same form: a key that begins with what is asked for, and ends with how.
fn key_of(what: &str, form: &[(String, String)]) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for (name, value) in form {
        // Lengths keep one field out of the next.
        hash.update(format!("{}:{name}{}:{value}", name.len(), value.len()));
    }
    let hash: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{what}-{hash}")
}

fn pair(name: impl Into<String>, value: impl Into<String>) -> (String, String) {
    (name.into(), value.into())
}
