//! A bare client: forms out, JSON in.

use pricebook_sandbox::Running;
use reqwest::Client;
use serde_json::Value;

const KEY: &str = "sk_test_000000000000";

/// Calls one sandbox.
pub(crate) struct Caller {
    http: Client,
    base: String,
}

impl Caller {
    pub(crate) fn of(stripe: &Running) -> Self {
        Self { http: Client::new(), base: stripe.url() }
    }

    /// The object at a path, which must be there.
    pub(crate) async fn get(&self, path: &str) -> Value {
        self.answer(self.http.get(format!("{}{path}", self.base))).await
    }

    /// What comes of a form, which must be accepted.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Value {
        self.answer(self.http.post(format!("{}{path}", self.base)).form(form)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Value {
        self.answer(self.http.delete(format!("{}{path}", self.base))).await
    }

    /// What the sandbox's own control answers.
    pub(crate) async fn control(&self, path: &str, body: Value) -> Value {
        let request = self.http.post(format!("{}/_sandbox/{path}", self.base));
        self.answer(request.body(body.to_string())).await
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Value {
        let response = request.bearer_auth(KEY).send().await.expect("an answer");
        let status = response.status();
        let body = response.bytes().await.expect("a body");
        assert!(status.is_success(), "{status}: {}", String::from_utf8_lossy(&body));
        serde_json::from_slice(&body).expect("JSON")
    }
}
