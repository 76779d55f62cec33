//! Who asks for a payment, and so whose idempotency keys are meant.
//!
//! Two shops may choose the same key, and neither may see the answer of the other, for it holds what confirms the payment.
//! A key belongs to the user whose program shows a token, whichever of their tokens it is; else to the origin that a browser
//! names with each request of a page, for a phone that tries again may do so from another address; else, for a program that shows
//! neither, to the network that it calls from. One that has moved meanwhile is given another payment, which costs nothing until
//! somebody confirms it. An origin is the browser's word: it keeps honest pages apart, and against those who make one up helps
//! only that a key cannot be guessed; so it is among those who share an address.

use std::net::IpAddr;

use axum::http::{HeaderMap, header};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::audit::{Actor, Call};
use crate::http::auth::Caller;
use crate::http::request_id::RequestId;
use crate::http::{ApiError, App, auth};

/// Who asks for a payment.
pub(super) struct PaymentCaller {
    /// For the audit log.
    pub(super) actor: Actor,
    /// Whose token was shown.
    pub(super) user_id: Option<String>,
    key_owner: KeyOwner,
}

/// Whose idempotency keys are meant.
enum KeyOwner {
    User(String),
    Origin(String),
    Network(IpAddr),
}

impl PaymentCaller {
    /// Of `POST /create-payment`, where a browser's session says nothing.
    ///
    /// # Errors
    /// Where a token was sent that is not taken.
    pub(super) async fn of(app: &App, request_id: Option<&RequestId>, headers: &HeaderMap) -> Result<Self, ApiError> {
        let call = auth::call(app, request_id, headers);
        let caller = auth::caller(app, headers, &call, "POST /create-payment").await?;
        Ok(Self::known_as(app, call, headers, caller))
    }

    /// Whoever was found out to call.
    pub(super) fn known_as(app: &App, call: Call, headers: &HeaderMap, caller: Option<Caller>) -> Self {
        match caller {
            Some(Caller { identity, actor }) => {
                let user_id = identity.user_id;
                Self { actor, user_id: Some(user_id.clone()), key_owner: KeyOwner::User(user_id) }
            }
            None => {
                let key_owner = match headers.get(header::ORIGIN) {
                    Some(origin) => KeyOwner::Origin(String::from_utf8_lossy(origin.as_bytes()).into_owned()),
                    None => KeyOwner::Network(app.limits.network(headers)),
                };
                // Where customers are is nobody's business: the request's id leads to what the log says of it.
                let actor = Actor::of_server(Call { address: None, ..call });
                Self { actor, user_id: None, key_owner }
            }
        }
    }

    /// A key as it is stored: with whose it is, hashed, so that the table does not tell what would show an answer.
    pub(super) fn own_key(&self, key: &str) -> String {
        let meaning = match &self.key_owner {
            KeyOwner::User(user) => json!(["user", user, key]),
            KeyOwner::Origin(origin) => json!(["origin", origin, key]),
            KeyOwner::Network(address) => json!(["network", address, key]),
        };
        Sha256::digest(meaning.to_string()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
