//! An enum for each kind of product.

use std::fmt::Write;

use pricebook_model::Catalog;
use pricebook_model::catalog::{Kind, Product};
use proc_macro2::TokenStream;
use quote::quote;

use super::item::{ItemEnum, Variant, doc};
use super::lookup::Items;
use super::{attributes, groups, names};

/// The enums of all kinds.
pub(super) fn kinds(catalog: &Catalog, items: &Items<'_>) -> String {
    let mut source = String::new();
    for (kind, item) in catalog.kinds.iter().zip(&items.kinds) {
        source.push_str(&item.source());
        source.push('\n');
        source.push_str(&attributes::enums(kind));
    }
    source
}

/// The statics that they read.
pub(super) fn tables(catalog: &Catalog, items: &Items<'_>) -> String {
    let mut source = String::new();
    for (kind, item) in catalog.kinds.iter().zip(&items.kinds) {
        let first = first(catalog, kind);
        source.push_str(&item.tables());
        writeln!(source, "pub(super) const {}_FIRST: usize = {first};", shouty(kind))
            .expect("writing to a String succeeds");
        source.push_str(&attributes::tables(catalog, kind));
        source.push_str(&groups::tables(catalog, kind));
    }
    source
}

/// The position of a kind's first product among all.
fn first(catalog: &Catalog, kind: &Kind) -> usize {
    catalog.products.iter().position(|product| product.kind == kind.id).unwrap_or(0)
}

/// The prefix of a kind's statics.
pub(super) fn shouty(kind: &Kind) -> String {
    names::shouty_of_type(&names::upper_camel(&kind.id))
}

/// The enum of a kind.
pub(super) fn item<'a>(catalog: &'a Catalog, kind: &'a Kind) -> ItemEnum<'a> {
    let products: Vec<_> = catalog.products_of(&kind.id).collect();
    let variants = products.iter().map(|product| Variant::new(&product.id, product_doc(product))).collect();
    ItemEnum {
        name: names::upper_camel(&kind.id),
        what: kind.id.clone(),
        doc: if kind.description.is_empty() { kind.title.clone() } else { kind.description.clone() },
        variants,
        id: Some(quote!(self.product().id)),
        hashed_ids: Some(format!("PRODUCT_IDS.split_at({}).1", first(catalog, kind))),
        methods: methods(catalog, kind, &products),
    }
}

fn product_doc(product: &Product) -> String {
    let Product { name, description, .. } = product;
    if description.is_empty() { name.clone() } else { format!("{name}\n\n{description}") }
}

fn methods(catalog: &Catalog, kind: &Kind, products: &[&Product]) -> TokenStream {
    let first = names::ident(&format!("{}_FIRST", shouty(kind)));
    let what = &kind.id;
    let product = if products.is_empty() {
        quote!(match self {})
    } else {
        quote!(&tables::PRODUCTS[tables::#first + self as usize])
    };
    let product_doc = doc(&format!("The {what} with its prices and what it grants."));
    let name_doc = doc("The name for people.");
    let limit_doc = doc("How much of a feature it grants.");
    let prices = price_keys(products).into_iter().map(price_method);
    let attributes = attributes::methods(kind, &price_keys(products), products.is_empty());
    let groups = groups::methods(catalog, kind);
    quote! {
        #product_doc
        pub const fn product(self) -> &'static ::pricebook_types::Product { #product }
        #name_doc
        pub const fn name(self) -> &'static str { self.product().name }
        #limit_doc
        pub fn limit(self, feature: Feature) -> ::pricebook_types::Limit { self.product().limit(feature.id()) }
        #(#prices)*
        #attributes
        #groups
    }
}

fn price_method(key: &str) -> TokenStream {
    let method = names::snake(key);
    let text = doc(&format!("The price `{key}`.\n\n# Errors\n`NoSuchPrice` where it has none of this name."));
    quote! {
        #text
        pub fn #method(
            self,
        ) -> ::core::result::Result<&'static ::pricebook_types::Price, ::pricebook_types::NoSuchPrice> {
            self.product().expect_price(#key)
        }
    }
}

/// The keys of the prices that a kind's products have, in the order of their first use.
fn price_keys<'a>(products: &[&'a Product]) -> Vec<&'a str> {
    let mut keys = Vec::new();
    for price in products.iter().flat_map(|product| &product.prices) {
        if !keys.contains(&price.key.as_str()) {
            keys.push(&price.key);
        }
    }
    keys
}
