//! The Markdown pages of the real catalog.

use pricebook_model::{Sources, compile};

use crate::diagnostics::catalog;

/// The page at `path` without the header, whose hash moves with every change of the catalog.
fn page(path: &str) -> String {
    let Ok(catalog) = compile(Sources::new(catalog()), &pricebook_emit::limits(), None) else {
        panic!("the real catalog compiles");
    };
    let page = pricebook_emit::docs::emit(&catalog).into_iter().find(|artifact| artifact.path == path).expect("a page");
    let (header, body) = page.text.split_once("-->\n").expect("a header");
    assert!(header.contains("cargo catalog generate"), "{header}");
    body.to_owned()
}

#[test]
fn the_price_list_shows_every_price_with_its_state() {
    insta::assert_snapshot!(page("docs/price-list.md"));
}

#[test]
fn the_entitlements_show_what_each_product_grants() {
    insta::assert_snapshot!(page("docs/entitlements.md"));
}
