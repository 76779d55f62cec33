//! Who asks for a payment, and so whose idempotency keys are meant.
//!
//! Two shops may choose the same key, and neither may see the answer of the other, for it holds what confirms the payment.
//! An address cannot tell them apart, for a phone that tries again may do so from another one. So a key belongs to the user
//! whose program shows a token, whichever of their tokens it is; else to the origin that a browser names with each request of
//! a page; else to everybody who shows neither. An origin is the browser's word: it keeps honest pages apart, and against
//! those who make one up helps only that a key cannot be guessed.

use axum::http::{HeaderMap, header};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::audit::{Actor, Call};
use crate::http::request_id::RequestId;
use crate::http::{ApiError, App, auth};

/// Who asks for a payment.
pub(super) struct PaymentCaller {
    /// For the audit log.
    pub(super) actor: Actor,
    /// Whose token was shown.
    pub(super) user_id: Option<String>,
    /// The page's origin, where there is no token.
    origin: Option<String>,
}

impl PaymentCaller {
    /// # Errors
    /// Where a token was sent that is not taken.
    pub(super) async fn of(app: &App, request_id: Option<&RequestId>, headers: &HeaderMap) -> Result<Self, ApiError> {
        let call = auth::call(app, request_id, headers);
        Ok(match auth::caller(app, headers, &call, "POST /create-payment").await? {
            Some(caller) => Self { actor: caller.actor, user_id: Some(caller.identity.user_id), origin: None },
            None => {
                let origin = headers.get(header::ORIGIN).map(|origin| String::from_utf8_lossy(origin.as_bytes()));
                // Where customers are is nobody's business: the request's id leads to what the log says of it.
                let actor = Actor::of_server(Call { address: None, ..call });
                Self { actor, user_id: None, origin: origin.map(|origin| origin.into_owned()) }
            }
        })
    }

    /// A key as it is stored: with whose it is, hashed, so that the table does not tell what would show an answer.
    pub(super) fn own_key(&self, key: &str) -> String {
        let meaning = match (&self.user_id, &self.origin) {
            (Some(user), _) => json!(["user", user, key]),
            (None, Some(origin)) => json!(["origin", origin, key]),
            (None, None) => json!(["anyone", key]),
        };
        Sha256::digest(meaning.to_string()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}
