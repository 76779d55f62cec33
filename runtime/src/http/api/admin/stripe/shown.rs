//! What answers of the sync say: results of products, and how far a sync is.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::stripe::product_sync::ProductResult;
use crate::stripe::product_sync::record::Progress;

/// What became of a product, price, feature, meter, coupon or promotion code; of a dry run, what would.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = StripeSyncResult)]
pub(in crate::http) struct ResultShown {
    /// What it is: `product`, `feature` …
    sort: String,
    /// Its id in the catalog.
    #[serde(alias = "local_id")]
    local_id: String,
    /// Its name.
    name: String,
    /// `created`, `updated`, `synced` or `error`.
    status: String,
    /// Its id in Stripe.
    #[serde(alias = "stripe_id")]
    stripe_id: Option<String>,
    /// Where Stripe's dashboard has it.
    url: Option<String>,
    /// What is done, for people.
    changes: Vec<String>,
    /// What went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    help: Option<String>,
}

/// Products, by what became of them; errors are those of anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StripeSyncCounts)]
pub(in crate::http) struct CountsShown {
    /// Made in Stripe.
    pub(super) created: u32,
    /// Changed there.
    pub(super) updated: u32,
    /// As the catalog says already.
    pub(super) synced: u32,
    /// What failed.
    pub(super) errors: u32,
}

impl From<Progress> for CountsShown {
    fn from(Progress { created, updated, synced, errors }: Progress) -> Self {
        Self { created, updated, synced, errors }
    }
}

/// Of a report that is kept.
pub(super) fn results_of(report: &Value) -> Vec<ResultShown> {
    let results = report.get("results").cloned().unwrap_or_default();
    serde_json::from_value(results).unwrap_or_default()
}

/// Of what was just found.
pub(super) fn results(results: &[ProductResult]) -> Vec<ResultShown> {
    let value = serde_json::to_value(results).unwrap_or_default();
    serde_json::from_value(value).unwrap_or_default()
}
