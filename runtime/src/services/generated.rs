//! Whether this program and the `generated/` folder beside it were made of the same catalog.

use std::path::Path;

use pricebook_types::{Artifacts, Dialect};

/// How this program and the generated files differ.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stale {
    /// The SQL inside the program names another catalog than the program.
    #[error("the SQL in this program is of the catalog {0}, and the program of another")]
    Inside(String),
    /// `generated/` was made of another catalog.
    #[error("generated/ is of the catalog {folder}, and this program of {program}")]
    Folder {
        /// The hash in the folder's manifest.
        folder: String,
        /// The program's own.
        program: String,
    },
    /// A file of `generated/` is not what the program holds.
    #[error("{0} is not what this program was built with")]
    File(String),
}

const HASH_LINE: &str = "-- Catalog hash: ";

/// Compares the hash and the SQL of this program, and, where `folder` is a checkout of the same catalog, those of its
/// `generated/`. Tells whether there was one.
///
/// # Errors
/// [`Stale`].
pub fn check_generated(artifacts: &Artifacts, dialect: Dialect, folder: &Path) -> Result<bool, Stale> {
    let texts = [("sync.sql", artifacts.sync_sql), ("verify.sql", artifacts.verify_sql)];
    for (_, text) in texts {
        let named = text.get(dialect).lines().find_map(|line| line.strip_prefix(HASH_LINE));
        if let Some(hash) = named.filter(|hash| *hash != artifacts.catalog_hash) {
            return Err(Stale::Inside(hash.to_owned()));
        }
    }
    let Some((catalog, hash)) = manifest(folder) else { return Ok(false) };
    if catalog != artifacts.name {
        return Ok(false);
    }
    if hash != artifacts.catalog_hash {
        return Err(Stale::Folder { folder: hash, program: artifacts.catalog_hash.to_owned() });
    }
    for (name, text) in texts {
        let path = format!("generated/sql/{}/{name}", dialect.name());
        if std::fs::read_to_string(folder.join(&path)).ok().as_deref() != Some(text.get(dialect)) {
            return Err(Stale::File(path));
        }
    }
    Ok(true)
}

/// The catalog's name and hash in `generated/manifest.json`.
fn manifest(folder: &Path) -> Option<(String, String)> {
    let text = std::fs::read_to_string(folder.join("generated/manifest.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_str(&text).ok()?;
    Some((manifest["catalog"].as_str()?.to_owned(), manifest["hash"].as_str()?.to_owned()))
}
