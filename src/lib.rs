//! This company's catalog, compiled: what tests and other programs of the company use.

/// Everything in `catalog/`, as Rust.
pub mod catalog {
    include!(concat!(env!("OUT_DIR"), "/catalog.rs"));
}
