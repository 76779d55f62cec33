//! How fast `GET /services` is answered from what is kept, against a bare hyper server that sends the same bytes in the same run;
//! and how long `POST /create-payment` takes.
//!
//! `cargo bench -p pricebook-benches --bench http`; with `./test --with-servers cargo bench --bench http` payments on PostgreSQL too.

mod load;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use load::{Load, load};
use pricebook::config::{DatabaseUrl, Settings};
use pricebook::db::Database;
use pricebook::http::{App, Listening, Parts, router, routes, serve};
use pricebook::stripe::{BoxFuture, GatewayError, Payment, PaymentGateway, PaymentOrder};
use pricebook_app::catalog;
use tokio::runtime::Runtime;

const CONNECTIONS: usize = 32;
const ROUNDS: usize = 21;
const ROUND: Duration = Duration::from_millis(500);
const GET: &[u8] = b"GET /services HTTP/1.1\r\nhost: localhost\r\n\r\n";

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let sqlite = format!("sqlite:{}", folder.path().join("shop.db").display());
    // The server has one core, whoever asks the other.
    let (server, caller) = (runtime(), runtime());
    let app = app(&server, &sqlite);
    lists(&server, &caller, &app);
    payments(&server, &caller, &app, "SQLite");
    if let Ok(url) = std::env::var("PRICEBOOK_TEST_POSTGRES_URL") {
        let app = self::app(&server, &url);
        payments(&server, &caller, &app, "PostgreSQL");
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

/// A server on a database with the real catalog, without limits on how often one address may call.
fn app(server: &Runtime, url: &str) -> Arc<App> {
    let arguments = ["pricebook", "--database", url].map(std::ffi::OsString::from);
    let code = pricebook::run_with(catalog::artifacts(), arguments, &mut std::io::sink(), &mut std::io::stderr());
    assert_eq!(code, 0);
    let unlimited =
        ["RATE", "BUST_RATE", "PAYMENT_RATE"].map(|name| (format!("PRICEBOOK_{name}_PER_MINUTE"), "0".to_owned()));
    let settings = Settings::read(unlimited, &[]).expect("settings");
    let url = DatabaseUrl::parse(url).expect("a URL");
    server.block_on(async {
        let writes = Database::open_many(&url, 8).await.expect("it opens");
        let reads = Database::open_readers(&url, 8).await.expect("it opens").expect("it is there");
        let gateway: Option<Arc<dyn PaymentGateway>> = Some(Arc::new(Instant));
        let today = || "2026-11-21".to_owned();
        let (artifacts, storefront) = (catalog::artifacts(), None);
        App::new(Parts { artifacts, settings, reads, writes, gateway, sync: None, today, storefront })
            .expect("a server")
    })
}

fn lists(server: &Runtime, caller: &Runtime, app: &Arc<App>) {
    let listen = |router| {
        let listening = server.block_on(Listening::at(([127, 0, 0, 1], 0).into())).expect("an address");
        let address = listening.address;
        server.spawn(serve(Arc::clone(app), router, listening, std::future::pending()));
        address
    };
    let (alone, everything) = (listen(routes(app)), listen(router(app)));
    let pairs = [("router alone", alone, 90), ("everything on", everything, 70)];
    for (name, address, goal) in pairs {
        let bare = bare(server, answer_of(caller, address));
        let ask = |address| {
            let before = busy(server);
            let load = caller.block_on(load(address, CONNECTIONS, ROUND, |out| out.extend_from_slice(GET)));
            let per_answer = (busy(server) - before) / u32::try_from(load.count()).unwrap_or(u32::MAX).max(1);
            (load, per_answer)
        };
        let _warm = (ask(bare), ask(address));
        let mut busy = Vec::new();
        let mut rounds: Vec<(u64, Load, Load)> = (0..ROUNDS)
            .map(|_| {
                let ((bare, of_bare), (ours, of_ours)) = (ask(bare), ask(address));
                busy.push((of_bare.as_nanos() * 1000 / of_ours.as_nanos().max(1), of_bare, of_ours));
                (ours.per_second() * 1000 / bare.per_second().max(1), bare, ours)
            })
            .collect();
        rounds.sort_by_key(|(per_mille, ..)| *per_mille);
        busy.sort_unstable();
        let (busy_per_mille, of_bare, of_ours) = busy[ROUNDS / 2];
        let (per_mille, bare, ours) = &rounds[ROUNDS / 2];
        println!(
            "GET /services, {name}: {}.{} % of bare hyper (goal {goal} %), {} against {} a second, p50 {:?}, p99 {:?} (bare {:?})",
            per_mille / 10,
            per_mille % 10,
            ours.per_second(),
            bare.per_second(),
            ours.percentile(50),
            ours.percentile(99),
            bare.percentile(99),
        );
        println!(
            "  by the server's own time, whatever else the machine does: {}.{} %, {of_ours:?} against {of_bare:?} an answer",
            busy_per_mille / 10,
            busy_per_mille % 10,
        );
    }
}

/// How long the server's one thread has worked.
fn busy(server: &Runtime) -> Duration {
    let time = server.spawn(async { rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime) });
    let time = server.block_on(time).expect("a time");
    Duration::new(u64::try_from(time.tv_sec).unwrap_or_default(), u32::try_from(time.tv_nsec).unwrap_or_default())
}

fn payments(server: &Runtime, caller: &Runtime, app: &Arc<App>, database: &str) {
    let listening = server.block_on(Listening::at(([127, 0, 0, 1], 0).into())).expect("an address");
    let address = listening.address;
    server.spawn(serve(Arc::clone(app), router(app), listening, std::future::pending()));
    let body = r#"{"service":"market-essentials","amount":299,"currency":"usd"}"#;
    let head = "POST /create-payment HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length";
    let request: &'static [u8] = Vec::leak(format!("{head}: {}\r\n\r\n{body}", body.len()).into_bytes());
    for connections in [1, 16] {
        let asked = caller.block_on(load(address, connections, ROUND * 6, |out| out.extend_from_slice(request)));
        println!(
            "POST /create-payment on {database}, {connections} at once: p50 {:?}, p99 {:?}, {} a second",
            asked.percentile(50),
            asked.percentile(99),
            asked.per_second(),
        );
    }
}

/// The headers and the body that the server sends, without those that hyper adds by itself.
fn answer_of(caller: &Runtime, address: SocketAddr) -> (Vec<(String, String)>, Bytes) {
    use std::io::{Read, Write};
    let _guard = caller.enter();
    let mut stream = std::net::TcpStream::connect(address).expect("a connection");
    stream.write_all(b"GET /services HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").expect("it is sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("an answer");
    let (head, body) = text.split_once("\r\n\r\n").expect("a body");
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    let headers = headers.filter(|(name, _)| !["connection", "content-length", "date"].contains(name));
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    (headers, Bytes::copy_from_slice(body.as_bytes()))
}

/// The least that hyper can do.
fn bare(server: &Runtime, (headers, body): (Vec<(String, String)>, Bytes)) -> SocketAddr {
    let listener = server.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("an address");
    let address = listener.local_addr().expect("an address");
    let mut answer = Response::new(());
    for (name, value) in headers {
        let name: hyper::header::HeaderName = name.parse().expect("a name");
        answer.headers_mut().append(name, value.parse().expect("a value"));
    }
    let headers = answer.headers().clone();
    server.spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            stream.set_nodelay(true).expect("no delay");
            let (headers, body) = (headers.clone(), body.clone());
            let service = service_fn(move |_: Request<Incoming>| {
                let mut answer = Response::new(http_body_util::Full::new(body.clone()));
                *answer.headers_mut() = headers.clone();
                std::future::ready(Ok::<_, Infallible>(answer))
            });
            let mut http = http1::Builder::new();
            http.timer(TokioTimer::new());
            tokio::spawn(http.serve_connection(TokioIo::new(stream), service));
        }
    });
    address
}

/// Makes payments at once, so that only our own time is measured.
#[derive(Debug)]
struct Instant;

impl PaymentGateway for Instant {
    fn create<'a>(&'a self, order: &'a PaymentOrder) -> BoxFuture<'a, Result<Payment, GatewayError>> {
        let (id, client_secret) = (format!("pi_{}", order.attempt_id), "secret".to_owned());
        Box::pin(std::future::ready(Ok(Payment { id, client_secret, account: None })))
    }
}
