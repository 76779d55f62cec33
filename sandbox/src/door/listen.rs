//! Connections, until the end.

use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower::Service;

use super::wire::Broken;

/// How long requests under way may take at the end: a fault may hold one for minutes.
const LONGEST_END: Duration = Duration::from_secs(2);

/// Hands every request to the router until it is stopped, then lets those under way end.
pub(super) async fn listen(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new());
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.wait_for(|stopped| *stopped) => break,
        };
        let Ok((stream, _)) = accepted else {
            // No file descriptor is left; others close theirs in time.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let answer = service_fn(move |request: Request<Incoming>| {
            let answer = router.clone().call(request.map(Body::new));
            async move {
                let Ok(response) = answer.await;
                match response.extensions().get::<Broken>() {
                    Some(Broken) => Err(io::Error::other("the connection is broken on demand")),
                    None => Ok(response),
                }
            }
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), answer));
        tokio::spawn(async move {
            if let Err(cause) = connection.await {
                tracing::debug!(error = %cause, "a connection of the sandbox broke");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(LONGEST_END, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests to the sandbox were given up at the end");
    }
}
