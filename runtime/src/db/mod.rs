//! The database, one of three kinds: how it is opened, migrated and told apart from a broken one.

mod alone;
mod d1;
pub mod encryption;
mod error;
mod fault;
mod json;
pub mod migrate;
pub mod moment;
mod open;
mod pool;
mod script;
mod session;
mod sqlite;
pub mod tables;
mod transaction;
mod undecodable;

pub use alone::begin_alone;
pub use error::{Error, said};
pub use fault::Fault;
pub use json::json;
pub use moment::{moment, read_moment};
pub use open::Database;
pub use pool::Pool;
pub use script::{Escapes, body, statements};
pub use session::{Session, Texts, text_type};
pub use transaction::transaction;
