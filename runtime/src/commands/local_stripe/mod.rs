//! The local Stripe of a developer's machine: it stands in where no key is set, and ends with the command that started it.

mod fill;
mod shared;

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use url::Url;

pub(super) use fill::{Filled, fill, planned};

use super::{Context, Failure, LOCAL};
use crate::config::Settings;
use crate::services::record::LastRun;
use crate::stripe::{LocalStripe, Pace, SecretKey, StripeClient};
use shared::Ours;

/// What the payment page shows the stand-in, which takes any.
const PUBLISHABLE_KEY: &str = "pk_test_local";
/// Nobody's limits hold here.
const PER_SECOND: u32 = 10_000;

/// A stand-in that answers.
#[derive(Clone, Debug)]
pub(super) struct Local {
    address: SocketAddr,
    /// Where its account is kept.
    pub(super) file: PathBuf,
    /// Whether it ends with this process, and not with another one.
    pub(super) is_ours: bool,
}

/// The one that this process has started, to be ended by it.
#[derive(Debug, Default)]
pub(super) struct Standing(RefCell<Option<(Local, Ours)>>);

impl Standing {
    /// Ends it, where there is one.
    pub(super) async fn stop(&self) {
        let started = self.0.borrow_mut().take();
        if let Some((_, ours)) = started {
            ours.stop().await;
        }
    }
}

impl Local {
    /// `http://127.0.0.1:40123`
    pub(super) fn url(&self) -> Url {
        Url::parse(&format!("http://{}", self.address)).expect("an address is the host of a URL")
    }

    /// Has everything that the settings say of Stripe happen there.
    pub(super) fn lend_to(&self, settings: &mut Settings) {
        settings.stripe_api_base = self.url();
        settings.stripe_publishable_key.get_or_insert_with(|| PUBLISHABLE_KEY.to_owned());
        settings.stripe_requests_per_sec = self.pace(settings).per_second;
    }

    /// A client of it.
    ///
    /// # Errors
    /// Where the system's certificates cannot be read.
    pub(super) fn client(&self) -> Result<StripeClient, reqwest::Error> {
        StripeClient::new(self.url(), SecretKey::of_local_stripe())
    }

    /// How fast it is asked.
    pub(super) fn pace(&self, settings: &Settings) -> Pace {
        let chosen = Some(settings.stripe_requests_per_sec).filter(|chosen| *chosen > 0);
        Pace { per_second: chosen.unwrap_or(PER_SECOND), retries: 1, ..Pace::default() }
    }
}

/// Where the account of a stand-in is, where one may stand in: in development, on this machine and on a file of it, for an application that has
/// one, and where nobody has named another Stripe. A database that an environment of the catalog has synced is that one's.
fn file(context: &Context<'_>, settings: &Settings, last: Option<&str>) -> Option<(LocalStripe, PathBuf)> {
    let is_wanted = settings.stripe_local && settings.is_of_one_machine();
    let is_named = SecretKey::is_given() || settings.local_stripe().is_some();
    let is_ours = last.is_none_or(|environment| environment == LOCAL);
    let database = context.database.path().filter(|_| is_wanted && !is_named && is_ours)?;
    Some((context.local_stripe?, database.with_extension("stripe.json")))
}

/// Where the account of a stand-in is or would be, where one may stand in.
pub(super) fn account(context: &Context<'_>, settings: &Settings) -> Option<PathBuf> {
    file(context, settings, None).map(|(_, file)| file)
}

/// The stand-in of this account: started, or that of another process.
///
/// # Errors
/// Where it cannot be started, nor reached.
async fn reach(context: &Context<'_>, (local, file): (LocalStripe, PathBuf)) -> io::Result<Local> {
    let started = context.standing.0.borrow().as_ref().map(|(local, _)| local.clone());
    if let Some(started) = started {
        return Ok(started);
    }
    let (address, ours) = match context.dry_run {
        true => shared::copy(local, &file).await.map(|(address, ours)| (address, Some(ours)))?,
        false => shared::reach(local, &file).await?,
    };
    let found = Local { address, file, is_ours: ours.is_some() };
    *context.standing.0.borrow_mut() = ours.map(|ours| (found.clone(), ours));
    Ok(found)
}

/// The stand-in for a server, where one may stand in. Without it payments are refused, which is told.
pub(super) async fn of_server(context: &Context<'_>, settings: &mut Settings, last: Option<&LastRun>) -> Option<Local> {
    let wanted = file(context, settings, last.map(|last| last.environment.as_str()))?;
    match reach(context, wanted).await {
        Ok(local) => {
            local.lend_to(settings);
            tracing::info!(address = %local.url(), file = shown(&local.file), "a local Stripe stands in");
            Some(local)
        }
        Err(cause) => {
            tracing::warn!(error = %cause, "the local Stripe cannot be started");
            None
        }
    }
}

/// The stand-in for a command on the local database, where one may stand in.
///
/// # Errors
/// Where it cannot be started, nor reached.
pub(super) async fn of_command(context: &Context<'_>, settings: &Settings) -> Result<Option<Local>, Failure> {
    match file(context, settings, None) {
        Some(wanted) => reach(context, wanted).await.map(Some).map_err(not_started),
        None => Ok(None),
    }
}

/// That it is not there, and what to do about it.
fn not_started(cause: io::Error) -> Failure {
    Failure::failed(
        format!("the local Stripe cannot be started: {cause}"),
        "set PRICEBOOK_STRIPE_LOCAL=false to do without it, or STRIPE_SECRET_KEY to use an account",
    )
}

/// `.pricebook/shop.stripe.json`
fn shown(file: &Path) -> String {
    file.display().to_string()
}
