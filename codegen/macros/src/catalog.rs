//! `catalog!`: a folder of YAML to the items of its catalog.

use std::path::{Path, PathBuf};

use pricebook_emit::build::{Failure, Generated, Package, Stream, generate_from};
use pricebook_emit::rust::{self, Lookup, Texts};
use pricebook_model::load;
use pricebook_model::source::is_catalog_file;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::LitStr;

/// The items, or a compile error for each problem of the catalog.
///
/// # Errors
/// Where the input is no text, or the package's folder is not known.
pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let folder: LitStr = syn::parse2(input)?;
    let path = absolute(&folder)?;
    let shown_as = folder.value();
    let watched = watched(&path);
    let items = match generate(&path, &shown_as) {
        Ok(generated) => items(&generated, &shown_as)?,
        Err(failure) => failure.texts().iter().map(|text| problem(text)).collect(),
    };
    Ok(quote!(#watched #items))
}

/// The folder that a literal names, relative to the package.
///
/// # Errors
/// Outside a build by cargo.
pub(crate) fn absolute(folder: &LitStr) -> syn::Result<PathBuf> {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .ok_or_else(|| syn::Error::new(folder.span(), "the package's folder is known only in a build by cargo"))?;
    Ok(Path::new(&package).join(folder.value()))
}

/// Everything that the catalog in `folder` becomes.
///
/// # Errors
/// The problems of the catalog.
pub(crate) fn generate(folder: &Path, shown_as: &str) -> Result<Generated, Failure> {
    let package = Package::new(folder.parent().unwrap_or(folder), Stream::Catalog);
    let sources = Package::with_base(load(folder, shown_as.trim_end_matches('/'), false)?);
    generate_from(&package, sources)
}

fn items(generated: &Generated, folder: &str) -> syn::Result<TokenStream> {
    let texts = [generated.history.files.as_slice(), &generated.artifacts].concat();
    let source =
        rust::source(&generated.catalog, generated.history.migrations(), Texts::Inline(&texts), Lookup::Folder(folder));
    source.parse().map_err(|error| syn::Error::new(Span::call_site(), format!("{error}")))
}

/// rustc prints `error: ` in front of every compile error.
fn problem(text: &str) -> TokenStream {
    let text = text.strip_prefix("error").map_or(text, |rest| rest.strip_prefix(": ").unwrap_or(rest));
    quote!(::core::compile_error!(#text);)
}

/// Constants that make rustc watch the files, so that a change is compiled.
fn watched(folder: &Path) -> TokenStream {
    files(folder)
        .iter()
        .filter_map(|path| path.to_str())
        .map(|path| {
            quote!(
                const _: &[u8] = ::core::include_bytes!(#path);
            )
        })
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let lock = folder.parent().map(|package| package.join("generated/catalog.lock")).filter(|lock| lock.exists());
    let mut files: Vec<_> = lock.into_iter().collect();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if is_catalog_file(&path) {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
