//! The listener: HTTP/1.1 with limits on what a caller may take, and an orderly end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::App;
use super::front::Front;
use super::limits::PEER;

/// How long a caller may take to send a request's headers, or keep a connection without one.
const HEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// How long to wait when the process has no file descriptor left.
const ACCEPT_RETRY: Duration = Duration::from_millis(100);

/// An address that the server listens at, and will answer at.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    /// The address, with the port that the system chose where 0 was asked for.
    pub address: SocketAddr,
}

impl Listening {
    /// # Errors
    /// Where the address is taken, or is none of this machine.
    pub async fn at(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }
}

/// Answers until `stop` comes true, then lets the requests that are there end, and payments whose caller has gone, for as
/// long as the settings say.
pub async fn serve(app: Arc<App>, front: Front, listening: Listening, stop: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(app.settings.most_connections));
    let mut stop = std::pin::pin!(stop);
    loop {
        let place = tokio::select! {
            place = Arc::clone(&places).acquire_owned() => place,
            () = &mut stop => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listening.listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(cause) => {
                    tracing::warn!(error = %cause, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_RETRY).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // An answer is one small packet; waiting to fill it only costs time.
        let _ = stream.set_nodelay(true);
        let front = front.clone();
        let answer = service_fn(move |request: Request<Incoming>| front.call(request));
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), answer));
        tokio::spawn(PEER.scope(peer.ip(), async move {
            if let Err(cause) = connection.await {
                tracing::debug!(error = %cause, "a connection broke");
            }
            drop(place);
        }));
    }
    drop(listening);
    app.stopping.send_replace(true);
    let ended = async {
        graceful.shutdown().await;
        app.under_way.ended().await;
    };
    if tokio::time::timeout(app.settings.shutdown, ended).await.is_err() {
        match app.under_way.count() {
            0 => tracing::warn!("requests were given up at the end"),
            payments => tracing::error!(
                payments,
                "payments under way were given up at the end; the next request with the key of one takes it up"
            ),
        }
    }
}
