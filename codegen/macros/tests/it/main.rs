//! `catalog!` and the macros that it makes, used as an application uses them.

mod compile_fail;
mod hostile;

/// A catalog whose names are keywords and whose texts break out of careless literals.
pub mod catalog {
    pricebook_macros::catalog!("tests/shop/catalog");
}
