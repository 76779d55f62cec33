//! The database, one of three kinds: how it is opened, migrated and told apart from a broken one.

mod error;
mod fault;
pub mod migrate;
mod open;
mod pool;
mod script;
mod session;
mod sqlite;

pub use error::Error;
pub use fault::Fault;
pub use open::Database;
pub use pool::Pool;
pub use script::{body, statements};
pub use session::{Session, Texts, text_type};
