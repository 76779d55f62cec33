//! Asking the gateway for a payment.

use std::sync::Arc;

use super::payment_answer::{self, Answer, Reach};
use super::payment_work::{Asking, Unanswered};
use crate::audit::Actor;
use crate::http::App;
use crate::services::payment::{Accepted, Attempt};
use crate::stripe::{BoxFuture, GatewayError, PaymentGateway, PaymentOrder};

/// A payment that was checked.
pub(super) struct AskPayment {
    pub(super) gateway: Arc<dyn PaymentGateway>,
    pub(super) accepted: Accepted,
}

impl Asking for AskPayment {
    fn ask<'a>(
        &'a self,
        app: &'a App,
        _: &'a Actor,
        attempt: &'a Attempt,
    ) -> BoxFuture<'a, Result<Answer, Unanswered>> {
        Box::pin(async move {
            let made = match self.gateway.create(&self.order(attempt)).await {
                Ok(payment) => Ok(payment),
                Err(GatewayError::Refused { code, message }) => Err((code, message)),
                Err(GatewayError::Unavailable(cause)) => return Err(Unanswered::Unavailable(cause)),
            };
            let settings = &app.settings;
            let (publishable_key, local) = (settings.stripe_publishable_key.as_deref(), settings.local_stripe());
            let local_stripe = local.as_deref().filter(|_| publishable_key.is_some());
            let reach = Reach { publishable_key, local_stripe };
            Ok(payment_answer::of(attempt, &self.accepted, made, reach)?)
        })
    }
}

impl AskPayment {
    fn order(&self, attempt: &Attempt) -> PaymentOrder {
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
