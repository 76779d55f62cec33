//! A shop whose prices stand in an account at the local Stripe, as a sync leaves them.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use pricebook::Artifacts;
use pricebook::stripe::product_sync::desired;
use pricebook::stripe::{SecretKey, StripeClient};
use pricebook_types::Dialect;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::http_shop::{Answer, Site, artifacts, request, settings};
use crate::stripe_account::Account;

pub(super) const BACK: &str = "https://shop.example/plans";

/// A server that sells, and the account that it sells in.
pub(super) struct Till {
    pub(super) site: Site,
    pub(super) account: Account,
    runtime: Runtime,
}

/// A price, by its key in the catalog, with what is special about it.
fn price((product, key, lookup_key): (&str, &str, &str), cents: i64, special: Value) -> Value {
    let mut params = json!({
        "currency": "usd", "unit_amount": cents, "billing_scheme": "per_unit", "tax_behavior": "exclusive",
        "lookup_key": lookup_key, "nickname": key, "active": true,
        "metadata": {
            "pricebook_catalog": "shop", "pricebook_id": product, "pricebook_product": product.replace('_', "/"),
            "pricebook_price": key, "pricebook_hash": format!("{lookup_key} for {cents}"),
        },
    });
    for (name, value) in special.as_object().expect("fields") {
        match value {
            Value::Null => drop(params.as_object_mut().expect("fields").remove(name)),
            value => params[name] = value.clone(),
        }
    }
    json!({ "local_id": product, "product": product, "params": params })
}

fn every(unit: &str, trial_days: u16) -> Value {
    let mut recurring = json!({ "interval": unit, "interval_count": 1, "usage_type": "licensed" });
    if trial_days > 0 {
        recurring["trial_period_days"] = json!(trial_days);
    }
    json!({ "recurring": recurring })
}

/// What the compiler would write of the shop for Stripe.
fn wanted() -> Value {
    let product = |id: &str, default: &str| {
        let metadata = json!({ "pricebook_catalog": "shop", "pricebook_id": id,
            "pricebook_product": id.replace('_', "/"), "pricebook_hash": format!("of {id}") });
        json!({ "local_id": id, "default_price": default, "features": [],
            "params": { "name": format!("The {id}"), "active": true, "metadata": metadata } })
    };
    let mut monthly = price(("plan_starter", "monthly", "starter_monthly"), 2950, every("month", 14));
    monthly["params"]["currency_options"] = json!({ "kwd": { "unit_amount": 9500, "tax_behavior": "exclusive" } });
    let mut by_tiers = every("month", 0);
    by_tiers["unit_amount"] = Value::Null;
    by_tiers["billing_scheme"] = json!("tiered");
    by_tiers["tiers_mode"] = json!("graduated");
    by_tiers["tiers"] = json!([{ "up_to": "inf", "unit_amount": 1 }]);
    let mut by_use = every("month", 0);
    by_use["recurring"]["usage_type"] = json!("metered");
    let mut calls = price(("plan_usage", "calls", "usage_calls"), 300, by_use);
    calls["meter"] = json!("calls");
    let mark =
        |id: &str| json!({ "pricebook_catalog": "shop", "pricebook_id": id, "pricebook_hash": format!("of {id}") });
    json!({
        "_meta": { "generated": "", "catalog": "shop", "catalog_hash": "aa" },
        "environments": [], "features": [], "retired": [],
        "meters": [{ "id": "calls", "params": {
            "display_name": "Calls", "event_name": "call", "default_aggregation": { "formula": "sum" },
            "customer_mapping": { "event_payload_key": "stripe_customer_id", "type": "by_id" },
            "value_settings": { "event_payload_key": "value" },
        } }],
        "products": [product("service_essentials", "essentials_once"), product("service_retainer", "retainer_monthly"),
            product("plan_starter", "starter_monthly"), product("plan_usage", "usage_monthly")],
        "prices": [
            price(("service_essentials", "one_time", "essentials_once"), 149_500, json!({})),
            price(("service_retainer", "monthly", "retainer_monthly"), 350_000, every("month", 7)),
            monthly,
            price(("plan_starter", "yearly", "starter_yearly"), 29_000, every("year", 14)),
            price(("plan_usage", "monthly", "usage_monthly"), 0, by_tiers),
            calls,
        ],
        "coupons": [{ "applies_to": [], "params": { "id": "tenth", "name": "A tenth", "percent_off": 10.0, "duration": "once",
            "metadata": mark("tenth") } }],
        "promotion_codes": [{ "params": { "promotion": { "type": "coupon", "coupon": "tenth" }, "code": "TENTH",
            "metadata": mark("TENTH") } }],
    })
}

/// Runs `test` with a till on each of the three databases.
pub(super) fn on_every_database(test: impl Fn(&Till)) {
    for dialect in Dialect::ALL {
        test(&Till::new(dialect));
    }
}

impl Till {
    pub(super) fn new(dialect: Dialect) -> Self {
        let text: &'static str = Box::leak(wanted().to_string().into_boxed_str());
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let account = runtime.block_on(Account::new());
        let desired = desired(text, "2026-11-21").expect("a desired state");
        let (_, applied) = runtime.block_on(account.sync(&desired));
        assert!(applied.is_done(), "{applied:#?}");
        let key = SecretKey::parse("sk_test_1").expect("a key");
        let base = account.stripe.url();
        let client = StripeClient::new(base.parse().expect("a URL"), key).expect("a client");
        let settings = settings(&[
            ("PRICEBOOK_STRIPE_API_BASE", &base),
            ("PRICEBOOK_CHECKOUT_RETURN_URL", BACK),
            ("PRICEBOOK_RATE_PER_MINUTE", "0"),
            ("PRICEBOOK_PAYMENT_RATE_PER_MINUTE", "0"),
            ("PRICEBOOK_AUTH_FAILURE_RATE_PER_MINUTE", "0"),
            ("PRICEBOOK_METRICS_TOKEN", "let-me-in"),
        ]);
        let artifacts = Box::leak(Box::new(Artifacts { stripe_json: text, ..*artifacts() }));
        let till = Self { site: Site::selling(dialect, artifacts, settings, Arc::new(client)), account, runtime };
        till.map();
        till
    }

    /// The mappings, as a sync leaves them.
    fn map(&self) {
        let account =
            self.run(async { self.account.get("/v1/account").await })["id"].as_str().expect("an id").to_owned();
        for price in self.list("/v1/prices") {
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            let (kind, product) =
                price["metadata"]["pricebook_product"].as_str().and_then(|of| of.split_once('/')).expect("a product");
            self.site.sql(&format!(
                "INSERT INTO stripe_product_mappings (stripe_account, local_product_id, lookup_key, kind, product_id,
                   stripe_product_id, stripe_price_id, sync_status, content_hash)
                 VALUES ('{account}', '{}', '{}', '{kind}', '{product}', '{}', '{}', 'synced', '{}')",
                text(&price["metadata"]["pricebook_id"]),
                text(&price["lookup_key"]),
                text(&price["product"]),
                text(&price["id"]),
                text(&price["metadata"]["pricebook_hash"]),
            ));
        }
    }

    pub(super) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    pub(super) fn list(&self, path: &str) -> Vec<Value> {
        self.run(self.account.list(path))
    }

    pub(super) fn stripe(&self, path: &str, form: &[(&str, &str)]) -> Value {
        let answer = self.run(self.account.post(path, form));
        assert_eq!(answer["error"], Value::Null, "{path}");
        answer
    }

    /// Posts, as whoever these headers say.
    pub(super) fn post(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let own = [("content-type", "application/json"), ("x-request-id", "buy-1")];
        self.site.send(request(Method::POST, path, &[&own, headers].concat(), &body.to_string()))
    }

    pub(super) fn buy(&self, headers: &[(&str, &str)], body: &Value) -> Answer {
        self.post("/api/checkout", headers, body)
    }

    /// Asks for a page, which there must be.
    pub(super) fn bought(&self, headers: &[(&str, &str)], body: &Value) -> Value {
        let answer = self.buy(headers, body);
        assert_eq!(answer.status, StatusCode::CREATED, "{body}: {}", answer.text);
        answer.json()["checkout"].take()
    }

    /// The code of a refusal.
    pub(super) fn refused(&self, body: &Value) -> (u16, String) {
        let (status, code, message) = self.buy(&[], body).error();
        assert!(!message.is_empty());
        (status, code)
    }

    /// The page, as Stripe has it.
    pub(super) fn session(&self, checkout: &Value) -> Value {
        self.run(self.account.get(&format!("/v1/checkout/sessions/{}", checkout["sessionId"].as_str().expect("an id"))))
    }

    /// The customer pays.
    pub(super) fn pay(&self, checkout: &Value) -> Value {
        let id = checkout["sessionId"].as_str().expect("an id");
        let form = [("payment_method", "pm_card_visa"), ("email", "carl@example.com"), ("name", "Carl")];
        self.stripe(&format!("/_sandbox/checkout/sessions/{id}/pay"), &form)
    }
}

/// Lines of a request: prices with their quantities, 0 for none.
pub(super) fn lines(lines: &[(&str, u32)]) -> Value {
    let line = |(price, quantity): &(&str, u32)| match quantity {
        0 => json!({ "price": price }),
        quantity => json!({ "price": price, "quantity": quantity }),
    };
    json!({ "lines": lines.iter().map(line).collect::<Vec<_>>() })
}
