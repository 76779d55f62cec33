//! A Stripe account to sync into: the local one, with what it was asked and ways to change it by hand.

use std::time::Duration;

use pricebook::stripe::product_sync::plan::{Known, Options};
use pricebook::stripe::product_sync::{Applied, Plan, apply, desired, look};
use pricebook::stripe::{Pace, Requests, SecretKey, StripeClient};
use pricebook_sandbox::{Running, start};
use pricebook_types::stripe::Desired;
use serde_json::Value;

/// What `pricebook.stripe/catalog.json` of this repository says.
pub(crate) const REAL: &str = include_str!("../../../generated/stripe/catalog.json");
/// Before the coupons of the catalog are over.
pub(crate) const NOW: i64 = 1_790_000_000;

pub(crate) struct Account {
    pub(crate) stripe: Running,
    http: reqwest::Client,
}

impl Account {
    pub(crate) async fn new() -> Self {
        Self::with(pricebook_sandbox::Options::default()).await
    }

    pub(crate) async fn with(options: pricebook_sandbox::Options) -> Self {
        let stripe = start(options).await.expect("a sandbox");
        Self { stripe, http: reqwest::Client::new() }
    }

    /// Requests that do not wait.
    pub(crate) fn requests(&self) -> Requests {
        self.requests_at(Pace { per_second: 100_000, retries: 3, first_delay: Duration::ZERO })
    }

    pub(crate) fn requests_at(&self, pace: Pace) -> Requests {
        let key = SecretKey::parse("sk_test_1").expect("a key");
        let client = StripeClient::new(self.stripe.url().parse().expect("a URL"), key).expect("a client");
        Requests::new(client, pace)
    }

    pub(crate) async fn plan(&self, wanted: &Desired<'_>) -> Plan {
        self.plan_with(wanted, &Options { now: NOW, ..Options::default() }).await
    }

    pub(crate) async fn plan_with(&self, wanted: &Desired<'_>, options: &Options) -> Plan {
        look(&self.requests(), wanted, &Known::new(), options, "acct_1", true).await.expect("a plan")
    }

    /// Plans and applies.
    pub(crate) async fn sync(&self, wanted: &Desired<'_>) -> (Plan, Applied) {
        let plan = self.plan(wanted).await;
        let applied = self.apply(&plan).await;
        (plan, applied)
    }

    pub(crate) async fn apply(&self, plan: &Plan) -> Applied {
        let run = uuid();
        apply(&self.requests(), plan, &run, |_| {}).await
    }

    /// Every object of a list.
    pub(crate) async fn list(&self, path: &str) -> Vec<Value> {
        self.list_with(path, "").await
    }

    /// Every object of a list that a query narrows.
    pub(crate) async fn list_with(&self, path: &str, query: &str) -> Vec<Value> {
        let mut all: Vec<Value> = Vec::new();
        loop {
            let after = all.last().map(|last| format!("&starting_after={}", last["id"].as_str().expect("an id")));
            let url = format!("{}{path}?limit=100&{query}{}", self.stripe.url(), after.unwrap_or_default());
            let page = self.http.get(url).bearer_auth("sk_test_1").send().await.expect("an answer");
            let page: Value = serde_json::from_str(&page.text().await.expect("a body")).expect("JSON");
            all.extend(page["data"].as_array().unwrap_or_else(|| panic!("{page}")).iter().cloned());
            if page["has_more"] != true {
                return all;
            }
        }
    }

    /// One object.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let request = self.http.get(format!("{}{path}", self.stripe.url())).bearer_auth("sk_test_1");
        serde_json::from_str(&request.send().await.expect("an answer").text().await.expect("a body")).expect("JSON")
    }

    /// Changes something by hand, and returns the answer.
    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let request = self.http.post(format!("{}{path}", self.stripe.url())).bearer_auth("sk_test_1").form(form);
        let answer = request.send().await.expect("an answer");
        serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON")
    }

    /// Steers the sandbox itself.
    pub(crate) async fn post_json(&self, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.stripe.url())).body(body.to_string());
        let answer = request.header("content-type", "application/json").send().await.expect("an answer");
        serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON")
    }

    pub(crate) async fn delete(&self, path: &str) -> Value {
        let request = self.http.delete(format!("{}{path}", self.stripe.url())).bearer_auth("sk_test_1");
        serde_json::from_str(&request.send().await.expect("an answer").text().await.expect("a body")).expect("JSON")
    }

    /// The one that has this value in a field.
    pub(crate) async fn one(&self, path: &str, field: &str, value: &str) -> Value {
        let found: Vec<_> = self.list(path).await.into_iter().filter(|object| object[field] == value).collect();
        assert_eq!(found.len(), 1, "{path} {field} {value}: {found:#?}");
        found.into_iter().next().expect("one")
    }
}

/// Something that is never the same.
pub(crate) fn uuid() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("run {}", NEXT.fetch_add(1, Ordering::Relaxed))
}

pub(crate) fn real() -> Desired<'static> {
    desired(REAL, "2026-11-22").expect("the desired state")
}
