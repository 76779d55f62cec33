//! Stripe: a thin client, where payments are made, and the sync of what is sold.

mod account;
mod client;
pub mod dashboard;
mod gateway;
mod key;
mod payment_intent;
pub mod product_sync;
mod requests;

pub use account::{Account, AccountError};
pub use client::{ErrorObject, StripeClient, StripeError};
pub use gateway::{BoxFuture, GatewayError, Payment, PaymentGateway, PaymentOrder};
pub use key::{KeyError, SecretKey};
pub use requests::{Pace, Requests};
