//! Where payments are made: Stripe, or what stands in for it in a test.

use std::fmt::Debug;
use std::pin::Pin;

use pricebook_types::Money;

use super::Selling;

/// A future that can be sent between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A payment to be made, checked before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentOrder {
    /// Our id of the attempt. Asked for again with the same id, the gateway makes no second payment.
    pub attempt_id: String,
    /// The amount.
    pub money: Money,
    /// What the customer reads.
    pub description: String,
    /// What we want to find again there: attempt, kind, product, lookup key, customer reference.
    pub metadata: Vec<(&'static str, String)>,
}

/// A payment that the gateway has made and the customer can now confirm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// `pi_…`
    pub id: String,
    /// What the customer's page confirms it with.
    pub client_secret: String,
    /// `acct_…`, where it is known.
    pub account: Option<String>,
}

/// Why there is no payment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// It will never take this payment.
    #[error("the payment was refused: {message}")]
    Refused {
        /// Its code, such as `amount_too_small`.
        code: String,
        /// Its words.
        message: String,
    },
    /// It gave no usable answer; nobody knows whether there is a payment until it is asked for again with the same id.
    #[error("the payment service does not answer: {0}")]
    Unavailable(String),
}

/// Makes payments.
pub trait PaymentGateway: Debug + Send + Sync {
    /// Makes the payment, once for each attempt.
    fn create<'a>(&'a self, order: &'a PaymentOrder) -> BoxFuture<'a, Result<Payment, GatewayError>>;

    /// What sells the catalog's own prices, where it can.
    fn selling(&self) -> Option<&dyn Selling> {
        None
    }
}
