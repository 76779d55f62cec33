//! A catalog with a problem is reported at its file, line and column.

pub mod catalog {
    pricebook_macros::catalog!("broken/catalog");
}

fn main() {}
