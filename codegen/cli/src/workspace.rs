//! Which package a command line means.

use std::path::{Path, PathBuf};

use pricebook_emit::build::{Package, Stream};

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
    Ok(Package::new(root, stream))
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
