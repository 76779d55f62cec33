//! Making what was checked: the payment service is asked, and what it says is stored, whether or not anybody still waits.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument, Span};

use super::payment_answer::Answer;
use crate::audit::Actor;
use crate::db;
use crate::http::{ApiError, App};
use crate::services::payment::{self, Attempt, Replay};
use crate::stripe::BoxFuture;

/// How long storing an answer is tried again: longer than a database takes to be started again.
const STORE_FOR: Duration = Duration::from_secs(60);
const FIRST_DELAY: Duration = Duration::from_millis(100);
const LONGEST_DELAY: Duration = Duration::from_secs(2);
const UNAVAILABLE: &str = "payment_service_unavailable";

/// An attempt that is ours to make something of.
pub(super) struct PaymentWork {
    pub(super) app: Arc<App>,
    pub(super) actor: Actor,
    pub(super) attempt: Attempt,
    pub(super) asking: Box<dyn Asking>,
}

/// Asks the payment service for what an attempt is to become.
pub(super) trait Asking: Send + Sync {
    /// Asked again for the same attempt, it makes nothing twice.
    fn ask<'a>(
        &'a self,
        app: &'a App,
        actor: &'a Actor,
        attempt: &'a Attempt,
    ) -> BoxFuture<'a, Result<Answer, Unanswered>>;
}

/// Why there is no answer that is final.
pub(super) enum Unanswered {
    /// The payment service did not answer; nobody knows what it did.
    Unavailable(String),
    /// Nothing was made, and it may be tried again.
    Refused(ApiError),
}

impl From<ApiError> for Unanswered {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

impl PaymentWork {
    /// Begins it, and waits for its answer until `answer_by`. It goes on after that, and when the caller hangs up; the end
    /// of the server waits for it.
    ///
    /// # Errors
    /// Where the gateway did not answer, or it is not known what became of the payment.
    pub(super) async fn answer(self, answer_by: Option<Instant>) -> Result<Replay, ApiError> {
        let (app, id) = (Arc::clone(&self.app), self.attempt.id.clone());
        let work = app.under_way.begin(self.make().instrument(Span::current()));
        let answered = match answer_by {
            Some(end) => timeout_at(end, work).await,
            None => Ok(work.await),
        };
        match answered {
            Ok(Ok(answer)) => answer,
            Ok(Err(cause)) => Err(unknown(&id, &cause)),
            Err(cause) => Err(unknown(&id, &cause)),
        }
    }

    async fn make(self) -> Result<Replay, ApiError> {
        let id = &self.attempt.id;
        let answer = match self.asking.ask(&self.app, &self.actor, &self.attempt).await {
            Ok(answer) => answer,
            Err(unanswered) => {
                let code = match &unanswered {
                    Unanswered::Unavailable(_) => UNAVAILABLE,
                    Unanswered::Refused(error) => error.code,
                };
                if let Err(error) = self.give_back(code).await {
                    tracing::warn!(attempt = id, %error, "the attempt is taken up only when its lease has ended");
                }
                return Err(match unanswered {
                    Unanswered::Unavailable(cause) => unavailable(format!("attempt {id}: {cause}")),
                    Unanswered::Refused(error) => error,
                });
            }
        };
        let kept = self.keep(&answer).await?;
        if kept != answer.replay {
            tracing::info!(attempt = id, object = answer.object_id(), "the attempt has an answer already");
        } else if let Some(object) = answer.object_id() {
            tracing::info!(attempt = id, object, amount = %self.attempt.money, "the payment service made what was asked for");
        }
        Ok(kept)
    }

    /// Stores an answer, again and again while the database does not take it.
    async fn keep(&self, answer: &Answer) -> Result<Replay, ApiError> {
        let (attempt, object) = (&self.attempt.id, answer.object_id());
        let (begun, mut delay) = (Instant::now(), FIRST_DELAY);
        loop {
            let error = match self.store(answer).await {
                Ok(kept) => return Ok(kept),
                Err(error) => error,
            };
            if begun.elapsed() >= STORE_FOR {
                tracing::error!(attempt, object, %error, "an answer of the payment service was not stored");
                return Err(unknown(attempt, &error));
            }
            tracing::warn!(attempt, object, %error, "an answer of the payment service is not stored yet");
            sleep(delay).await;
            delay = (delay * 2).min(LONGEST_DELAY);
        }
    }

    async fn store(&self, answer: &Answer) -> Result<Replay, db::Error> {
        let writes = &self.app.writes;
        let mut session = writes.session().await?;
        let stored =
            payment::answered(&mut session, &self.actor, &self.attempt, &answer.ending(), &answer.replay).await;
        stored.map_err(|cause| writes.failed("write", cause))
    }

    /// Lets the next request with the key take the attempt up at once.
    async fn give_back(&self, code: &str) -> Result<(), db::Error> {
        let writes = &self.app.writes;
        let mut session = writes.session().await?;
        let noted = payment::failed(&mut session, &self.attempt.id, code).await;
        noted.map_err(|cause| writes.failed("write", cause))
    }
}

/// The payment service did not answer. The cause is for the log.
pub(super) fn unavailable(cause: String) -> ApiError {
    let message = "The payment service does not answer; try again with the same idempotency key";
    let error = ApiError::new(StatusCode::BAD_GATEWAY, UNAVAILABLE, message);
    ApiError { retry_after_secs: Some(2), ..error.because(cause) }
}

/// Whether there is a payment, nobody knows yet; the same key finds out.
fn unknown(attempt: &str, cause: &dyn std::error::Error) -> ApiError {
    let message = "It is not known yet whether the payment was made; try again with the same idempotency key";
    let error = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "payment_outcome_unknown", message);
    ApiError { retry_after_secs: Some(2), ..error.because(format!("attempt {attempt}: {cause}")) }
}
