//! A shop whose live API is a server of the test: it answers what the test says, and remembers what it was asked.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{Method, Response};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use pricebook_types::{Artifacts, Environment, EnvironmentDatabase, Kind};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::shop::{Ran, SHOP, run};

/// What the API was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    /// With the query.
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// Answers by the routes until the runtime ends, at the address that it returns.
pub(crate) fn listen(runtime: &Runtime, router: Router) -> String {
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("an address");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    runtime.spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            let service = TowerToHyperService::new(router.clone());
            tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    url
}

/// A server that answers as the test says.
pub(crate) struct Api {
    pub(crate) runtime: Runtime,
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// What is answered: a status, a media type and a body.
pub(crate) type Answer = (u16, &'static str, Body);

impl Api {
    /// `answer` is given how many calls came before.
    pub(crate) fn new(answer: impl Fn(usize, &Asked) -> Answer + Send + Sync + 'static) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (seen, answer) = (Arc::clone(&asked), Arc::new(answer));
        let router = Router::new().fallback(move |request: Request| {
            let (seen, answer) = (Arc::clone(&seen), Arc::clone(&answer));
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, usize::MAX).await.expect("a body");
                let header = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
                let asked = Asked {
                    method: parts.method,
                    path: parts.uri.to_string(),
                    headers: parts.headers.iter().map(|(name, value)| (name.to_string(), header(value))).collect(),
                    body: String::from_utf8(body.into()).expect("UTF-8"),
                };
                let before = {
                    let mut seen = seen.lock().expect("what was asked");
                    seen.push(asked.clone());
                    seen.len() - 1
                };
                let (status, media_type, body) = answer(before, &asked);
                let mut response = Response::builder().status(status);
                if !media_type.is_empty() {
                    response = response.header("content-type", media_type);
                }
                // Whom it limits it asks for a second.
                let response = if status == 429 { response.header("retry-after", "1") } else { response };
                response.header("location", "https://elsewhere.example/").body(body).expect("an answer")
            }
        });
        let url = listen(&runtime, router);
        Self { runtime, url, asked }
    }

    /// Answers the shop's lists, changed by `edit`, and refuses payments as the shop does.
    pub(crate) fn of_shop(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::new(move |_, asked| shop_answers(asked, &edit))
    }

    /// Answers the shop's lists with this text in one place, as it is: a `Value` keeps no digits.
    pub(crate) fn saying(at: &'static str, text: &'static str) -> Self {
        Self::new(move |_, asked| {
            let mut lists = lists();
            *lists.pointer_mut(at).expect(at) = json!("<here>");
            let path = asked.path.split('?').next().unwrap_or_default();
            (200, "text/plain", Body::from(lists[path].to_string().replace("\"<here>\"", text)))
        })
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("what was asked").clone()
    }

    /// The shop, with this API as that of production.
    pub(crate) fn artifacts(&self) -> &'static Artifacts {
        artifacts(&self.url)
    }

    /// `services validate` of production with these further arguments.
    pub(crate) fn validate(&self, code: u8, arguments: &[&str]) -> Ran {
        let ran = run(self.artifacts(), &[&["services", "validate"], arguments].concat());
        assert_eq!(ran.code, code, "{}{}", ran.out, ran.err);
        ran
    }
}

pub(crate) fn shop_answers(asked: &Asked, edit: impl Fn(&mut Value)) -> Answer {
    let mut lists = lists();
    edit(&mut lists);
    let path = asked.path.split('?').next().unwrap_or_default();
    match (&asked.method, lists.get(path)) {
        (_, Some(list)) => answer(list),
        (&Method::POST, _) if path == "/create-payment" => refusal(&asked.body),
        _ => (404, "application/json", Body::from(r#"{"success":false}"#)),
    }
}

/// As the shop's API refuses a payment of a cent, and one of more than anything costs.
fn refusal(body: &str) -> Answer {
    let asked: Value = serde_json::from_str(body).expect("JSON");
    let is_cent = !body.contains("1000000000");
    let price = |minor: i64| json!({ "price": { "amountMinor": minor } });
    let (status, code, message, details) = match (asked["service"].as_str(), is_cent) {
        (Some("white"), _) => (404, "service_inactive", "Tea 'white' not found or inactive", json!(null)),
        (Some("iron"), _) => (422, "full_price_required", "The full price of 29.00 EUR is required", price(2_900)),
        (Some("green"), false) => (422, "amount_above_price", "The amount is more than the price", price(450)),
        (Some("black"), false) => (422, "amount_above_price", "The amount is more than the price", price(149_500)),
        _ => (422, "minimum_deposit_required", "Minimum deposit required", json!({ "minimum": {} })),
    };
    let body =
        json!({ "success": false, "error": { "code": code, "message": message, "details": details } }).to_string();
    (status, "application/json", Body::from(body))
}

pub(crate) fn answer(value: &Value) -> Answer {
    (200, "application/json", Body::from(value.to_string()))
}

/// What a right API answers before 2027.
fn lists() -> Value {
    let shown = |kind: usize| {
        let mut items = tables()["live"][kind]["items"].take();
        let items = items.as_array_mut().expect("a list");
        items.retain(|item| item["active"] == true);
        for item in items.iter_mut() {
            item.as_object_mut().expect("an object").remove("changes");
        }
        Value::from(items.clone())
    };
    json!({ "/teas": { "success": true, "teas": shown(0) }, "/pots": { "success": true, "pots": shown(1) } })
}

fn tables() -> Value {
    let item = |id: &str, price: Value, deposit: Value, currency: &str, active: bool| {
        json!({ "id": id, "name": format!("{id} tea"), "description": "", "priceRange": price, "depositAmount": deposit,
            "currency": currency, "billingType": "monthly", "features": [], "metadata": {}, "active": active })
    };
    let single = |amount: Value| json!({ "min": amount, "max": amount });
    let mut green = item("green", single(json!("4.50")), json!(1), "usd", true);
    green["description"] = json!("Picked in \"May\"");
    green["features"] = json!(["Fresh", "Loose"]);
    green["metadata"] = json!({ "origin": "Uji", "grams": 50, "organic": true });
    green["changes"] = json!([{ "on": "2027-01-01", "priceRange": { "min": 5, "max": 5 }, "depositAmount": 2 }]);
    let payment = |kind: &str, id: &str, sale: &str, currency: &str, amount: i64, deposit: Option<i64>| {
        let price = json!({ "key": "monthly", "lookup_key": format!("{kind}_{id}_monthly"), "active": true,
            "amounts": [{ "currency": currency, "unit_amount": amount }] });
        let deposit = deposit.map(|minor| json!({ "kind": "fixed", "minimum": { currency: minor } }));
        json!({ "kind": kind, "id": id, "name": id, "sale": sale, "prices": [price], "deposit": deposit })
    };
    let table = |name: &str| json!({ "name": name, "amounts": "minor", "columns": { "id": "id" } });
    json!({
        "_meta": { "generated": "", "catalog": "shop", "catalog_hash": "aa" },
        "environments": [],
        "payments": [
            payment("tea", "green", "sold", "usd", 450, Some(100)),
            payment("tea", "black", "sold", "usd", 149_500, Some(29_900)),
            payment("tea", "white", "inactive", "usd", 900, None),
            payment("pot", "iron", "sold", "eur", 2_900, None),
        ],
        "live": [
            { "kind": "tea", "path": "/teas", "table": table("teas"), "items": [
                green,
                item("black", single(json!(1495)), json!(299), "usd", true),
                item("white", single(json!(9)), Value::Null, "usd", false),
            ] },
            { "kind": "pot", "path": "/pots", "table": table("pots"), "items": [
                item("iron", json!({ "min": 29, "max": 290 }), Value::Null, "eur", true),
                item("clay", Value::Null, Value::Null, "eur", true),
            ] },
        ],
    })
}

static KINDS: [Kind; 2] = [
    Kind { id: "tea", title: "Tea", plural: "teas", table: "teas" },
    Kind { id: "pot", title: "Pot", plural: "pots", table: "pots" },
];

pub(crate) fn artifacts(url: &str) -> &'static Artifacts {
    let live_url = Some(&*Box::leak(url.to_owned().into_boxed_str()));
    let environment =
        Environment { id: "production", database: None, stripe_account: None, stripe_live: true, live_url };
    let database = Some(EnvironmentDatabase::Variable("PRICEBOOK_TEST_STAGING_URL"));
    let staging = Environment { id: "staging", database, stripe_live: false, live_url: None, ..environment };
    let environments = Box::leak(Box::new([environment, staging]));
    let validation_json = Box::leak(tables().to_string().into_boxed_str());
    Box::leak(Box::new(Artifacts { environments, kinds: &KINDS, validation_json, ..SHOP }))
}
