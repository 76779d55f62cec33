//! The local Stripe that stands in while somebody tries this application out.

use std::io;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use pricebook::stripe::{BoxFuture, LocalStripe, StartedStripe};
use pricebook_sandbox::Options;

/// The stand-in.
pub(crate) const LOCAL_STRIPE: LocalStripe = LocalStripe { start };

fn start(file: PathBuf, keeps: bool) -> BoxFuture<'static, io::Result<StartedStripe>> {
    Box::pin(async move {
        // An account that is begun anew has other ids than the one before, which the database may still name.
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seed = u64::try_from(since.as_nanos()).unwrap_or_default();
        let options = Options { file: Some(file), saves: keeps, seed, ..Options::default() };
        let stripe = pricebook_sandbox::start(options).await?;
        Ok(StartedStripe { address: stripe.address(), stop: Box::pin(stripe.stop()) })
    })
}
