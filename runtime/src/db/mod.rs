//! The database: how it is opened, migrated and told apart from a broken one.

mod error;
pub mod migrate;
mod open;
mod script;

pub use error::{Error, Fault};
pub use open::Database;
pub use script::body;
