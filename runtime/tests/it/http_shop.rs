//! A shop with a server: two kinds of products in every state, on one of the databases, called without a network.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use pricebook::Storefront;
use pricebook::config::{DatabaseUrl, Settings};
use pricebook::db::Database;
use pricebook::http::{App, Front, Listening, Parts, router, serve, watch, watch_stripe};
use pricebook::stripe::sync_queue::SyncWorker;
use pricebook::stripe::{BoxFuture, GatewayError, Payment, PaymentGateway, PaymentOrder};
use pricebook_types::{Artifacts, Dialect};
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

use crate::http_catalog::ROWS;
pub(crate) use crate::http_catalog::artifacts;
use crate::server::Server;
use crate::shop::{Place, run};

/// Settings that differ from the defaults.
pub(crate) fn settings(variables: &[(&str, &str)]) -> Settings {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::read(variables, &["production"]).expect("settings")
}

enum Where {
    File(Place),
    Server(Server),
}

impl Where {
    fn new(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self::File(Place::new()),
            other => Self::Server(Server::new(other)),
        }
    }

    fn url(&self) -> String {
        match self {
            Self::File(place) => place.url(),
            Self::Server(server) => server.url(),
        }
    }
}

/// A server on a database of its own.
pub(crate) struct Site {
    runtime: Runtime,
    pub(crate) app: Arc<App>,
    pub(crate) router: Front,
    pub(crate) gateway: Arc<Fake>,
    database: Where,
}

/// Runs `test` with a server on each of the three databases, without a limit of requests: who waits asks often.
pub(crate) fn on_every_database(test: impl Fn(&Site)) {
    for dialect in Dialect::ALL {
        test(&Site::new(dialect, settings(&[("PRICEBOOK_RATE_PER_MINUTE", "0")])));
    }
}

impl Site {
    pub(crate) fn sqlite() -> Self {
        Self::new(Dialect::Sqlite, settings(&[]))
    }

    pub(crate) fn new(dialect: Dialect, settings: Settings) -> Self {
        let gateway = Arc::new(Fake::default());
        let shared = Arc::clone(&gateway) as Arc<dyn PaymentGateway>;
        Self::with(dialect, settings, Some(shared), gateway, || "2026-11-21".to_owned())
    }

    /// With pages for browsers.
    pub(crate) fn with_storefront(settings: Settings, storefront: Storefront) -> Self {
        let today = || "2026-11-21".to_owned();
        Self::made(Dialect::Sqlite, settings, None, Arc::new(Fake::default()), today, Some(storefront))
    }

    /// Without anything that makes payments.
    pub(crate) fn unconfigured() -> Self {
        Self::with(Dialect::Sqlite, settings(&[]), None, Arc::new(Fake::default()), || "2026-11-21".to_owned())
    }

    /// With a clock that panics.
    pub(crate) fn that_panics() -> Self {
        Self::with(Dialect::Sqlite, settings(&[]), None, Arc::new(Fake::default()), || panic!("the clock is broken"))
    }

    /// On the day of the announced change.
    pub(crate) fn in_2027(dialect: Dialect) -> Self {
        let gateway = Arc::new(Fake::default());
        let shared = Arc::clone(&gateway) as Arc<dyn PaymentGateway>;
        Self::with(dialect, settings(&[]), Some(shared), gateway, || "2027-01-01".to_owned())
    }

    fn with(
        dialect: Dialect,
        settings: Settings,
        gateway: Option<Arc<dyn PaymentGateway>>,
        fake: Arc<Fake>,
        today: fn() -> String,
    ) -> Self {
        Self::made(dialect, settings, gateway, fake, today, None)
    }

    fn made(
        dialect: Dialect,
        settings: Settings,
        gateway: Option<Arc<dyn PaymentGateway>>,
        fake: Arc<Fake>,
        today: fn() -> String,
        storefront: Option<Storefront>,
    ) -> Self {
        let artifacts = artifacts();
        Self::of(dialect, artifacts, fake, |reads, writes| Parts {
            artifacts,
            settings,
            reads,
            writes,
            gateway,
            sync: None,
            today,
            storefront,
        })
    }

    /// With what syncs products.
    pub(crate) fn with_sync(
        dialect: Dialect,
        artifacts: &'static Artifacts,
        settings: Settings,
        sync: Arc<SyncWorker>,
    ) -> Self {
        Self::of(dialect, artifacts, Arc::default(), |reads, writes| Parts {
            artifacts,
            settings,
            reads,
            writes,
            gateway: None,
            sync: Some(sync),
            today: || "2026-11-21".to_owned(),
            storefront: None,
        })
    }

    /// With what sells prices of Stripe's.
    pub(crate) fn selling(
        dialect: Dialect,
        artifacts: &'static Artifacts,
        settings: Settings,
        gateway: Arc<dyn PaymentGateway>,
    ) -> Self {
        Self::of(dialect, artifacts, Arc::default(), |reads, writes| Parts {
            artifacts,
            settings,
            reads,
            writes,
            gateway: Some(gateway),
            sync: None,
            today: || "2026-11-21".to_owned(),
            storefront: None,
        })
    }

    fn of(
        dialect: Dialect,
        artifacts: &'static Artifacts,
        fake: Arc<Fake>,
        parts: impl FnOnce(Database, Database) -> Parts,
    ) -> Self {
        let database = Where::new(dialect);
        let ran = run(artifacts, &["--database", &database.url(), "migrate"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let url = DatabaseUrl::parse(&database.url()).expect("a URL");
        let app = runtime.block_on(async {
            let writes = Database::open_many(&url, 4).await.expect("it opens");
            let reads = Database::open_readers(&url, 4).await.expect("it opens").expect("it is there");
            App::new(parts(reads, writes)).expect("a server")
        });
        let site = Self { runtime, router: router(&app), app, gateway: fake, database };
        site.sql(ROWS);
        site
    }

    /// Runs statements on the database, behind the server's back.
    pub(crate) fn sql(&self, sql: &str) {
        match &self.database {
            Where::File(place) => place.with(async |connection| {
                let sql = sqlx::AssertSqlSafe(sql.to_owned());
                sqlx::raw_sql(sql).execute(connection).await.expect("a sound statement");
            }),
            Where::Server(server) => server.execute(sql),
        }
    }

    /// The first column of every row.
    pub(crate) fn query(&self, sql: &str) -> Vec<String> {
        match &self.database {
            Where::File(place) => place.query(sql),
            Where::Server(server) => server.query(sql),
        }
    }

    /// Runs a command on the database, which must succeed, and returns what it prints as JSON.
    pub(crate) fn command(&self, arguments: &[&str]) -> Value {
        let ran = run(artifacts(), &[&["--database", &self.database.url(), "--json"], arguments].concat());
        assert_eq!(ran.code, 0, "{arguments:?}: {}{}", ran.out, ran.err);
        serde_json::from_str(&ran.out).expect("JSON")
    }

    /// From now on changes of the database are noticed.
    pub(crate) fn watch(&self) {
        self.runtime.spawn(watch(Arc::clone(&self.app)));
    }

    /// From now on syncs that are queued are done.
    pub(crate) fn sync(&self) {
        self.runtime.spawn(watch_stripe(Arc::clone(&self.app)));
    }

    /// Ends a server as a supervisor does, which waits for the payments that are under way.
    pub(crate) fn end(&self) {
        let listening = self.run(Listening::at(([127, 0, 0, 1], 0).into())).expect("an address");
        self.run(serve(Arc::clone(&self.app), self.router.clone(), listening, async {}));
    }

    pub(crate) fn run<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    pub(crate) fn spawn<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.runtime.spawn(future)
    }

    pub(crate) fn send(&self, request: Request<Body>) -> Answer {
        self.run(send(self.router.clone(), request))
    }

    /// Sends all of them at once.
    pub(crate) fn send_all(&self, requests: Vec<Request<Body>>) -> Vec<Answer> {
        self.run(async {
            let sent: Vec<_> =
                requests.into_iter().map(|request| tokio::spawn(send(self.router.clone(), request))).collect();
            let mut answers = Vec::new();
            for answer in sent {
                answers.push(answer.await.expect("an answer"));
            }
            answers
        })
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(request(Method::GET, path, &[], ""))
    }

    pub(crate) fn pay(&self, body: &Value) -> Answer {
        self.send(paying(body, None))
    }

    pub(crate) fn pay_with_key(&self, body: &Value, key: &str) -> Answer {
        self.send(paying(body, Some(key)))
    }
}

/// A request to pay.
pub(crate) fn paying(body: &Value, key: Option<&str>) -> Request<Body> {
    let key = key.map(|key| ("idempotency-key", key));
    let headers: Vec<_> = [("content-type", "application/json")].into_iter().chain(key).collect();
    request(Method::POST, "/create-payment", &headers, &body.to_string())
}

pub(crate) fn request(method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Body::from(body.to_owned())).expect("a request")
}

/// Waits for something that others do.
pub(crate) fn wait_for(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "it never came true");
        std::thread::yield_now();
    }
}

async fn send(router: Front, request: Request<Body>) -> Answer {
    let response = router.call(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(Body::new(body), usize::MAX).await.expect("a body");
    let headers = parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned()));
    Answer { status: parts.status, headers: headers.collect(), text: String::from_utf8(bytes.into()).expect("UTF-8") }
}

/// What the server answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|cause| panic!("{cause}: {}", self.text))
    }

    pub(crate) fn headers(&self) -> &[(String, String)] {
        &self.headers
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The status, and the error's code and message, of an answer in the shape of errors.
    pub(crate) fn error(&self) -> (u16, String, String) {
        let json = self.json();
        assert_eq!(json["success"], false, "{}", self.text);
        let text = |name: &str| json["error"][name].as_str().unwrap_or_else(|| panic!("{}", self.text)).to_owned();
        (self.status.as_u16(), text("code"), text("message"))
    }
}

/// Makes payments without money.
#[derive(Debug, Default)]
pub(crate) struct Fake {
    /// What it was asked for.
    pub(crate) orders: Mutex<Vec<PaymentOrder>>,
    /// What it says next; it makes the payment where there is nothing.
    pub(crate) next: Mutex<Vec<GatewayError>>,
    /// What it waits for next, before it says anything.
    pub(crate) slow: Mutex<Vec<Arc<Semaphore>>>,
}

impl Fake {
    /// Makes it wait, once, until it gets a permit.
    pub(crate) fn hold(&self) -> Arc<Semaphore> {
        let held = Arc::new(Semaphore::new(0));
        self.slow.lock().expect("what it waits for").push(Arc::clone(&held));
        held
    }

    /// The attempts that it was asked for.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.orders.lock().expect("the orders").iter().map(|order| order.attempt_id.clone()).collect()
    }
}

impl PaymentGateway for Fake {
    fn create<'a>(&'a self, order: &'a PaymentOrder) -> BoxFuture<'a, Result<Payment, GatewayError>> {
        Box::pin(async move {
            self.orders.lock().expect("the orders").push(order.clone());
            // Long enough for others to come in between.
            tokio::task::yield_now().await;
            let held = self.slow.lock().expect("what it waits for").pop();
            if let Some(held) = held {
                held.acquire().await.expect("a permit").forget();
            }
            match self.next.lock().expect("what comes next").pop() {
                Some(error) => Err(error),
                None => Ok(Payment {
                    id: format!("pi_{}", order.attempt_id),
                    client_secret: "secret".to_owned(),
                    account: Some("acct_1".to_owned()),
                }),
            }
        })
    }
}
