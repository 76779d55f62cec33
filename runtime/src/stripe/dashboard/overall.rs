//! Whether everything is synced, in one word.

use serde::Serialize;

use crate::stripe::product_sync::record::Last;

/// The state of an environment's account, as far as the database knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// The last sync succeeded, with this catalog.
    AllSynced,
    /// Nothing was synced with this catalog yet.
    NeedsSync,
    /// The last sync failed.
    SyncErrors,
}

impl Overall {
    /// As the dashboard shows it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::AllSynced => "All Synced",
            Self::NeedsSync => "Needs Sync",
            Self::SyncErrors => "Sync Errors",
        }
    }

    /// What that means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::AllSynced => "all products are properly synchronized, as of the last sync",
            Self::NeedsSync => "nothing was synced with this catalog yet",
            Self::SyncErrors => "the last sync failed",
        }
    }
}

/// What the last run says of a catalog.
pub fn overall(last: Option<&Last>, catalog_hash: &str) -> Overall {
    match last {
        Some(last) if last.status == "failed" => Overall::SyncErrors,
        Some(last) if last.status == "succeeded" && last.catalog_hash == catalog_hash => Overall::AllSynced,
        _ => Overall::NeedsSync,
    }
}
