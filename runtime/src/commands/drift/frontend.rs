//! Which catalog the storefront was built with, as its page says: prices stand in its scripts, built together with it.

use std::time::Duration;

use url::Url;

use super::address;
use crate::Artifacts;
use crate::commands::Failure;
use crate::commands::target::Target;
use crate::outgoing;
use crate::services::drift::{Part, Place, of_page};

const TIMEOUT: Duration = Duration::from_secs(10);

pub(super) async fn look(artifacts: &Artifacts, target: &Target, given: Option<&Url>) -> Result<Part, Failure> {
    let url = address(artifacts, target, given, "--page")?;
    let at = url.as_str().trim_end_matches('/').to_owned();
    Ok(match fetch(&url).await {
        Ok(page) => of_page(&page, artifacts, &at),
        Err(error) => {
            let help = "see that the storefront is served there, or name its address with --page";
            Part::unknown(Place::Frontend, error, help).at(&at)
        }
    })
}

async fn fetch(url: &Url) -> Result<String, String> {
    let reason = |error: reqwest::Error| format!("the page cannot be reached: {}", outgoing::reason(&error));
    let client = outgoing::client(TIMEOUT).map_err(reason)?;
    let answer = client.get(url.clone()).send().await.map_err(reason)?;
    let status = answer.status();
    if !status.is_success() {
        return Err(format!("the page is answered with {status}"));
    }
    answer.text().await.map_err(reason)
}
