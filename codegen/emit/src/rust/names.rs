//! Names of the catalog as Rust writes them. Where two become one, the model has refused the catalog.

use std::borrow::Cow;

use heck::{ToShoutySnakeCase, ToSnakeCase};
use pricebook_model::catalog::{Attribute, Kind};
use pricebook_model::lower::names;
use proc_macro2::{Ident, Span};

/// The keywords that syn takes for names, as it speaks for every edition.
const KEYWORDS_OF_2024: &[&str] = &["gen"];

/// `service_instance` → `ServiceInstance`: a type or a variant.
pub(super) fn upper_camel(id: &str) -> String {
    let name = names::upper_camel(&plain(id));
    match name.as_str() {
        "Self" => "Self_".to_owned(),
        "" => "Unnamed".to_owned(),
        name if name.starts_with(|first: char| first.is_ascii_alphabetic()) => name.to_owned(),
        _ => format!("_{name}"),
    }
}

/// `service_instance` → `SERVICE_INSTANCE`: a static.
pub(super) fn shouty(id: &str) -> String {
    plain(id).to_shouty_snake_case()
}

/// The prefix of a type's statics: `ServiceInstance` → `SERVICE_INSTANCE`, and `AB` → `A_B`, so that it is not that of `Ab`.
pub(super) fn shouty_of_type(name: &str) -> String {
    let mut shouty = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !shouty.is_empty() {
            shouty.push('_');
        }
        shouty.push(c.to_ascii_uppercase());
    }
    shouty
}

/// The type of a table's rows, which the catalog writes as a type already.
pub(super) fn row(name: &str) -> Ident {
    let name = if name == "Self" { "Self_" } else { name };
    Ident::new(name, Span::call_site())
}

/// A method or a field; keywords become raw: `type` → `r#type`.
pub(super) fn snake(id: &str) -> Ident {
    let name = plain(id).to_snake_case();
    match name.as_str() {
        "self" | "super" | "crate" | "_" | "" => Ident::new(&format!("{name}_"), Span::call_site()),
        name if !KEYWORDS_OF_2024.contains(&name) && syn::parse_str::<syn::Ident>(name).is_ok() => {
            Ident::new(name, Span::call_site())
        }
        name if name.starts_with(|first: char| first.is_ascii_digit()) => {
            Ident::new(&format!("_{name}"), Span::call_site())
        }
        name => Ident::new_raw(name, Span::call_site()),
    }
}

/// An identifier that is known to be none of Rust's words.
pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The type of an attribute declared with `type: one_of`: `HostingProvider`.
pub(super) fn attribute_enum(kind: &Kind, attribute: &Attribute) -> String {
    upper_camel(&format!("{}_{}", kind.id, attribute.id))
}

/// Lookup keys may hold anything that Stripe takes.
fn plain(id: &str) -> Cow<'_, str> {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || character == '_';
    match id.chars().all(is_plain) {
        true => Cow::Borrowed(id),
        false => Cow::Owned(id.replace(|character| !is_plain(character), "_")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_and_odd_ids_become_identifiers() {
        assert_eq!(upper_camel("market-pulse"), "MarketPulse");
        assert_eq!(upper_camel("self"), "Self_");
        assert_eq!(upper_camel("2024"), "_2024");
        assert_eq!(upper_camel("Pro.Monthly v2"), "ProMonthlyV2");
        assert_eq!(upper_camel("月額"), "Unnamed");
        assert_eq!(snake("type").to_string(), "r#type");
        assert_eq!(snake("gen").to_string(), "r#gen");
        assert_eq!(snake("crate").to_string(), "crate_");
        assert_eq!(snake("one_time").to_string(), "one_time");
        assert_eq!(shouty("addon"), "ADDON");
        assert_eq!(shouty_of_type("ServiceInstance2"), "SERVICE_INSTANCE2");
        assert_ne!(shouty_of_type("AB"), shouty_of_type("Ab"));
    }
}
