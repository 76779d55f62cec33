//! A thin client of Stripe's API: forms out, JSON in, retries under one idempotency key.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::SecretKey;
use crate::outgoing;

/// The version whose shapes we read, unless another one is asked for.
const VERSION: &str = "2024-06-20";
const TIMEOUT: Duration = Duration::from_secs(20);
/// Tries after the first.
const RETRIES: u32 = 2;
const FIRST_DELAY: Duration = Duration::from_millis(250);
/// Whoever waits for a payment does not wait longer, whatever Stripe asks for.
const LONGEST_DELAY: Duration = Duration::from_secs(3);

/// A client for one account.
#[derive(Clone, Debug)]
pub struct StripeClient {
    http: Client,
    base: Url,
    key: SecretKey,
    version: &'static str,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum StripeError {
    /// Stripe said no.
    #[error("Stripe answered {status}: {} {}", error.kind, error.message)]
    Refused {
        /// The status of the answer.
        status: StatusCode,
        /// What it says.
        error: ErrorObject,
    },
    /// Stripe said something that is no answer.
    #[error("Stripe answered {0}, and nothing that can be read")]
    Unreadable(StatusCode),
    /// Stripe was not reached.
    #[error("Stripe cannot be reached: {0}")]
    Unreachable(reqwest::Error),
}

/// Stripe's error object.
#[derive(Debug, Default, Deserialize)]
pub struct ErrorObject {
    /// `card_error`, `invalid_request_error` …
    #[serde(rename = "type", default)]
    pub kind: String,
    /// `amount_too_small` …
    #[serde(default)]
    pub code: Option<String>,
    /// For people.
    #[serde(default)]
    pub message: String,
    /// What it is about, as the request named it.
    #[serde(default)]
    pub param: Option<String>,
}

impl ErrorObject {
    /// Whether an object that a parameter names is not there, or no more.
    pub(super) fn is_of_missing(&self, param: &str) -> bool {
        self.code.as_deref() == Some("resource_missing") && self.param.as_deref() == Some(param)
    }
}

#[derive(Deserialize)]
struct ErrorBody {
    error: ErrorObject,
}

impl StripeClient {
    /// A client of the API at `base`, which is `https://api.stripe.com` or what stands in for it.
    ///
    /// # Errors
    /// Where the system's certificates cannot be read.
    pub fn new(base: Url, key: SecretKey) -> Result<Self, reqwest::Error> {
        Ok(Self { http: outgoing::client(TIMEOUT)?, base, key, version: VERSION })
    }

    /// The same, for the shapes of another version.
    pub(super) fn speaking(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    /// Whether what it does moves real money.
    pub fn is_live(&self) -> bool {
        self.key.is_live()
    }

    /// Posts a form, again where Stripe does not answer: under the same key it does the same thing once.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &[(String, String)],
        idempotency_key: &str,
    ) -> Result<T, StripeError> {
        let mut delay = FIRST_DELAY;
        for tries_left in (0..=RETRIES).rev() {
            let (error, wait) = match self.post_once(path, form, idempotency_key).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if tries_left == 0 || !error.may_pass() {
                return Err(error);
            }
            tracing::warn!(error = %error, tries_left, "Stripe is asked again");
            tokio::time::sleep(wait.unwrap_or(delay).min(LONGEST_DELAY)).await;
            delay *= 2;
        }
        unreachable!("the last try returns")
    }

    /// Reads an object, once.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, StripeError> {
        self.get_once(path).await.map_err(|(error, _)| error)
    }

    /// Reads an object; with the error, how long Stripe asks us to wait.
    pub(super) async fn get_once<T: DeserializeOwned>(&self, path: &str) -> Result<T, (StripeError, Option<Duration>)> {
        self.once(self.http.get(self.url(path))).await
    }

    /// Deletes an object; with the error, how long Stripe asks us to wait.
    pub(super) async fn delete_once<T: DeserializeOwned>(
        &self,
        path: &str,
        idempotency_key: &str,
    ) -> Result<T, (StripeError, Option<Duration>)> {
        self.once(self.http.delete(self.url(path)).header("Idempotency-Key", idempotency_key)).await
    }

    /// Posts a form; with the error, how long Stripe asks us to wait.
    pub(super) async fn post_once<T: DeserializeOwned>(
        &self,
        path: &str,
        form: &[(String, String)],
        idempotency_key: &str,
    ) -> Result<T, (StripeError, Option<Duration>)> {
        self.once(self.http.post(self.url(path)).header("Idempotency-Key", idempotency_key).form(form)).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }

    /// With the error, how long Stripe asks us to wait.
    async fn once<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, (StripeError, Option<Duration>)> {
        let unreachable = |cause: reqwest::Error| (StripeError::Unreachable(cause.without_url()), None);
        let request = request.bearer_auth(self.key.secret()).header("Stripe-Version", self.version);
        let response = request.send().await.map_err(unreachable)?;
        let (status, wait) = (response.status(), retry_after(response.headers()));
        let body = response.bytes().await.map_err(unreachable)?;
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|_| (StripeError::Unreadable(status), wait));
        }
        let error = match serde_json::from_slice::<ErrorBody>(&body) {
            Ok(body) => StripeError::Refused { status, error: body.error },
            Err(_) => StripeError::Unreadable(status),
        };
        Err((error, wait))
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.parse().ok().map(Duration::from_secs)
}

impl StripeError {
    /// Whether Stripe keeps this answer for its idempotency key, so that another try under it gets the same one:
    /// <https://docs.stripe.com/api/idempotent_requests>.
    pub(super) fn is_kept(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Whether it may be gone at the next try: <https://docs.stripe.com/error-low-level>.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Unreadable(status) | Self::Refused { status, .. } => {
                status.is_server_error() || matches!(*status, StatusCode::TOO_MANY_REQUESTS | StatusCode::CONFLICT)
            }
        }
    }
}
