//! Calling others over HTTP: the one place where a client is made, and the words for why there is no answer.

use std::error::Error;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A client that gives a call up after `timeout` and goes nowhere else than where it was sent.
///
/// # Errors
/// Where the system's certificates cannot be read.
pub(crate) fn client(timeout: Duration) -> Result<Client, reqwest::Error> {
    // Somebody else in the process may have chosen one, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .connect_timeout(CONNECT_TIMEOUT.min(timeout))
        .timeout(timeout)
        .redirect(Policy::none())
        .user_agent(concat!("pricebook/", env!("CARGO_PKG_VERSION")))
        .build()
}

/// Why there is no answer: what lies at the bottom of the error, which names neither address nor secret.
pub(crate) fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    let at_the_bottom = cause.to_string();
    match error.source() {
        Some(_) => at_the_bottom,
        None => "the connection broke off".to_owned(),
    }
}
