//! The commands of `cargo catalog`, as a library that its tests use.

pub mod import;
