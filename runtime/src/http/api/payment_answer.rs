//! How a payment that was asked for is answered, and what of it is stored to be repeated.

use axum::http::StatusCode;
use pricebook_types::Currency;
use pricebook_types::validation::Number;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::audit::Actor;
use crate::db::Session;
use crate::http::ApiError;
use crate::services::major_units;
use crate::services::payment::{self, Accepted, Attempt, Ending, Replay};
use crate::stripe::{GatewayError, Payment};

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
}

/// Stores how the gateway answered, and gives the answer for the caller.
///
/// # Errors
/// Where the gateway did not answer, so that the same key may be tried again, or the database does not.
pub(super) async fn store(
    session: &mut Session,
    actor: &Actor,
    attempt: &Attempt,
    accepted: &Accepted,
    made: Result<Payment, GatewayError>,
) -> Result<Replay, ApiError> {
    match made {
        Ok(payment) => {
            let body = serde_json::to_value(created(attempt, accepted, &payment)).map_err(|_| ApiError::internal())?;
            let replay = Replay { status: StatusCode::CREATED.as_u16(), body };
            let ending = Ending {
                created: true,
                stripe_account: payment.account.as_deref(),
                stripe_object_id: Some(&payment.id),
                error_code: None,
            };
            payment::answered(session, actor, attempt, &ending, &replay).await?;
            tracing::info!(attempt = attempt.id, payment = payment.id, amount = %attempt.money, "a payment was made");
            Ok(replay)
        }
        Err(GatewayError::Refused { code, message }) => {
            let error = ApiError::new(StatusCode::PAYMENT_REQUIRED, "payment_refused", message);
            let error = ApiError { details: Some(serde_json::json!({ "code": code })), ..error };
            let body: Value = serde_json::from_slice(&error.body()).map_err(|_| ApiError::internal())?;
            let replay = Replay { status: error.status.as_u16(), body };
            let ending =
                Ending { created: false, stripe_account: None, stripe_object_id: None, error_code: Some(&code) };
            payment::answered(session, actor, attempt, &ending, &replay).await?;
            Err(error)
        }
        Err(GatewayError::Unavailable(cause)) => {
            payment::failed(session, &attempt.id, "payment_service_unavailable").await?;
            let message = "The payment service does not answer; try again with the same idempotency key";
            let error = ApiError::new(StatusCode::BAD_GATEWAY, "payment_service_unavailable", message);
            Err(ApiError { retry_after_secs: Some(2), ..error.because(format!("attempt {}: {cause}", attempt.id)) })
        }
    }
}

fn created<'a>(attempt: &'a Attempt, accepted: &Accepted, payment: &'a Payment) -> Created<'a> {
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
    };
    Created { success: true, payment: content }
}
