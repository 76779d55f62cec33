//! `catalog!`: a folder of YAML to the items of its catalog.

use std::path::{Path, PathBuf};

use pricebook_emit::Artifact;
use pricebook_emit::build::{Failure, Generated, History, LastGood, Package, Stream, compile, generate_from};
use pricebook_emit::rust::{self, Lookup, Texts};
use pricebook_model::{Source, load};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::LitStr;

/// The items, or a compile error for each problem of the catalog above the last good items.
///
/// # Errors
/// Where the input is no text, or the package's folder is not known.
pub(crate) fn expand(input: TokenStream) -> syn::Result<TokenStream> {
    let folder: LitStr = syn::parse2(input)?;
    let path = absolute(&folder)?;
    let own = load(&path, folder.value().trim_end_matches('/'), false);
    let watched = watched(&path, &folder.value(), own.as_deref().unwrap_or_default());
    let items: TokenStream = match own.map_err(Failure::from).and_then(|own| items(&path, &folder.value(), own)) {
        Ok(items) => items.parse().map_err(|error| syn::Error::new(Span::call_site(), format!("{error}")))?,
        Err(failure) => failure.compile_errors().iter().map(|text| quote!(::core::compile_error!(#text);)).collect(),
    };
    Ok(quote!(#watched #items))
}

/// Rust source of everything that the catalog in `folder` becomes.
///
/// # Errors
/// The problems of the catalog, where no last good items can stand below them.
fn items(folder: &Path, shown_as: &str, own: Vec<Source>) -> Result<String, Failure> {
    let sources = Package::with_base(own);
    let last_good = last_good(folder);
    match generate_from(&package(folder), sources.clone()) {
        Ok(generated) => {
            let items = source(&generated, shown_as);
            let kept = vec![
                Artifact::new(LastGood::ITEMS, items.clone()),
                Artifact::new(rust::INDEX, rust::index(&generated.catalog)),
            ];
            // A build where nothing can be kept only says more about the next broken catalog.
            let _ = last_good.map(|folder| LastGood::new(folder).keep(kept, &sources));
            Ok(items)
        }
        Err(failure) => {
            let above = last_good.and_then(|folder| LastGood::new(folder).above(&failure, &sources).ok().flatten());
            above.ok_or(failure)
        }
    }
}

/// What `item!` reads: the index of the catalog in `folder`, or of the last good one.
///
/// # Errors
/// Where the catalog has problems, which `catalog!` reports, and there is no last good one.
pub(crate) fn index(folder: &Path, shown_as: &str) -> Result<String, String> {
    let package = package(folder);
    let compiled = load(folder, shown_as.trim_end_matches('/'), false).map_err(Failure::from).and_then(|own| {
        let history = History::read(&package.generated())?;
        compile(&package, Package::with_base(own), history.lock.as_ref())
    });
    if let Ok(catalog) = compiled {
        return Ok(rust::index(&catalog));
    }
    let kept = last_good(folder).and_then(|folder| std::fs::read_to_string(folder.join(rust::INDEX)).ok());
    kept.ok_or_else(|| "the catalog has problems".to_owned())
}

/// Where this crate's last good items are kept: beside what rustc makes of it, as its own arguments name the place.
///
/// A macro is told no folder to write to. Where rustc is not the process that expands it (in an editor), nothing is kept.
fn last_good(catalog: &Path) -> Option<PathBuf> {
    let arguments: Vec<String> = std::env::args().collect();
    let out_dir = arguments.windows(2).find(|pair| pair[0] == "--out-dir").map(|pair| PathBuf::from(&pair[1]))?;
    let which = arguments.iter().find_map(|argument| argument.strip_prefix("extra-filename="))?;
    let (krate, package) = (std::env::var("CARGO_CRATE_NAME").ok()?, std::env::var_os("CARGO_MANIFEST_DIR")?);
    Some(out_dir.join(format!("{krate}{which}.catalog")).join(catalog.strip_prefix(package).ok()?))
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

fn package(folder: &Path) -> Package {
    Package::new(folder.parent().unwrap_or(folder), Stream::Catalog)
}

fn source(generated: &Generated, folder: &str) -> String {
    let texts = [generated.history.files.as_slice(), &generated.artifacts].concat();
    rust::source(&generated.catalog, generated.history.migrations(), Texts::Inline(&texts), Lookup::Folder(folder))
}

/// Constants that make rustc watch the files and the lock, so that a change is compiled.
fn watched(folder: &Path, shown_as: &str, own: &[Source]) -> TokenStream {
    let lock = folder.parent().map(|package| package.join("generated/catalog.lock")).filter(|lock| lock.exists());
    let below = |source: &Source| {
        let path = source.path.strip_prefix(shown_as.trim_end_matches('/')).unwrap_or(&source.path);
        folder.join(path.trim_start_matches('/'))
    };
    lock.into_iter()
        .chain(own.iter().map(below))
        .filter_map(|path| path.to_str().map(str::to_owned))
        .map(|path| {
            quote!(
                const _: &[u8] = ::core::include_bytes!(#path);
            )
        })
        .collect()
}
