//! Tables as row structs, and the catalog's enums.

use pricebook_model::Catalog;
use pricebook_model::catalog::{AttributeType, Choice};
use pricebook_model::schema::{Column, ColumnType, EnumType, Table};
use proc_macro2::TokenStream;
use quote::quote;

use super::item::{ItemEnum, Variant, doc, pretty};
use super::names;

/// The enums that a company's Rust needs: its own, and those of the base that it uses.
pub(super) fn own_enums(catalog: &Catalog) -> Vec<&EnumType> {
    let columns = catalog.own_tables().flat_map(|table| &table.columns).filter_map(|column| match &column.ty {
        ColumnType::Enum(name) => Some(name),
        _ => None,
    });
    let attributes =
        catalog.kinds.iter().flat_map(|kind| &kind.attributes).filter_map(|attribute| match &attribute.ty {
            AttributeType::Enum(name) => Some(name),
            _ => None,
        });
    let used: Vec<_> = columns.chain(attributes).collect();
    catalog.enums.iter().filter(|of| !of.base || used.contains(&&of.name)).collect()
}

/// The enums.
pub(super) fn enums(enums: &[&EnumType]) -> String {
    enums.iter().map(|of| format!("{}\n", item(of).source())).collect()
}

/// The statics that they read.
pub(super) fn tables(enums: &[&EnumType]) -> String {
    enums.iter().map(|of| item(of).tables()).collect()
}

fn item(of: &EnumType) -> ItemEnum<'_> {
    let text = |value: &str, description: &str| {
        if description.is_empty() { format!("`{value}`") } else { description.to_owned() }
    };
    ItemEnum {
        name: names::upper_camel(&of.name),
        what: of.name.clone(),
        doc: if of.description.is_empty() { format!("The enum `{}`.", of.name) } else { of.description.clone() },
        variants: of.values.iter().map(|(value, description)| Variant::new(value, text(value, description))).collect(),
        id: None,
        hashed_ids: None,
        methods: TokenStream::new(),
    }
}

/// A struct for each table's row; in a module `rows` where the names of kinds could stand in their way.
pub(super) fn rows<'a>(catalog: &Catalog, tables: impl Iterator<Item = &'a Table>, in_module: bool) -> String {
    let path = if in_module { quote!(super::) } else { quote!() };
    let rows: TokenStream = tables.map(|table| row(catalog, table, &path)).collect();
    if !in_module {
        return pretty(rows);
    }
    let text = doc(
        "Rows of the catalog's tables, and in JSON those of `records.ts`.\n\nDates and moments are ISO 8601 texts in UTC, which nothing checks, JSON and decimals are texts; bytes are base64 in JSON.",
    );
    pretty(quote! {
        #text
        pub mod rows { #rows }
    })
}

fn row(catalog: &Catalog, table: &Table, path: &TokenStream) -> TokenStream {
    let name = names::row(&table.row_name);
    let text =
        if table.description.is_empty() { format!("A row of `{}`.", table.name) } else { table.description.clone() };
    let (text, table_doc, columns_doc) =
        (doc(&text), doc("The table's name."), doc("The columns' names, in the order of the fields."));
    let fields = table.columns.iter().map(|column| field(column, catalog.choice(table, column), path));
    let columns = table.columns.iter().map(|column| &column.name);
    let table_name = &table.name;
    quote! {
        #text
        #[allow(dead_code)]
        #[derive(Clone, Debug, PartialEq, Eq, ::pricebook_types::serde::Serialize, ::pricebook_types::serde::Deserialize)]
        #[serde(crate = "::pricebook_types::serde")]
        pub struct #name { #(#fields,)* }

        #[allow(dead_code)]
        impl #name {
            #table_doc
            pub const TABLE: &'static str = #table_name;
            #columns_doc
            pub const COLUMNS: &'static [&'static str] = &[#(#columns),*];
        }
    }
}

fn field(column: &Column, choice: Option<Choice<'_>>, path: &TokenStream) -> TokenStream {
    let name = names::snake(&column.name);
    let text = doc(&described(column));
    let plain = || match &column.ty {
        ColumnType::Integer => quote!(i64),
        ColumnType::Boolean => quote!(bool),
        ColumnType::Bytes => quote!(::std::vec::Vec<u8>),
        ColumnType::Enum(of) => {
            let of = names::ident(&names::upper_camel(of));
            quote!(#path #of)
        }
        ColumnType::Text { .. }
        | ColumnType::Decimal { .. }
        | ColumnType::Timestamp
        | ColumnType::Date
        | ColumnType::Json => quote!(::std::string::String),
    };
    let ty = choice.map_or_else(plain, |choice| choice_type(choice, path));
    let ty = if column.nullable { quote!(::core::option::Option<#ty>) } else { ty };
    let json = match (&column.ty, column.nullable) {
        (ColumnType::Bytes, false) => quote!(#[serde(with = "::pricebook_types::base64")]),
        (ColumnType::Bytes, true) => quote!(#[serde(with = "::pricebook_types::base64::optional")]),
        _ => quote!(),
    };
    quote!(#text #json pub #name: #ty)
}

/// The enum that stands for the texts of a column.
fn choice_type(choice: Choice<'_>, path: &TokenStream) -> TokenStream {
    match choice {
        Choice::BillingType => quote!(::pricebook_types::BillingType),
        Choice::OneOf(kind, attribute, _) => {
            let of = names::ident(&names::attribute_enum(kind, attribute));
            quote!(#path #of)
        }
    }
}

/// What a column holds, and in which form where the type alone does not say it.
fn described(column: &Column) -> String {
    let form = match &column.ty {
        ColumnType::Decimal { .. } => " An exact decimal.",
        ColumnType::Timestamp => {
            " A moment in UTC: `2027-01-31T23:59:59Z` in JSON, with a blank for the `T` in databases."
        }
        ColumnType::Date => " A day: `2027-01-31`, which `pricebook_types::Day` checks.",
        ColumnType::Json => " JSON.",
        _ => "",
    };
    match column.description.as_str() {
        "" => format!("`{}`.{form}", column.name),
        description => format!("{description}{form}"),
    }
}
