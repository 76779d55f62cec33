//! The typed attributes of a kind: a method for each, over a table with a value for each product.

use std::collections::HashSet;
use std::fmt::Write;

use heck::ToSnakeCase;
use pricebook_model::Catalog;
use pricebook_model::catalog::{Attribute, AttributeType, Kind, Value};
use proc_macro2::TokenStream;
use quote::quote;

use super::item::{ItemEnum, Variant, doc};
use super::limits::METHODS;
use super::{kinds, literal, names};

/// The enums of attributes declared with `type: one_of`.
pub(super) fn enums(kind: &Kind) -> String {
    one_of(kind).map(|item| format!("{}\n", item.source())).collect()
}

/// The tables of the attributes' values, and of their enums.
pub(super) fn tables(catalog: &Catalog, kind: &Kind) -> String {
    let mut source: String = one_of(kind).map(|item| item.tables()).collect();
    let count = catalog.products_of(&kind.id).count();
    for attribute in &kind.attributes {
        let ty = value_type(kind, attribute, "super::");
        writeln!(source, "pub(super) static {}: [{ty}; {count}] = [", table(kind, attribute))
            .expect("writing to a String succeeds");
        for product in catalog.products_of(&kind.id) {
            let value = product.attribute(&attribute.id).map(|value| literal_of(kind, attribute, value));
            let value = match value {
                Some(value) if is_optional(attribute) => format!("Some({value})"),
                Some(value) => value,
                None => "None".to_owned(),
            };
            writeln!(source, "    {value},").expect("as above");
        }
        source.push_str("];\n");
    }
    source
}

/// A method for each attribute; one whose name is another method's is called `seats_attribute`.
pub(super) fn methods(kind: &Kind, price_keys: &[&str], is_empty: bool) -> TokenStream {
    let mut taken: HashSet<String> = METHODS.iter().map(|name| (*name).to_owned()).collect();
    taken.extend(price_keys.iter().map(|key| key.to_snake_case()));
    let (keep, give_way): (Vec<_>, Vec<_>) =
        kind.attributes.iter().map(|attribute| attribute.id.to_snake_case()).partition(|name| !taken.contains(name));
    taken.extend(keep);
    let method_of = |attribute: &Attribute| {
        let mut name = attribute.id.to_snake_case();
        if give_way.contains(&name) {
            while taken.contains(&name) {
                name.push_str("_attribute");
            }
            taken.insert(name.clone());
        }
        method(kind, attribute, &names::snake(&name), is_empty)
    };
    kind.attributes.iter().map(method_of).collect()
}

fn method(kind: &Kind, attribute: &Attribute, name: &proc_macro2::Ident, is_empty: bool) -> TokenStream {
    let table = names::ident(&table(kind, attribute));
    let ty: syn::Type = syn::parse_str(&value_type(kind, attribute, "")).expect("a type");
    let text = if attribute.description.is_empty() {
        format!("The attribute `{}`.", attribute.id)
    } else {
        attribute.description.clone()
    };
    let text = doc(&text);
    let value = if is_empty { quote!(match self {}) } else { quote!(tables::#table[self as usize]) };
    quote! {
        #text
        pub const fn #name(self) -> #ty { #value }
    }
}

fn one_of(kind: &Kind) -> impl Iterator<Item = ItemEnum<'_>> {
    kind.attributes.iter().filter_map(move |attribute| match &attribute.ty {
        AttributeType::OneOf(values) => Some(ItemEnum {
            name: names::attribute_enum(kind, attribute),
            what: format!("{} of a {}", attribute.id, kind.id),
            doc: if attribute.description.is_empty() {
                format!("The attribute `{}` of a {}.", attribute.id, kind.id)
            } else {
                attribute.description.clone()
            },
            variants: values.iter().map(|value| Variant::new(value, format!("`{value}`"))).collect(),
            id: None,
            hashed_ids: None,
            methods: TokenStream::new(),
        }),
        _ => None,
    })
}

fn table(kind: &Kind, attribute: &Attribute) -> String {
    format!("{}__{}", kinds::shouty(kind), names::shouty(&attribute.id))
}

fn is_optional(attribute: &Attribute) -> bool {
    !attribute.required && attribute.default.is_none()
}

fn value_type(kind: &Kind, attribute: &Attribute, path: &str) -> String {
    let ty = match &attribute.ty {
        AttributeType::Text { .. } | AttributeType::Decimal | AttributeType::Date => "&'static str".to_owned(),
        AttributeType::Integer { .. } => "i64".to_owned(),
        AttributeType::Boolean => "bool".to_owned(),
        AttributeType::List => "&'static [&'static str]".to_owned(),
        AttributeType::OneOf(_) => format!("{path}{}", names::attribute_enum(kind, attribute)),
        AttributeType::Enum(name) => format!("{path}{}", names::upper_camel(name)),
    };
    if is_optional(attribute) { format!("::core::option::Option<{ty}>") } else { ty }
}

fn literal_of(kind: &Kind, attribute: &Attribute, value: &Value) -> String {
    match (&attribute.ty, value) {
        (AttributeType::OneOf(_), Value::Text(value)) => {
            format!("super::{}::{}", names::attribute_enum(kind, attribute), names::upper_camel(value))
        }
        (AttributeType::Enum(name), Value::Text(value)) => {
            format!("super::{}::{}", names::upper_camel(name), names::upper_camel(value))
        }
        (_, Value::Text(text)) => literal::text(text),
        (_, Value::Integer(number)) => number.to_string(),
        (_, Value::Decimal(number)) => literal::text(&number.to_string()),
        (_, Value::Boolean(value)) => value.to_string(),
        (_, Value::List(texts)) => list(texts),
    }
}

/// A slice of texts.
pub(super) fn list(texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| literal::text(text)).collect();
    format!("&[{}]", texts.join(", "))
}
