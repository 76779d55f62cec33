//! The door: HTTP in and out. What a request means is not known here.

mod control;
mod cut;
mod front;
mod listen;
mod pages;
mod sandbox;
mod saver;
mod webhooks;
mod wire;

use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;

pub(crate) use sandbox::Sandbox;
pub(crate) use saver::keep;
pub(crate) use webhooks::{client as webhook_client, send as send_webhooks};

/// Answers until it is stopped.
pub(crate) async fn serve(sandbox: Arc<Sandbox>, listener: TcpListener, stopped: watch::Receiver<bool>) {
    let router = Router::new().fallback(wire::answer).with_state(sandbox);
    listen::listen(listener, router, stopped).await;
}
