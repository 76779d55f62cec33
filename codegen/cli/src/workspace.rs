//! Which package a command line means.

use std::path::{Path, PathBuf};

use pricebook_emit::build::{Package, Stream};
use pricebook_model::source::is_catalog_file;

use crate::args::Place;
use crate::outcome::Stop;

/// The package that is named, or the nearest upwards from where the command was called.
pub(crate) fn package(place: &Place) -> Result<Package, Stop> {
    let (stream, mark) = if place.records { (Stream::Records, "records") } else { (Stream::Catalog, "catalog") };
    let root = match &place.manifest_dir {
        Some(root) if root.join(mark).is_dir() => root.clone(),
        Some(root) => {
            let message = format!("{} has no folder {mark}/", root.display());
            return Err(Stop::usage(message, "name the folder of the package's Cargo.toml"));
        }
        None => nearest(stream, mark)?,
    };
    let package = Package::new(root, stream);
    if stream == Stream::Catalog && !holds_yaml(&package.catalog()) {
        let message = format!("{}/ holds no `*.yaml` file", package.catalog().display());
        let help =
            "begin with `catalog: { name: acme, title: Acme, currency: usd }`, or see `cargo catalog import --help`";
        return Err(Stop::refused(message, help));
    }
    Ok(package)
}

/// Whether a folder, or one below it, has a file of a catalog. What cannot be read is reported when it is read.
fn holds_yaml(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return true };
    entries.flatten().map(|entry| entry.path()).any(|path| is_catalog_file(&path) || path.is_dir() && holds_yaml(&path))
}

fn nearest(stream: Stream, mark: &str) -> Result<PathBuf, Stop> {
    let here = std::env::current_dir().map_err(Stop::io("find", Path::new(".")))?;
    // The runtime's package lies in a folder of the workspace, a catalog's often is the workspace.
    let inside = if stream == Stream::Records { "runtime" } else { "." };
    let found = here.ancestors().flat_map(|folder| [folder.to_path_buf(), folder.join(inside)]);
    found.into_iter().find(|folder| folder.join(mark).is_dir()).ok_or_else(|| {
        let message = format!("there is no folder {mark}/ here or above");
        Stop::usage(message, "run it in the package of the catalog, or name that with --manifest-dir")
    })
}
