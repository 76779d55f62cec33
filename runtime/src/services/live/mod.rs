//! The live check: whether what an API answers is what the validation tables say.

mod answer;
mod check;
mod compare;
mod error;
mod fetch;
mod payment;
mod shown;

pub use check::{Checked, KindChecked, check};
pub use compare::{LiveDifference, Sound};
pub use error::LiveError;
pub use fetch::{LiveApi, Patience};
pub use payment::{PaymentTest, PaymentTests, test_payments};
