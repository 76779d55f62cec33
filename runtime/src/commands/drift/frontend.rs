//! Which catalog the storefront was built with, as its page says: prices stand in its scripts, built together with it.

use std::time::Duration;

use url::Url;

use super::address;
use crate::Artifacts;
use crate::commands::Failure;
use crate::commands::target::Target;
use crate::outgoing;
use crate::services::drift::{Part, Place};

const TIMEOUT: Duration = Duration::from_secs(10);
/// How the page says it: `<meta name="catalog-hash" content="…">`.
const NAME: &str = "name=\"catalog-hash\"";

pub(super) async fn look(artifacts: &Artifacts, target: &Target, given: Option<&Url>) -> Result<Part, Failure> {
    let url = address(artifacts, target, given, "--page")?;
    let at = url.as_str().trim_end_matches('/').to_owned();
    let unknown = |error: String, help: &str| Ok(Part::unknown(Place::Frontend, error, help).at(&at));
    let page = match fetch(&url).await {
        Ok(page) => page,
        Err(error) => {
            return unknown(error, "see that the storefront is served there, or name its address with --page");
        }
    };
    match hash(&page) {
        Some(hash) => {
            Ok(Part::found(Place::Frontend, &at, Vec::new()).of_catalog(Some(hash.to_owned()), artifacts.catalog_hash))
        }
        None => unknown(
            "the page does not say which catalog it was built with".to_owned(),
            "build the storefront anew and deploy it, or name its address with --page",
        ),
    }
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

/// The hash in the page's head.
fn hash(page: &str) -> Option<&str> {
    let tag = page.split('<').find(|tag| tag.starts_with("meta ") && tag.contains(NAME))?;
    let (_, rest) = tag.split_once("content=\"")?;
    let (hash, _) = rest.split_once('"')?;
    (!hash.is_empty()).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::hash;

    #[test]
    fn the_hash_is_read_from_the_head_and_nowhere_else() {
        assert_eq!(hash("<head><meta name=\"catalog-hash\" content=\"abc\"></head>"), Some("abc"));
        assert_eq!(hash("<meta content=\"abc\" name=\"catalog-hash\" />"), Some("abc"));
        for without in ["<p>name=\"catalog-hash\" content=\"abc\"</p>", "<meta name=\"x\" content=\"abc\">", ""] {
            assert_eq!(hash(without), None, "{without}");
        }
    }
}
