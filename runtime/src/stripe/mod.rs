//! Stripe: a thin client, where payments are made, the sync of what is sold, and what starts one.

mod account;
mod client;
pub mod dashboard;
mod gateway;
mod key;
mod local;
mod payment_intent;
pub mod product_sync;
mod requests;
mod selling;
pub mod sync_queue;

pub use account::{Account, AccountError, WrongAccount};
pub use client::{ErrorObject, StripeClient, StripeError};
pub use gateway::{BoxFuture, GatewayError, Payment, PaymentGateway, PaymentOrder};
pub use key::{KeyError, SecretKey};
pub use local::{LocalStripe, StartedStripe};
pub use requests::{Pace, Requests};
pub use selling::{
    CheckoutError, CheckoutLine, CheckoutOrder, CheckoutSession, Discount, NewCustomer, PortalError, Selling,
};
