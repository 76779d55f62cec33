//! A sandbox that answers.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::Options;
use crate::door::{self, Sandbox};

/// A sandbox that answers until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    server: JoinHandle<()>,
    webhooks: JoinHandle<()>,
}

/// Starts a sandbox.
///
/// # Errors
/// Where the address is taken, or is none of this machine.
pub async fn start(options: Options) -> io::Result<Running> {
    let listener = TcpListener::bind(options.address).await?;
    let address = listener.local_addr()?;
    let sandbox = Arc::new(Sandbox::new(&options));
    let (stop, stopped) = watch::channel(false);
    let webhooks = tokio::spawn(door::send_webhooks(Arc::clone(&sandbox), stopped.clone()));
    let server = tokio::spawn(door::serve(sandbox, listener, stopped));
    Ok(Running { address, stop, server, webhooks })
}

impl Running {
    /// The base of its API, for `--api-base` and its like: `http://127.0.0.1:12111`
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Lets the requests under way end, and stops.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // They can only have panicked, which was told already.
        let _ = tokio::join!(self.server, self.webhooks);
    }
}
