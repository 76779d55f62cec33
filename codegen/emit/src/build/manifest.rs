//! `manifest.json`: which files of `generated/` are the catalog's, and which catalog they come from.

use std::path::{Component, Path};

use pricebook_model::Catalog;
use serde::{Deserialize, Serialize};

use super::history::checksum;
use crate::Artifact;
use crate::header::Origin;

/// The manifest's path below `generated/`.
pub(super) const MANIFEST: &str = "manifest.json";

/// The manifest; it is written after the files that it lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// What made it and what remakes it.
    generated_by: String,
    /// The catalog's name.
    catalog: String,
    /// The catalog's hash.
    hash: String,
    /// Path and SHA-256 of every file, sorted by path.
    files: Vec<ManifestFile>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ManifestFile {
    path: String,
    sha256: String,
}

impl Manifest {
    /// The manifest of a catalog's artifacts.
    pub(super) fn of(catalog: &Catalog, origin: Origin, artifacts: &[Artifact]) -> Self {
        let file = |artifact: &Artifact| ManifestFile { path: artifact.path.clone(), sha256: checksum(&artifact.text) };
        Self {
            generated_by: format!("pricebook from {}; remake it with: {}", origin.folder(), origin.remade_by()),
            catalog: catalog.name.clone(),
            hash: catalog.hash.clone(),
            files: artifacts.iter().map(file).collect(),
        }
    }

    /// The manifest as a file.
    pub(super) fn artifact(&self) -> Artifact {
        let text = serde_json::to_string_pretty(self).expect("texts serialize");
        Artifact::new(MANIFEST, format!("{text}\n"))
    }

    /// The paths that a manifest's text lists; none where it is no manifest.
    ///
    /// Only paths that stay below the manifest's folder: what it lists may be removed.
    pub(super) fn paths(text: &str) -> Vec<String> {
        let manifest: Self = serde_json::from_str(text).unwrap_or_default();
        manifest.files.into_iter().map(|file| file.path).filter(|path| stays_below(path)).collect()
    }
}

fn stays_below(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listed_path_never_leaves_the_folder() {
        for path in ["../x", "/etc/passwd", "a/../../x", ""] {
            assert!(!stays_below(path), "{path}");
        }
        assert!(stays_below("sql/sqlite/sync.sql"));
    }
}
