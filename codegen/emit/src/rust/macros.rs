//! `plan!("starter")` and its kin: macros named after the kinds that hand their id to `item!`.

use pricebook_model::Catalog;
use quote::quote;

use super::item::{doc, pretty};
use super::{Lookup, names};

/// A macro for each kind, `price!` and `feature!`.
///
/// Each is defined under a name of its own and exported by `use`, so that it can be called as `catalog::plan!` before
/// and after its definition and hides no other macro. `#[macro_export]` would not do: rustc refuses the absolute path of
/// such a macro where another macro (`include!`) made it.
pub(super) fn macros(catalog: &Catalog, lookup: Lookup<'_>) -> String {
    let folder = match lookup {
        Lookup::OutDir => quote!(),
        Lookup::Folder(folder) => quote!(, #folder),
    };
    let kinds = catalog.kinds.iter().map(|kind| kind.id.as_str());
    let items = kinds.chain(["price", "feature"]).map(|kind| {
        let inner = names::ident(&format!("__{kind}"));
        let outer = names::snake(kind);
        let text = doc(&format!("The {kind} with this id, checked by the compiler."));
        quote! {
            #text
            #[allow(unused_macros)]
            macro_rules! #inner {
                ($id:literal) => { ::pricebook_macros::item!($crate::catalog, #kind, $id #folder) };
            }
            #[allow(unused_imports)]
            pub(crate) use #inner as #outer;
        }
    });
    pretty(quote!(#(#items)*))
}
