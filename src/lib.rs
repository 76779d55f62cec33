//! This company's catalog, compiled: what tests and other programs of the company use.

mod storefront;

pub use storefront::STOREFRONT;

/// Everything in `catalog/`, as Rust.
pub mod catalog {
    include!(concat!(env!("OUT_DIR"), "/catalog.rs"));
}
