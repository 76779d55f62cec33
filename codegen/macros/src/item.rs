//! `item!`: an id to the path of its item, or an error at the literal.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::{Lit, LitStr, Token};

use crate::catalog;
use crate::index::{Index, cached};

/// `$crate::catalog, "plan", "professional"` and, where there is no build script, the catalog's folder.
struct Item {
    module: TokenStream,
    kind: LitStr,
    id: Lit,
    folder: Option<LitStr>,
}

impl Parse for Item {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut module = TokenStream::new();
        while !input.peek(Token![,]) {
            module.extend([input.parse::<proc_macro2::TokenTree>()?]);
        }
        input.parse::<Token![,]>()?;
        let kind = input.parse()?;
        input.parse::<Token![,]>()?;
        let id = input.parse()?;
        let comma: Option<Token![,]> = input.parse()?;
        Ok(Self { module, kind, id, folder: comma.map(|_| input.parse()).transpose()? })
    }
}

/// The item's path.
///
/// # Errors
/// At the id, where the catalog has no such item; elsewhere, where there is no catalog.
pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let item: Item = syn::parse2(input)?;
    let index = match &item.folder {
        Some(folder) => of_folder(folder)?,
        None => of_build_script().map_err(|message| syn::Error::new(Span::call_site(), message))?,
    };
    path(&item, &index)
}

fn path(item: &Item, index: &Index) -> syn::Result<TokenStream> {
    let kind = item.kind.value();
    let Lit::Str(id) = &item.id else {
        return Err(syn::Error::new(item.id.span(), format!("expected the id of a {kind} in quotes")));
    };
    let path = index.find(&kind, &id.value()).map_err(|message| syn::Error::new(id.span(), message))?;
    let path: TokenStream = path.parse().map_err(|_| syn::Error::new(id.span(), format!("`{path}` is no path")))?;
    let (module, span) = (&item.module, id.span());
    let separator = quote_spanned!(span=> ::);
    Ok(quote!(#module #separator #path))
}

/// The index that the package's build script left.
fn of_build_script() -> Result<Arc<Index>, String> {
    let folder = std::env::var_os("OUT_DIR").ok_or(
        "there is no catalog: the package has no build script that calls `pricebook_emit::Build`, \
         and its module is not made by `pricebook_macros::catalog!`",
    )?;
    of_file(&PathBuf::from(folder).join(pricebook_emit::rust::INDEX))
}

fn of_file(path: &Path) -> Result<Arc<Index>, String> {
    cached(path, || {
        let text = std::fs::read_to_string(path).map_err(|cause| {
            format!("cannot read {}: {cause}; the build script must call `pricebook_emit::Build`", path.display())
        })?;
        Ok(Index::parse(&text))
    })
}

/// The index of a catalog that `catalog!` compiled, which has reported its problems.
fn of_folder(folder: &LitStr) -> syn::Result<Arc<Index>> {
    let path = catalog::absolute(folder)?;
    cached(&path, || catalog::index(&path, &folder.value()).map(|text| Index::parse(&text)))
        .map_err(|message| syn::Error::new(folder.span(), message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(input: TokenStream) -> Result<String, String> {
        let item: Item = syn::parse2(input).map_err(|error| error.to_string())?;
        let index = Index::parse("plan\tmarket-pulse\tPlan::MarketPulse\n");
        path(&item, &index).map(|path| path.to_string()).map_err(|error| error.to_string())
    }

    #[test]
    fn an_id_becomes_a_path_below_the_module() {
        let path = expanded(quote!(crate::catalog, "plan", "market-pulse"));
        assert_eq!(path.as_deref(), Ok("crate :: catalog :: Plan :: MarketPulse"));
    }

    #[test]
    fn an_id_that_is_no_text_is_refused() {
        let error = expanded(quote!(crate::catalog, "plan", 7)).expect_err("a number");
        assert_eq!(error, "expected the id of a plan in quotes");
    }

    #[test]
    fn a_missing_index_says_what_makes_it() {
        let error = of_file(Path::new("/nowhere/catalog.index")).expect_err("no such file");
        assert!(error.ends_with("the build script must call `pricebook_emit::Build`"), "{error}");
    }
}
