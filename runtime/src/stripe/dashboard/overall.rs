//! Whether everything is synced, in one word.

use serde::Serialize;

use crate::stripe::product_sync::record::{Last, Validated};

/// The state of an environment's account, as far as the database knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// The last sync succeeded, with this catalog, and no look at the account has found otherwise since.
    AllSynced,
    /// Nothing was synced with this catalog yet, or a look has found a difference since.
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
            Self::AllSynced => "all products are properly synchronized, as of the last sync or look",
            Self::NeedsSync => "not synced with this catalog yet, or changed in Stripe since",
            Self::SyncErrors => "the last sync failed",
        }
    }
}

/// What the last run and the last look at the account say of a catalog.
pub fn overall(last: Option<&Last>, validation: Option<&Validated>, catalog_hash: &str) -> Overall {
    // Ids begin with the time.
    let found_since = validation.filter(|found| last.is_none_or(|last| found.id > last.id));
    let found_since = found_since.filter(|found| found.catalog_hash == catalog_hash);
    match (last, found_since) {
        (Some(last), _) if last.status == "failed" => Overall::SyncErrors,
        (_, Some(found)) if found.equal => Overall::AllSynced,
        (_, Some(_)) => Overall::NeedsSync,
        (Some(last), None) if last.status == "succeeded" && last.catalog_hash == catalog_hash => Overall::AllSynced,
        _ => Overall::NeedsSync,
    }
}
