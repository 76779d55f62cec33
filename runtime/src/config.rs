//! Settings of a run, from the command line first and the environment second.

mod d1;
mod database;

pub use d1::D1Database;
pub use database::{DATABASE_VARIABLE, DatabaseError, DatabaseUrl, ServerUrl, UnsupportedDatabase};
