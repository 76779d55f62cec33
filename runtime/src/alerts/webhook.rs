//! Letters to a program: JSON by POST, signed where a secret is set.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use serde_json::json;
use sha2::Sha256;

use super::Letter;
use crate::config::WebhookSettings;
use crate::{clock, outgoing};

const TIMEOUT: Duration = Duration::from_secs(30);

/// Where a program waits.
#[derive(Clone, Debug)]
pub struct Webhook {
    http: Client,
    settings: WebhookSettings,
}

impl Webhook {
    pub(super) const CHANNEL: &str = "webhook";

    /// # Errors
    /// Where no client can be made.
    pub fn new(settings: WebhookSettings) -> Result<Self, reqwest::Error> {
        Ok(Self { http: outgoing::client(TIMEOUT)?, settings })
    }

    /// Posts a letter; any 2xx is taken for its arrival. `id` stays the same for the same letter, which may come twice.
    ///
    /// # Errors
    /// What happened, without the address, which may hold a secret.
    pub async fn send(&self, id: &str, letter: &Letter) -> Result<(), String> {
        let body = json!({
            "id": id,
            "event": letter.event,
            "at": letter.at,
            "incident": { "id": letter.incident, "subject": letter.subject },
            "title": letter.title,
            "text": letter.text,
            "details": letter.details,
        });
        let body = body.to_string();
        let mut request = self.http.post(self.settings.url.reveal()).header(CONTENT_TYPE, "application/json");
        if let Some(secret) = &self.settings.secret {
            let signature = sign(secret.reveal(), clock::now().timestamp(), &body);
            request = request.header("Pricebook-Signature", signature);
        }
        let request = request.header("Idempotency-Key", id).body(body);
        let response = request.send().await.map_err(|cause| outgoing::reason(&cause))?;
        let status = response.status();
        if status.is_success() { Ok(()) } else { Err(format!("the webhook answered {status}")) }
    }

    /// Whether anybody answers at the address; nothing is told there.
    ///
    /// # Errors
    /// Why nobody does.
    pub async fn reach(&self) -> Result<(), String> {
        let answer = self.http.head(self.settings.url.reveal()).send().await;
        answer.map(drop).map_err(|cause| outgoing::reason(&cause))
    }
}

/// `t=1800000000,v1=…`: HMAC-SHA256 in hexadecimal over time, a full stop and the body, as Stripe signs its webhooks.
pub fn sign(secret: &str, unix_secs: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length");
    mac.update(format!("{unix_secs}.{body}").as_bytes());
    let digest: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("t={unix_secs},v1={digest}")
}
