//! `POST /api/checkout`: checks what somebody wants to buy, then has the payment service make the page on which it is paid.

mod answer;
mod asking;
mod request;

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use pricebook_types::Money;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::time::Instant;
use uuid::Uuid;

use super::payment_caller::PaymentCaller;
use super::payments::{counted, idempotency_key, make, not_configured, of_claim};
use crate::auth::{Role, Scope};
use crate::http::auth::Caller;
use crate::http::body::{AnswerBy, Json};
use crate::http::request_id::RequestId;
use crate::http::{ApiError, App, auth};
use crate::services::checkout::{self, Accepted, Catalog, CheckError, CheckoutRefusal, Wanted, WantedDiscount};
use crate::services::payment::{self, Attempt, Purpose, Refusal};
use asking::AskCheckout;
use request::CreateCheckout;

const ROUTE: &str = "POST /api/checkout";

/// Asks for a page on which the customer pays.
#[utoipa::path(post, path = "/api/checkout", tag = "anyone", operation_id = "create_checkout",
    summary = "Asks for a page on which a customer pays",
    description = "Every line is checked against the prices in the database, in the reviewed catalog and at the payment service. Of \
        whoever shows a token, or is signed in with a browser, the page is their own; other customers say there who they are.",
    params(("Idempotency-Key" = Option<String>, Header, max_length = 255, pattern = "^[!-~]+$",
        description = "As at `POST /create-payment`, whose keys it shares: the same key with the same request is answered alike and makes \
            no second page.")),
    security((), ("token" = [])),
    request_body = CreateCheckout,
    responses((status = 201, description = "The customer can pay at the address", body = answer::Created),
        (status = 400, description = "The body is no JSON, or the Idempotency-Key is no key", body = crate::http::error::Body),
        (status = 401, description = "A token was sent, and it is not taken", body = crate::http::error::Body),
        (status = 402, description = "The payment service refused", body = crate::http::error::Body),
        (status = 403, description = "The token permits too little, a page of another site sent this, or a coupon was named by a customer",
            body = crate::http::error::Body),
        (status = 404, description = "A price is not sold", body = crate::http::error::Body),
        (status = 409, description = "The key is in use, or the database or the payment service has another price than was reviewed",
            body = crate::http::error::Body),
        (status = 413, description = "The body is too large", body = crate::http::error::Body),
        (status = 415, description = "The body is not declared as JSON", body = crate::http::error::Body),
        (status = 422, description = "Nothing that can be sold together", body = crate::http::error::Body),
        (status = 429, description = "Too many requests", body = crate::http::error::Body),
        (status = 502, description = "The payment service does not answer", body = crate::http::error::Body),
        (status = 503, description = "Payments are not configured, the database does not answer, or it is not known yet what became \
            of it", body = crate::http::error::Body)))]
pub(in crate::http) async fn create(
    State(app): State<Arc<App>>,
    request_id: Option<Extension<RequestId>>,
    answer_by: Option<Extension<AnswerBy>>,
    headers: HeaderMap,
    body: Result<Json<CreateCheckout>, ApiError>,
) -> Response {
    let answer_by = answer_by.map(|Extension(AnswerBy(end))| end);
    let answering = answer(&app, request_id.as_deref(), answer_by, &headers, body);
    counted(&app, &headers, "checkout_created", answering).await
}

async fn answer(
    app: &Arc<App>,
    request_id: Option<&RequestId>,
    answer_by: Option<Instant>,
    headers: &HeaderMap,
    body: Result<Json<CreateCheckout>, ApiError>,
) -> Result<Response, ApiError> {
    let key = idempotency_key(headers)?;
    let call = auth::call(app, request_id, headers);
    let known = auth::buyer(app, headers, &call, ROUTE).await?;
    let Json(request) = body?;
    let (wanted, customer_reference) = request.read()?;
    may_discount(known.as_ref(), &wanted)?;
    let caller = PaymentCaller::known_as(app, call, headers, known);
    let key = key.map(|key| caller.own_key(&key));
    let request_hash = hash(&wanted, customer_reference.as_deref());
    let mut session = app.reads.session().await?;
    if let Some(key) = &key
        && let Some(claim) = payment::look_up(&mut session, key, &request_hash).await?
    {
        return of_claim(claim);
    }
    let desired = app.desired.as_ref().ok_or_else(|| not_ready("the catalog says nothing of Stripe"))?;
    let catalog = Catalog { kinds: app.artifacts.kinds, validation: &app.validation, desired };
    let accepted = checkout::check(&mut session, catalog, &wanted, &(app.today)()).await.map_err(refused)?;
    let gateway = app.gateway.clone().filter(|gateway| gateway.selling().is_some()).ok_or_else(not_configured)?;
    let returns =
        app.checkout_returns().ok_or_else(|| not_ready("it has no pages, and checkout_return_url is not set"))?;
    let id = Uuid::now_v7().to_string();
    let first = accepted.lines.first().ok_or_else(ApiError::internal)?;
    let attempt = Attempt {
        idempotency_key: key.unwrap_or_else(|| id.clone()),
        id,
        request_hash,
        kind: first.kind.clone(),
        product: first.product.clone(),
        lookup_key: first.lookup_key.clone(),
        money: Money::new(accepted.total_minor, accepted.currency),
        customer_reference,
        user_id: caller.user_id,
        purpose: Purpose::Checkout { order: told(&accepted) },
    };
    drop(session);
    make(app, attempt, caller.actor, Box::new(AskCheckout { gateway, accepted, returns }), answer_by).await
}

/// A refusal of the check as an answer; what is wrong on our side is told to the log, too.
fn refused(error: CheckError) -> ApiError {
    match error {
        CheckError::Database(cause) => cause.into(),
        CheckError::Refused(refusal) => {
            match &refusal {
                CheckoutRefusal::NotInStripe { price } => {
                    tracing::warn!(
                        price,
                        "a checkout is put off: Stripe does not have the reviewed price; run `pricebook stripe sync`"
                    );
                }
                CheckoutRefusal::Product { price, refusal: Refusal::OutOfSync { .. } } => {
                    tracing::warn!(price, "a checkout is put off: the database has another price than this program");
                }
                _ => {}
            }
            refusal.into()
        }
    }
}

/// A coupon can be had by whoever knows its id, and ids are no secrets: customers type promotion codes.
fn may_discount(caller: Option<&Caller>, wanted: &Wanted) -> Result<(), ApiError> {
    let is_staff = |caller: &Caller| caller.identity.administers(&[Role::Admin, Role::Operator], Scope::AdminWrite);
    match &wanted.discount {
        Some(WantedDiscount::Coupon(_)) if !caller.is_some_and(is_staff) => {
            let message = "Coupons are given by the company's own people; a customer's is a promotionCode";
            Err(ApiError::new(StatusCode::FORBIDDEN, "insufficient_scope", message))
        }
        _ => Ok(()),
    }
}

fn not_ready(lacks: &str) -> ApiError {
    let message = format!("This server does not sell by Checkout: {lacks}");
    ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "checkout_not_configured", message)
}

/// For the audit log.
fn told(accepted: &Accepted) -> Value {
    let lines = accepted.lines.iter().map(|line| json!({ "price": line.lookup_key, "quantity": line.quantity }));
    let discount = accepted.discount.as_ref().map(|discount| match discount {
        WantedDiscount::Coupon(id) => json!({ "coupon": id }),
        WantedDiscount::PromotionCode(code) => json!({ "promotion_code": code }),
    });
    json!({ "lines": lines.collect::<Vec<_>>(), "trial_days": accepted.trial_days, "discount": discount })
}

/// The same for the same request, however it is written.
fn hash(wanted: &Wanted, customer_reference: Option<&str>) -> String {
    let lines: Vec<_> = wanted.lines.iter().map(|line| json!([line.lookup_key, line.quantity])).collect();
    let discount = wanted.discount.as_ref().map(|discount| match discount {
        WantedDiscount::Coupon(id) => json!(["coupon", id]),
        WantedDiscount::PromotionCode(code) => json!(["code", code.to_ascii_uppercase()]),
    });
    let currency = wanted.currency.map(pricebook_types::Currency::code);
    let meaning = json!(["checkout", lines, currency, wanted.trial_days, discount, customer_reference]);
    Sha256::digest(meaning.to_string()).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl From<CheckoutRefusal> for ApiError {
    fn from(refusal: CheckoutRefusal) -> Self {
        let status = match &refusal {
            CheckoutRefusal::UnknownPrice { .. } | CheckoutRefusal::NotSold { .. } => StatusCode::NOT_FOUND,
            CheckoutRefusal::Product { refusal, .. } => Self::from(refusal.clone()).status,
            CheckoutRefusal::NotInStripe { .. } => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self { details: refusal.details(), ..Self::new(status, refusal.code(), refusal.to_string()) }
    }
}
