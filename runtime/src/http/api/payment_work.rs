//! Making a payment that was checked: the gateway is asked, and what it says is stored, whether or not anybody still waits.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{Instrument, Span};

use super::payment_answer::{self, Answer, Reach};
use crate::audit::Actor;
use crate::db;
use crate::http::{ApiError, App};
use crate::services::payment::{self, Accepted, Attempt, Replay};
use crate::stripe::{GatewayError, PaymentGateway, PaymentOrder};

/// How long storing an answer is tried again: longer than a database takes to be started again.
const STORE_FOR: Duration = Duration::from_secs(60);
const FIRST_DELAY: Duration = Duration::from_millis(100);
const LONGEST_DELAY: Duration = Duration::from_secs(2);

/// A payment that is ours to make.
pub(super) struct PaymentWork {
    pub(super) app: Arc<App>,
    pub(super) gateway: Arc<dyn PaymentGateway>,
    pub(super) actor: Actor,
    pub(super) attempt: Attempt,
    pub(super) accepted: Accepted,
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
        let made = match self.gateway.create(&self.order()).await {
            Ok(payment) => Ok(payment),
            Err(GatewayError::Refused { code, message }) => Err((code, message)),
            Err(GatewayError::Unavailable(cause)) => {
                if let Err(error) = self.give_back().await {
                    tracing::warn!(attempt = id, %error, "the attempt is taken up only when its lease has ended");
                }
                let message = "The payment service does not answer; try again with the same idempotency key";
                let error = ApiError::new(StatusCode::BAD_GATEWAY, "payment_service_unavailable", message);
                let error = error.because(format!("attempt {id}: {cause}"));
                return Err(ApiError { retry_after_secs: Some(2), ..error });
            }
        };
        let settings = &self.app.settings;
        let (publishable_key, local) = (settings.stripe_publishable_key.as_deref(), settings.local_stripe());
        let local_stripe = local.as_deref().filter(|_| publishable_key.is_some());
        let reach = Reach { publishable_key, local_stripe };
        let answer = payment_answer::of(&self.attempt, &self.accepted, made, reach)?;
        let kept = self.keep(&answer).await?;
        if kept != answer.replay {
            tracing::info!(attempt = id, payment = answer.payment_id(), "the attempt has an answer already");
        } else if let Some(payment) = answer.payment_id() {
            tracing::info!(attempt = id, payment, amount = %self.attempt.money, "a payment was made");
        }
        Ok(kept)
    }

    /// Stores an answer, again and again while the database does not take it.
    async fn keep(&self, answer: &Answer) -> Result<Replay, ApiError> {
        let (attempt, payment) = (&self.attempt.id, answer.payment_id());
        let (begun, mut delay) = (Instant::now(), FIRST_DELAY);
        loop {
            let error = match self.store(answer).await {
                Ok(kept) => return Ok(kept),
                Err(error) => error,
            };
            if begun.elapsed() >= STORE_FOR {
                tracing::error!(attempt, payment, %error, "an answer of the payment service was not stored");
                return Err(unknown(attempt, &error));
            }
            tracing::warn!(attempt, payment, %error, "an answer of the payment service is not stored yet");
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
    async fn give_back(&self) -> Result<(), db::Error> {
        let writes = &self.app.writes;
        let mut session = writes.session().await?;
        let noted = payment::failed(&mut session, &self.attempt.id, "payment_service_unavailable").await;
        noted.map_err(|cause| writes.failed("write", cause))
    }

    fn order(&self) -> PaymentOrder {
        let attempt = &self.attempt;
        let reference = attempt.customer_reference.clone().map(|reference| ("customer_reference", reference));
        let metadata = [
            ("pricebook_attempt", attempt.id.clone()),
            ("pricebook_kind", attempt.kind.clone()),
            ("pricebook_product", attempt.product.clone()),
            ("pricebook_lookup_key", attempt.lookup_key.clone()),
        ];
        PaymentOrder {
            attempt_id: attempt.id.clone(),
            money: attempt.money,
            description: self.accepted.name.clone(),
            metadata: metadata.into_iter().chain(reference).collect(),
        }
    }
}

/// Whether there is a payment, nobody knows yet; the same key finds out.
fn unknown(attempt: &str, cause: &dyn std::error::Error) -> ApiError {
    let message = "It is not known yet whether the payment was made; try again with the same idempotency key";
    let error = ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "payment_outcome_unknown", message);
    ApiError { retry_after_secs: Some(2), ..error.because(format!("attempt {attempt}: {cause}")) }
}
