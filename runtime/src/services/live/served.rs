//! Which catalog the program has that serves an API, as its `/ready` tells it.

use reqwest::StatusCode;
use serde::Deserialize;

use super::{LiveApi, LiveError};

/// Where a server tells it.
const PATH: &str = "/ready";

/// What a server says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Served {
    /// The hash of the catalog in its program.
    pub catalog_hash: String,
    /// The hash of the catalog whose rows its database holds; `None` before the first sync.
    pub database_hash: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    data: Served,
}

/// What the server that answers now says of itself. Each call makes a connection of its own, so that behind a proxy another
/// server may answer.
///
/// # Errors
/// [`LiveError`] where it gives no usable answer.
pub async fn served(api: &LiveApi) -> Result<Served, LiveError> {
    let (status, body) = api.get_afresh(PATH).await?;
    if status != StatusCode::OK {
        return Err(LiveError::Status { url: body.url, status });
    }
    let answer: Result<Answer, _> = serde_json::from_slice(&body.bytes);
    let invalid = |cause: serde_json::Error| {
        let problem = format!("this is not what a server of pricebook answers: {cause}");
        LiveError::Invalid { url: body.url, problem }
    };
    answer.map(|answer| answer.data).map_err(invalid)
}
