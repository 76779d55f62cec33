//! A product that a match forgets.

pub mod catalog {
    pricebook_macros::catalog!("shop/catalog");
}

use catalog::Type;

fn main() {
    let _ = match Type::Plain {
        Type::Plain => 1,
    };
}
