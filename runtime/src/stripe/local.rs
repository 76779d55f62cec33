//! A stand-in for Stripe that an application brings, for the machine of a developer.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::BoxFuture;

/// Starts a stand-in at a free port of this machine, with the account of a file, which may be missing.
type Start = fn(file: PathBuf, keeps: bool) -> BoxFuture<'static, io::Result<StartedStripe>>;

/// A stand-in for Stripe that an application brings. It is used in development alone, where no key is set.
#[derive(Clone, Copy, Debug)]
pub struct LocalStripe {
    /// Starts it. What changes is written back to the file where it `keeps`.
    pub start: Start,
}

/// A stand-in that answers.
pub struct StartedStripe {
    /// Where.
    pub address: SocketAddr,
    /// Lets requests under way end, writes the file, and ends it.
    pub stop: BoxFuture<'static, ()>,
}

impl fmt::Debug for StartedStripe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartedStripe").field("address", &self.address).finish_non_exhaustive()
    }
}
