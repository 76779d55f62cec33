//! The product sync, subject by subject: what leaves, the way back, who pays, what is refused, and how much is asked.

mod figures;
mod leaving;
mod migration;
mod refusals;
mod revert;
mod server_errors;
