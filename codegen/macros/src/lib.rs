//! Names of catalog items in Rust source, checked at compile time.
//!
//! A shell: the work is done by ordinary functions in the modules, which their tests call without a compiler.

mod catalog;
mod index;
mod item;

use proc_macro::TokenStream;

/// A catalog item by its id: `item!(crate::catalog, "plan", "professional")` is `crate::catalog::Plan::Professional`.
///
/// The generated `plan!`, `price!`, `feature!` … call it. An id that the catalog does not have is a compile error at the
/// literal, which names the nearest id or the valid ones.
#[proc_macro]
pub fn item(input: TokenStream) -> TokenStream {
    item::expand(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// All of a catalog's Rust, for an application without a build script.
///
/// ```ignore
/// pub mod catalog {
///     pricebook_macros::catalog!("catalog");
/// }
/// ```
///
/// The folder is relative to the package. Migrations are read from the folder `generated` beside it. The module must be
/// called `catalog` and lie in the crate's root, where `plan!` and its kin look for it. A new file in the folder is only
/// noticed when one of the others changes: rustc can watch files, but not folders.
///
/// Where the catalog is broken, its problems are compile errors above the items of the last build without any, which are
/// kept beside what rustc made of the crate.
#[proc_macro]
pub fn catalog(input: TokenStream) -> TokenStream {
    catalog::expand(input.into()).unwrap_or_else(syn::Error::into_compile_error).into()
}
