//! Ids that the catalog does not have, near and far.

pub mod catalog {
    pricebook_macros::catalog!("shop/catalog");
}

fn main() {
    let _ = catalog::r#type!("asynk");
    let _ = catalog::feature!("telephone");
    let _ = catalog::price!("type_async_montly");
    let _ = catalog::r#type!(7);
}
