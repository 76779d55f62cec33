//! What a bike workshop sells, and what its own code does with it.

pub mod catalog {
    //! The catalog, compiled.
    include!(concat!(env!("OUT_DIR"), "/catalog.rs"));
}

pub mod tours;
