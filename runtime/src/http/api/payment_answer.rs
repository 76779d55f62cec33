//! How a payment that was asked for is answered, and what of it is stored to be repeated.

use axum::http::StatusCode;
use pricebook_types::Currency;
use pricebook_types::validation::Number;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::http::ApiError;
use crate::services::major_units;
use crate::services::payment::{Accepted, Attempt, Ending, Replay};
use crate::stripe::Payment;

/// A payment that the customer can now confirm.
#[derive(Serialize, ToSchema)]
#[schema(as = PaymentCreated)]
pub(in crate::http) struct Created<'a> {
    /// Always true.
    success: bool,
    payment: Content<'a>,
}

/// The payment.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Payment)]
struct Content<'a> {
    /// Our id of the attempt.
    id: &'a str,
    /// Always `created`: the customer has not confirmed it yet.
    #[schema(example = "created")]
    status: &'static str,
    /// The kind of what is paid for.
    kind: &'a str,
    /// What is paid for.
    service: &'a str,
    /// The price's id everywhere.
    lookup_key: &'a str,
    /// In major units of `currency`.
    #[schema(schema_with = crate::http::openapi::amount)]
    amount: Number<'static>,
    /// In minor units of `currency`.
    amount_minor: i64,
    /// The whole price in minor units, of which the amount may be a part.
    price_minor: i64,
    /// ISO 4217 in lower case.
    #[schema(value_type = String, example = "usd")]
    currency: Currency,
    /// What the caller calls the customer or the order.
    customer_reference: Option<&'a str>,
    /// Stripe's id: `pi_…`
    payment_intent_id: &'a str,
    /// What the customer's page confirms the payment with.
    client_secret: &'a str,
    /// What that page shows Stripe; null where the server has no such key, so that no page can confirm it.
    publishable_key: Option<&'a str>,
    /// Where a local Stripe stands in for Stripe's own; null for that.
    local_stripe: Option<&'a str>,
}

/// By what the customer's page reaches Stripe.
#[derive(Clone, Copy)]
pub(super) struct Reach<'a> {
    pub(super) publishable_key: Option<&'a str>,
    pub(super) local_stripe: Option<&'a str>,
}

/// What is answered, and how the attempt ended.
pub(super) struct Answer {
    pub(super) replay: Replay,
    end: End,
}

enum End {
    Made {
        account: Option<String>,
        /// `pi_…` or `cs_…`
        object_id: String,
    },
    /// With the gateway's code.
    Refused(String),
}

/// The answer for a payment that was made, or that the gateway refused with a code and a message.
///
/// # Errors
/// Where it cannot be written as JSON.
pub(super) fn of(
    attempt: &Attempt,
    accepted: &Accepted,
    made: Result<Payment, (String, String)>,
    reach: Reach<'_>,
) -> Result<Answer, ApiError> {
    match made {
        Ok(payment) => {
            let body = created(attempt, accepted, &payment, reach);
            Answer::made(&body, payment.account.clone(), payment.id.clone())
        }
        Err((code, message)) => Answer::refused(code, message),
    }
}

impl Answer {
    /// Something was made, which the answer tells.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub(super) fn made(body: &impl Serialize, account: Option<String>, object_id: String) -> Result<Self, ApiError> {
        let body = serde_json::to_value(body).map_err(|_| ApiError::internal())?;
        let replay = Replay { status: StatusCode::CREATED.as_u16(), body };
        Ok(Self { replay, end: End::Made { account, object_id } })
    }

    /// The payment service refused, with a code and a message.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub(super) fn refused(code: String, message: String) -> Result<Self, ApiError> {
        let error = ApiError::new(StatusCode::PAYMENT_REQUIRED, "payment_refused", message);
        let error = ApiError { details: Some(json!({ "code": code })), ..error };
        let body = serde_json::from_slice(&error.body()).map_err(|_| ApiError::internal())?;
        Ok(Self { replay: Replay { status: error.status.as_u16(), body }, end: End::Refused(code) })
    }

    /// `pi_…` or `cs_…`, where something was made.
    pub(super) fn object_id(&self) -> Option<&str> {
        self.ending().stripe_object_id
    }

    pub(super) fn ending(&self) -> Ending<'_> {
        match &self.end {
            End::Made { account, object_id } => Ending {
                created: true,
                stripe_account: account.as_deref(),
                stripe_object_id: Some(object_id),
                error_code: None,
            },
            End::Refused(code) => {
                Ending { created: false, stripe_account: None, stripe_object_id: None, error_code: Some(code) }
            }
        }
    }
}

fn created<'a>(attempt: &'a Attempt, accepted: &Accepted, payment: &'a Payment, reach: Reach<'a>) -> Created<'a> {
    let money = attempt.money;
    let content = Content {
        id: &attempt.id,
        status: "created",
        kind: &attempt.kind,
        service: &attempt.product,
        lookup_key: &attempt.lookup_key,
        amount: major_units(money),
        amount_minor: money.minor(),
        price_minor: accepted.price.minor(),
        currency: money.currency(),
        customer_reference: attempt.customer_reference.as_deref(),
        payment_intent_id: &payment.id,
        client_secret: &payment.client_secret,
        publishable_key: reach.publishable_key,
        local_stripe: reach.local_stripe,
    };
    Created { success: true, payment: content }
}
