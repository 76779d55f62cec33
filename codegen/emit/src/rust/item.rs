//! An enum whose variants stand for ids: its definition, and what every such enum can do.

use std::fmt::Write;

use proc_macro2::TokenStream;
use quote::quote;

use super::{literal, names};

/// An enum to print.
pub(super) struct ItemEnum<'a> {
    /// The type's name.
    pub(super) name: String,
    /// What its ids are of, for messages: `plan`.
    pub(super) what: String,
    /// What it is.
    pub(super) doc: String,
    /// The variants, in order.
    pub(super) variants: Vec<Variant<'a>>,
    /// The id of `self`, as an expression; `None` for a table of ids of its own.
    pub(super) id: Option<TokenStream>,
    /// The slice of the ids, if they are found by a perfect hash; small enums look through all.
    pub(super) hashed_ids: Option<String>,
    /// Further methods.
    pub(super) methods: TokenStream,
}

/// A variant to print.
pub(super) struct Variant<'a> {
    /// The id that it stands for.
    pub(super) id: &'a str,
    /// Its name.
    pub(super) name: String,
    /// What it is.
    pub(super) doc: String,
}

impl<'a> Variant<'a> {
    /// A variant named after its id.
    pub(super) fn new(id: &'a str, doc: String) -> Self {
        Self { id, name: names::upper_camel(id), doc }
    }
}

impl ItemEnum<'_> {
    /// The definition and the implementations.
    pub(super) fn source(&self) -> String {
        format!("{}\n{}", self.definition(), pretty(self.implementations()))
    }

    fn definition(&self) -> String {
        let mut source = String::new();
        literal::push_doc(&mut source, "", &self.doc);
        writeln!(source, "#[allow(dead_code)]").expect("writing to a String succeeds");
        writeln!(source, "#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]").expect("as above");
        writeln!(source, "pub enum {} {{", self.name).expect("as above");
        for Variant { name, doc, .. } in &self.variants {
            literal::push_doc(&mut source, "    ", doc);
            writeln!(source, "    {name},").expect("as above");
        }
        source.push_str("}\n");
        source
    }

    /// The statics that the implementations read, for the module `tables`.
    pub(super) fn tables(&self) -> String {
        let name = &self.name;
        let shouty = names::shouty_of_type(name);
        let count = self.variants.len();
        let mut source = format!("pub(super) static {shouty}_ALL: [super::{name}; {count}] = [\n");
        for variant in &self.variants {
            writeln!(source, "    super::{name}::{},", variant.name).expect("writing to a String succeeds");
        }
        source.push_str("];\n");
        if self.id.is_none() {
            writeln!(source, "pub(super) static {shouty}_VALUES: [&str; {count}] = [").expect("as above");
            for variant in &self.variants {
                writeln!(source, "    {},", literal::text(variant.id)).expect("as above");
            }
            source.push_str("];\n");
        }
        if let Some(table) = &self.hashed_ids {
            let ids: Vec<&str> = self.variants.iter().map(|variant| variant.id).collect();
            source.push_str(&super::lookup::map(&format!("{shouty}_BY_ID"), &ids, table));
        }
        source
    }

    fn implementations(&self) -> TokenStream {
        let name = names::ident(&self.name);
        let shouty = names::shouty_of_type(&self.name);
        let all = names::ident(&format!("{shouty}_ALL"));
        let id = self.id_of_self(&shouty);
        let find = self.find(&shouty);
        let (what, methods) = (&self.what, &self.methods);
        let all_doc = doc(&format!("Every {what}, in the order of the catalog."));
        let id_doc = doc("The id in the catalog.");
        let find_doc = doc(&format!("The {what} with this id."));
        quote! {
            #[allow(dead_code)]
            impl #name {
                #all_doc
                pub const ALL: &'static [Self] = &tables::#all;
                #id_doc
                pub const fn id(self) -> &'static str { #id }
                #find_doc
                pub fn find(id: &str) -> ::core::option::Option<Self> { #find }
                #methods
            }
            ::pricebook_types::item_traits!(#name, #what);
        }
    }

    fn id_of_self(&self, shouty: &str) -> TokenStream {
        let ids = names::ident(&format!("{shouty}_VALUES"));
        match &self.id {
            _ if self.variants.is_empty() => quote!(match self {}),
            Some(id) => id.clone(),
            None => quote!(tables::#ids[self as usize]),
        }
    }

    fn find(&self, shouty: &str) -> TokenStream {
        let by_id = names::ident(&format!("{shouty}_BY_ID"));
        if self.hashed_ids.is_some() {
            quote!(tables::#by_id.get(id).map(|position| Self::ALL[*position as usize]))
        } else {
            quote!(Self::ALL.iter().copied().find(|item| item.id() == id))
        }
    }
}

/// Doc comments of any text.
pub(super) fn doc(text: &str) -> TokenStream {
    literal::doc_lines(text)
        .map(|line| {
            let line = if line.is_empty() { line } else { format!(" {line}") };
            quote!(#[doc = #line])
        })
        .collect()
}

/// Tokens as source.
///
/// # Panics
/// Where the tokens are no items, which no emitted skeleton is.
pub(super) fn pretty(tokens: TokenStream) -> String {
    prettyplease::unparse(&syn::parse2(tokens).expect("emitted tokens are items"))
}
