//! The build door: what every `build.rs` calls, and what `cargo catalog` calls below it.
//!
//! All reading and writing of files is here; the model and the emitters never see one. The pipeline by file name:
//! [`package`] (where things are) → [`history`] (the lock and the migrations) → [`generate`] → [`folder`] (writing).

mod codes;
mod compare;
mod failure;
pub mod folder;
mod generate;
pub mod history;
mod last_good;
mod manifest;
mod package;
mod script;

pub use codes::CODES;
pub use compare::{Difference, compare, foreign};
pub use failure::{Failure, Problem, to_do, unreadable};
pub use generate::{Generated, compile, generate, generate_from};
pub use history::History;
pub use last_good::LastGood;
pub use package::{Package, Stream};
pub use script::Build;
