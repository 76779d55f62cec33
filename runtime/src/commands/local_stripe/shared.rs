//! Of all processes one runs the local Stripe of a file, and says beside it where; the others ask that one.

use std::fs::{File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{Instant, sleep};

use crate::stripe::{LocalStripe, StartedStripe};

/// Until another process has started it, or has ended.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(50);

/// The stand-in of this process.
#[derive(Debug)]
pub(super) struct Ours {
    stripe: StartedStripe,
    /// As long as it is held, nobody else starts one of the same file. The system gives it back when the process ends.
    lock: Option<File>,
}

impl Ours {
    /// Ends it; after that others may start it.
    pub(super) async fn stop(self) {
        self.stripe.stop.await;
        drop(self.lock);
    }
}

/// Starts it, where no other process has; otherwise finds that one's.
///
/// # Errors
/// Where it cannot be started, nor reached.
pub(super) async fn reach(local: LocalStripe, file: &Path) -> io::Result<(SocketAddr, Option<Ours>)> {
    let deadline = Instant::now() + LONGEST_WAIT;
    // `shop.stripe.json` is the account, `shop.stripe.at` says where it answers.
    let place = file.with_extension("at");
    loop {
        let mut lock = File::options().read(true).write(true).create(true).truncate(false).open(&place)?;
        match lock.try_lock() {
            Ok(()) => {
                let stripe = (local.start)(file.to_path_buf(), true).await?;
                lock.set_len(0)?;
                lock.rewind()?;
                writeln!(lock, "{}", stripe.address)?;
                return Ok((stripe.address, Some(Ours { stripe, lock: Some(lock) })));
            }
            Err(TryLockError::WouldBlock) => {
                if let Some(address) = answering(&mut lock).await {
                    return Ok((address, None));
                }
            }
            Err(TryLockError::Error(cause)) => return Err(cause),
        }
        if Instant::now() > deadline {
            let message = format!("another process holds {}, and no local Stripe answers", place.display());
            return Err(io::Error::new(io::ErrorKind::TimedOut, message));
        }
        sleep(PAUSE).await;
    }
}

/// Where the other process says that it is, if it is there.
async fn answering(place: &mut File) -> Option<SocketAddr> {
    let mut text = String::new();
    place.read_to_string(&mut text).ok()?;
    let address = text.trim().parse().ok()?;
    TcpStream::connect(address).await.ok().map(|_| address)
}

/// One with the account of the file that keeps nothing, for a dry run.
///
/// # Errors
/// Where it cannot be started.
pub(super) async fn copy(local: LocalStripe, file: &Path) -> io::Result<(SocketAddr, Ours)> {
    let stripe = (local.start)(file.to_path_buf(), false).await?;
    Ok((stripe.address, Ours { stripe, lock: None }))
}
