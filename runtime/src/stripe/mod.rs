//! Stripe, as far as payments need it.

mod gateway;

pub use gateway::{BoxFuture, GatewayError, Payment, PaymentGateway, PaymentOrder};
