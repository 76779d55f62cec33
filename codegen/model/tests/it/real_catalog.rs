//! The catalog of this repository.

use crate::catalogs::{compiled, real};

#[test]
fn the_real_catalog_compiles() {
    let catalog = compiled(real()).expect("the real catalog");
    assert_eq!(catalog.hash.len(), 64);
    let essentials =
        catalog.products_of("service").find(|product| product.id == "market-essentials").expect("it is sold");
    assert_eq!(essentials.price_display, "$1,495");
    assert_eq!(essentials.deposit_display, "20% deposit required");
    assert_eq!(essentials.deposit.as_ref().map(|deposit| deposit.amount().minor()), Some(29_900));
}
