//! Asking a live API, whoever wrote it: with a time limit, a size limit and a few tries.

use std::time::Duration;

use reqwest::header::{CONNECTION, CONTENT_TYPE, HeaderName, LOCATION, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use tokio::sync::mpsc::UnboundedSender;
use url::Url;

use super::LiveError;
use crate::outgoing;

/// How long to wait and how much to read.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For one answer.
    pub timeout: Duration,
    /// Tries after the first, for what may pass by itself.
    pub retries: u32,
    /// Before the second try; each later one waits twice as long.
    pub first_delay: Duration,
    /// The longest that an API which is asked too often may have us wait.
    pub longest_wait: Duration,
    /// The longest answer.
    pub most_bytes: usize,
}

impl Patience {
    /// With this time limit and the usual others: a list of 10,000 products is some 10 MB.
    pub const fn of(timeout: Duration) -> Self {
        Self {
            timeout,
            retries: 2,
            first_delay: Duration::from_millis(500),
            longest_wait: Duration::from_secs(30),
            most_bytes: 32 * 1024 * 1024,
        }
    }
}

/// A live API.
#[derive(Clone, Debug)]
pub struct LiveApi {
    http: Client,
    base: Url,
    patience: Patience,
    /// Who hears of how long the API has us wait.
    waits: Option<UnboundedSender<Duration>>,
}

/// A body, and what it says that it is.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) url: String,
    pub(super) bytes: Vec<u8>,
    pub(super) media_type: Option<String>,
    /// How long to wait, where it says that.
    pub(super) retry_after: Option<Duration>,
}

impl LiveApi {
    /// The API at `base`, the address without `/services`.
    ///
    /// # Errors
    /// [`LiveError::Client`].
    pub fn new(base: Url, patience: Patience) -> Result<Self, LiveError> {
        let http = outgoing::client(patience.timeout).map_err(|cause| LiveError::Client(outgoing::reason(&cause)))?;
        Ok(Self { http, base, patience, waits: None })
    }

    /// The same, which tells of each time for which the API has us wait.
    pub fn telling(self, waits: UnboundedSender<Duration>) -> Self {
        Self { waits: Some(waits), ..self }
    }

    /// The address without a password that may be in it.
    pub fn shown(&self) -> String {
        let mut url = self.base.clone();
        let _ = (url.set_username(""), url.set_password(None));
        url.as_str().trim_end_matches('/').to_owned()
    }

    /// What is answered at a path below the address, read anew: `unix_secs` makes the address one that nobody has kept.
    /// What an API has kept may be old, and is never taken for it.
    pub(super) async fn get(&self, path: &str, unix_secs: i64) -> Result<Body, LiveError> {
        let url = format!("{}?bust={unix_secs}", self.url(path));
        let mut delay = self.patience.first_delay;
        for tries_left in (0..=self.patience.retries).rev() {
            let error = match self.once(self.http.get(&url), path).await {
                Ok((status, body)) if status == StatusCode::OK => return Ok(body),
                Ok((StatusCode::TOO_MANY_REQUESTS, body)) => {
                    LiveError::Limited { url: body.url, wait: body.retry_after }
                }
                Ok((status, body)) => LiveError::Status { url: body.url, status },
                Err(error) => error,
            };
            // Reading anew is what APIs limit first, and they say for how long.
            let wait = error.wait().unwrap_or(delay);
            if tries_left == 0 || !error.may_pass() || wait > self.patience.longest_wait {
                return Err(error);
            }
            tracing::debug!(error = %error, tries_left, "the live API is asked again");
            if let (Some(asked), Some(waits)) = (error.wait(), &self.waits) {
                // Who no longer listens need not know.
                let _ = waits.send(asked);
            }
            tokio::time::sleep(wait).await;
            delay *= 2;
        }
        unreachable!("the last try returns")
    }

    /// What is answered at a path, asked once and over a connection of its own.
    pub(super) async fn get_afresh(&self, path: &str) -> Result<(StatusCode, Body), LiveError> {
        self.once(self.http.get(self.url(path)).header(CONNECTION, "close"), path).await
    }

    /// Posts JSON, once: the caller knows whether it may be asked for again.
    pub(super) async fn post(&self, path: &str, json: String) -> Result<(StatusCode, Body), LiveError> {
        let request = self.http.post(self.url(path)).header(CONTENT_TYPE, "application/json").body(json);
        self.once(request, path).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }

    async fn once(&self, request: RequestBuilder, path: &str) -> Result<(StatusCode, Body), LiveError> {
        let url = format!("{}{path}", self.shown());
        let failed = |cause: reqwest::Error| match cause.is_timeout() {
            true => LiveError::TooSlow { url: url.clone(), secs: self.patience.timeout.as_secs() },
            false => LiveError::Unreachable { url: url.clone(), cause: outgoing::reason(&cause) },
        };
        let mut response = request.send().await.map_err(failed)?;
        let status = response.status();
        if status.is_redirection() {
            let to = header(&response, LOCATION).unwrap_or_else(|| "nowhere".to_owned());
            return Err(LiveError::Redirect { url, status: status.as_u16(), to });
        }
        let media_type = header(&response, CONTENT_TYPE);
        let retry_after =
            response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        let retry_after = retry_after.map(Duration::from_secs);
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if bytes.len() + chunk.len() > self.patience.most_bytes {
                return Err(LiveError::TooLong { url, most_bytes: self.patience.most_bytes });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok((status, Body { url, bytes, media_type, retry_after }))
    }
}

fn header(response: &Response, name: HeaderName) -> Option<String> {
    response.headers().get(name).and_then(|value| value.to_str().ok()).map(super::shown::text)
}
