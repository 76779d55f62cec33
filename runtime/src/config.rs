//! Settings of a run, from the command line first and the environment second.

mod database;

pub use database::{DATABASE_VARIABLE, DatabaseError, DatabaseUrl, ServerUrl, UnsupportedDatabase};
