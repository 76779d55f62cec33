//! Stripe, as far as payments need it: where payments are made, and a thin client.

mod account;
mod client;
mod gateway;
mod key;
mod payment_intent;

pub use account::{Account, AccountError};
pub use client::StripeClient;
pub use gateway::{BoxFuture, GatewayError, Payment, PaymentGateway, PaymentOrder};
pub use key::{KeyError, SecretKey};
