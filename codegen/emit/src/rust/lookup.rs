//! Features and prices as enums, and look-ups by id.

use std::collections::HashSet;

use pricebook_model::Catalog;
use pricebook_model::catalog::Feature;
use quote::quote;

use super::item::{ItemEnum, Variant, doc, pretty};
use super::{kinds, names};

/// A perfect hash from an id to its position in a slice of ids, which `table` names.
///
/// Printed rather than made by `phf_map!`, which would hash every id again whenever the application is compiled.
pub(super) fn map(name: &str, ids: &[&str], table: &str) -> String {
    let state = if ids.is_empty() { None } else { Some(phf_generator::generate_hash(ids)) };
    let (key, displacements, positions) =
        state.map_or((0, Vec::new(), Vec::new()), |state| (state.key, state.disps, state.map));
    format!(
        "pub(super) static {name}: phf::Map<&'static str, u32> = phf::Map {{\n    key: {key},\n    disps: &{displacements:?},\n    \
         entries: &rows::entries({table}, &{positions:?}),\n}};\n"
    )
}

/// The enums of a catalog's items, which several parts of its Rust are printed from.
pub(super) struct Items<'a> {
    /// One for each kind, in their order.
    pub(super) kinds: Vec<ItemEnum<'a>>,
    /// `Feature`.
    pub(super) features: ItemEnum<'a>,
    /// `PriceId`.
    pub(super) prices: ItemEnum<'a>,
}

impl<'a> Items<'a> {
    pub(super) fn of(catalog: &'a Catalog) -> Self {
        Self {
            kinds: catalog.kinds.iter().map(|kind| kinds::item(catalog, kind)).collect(),
            features: feature_item(catalog),
            prices: price_item(catalog),
        }
    }
}

/// Functions that find products and prices by id.
pub(super) fn products(catalog: &Catalog) -> String {
    let kinds = catalog.kinds.iter().map(|kind| {
        let (id, name) = (&kind.id, names::ident(&names::upper_camel(&kind.id)));
        quote!(#id => #name::find(id).map(#name::product))
    });
    let product_doc = doc("The product of a kind with this id.");
    let price_doc = doc("The price with this lookup key.");
    let feature_doc = doc("The feature with this id.");
    pretty(quote! {
        #product_doc
        #[allow(dead_code)]
        pub fn product(kind: &str, id: &str) -> ::core::option::Option<&'static ::pricebook_types::Product> {
            match kind {
                #(#kinds,)*
                _ => ::core::option::Option::None,
            }
        }
        #price_doc
        #[allow(dead_code)]
        pub fn price(lookup_key: &str) -> ::core::option::Option<&'static ::pricebook_types::Price> {
            PriceId::find(lookup_key).map(PriceId::price)
        }
        #feature_doc
        #[allow(dead_code)]
        pub fn feature(id: &str) -> ::core::option::Option<&'static ::pricebook_types::Feature> {
            Feature::find(id).map(Feature::feature)
        }
    })
}

fn feature_item(catalog: &Catalog) -> ItemEnum<'_> {
    let feature_doc = doc("The feature with its name and kind.");
    let feature =
        if catalog.features.is_empty() { quote!(match self {}) } else { quote!(&tables::FEATURES[self as usize]) };
    ItemEnum {
        name: "Feature".to_owned(),
        what: "feature".to_owned(),
        doc: "What products entitle to.".to_owned(),
        variants: catalog.features.iter().map(|feature| Variant::new(&feature.id, text_of(feature))).collect(),
        id: Some(quote!(self.feature().id)),
        hashed_ids: Some("&FEATURE_IDS".to_owned()),
        methods: quote! {
            #feature_doc
            pub const fn feature(self) -> &'static ::pricebook_types::Feature { #feature }
        },
    }
}

fn text_of(feature: &Feature) -> String {
    let Feature { name, description, .. } = feature;
    if description.is_empty() { name.clone() } else { format!("{name}\n\n{description}") }
}

/// The variants of `PriceId`, in the order of the prices.
///
/// Lookup keys are made by patterns and differ in more than letters, so their names are told apart here, by a final `_`.
fn price_variants(catalog: &Catalog) -> Vec<Variant<'_>> {
    let prices = catalog.products.iter().flat_map(|product| product.prices.iter().map(move |price| (product, price)));
    let mut taken = HashSet::new();
    prices
        .map(|(product, price)| {
            let mut variant = Variant::new(&price.lookup_key, format!("{}, {}", product.name, price.label));
            while !taken.insert(variant.name.clone()) {
                variant.name.push('_');
            }
            variant
        })
        .collect()
}

fn price_item(catalog: &Catalog) -> ItemEnum<'_> {
    let variants = price_variants(catalog);
    let price_doc = doc("The price with its amounts.");
    let price = if variants.is_empty() { quote!(match self {}) } else { quote!(&tables::PRICES[self as usize]) };
    ItemEnum {
        name: "PriceId".to_owned(),
        what: "price".to_owned(),
        doc: "The prices by their lookup keys.".to_owned(),
        variants,
        id: Some(quote!(self.price().lookup_key)),
        hashed_ids: Some("&PRICE_KEYS".to_owned()),
        methods: quote! {
            #price_doc
            pub const fn price(self) -> &'static ::pricebook_types::Price { #price }
        },
    }
}
