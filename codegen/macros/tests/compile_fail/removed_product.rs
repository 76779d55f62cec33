//! A product that the catalog does not have.

pub mod catalog {
    pricebook_macros::catalog!("shop/catalog");
}

fn main() {
    let _ = catalog::Type::Legacy;
}
