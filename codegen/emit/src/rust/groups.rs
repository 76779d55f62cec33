//! Groups: what a product upgrades and downgrades to, as values of its own kind.

use std::collections::HashMap;
use std::fmt::Write;

use pricebook_model::Catalog;
use pricebook_model::catalog::{Group, Kind, Product};
use proc_macro2::TokenStream;
use quote::quote;

use super::item::doc;
use super::{attributes, kinds, literal, names};

/// The table of all groups.
pub(super) fn rows(catalog: &Catalog) -> String {
    let mut source = format!("pub(super) static GROUPS: [Group; {}] = [\n", catalog.groups.len());
    for group in &catalog.groups {
        let [id, name, kind] = [&group.id, &group.name, &group.kind].map(|text| literal::text(text));
        let products = attributes::list(&group.products);
        writeln!(source, "    Group {{ id: {id}, name: {name}, kind: {kind}, products: {products} }},")
            .expect("writing to a String succeeds");
    }
    source.push_str("];\n");
    source
}

/// The tables of a kind: its grouped products in the order of the groups, and the place of each product among them.
pub(super) fn tables(catalog: &Catalog, kind: &Kind) -> String {
    if of_kind(catalog, kind).next().is_none() {
        return String::new();
    }
    let (shouty, name) = (kinds::shouty(kind), names::upper_camel(&kind.id));
    let (mut places, mut grouped, mut count) = (HashMap::new(), String::new(), 0);
    for (position, group) in of_kind(catalog, kind) {
        let of_group = group.products.len();
        for (below, id) in group.products.iter().enumerate() {
            writeln!(grouped, "    super::{name}::{},", names::upper_camel(id)).expect("writing to a String succeeds");
            let above = of_group - below - 1;
            let place = format!("Some(({position}, ({count}, {below}), ({}, {above})))", count + below + 1);
            places.insert(id.as_str(), place);
        }
        count += of_group;
    }
    let products: Vec<&Product> = catalog.products_of(&kind.id).collect();
    let mut source = format!("pub(super) static {shouty}_GROUPED: [super::{name}; {count}] = [\n{grouped}];\n");
    writeln!(source, "pub(super) static {shouty}_PLACES: [Option<rows::Place>; {}] = [", products.len())
        .expect("as above");
    for product in products {
        let place = places.get(product.id.as_str()).map_or("None", String::as_str);
        writeln!(source, "    {place},").expect("as above");
    }
    source.push_str("];\n");
    source
}

/// The methods of a kind's enum.
pub(super) fn methods(catalog: &Catalog, kind: &Kind) -> TokenStream {
    let shouty = kinds::shouty(kind);
    let [grouped, places] = ["GROUPED", "PLACES"].map(|table| names::ident(&format!("{shouty}_{table}")));
    let is_grouped = of_kind(catalog, kind).next().is_some();
    let read = |pattern: TokenStream, value: TokenStream, none: TokenStream| match is_grouped {
        false => none,
        true => quote! {
            match tables::#places[self as usize] {
                ::core::option::Option::Some(#pattern) => #value,
                ::core::option::Option::None => #none,
            }
        },
    };
    let none = || quote!(::core::option::Option::None);
    let group =
        read(quote!((group, ..)), quote!(::core::option::Option::Some(&tables::GROUPS[group as usize])), none());
    let part = |range: TokenStream| quote!(::pricebook_types::rows::part(&tables::#grouped, #range));
    let downgrades = read(quote!((_, below, _)), part(quote!(below)), quote!(&[]));
    let upgrades = read(quote!((_, _, above)), part(quote!(above)), quote!(&[]));
    let [group_doc, upgrades_doc, downgrades_doc] = [
        "The group in which it upgrades and downgrades.",
        "What it can be upgraded to, the nearest first.",
        "What it can be downgraded to, the lowest first.",
    ]
    .map(doc);
    quote! {
        #group_doc
        pub const fn group(self) -> ::core::option::Option<&'static ::pricebook_types::Group> { #group }
        #upgrades_doc
        pub const fn upgrades(self) -> &'static [Self] { #upgrades }
        #downgrades_doc
        pub const fn downgrades(self) -> &'static [Self] { #downgrades }
    }
}

/// The groups of a kind with their positions among all.
fn of_kind<'a>(catalog: &'a Catalog, kind: &'a Kind) -> impl Iterator<Item = (usize, &'a Group)> {
    catalog.groups.iter().enumerate().filter(|(_, group)| group.kind == kind.id)
}
