//! A sandbox that answers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::{fmt, io};

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::door::{self, Sandbox};
use crate::{DeliveryFaults, FaultRule, Options};

/// A sandbox that answers until it is stopped or dropped.
pub struct Running {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
    sandbox: Arc<Sandbox>,
}

impl fmt::Debug for Running {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Running").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Starts a sandbox.
///
/// # Errors
/// Where the address is taken or is none of this machine, or the file of the account cannot be read.
pub async fn start(options: Options) -> io::Result<Running> {
    let listener = TcpListener::bind(options.address).await?;
    let address = listener.local_addr()?;
    let sandbox = Arc::new(Sandbox::new(&options, address)?);
    let client = door::webhook_client().map_err(io::Error::other)?;
    let (stop, stopped) = watch::channel(false);
    let mut tasks = vec![
        tokio::spawn(door::serve(Arc::clone(&sandbox), listener, stopped.clone())),
        tokio::spawn(door::send_webhooks(Arc::clone(&sandbox), client, stopped.clone())),
    ];
    if let Some(file) = options.file.filter(|_| options.saves) {
        tasks.push(tokio::spawn(door::keep(Arc::clone(&sandbox), file, stopped)));
    }
    Ok(Running { address, stop, tasks, sandbox })
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

    /// Makes requests fail from now on.
    pub fn add_fault(&self, rule: FaultRule) {
        self.sandbox.add_fault(rule);
    }

    /// Makes deliveries of events go wrong from now on.
    pub fn set_delivery_faults(&self, faults: DeliveryFaults) {
        self.sandbox.set_delivery_faults(faults);
    }

    /// Lets the requests under way end, and stops.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        // They can only have panicked, which was told already.
        for task in self.tasks {
            let _ = task.await;
        }
    }
}
