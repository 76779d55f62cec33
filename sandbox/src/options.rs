//! How a sandbox is to be.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// How a sandbox is to be.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens. Port 0 is a free one.
    pub address: SocketAddr,
    /// The only secret key that is taken; without one, every test key is.
    pub key: Option<String>,
    /// `acct_…`
    pub account: String,
    /// What ids are drawn from. The same seed and the same requests give the same ids.
    pub seed: u64,
    /// Where the account is kept; in memory only where there is none.
    pub file: Option<PathBuf>,
    /// Whether what changes is written back to that file.
    pub saves: bool,
    /// How many requests a second are answered, in all and by each endpoint; 25 are what Stripe's own sandboxes allow.
    pub requests_per_sec: Option<u32>,
    /// How long each answer takes at least.
    pub latency: Duration,
}

impl Default for Options {
    /// A free port of this machine, any test key, nothing limited and nothing kept.
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            key: None,
            account: "acct_1SandboxOfPriceb".to_owned(),
            seed: 1,
            file: None,
            saves: true,
            requests_per_sec: None,
            latency: Duration::ZERO,
        }
    }
}
