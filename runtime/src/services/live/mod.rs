//! The live check: whether what an API answers is what the validation tables say.

mod answer;
mod check;
mod compare;
mod error;
mod fetch;
mod found;
mod kept;
mod payment;
mod price_tables;
mod served;
mod shown;
mod verdict;
mod watch;

pub use check::{Checked, KindChecked, check};
pub use compare::{LiveDifference, Sound};
pub use error::LiveError;
pub use fetch::{LiveApi, Patience};
pub use kept::{Kept, Record, forget, keep, newest};
pub use payment::{PaymentTest, PaymentTests, test_payments};
pub use price_tables::{price_tables, unread};
pub use served::{Served, served};
pub use watch::{Status, WatchError, Watcher};
