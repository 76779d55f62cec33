//! `POST /create-payment`: checks what is asked for, then lets the gateway make the payment, once for each idempotency key.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use pricebook_types::{Currency, Kind};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::time::Instant;
use utoipa::ToSchema;
use uuid::Uuid;

use super::payment_answer;
use super::payment_asking::AskPayment;
use super::payment_caller::PaymentCaller;
use super::payment_work::{Asking, PaymentWork};
use crate::audit::Actor;
use crate::http::body::{AnswerBy, Json};
use crate::http::limits::Counted;
use crate::http::metrics::PaymentResult;
use crate::http::request_id::RequestId;
use crate::http::{ApiError, App};
use crate::services::payment::{self, Attempt, CheckError, Claim, Order, Purpose, Refusal, Replay};

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const IDEMPOTENT_REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// An attempt is another's for as long as a request may take, and this: databases count whole seconds.
const LEASE_MARGIN: Duration = Duration::from_secs(5);
/// What fits the database's columns.
const LONGEST_TEXT: usize = 255;
/// In major units. Stripe takes at most eight digits of minor units, and 64 bits hold more in every currency.
const HIGHEST_AMOUNT: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// A payment to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(in crate::http) struct CreatePayment {
    /// The id of what is paid for.
    #[schema(value_type = String, min_length = 1, max_length = 255, example = "annual-report")]
    service: Box<RawValue>,
    /// The kind of what is paid for; the catalog's first kind where it is absent.
    #[schema(value_type = Option<String>, example = "service")]
    kind: Option<Box<RawValue>>,
    /// Which of its prices, by key; the first where it is absent.
    #[schema(value_type = Option<String>, example = "one_time")]
    price: Option<Box<RawValue>>,
    /// In major units: 299, 29.5, or as a text "29.50". At least the deposit, at most the price.
    #[schema(schema_with = crate::http::openapi::amount)]
    amount: Box<RawValue>,
    /// ISO 4217.
    #[schema(value_type = String, min_length = 3, max_length = 3, pattern = "^[A-Za-z]{3}$", example = "usd")]
    currency: Box<RawValue>,
    /// What the caller calls the customer or the order.
    #[schema(value_type = Option<String>, max_length = 255, example = "order-1042")]
    customer_reference: Option<Box<RawValue>>,
}

/// Asks for a payment.
#[utoipa::path(post, path = "/create-payment", tag = "anyone", summary = "Asks for a payment",
    description = "The amount is checked against the prices in the database and in the reviewed catalog.",
    params(("Idempotency-Key" = Option<String>, Header, max_length = 255, pattern = "^[!-~]+$",
        description = "The same key with the same request is answered alike and makes no second payment; with another request it is \
            a conflict. Keys of other users' tokens, and of pages of other origins, are other keys. Whoever sends neither a token nor \
            an origin shares one name space with all who do so, and whoever knows a key and its request sees its answer: make it \
            random, such as a UUID.")),
    security((), ("token" = [])),
    request_body = CreatePayment,
    responses((status = 201, description = "The customer can confirm the payment", body = payment_answer::Created),
        (status = 400, description = "The body is no JSON, or the Idempotency-Key is no key", body = crate::http::error::Body),
        (status = 401, description = "A token was sent, and it is not taken", body = crate::http::error::Body),
        (status = 402, description = "The payment service refused", body = crate::http::error::Body),
        (status = 404, description = "Not found or inactive", body = crate::http::error::Body),
        (status = 409, description = "The key is in use, or the database has other prices than this program", body = crate::http::error::Body),
        (status = 413, description = "The body is too large", body = crate::http::error::Body),
        (status = 415, description = "The body is not declared as JSON", body = crate::http::error::Body),
        (status = 422, description = "Nothing that can be paid", body = crate::http::error::Body),
        (status = 429, description = "Too many requests", body = crate::http::error::Body),
        (status = 502, description = "The payment service does not answer", body = crate::http::error::Body),
        (status = 503, description = "Payments are not configured, the database does not answer, or it is not known yet what became \
            of the payment", body = crate::http::error::Body)))]
pub(in crate::http) async fn create(
    State(app): State<Arc<App>>,
    request_id: Option<Extension<RequestId>>,
    answer_by: Option<Extension<AnswerBy>>,
    headers: HeaderMap,
    body: Result<Json<CreatePayment>, ApiError>,
) -> Response {
    let answer_by = answer_by.map(|Extension(AnswerBy(end))| end);
    counted(&app, &headers, "created", answer(&app, request_id.as_deref(), answer_by, &headers, body)).await
}

/// The answer to a caller who has not asked too often, counted by what became of it: what was `made`, or why nothing was.
pub(super) async fn counted(
    app: &App,
    headers: &HeaderMap,
    made: &'static str,
    answering: impl Future<Output = Result<Response, ApiError>>,
) -> Response {
    let answered = match app.limits.count(Counted::Payment, headers) {
        Ok(()) => answering.await,
        Err(error) => Err(error),
    };
    let result = match &answered {
        Ok(response) if response.status().is_success() => made,
        Ok(_) => "payment_refused",
        Err(error) => error.code,
    };
    app.metrics.payments.get_or_create(&PaymentResult { result }).inc();
    answered.unwrap_or_else(IntoResponse::into_response)
}

async fn answer(
    app: &Arc<App>,
    request_id: Option<&RequestId>,
    answer_by: Option<Instant>,
    headers: &HeaderMap,
    body: Result<Json<CreatePayment>, ApiError>,
) -> Result<Response, ApiError> {
    let key = idempotency_key(headers)?;
    let caller = PaymentCaller::of(app, request_id, headers).await?;
    let key = key.map(|key| caller.own_key(&key));
    let Json(request) = body?;
    let (kind, order, customer_reference) = request.read(app)?;
    let request_hash = hash(kind, &order, customer_reference.as_deref());
    let mut session = app.reads.session().await?;
    if let Some(key) = &key
        && let Some(claim) = payment::look_up(&mut session, key, &request_hash).await?
    {
        return of_claim(claim);
    }
    let accepted = payment::check(&mut session, &app.validation, kind, &order, &(app.today)()).await;
    let accepted = accepted.map_err(|error| match error {
        CheckError::Refused(refusal) => {
            if let Refusal::OutOfSync { id } = &refusal {
                tracing::warn!(product = id, "a payment is put off: the database has another price than this program");
            }
            refusal.into()
        }
        CheckError::Database(cause) => ApiError::from(cause),
    })?;
    let Some(gateway) = app.gateway.clone() else { return Err(not_configured()) };
    let id = Uuid::now_v7().to_string();
    let attempt = Attempt {
        idempotency_key: key.unwrap_or_else(|| id.clone()),
        id,
        request_hash,
        kind: kind.id.to_owned(),
        product: order.product,
        lookup_key: accepted.lookup_key.clone(),
        money: accepted.money,
        customer_reference,
        user_id: caller.user_id,
        purpose: Purpose::Payment,
    };
    drop(session);
    make(app, attempt, caller.actor, Box::new(AskPayment { gateway, accepted }), answer_by).await
}

/// Makes of an attempt what it is to become, unless its key was used before.
pub(super) async fn make(
    app: &Arc<App>,
    attempt: Attempt,
    actor: Actor,
    asking: Box<dyn Asking>,
    answer_by: Option<Instant>,
) -> Result<Response, ApiError> {
    let lease = app.settings.request_timeout + LEASE_MARGIN;
    let claim = payment::claim(&mut app.writes.session().await?, &attempt, lease).await?;
    match claim {
        Claim::Ours { id } => {
            let work = PaymentWork { app: Arc::clone(app), actor, attempt: Attempt { id, ..attempt }, asking };
            work.answer(answer_by).await.map(|replay| respond(&replay))
        }
        claim => of_claim(claim),
    }
}

pub(super) fn of_claim(claim: Claim) -> Result<Response, ApiError> {
    match claim {
        Claim::Answered(replay) => {
            let mut response = respond(&replay);
            response.headers_mut().insert(IDEMPOTENT_REPLAYED, HeaderValue::from_static("true"));
            Ok(response)
        }
        Claim::OtherRequest => {
            let message = "The idempotency key was used for another payment";
            Err(ApiError::new(StatusCode::CONFLICT, "idempotency_key_reused", message))
        }
        Claim::InProgress | Claim::Ours { .. } => {
            let message = "A payment with this idempotency key is being made; try again";
            let error = ApiError::new(StatusCode::CONFLICT, "idempotency_key_in_use", message);
            Err(ApiError { retry_after_secs: Some(1), ..error })
        }
    }
}

fn respond(replay: &Replay) -> Response {
    let status = StatusCode::from_u16(replay.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, Json(&replay.body)).into_response()
}

pub(super) fn not_configured() -> ApiError {
    let message = "The payment is right, but this server has no payment service set up yet";
    ApiError::not_set_up("payments_not_configured", message)
}

pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let mut keys = headers.get_all(&IDEMPOTENCY_KEY).iter();
    let Some(key) = keys.next() else { return Ok(None) };
    let visible = key.as_bytes().iter().all(u8::is_ascii_graphic);
    match key.to_str() {
        Ok(text) if visible && (1..=LONGEST_TEXT).contains(&text.len()) && keys.next().is_none() => {
            Ok(Some(text.to_owned()))
        }
        _ => {
            let message = "Idempotency-Key is one text of 1 to 255 visible ASCII characters";
            Err(ApiError::new(StatusCode::BAD_REQUEST, "invalid_idempotency_key", message))
        }
    }
}

impl CreatePayment {
    fn read(self, app: &App) -> Result<(&'static Kind, Order, Option<String>), ApiError> {
        let optional = |name, raw: Option<Box<RawValue>>| raw.map(|raw| text(name, &raw)).transpose();
        let kind = app.kind(optional("kind", self.kind)?.as_deref()).ok_or_else(|| {
            let kinds: Vec<_> = app.artifacts.kinds.iter().map(|kind| kind.id).collect();
            ApiError::invalid(format!("kind: one of {}", kinds.join(", ")))
        })?;
        let product = fitting("service", text("service", &self.service)?)?;
        let price = optional("price", self.price)?;
        let reference = optional("customerReference", self.customer_reference)?;
        let reference = reference.map(|reference| fitting("customerReference", reference)).transpose()?;
        let currency: Currency = text("currency", &self.currency)?
            .parse()
            .map_err(|_| ApiError::invalid("currency: an ISO 4217 code that can be charged in"))?;
        let amount = amount(&self.amount)?;
        Ok((kind, Order { product, price, amount, currency }, reference))
    }
}

/// A JSON text.
pub(super) fn text(name: &str, raw: &RawValue) -> Result<String, ApiError> {
    serde_json::from_str(raw.get()).map_err(|_| ApiError::invalid(format!("{name}: a text such as \"…\"")))
}

/// A text that every database can hold.
pub(super) fn fitting(name: &str, text: String) -> Result<String, ApiError> {
    let holds = text.chars().count() <= LONGEST_TEXT && !text.chars().any(char::is_control);
    match holds && !text.is_empty() {
        true => Ok(text),
        false => {
            Err(ApiError::invalid(format!("{name}: 1 to {LONGEST_TEXT} characters, none of them a control character")))
        }
    }
}

/// A JSON number or text of a plain decimal number, exact to the last digit.
fn amount(raw: &RawValue) -> Result<Decimal, ApiError> {
    let invalid = || ApiError::invalid("amount: a number such as 299 or 29.50, without an exponent");
    let text: String = match raw.get().starts_with('"') {
        true => serde_json::from_str(raw.get()).map_err(|_| invalid())?,
        false => raw.get().to_owned(),
    };
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return Err(invalid());
    }
    match Decimal::from_str_exact(&text) {
        Ok(amount) if amount <= HIGHEST_AMOUNT && !amount.is_sign_negative() => Ok(amount),
        Ok(amount) if amount.is_zero() => Ok(Decimal::ZERO),
        _ => Err(ApiError::invalid(format!("amount: from 0 to {HIGHEST_AMOUNT}, with a few decimal places"))),
    }
}

/// The same for the same request, however it is written.
fn hash(kind: &Kind, order: &Order, customer_reference: Option<&str>) -> String {
    let Order { product, price, amount, currency } = order;
    let meaning: Value =
        json!([kind.id, product, price, amount.normalize().to_string(), currency.code(), customer_reference]);
    Sha256::digest(meaning.to_string()).iter().map(|byte| format!("{byte:02x}")).collect()
}
