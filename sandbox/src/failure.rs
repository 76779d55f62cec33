//! Why a request is refused, in Stripe's words: <https://docs.stripe.com/api/errors>.

use serde_json::{Map, Value, json};

use crate::cards;

/// An answer that is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) status: u16,
    kind: &'static str,
    code: Option<&'static str>,
    message: String,
    param: Option<String>,
    /// What only some errors tell, such as `decline_code`.
    more: Vec<(&'static str, Value)>,
    /// Whether the request did not get as far as its endpoint; such an answer is not kept for its idempotency key.
    pub(crate) is_early: bool,
    /// Whether what the request has done before stays, as when a card is declined.
    pub(crate) keeps_changes: bool,
}

impl Failure {
    fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            code: None,
            message: message.into(),
            param: None,
            more: Vec::new(),
            is_early: false,
            keeps_changes: false,
        }
    }

    /// The request is understood and cannot be done.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", message)
    }

    pub(crate) fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    pub(crate) fn param(mut self, param: impl Into<String>) -> Self {
        self.param = Some(param.into());
        self
    }

    fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same, found before the endpoint was begun.
    pub(crate) fn early(mut self) -> Self {
        self.is_early = true;
        self
    }

    /// The same, which takes nothing back.
    pub(crate) fn keeping_changes(mut self) -> Self {
        self.keeps_changes = true;
        self
    }

    /// The same, with one thing more to say.
    pub(crate) fn tell(mut self, name: &'static str, value: Value) -> Self {
        self.more.push((name, value));
        self
    }

    /// Something is wrong with the card.
    pub(crate) fn card(message: &str, code: &'static str) -> Self {
        Self::new(402, "card_error", message).code(code)
    }

    /// The bank does not pay.
    pub(crate) fn declined(code: &'static str, decline_code: &'static str) -> Self {
        let failure = Self::card(cards::message(code, decline_code), code);
        failure.tell("decline_code", json!(decline_code))
    }

    /// The object of the address is not there.
    pub(crate) fn not_found(noun: &str, id: &str) -> Self {
        Self::no_such(noun, id, "id").status(404)
    }

    /// The object that a parameter names is not there.
    pub(crate) fn no_such(noun: &str, id: &str, param: &str) -> Self {
        Self::invalid(format!("No such {noun}: '{id}'")).code("resource_missing").param(param)
    }

    pub(crate) fn missing(param: &str) -> Self {
        Self::invalid(format!("Missing required param: {param}.")).code("parameter_missing").param(param)
    }

    pub(crate) fn unknown(params: &[String]) -> Self {
        let noun = if params.len() == 1 { "parameter" } else { "parameters" };
        let message = format!("Received unknown {noun}: {}", params.join(", "));
        Self::invalid(message).code("parameter_unknown").param(params.first().cloned().unwrap_or_default())
    }

    pub(crate) fn exists(noun: &str) -> Self {
        Self::invalid(format!("{noun} already exists.")).code("resource_already_exists").param("id")
    }

    /// Two parameters of which only one may be given.
    pub(crate) fn exclusive(one: &str, other: &str) -> Self {
        let message = format!("You may only specify one of these parameters: {one}, {other}.");
        Self::invalid(message).code("parameters_exclusive").param(one)
    }

    pub(crate) fn unknown_route(method: &str, path: &str) -> Self {
        let message = format!(
            "Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we can help at \
             https://support.stripe.com/."
        );
        Self::invalid(message).status(404).early()
    }

    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::invalid(message).status(401).early()
    }

    pub(crate) fn forbidden(message: impl Into<String>, code: &'static str) -> Self {
        Self::invalid(message).status(403).code(code).early()
    }

    /// The idempotency key was used for something else.
    pub(crate) fn other_parameters(key: &str) -> Self {
        let message = format!(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. Try \
             using a key other than '{key}' if you meant to execute a different request."
        );
        Self::new(400, "idempotency_error", message).early()
    }

    /// The request that has the idempotency key has no answer yet.
    pub(crate) fn key_in_use(key: &str) -> Self {
        let message = format!(
            "There is currently another in-progress request using this Idempotent Key (that probably means you \
             submitted twice, and the other request is still going through): {key}. Please try again later."
        );
        Self::new(409, "idempotency_error", message).code("idempotency_key_in_use").early()
    }

    pub(crate) fn rate_limited() -> Self {
        let message =
            "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.";
        Self::new(429, "invalid_request_error", message).code("rate_limit").early()
    }

    /// Nobody is there, for a moment.
    pub(crate) fn unavailable() -> Self {
        Self::new(503, "api_error", "The service is unavailable at the moment. Please try again.").early()
    }

    /// Stripe's own fault, which is made here on demand only.
    pub(crate) fn server_error() -> Self {
        Self::new(500, "api_error", "An unknown error occurred")
    }

    /// The body of the answer to a request.
    pub(crate) fn body(&self, request_id: &str) -> Value {
        let mut error = self.as_field();
        error["request_log_url"] = json!(format!("https://dashboard.stripe.com/test/logs/{request_id}"));
        json!({ "error": error })
    }

    /// The error as a field of an object: `last_payment_error`.
    pub(crate) fn as_field(&self) -> Value {
        let mut error = Map::new();
        if let Some(code) = self.code {
            let page = code.replace('_', "-");
            error.insert("code".to_owned(), json!(code));
            error.insert("doc_url".to_owned(), json!(format!("https://stripe.com/docs/error-codes/{page}")));
        }
        error.insert("message".to_owned(), json!(self.message));
        if let Some(param) = &self.param {
            error.insert("param".to_owned(), json!(param));
        }
        error.extend(self.more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        error.insert("type".to_owned(), json!(self.kind));
        Value::Object(error)
    }
}
