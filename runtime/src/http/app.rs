//! What every request shares.

use std::sync::Arc;

use pricebook_types::stripe::Desired;
use pricebook_types::validation::Validation;
use pricebook_types::{Artifacts, Kind};
use tokio::sync::{Notify, OnceCell, watch};

use super::limits::Limits;
use super::lists::Lists;
use super::metrics::Metrics;
use super::router::{RESERVED, SUBSCRIBE};
use super::storefront::Storefront;
use super::under_way::UnderWay;
use crate::config::Settings;
use crate::db::Database;
use crate::stripe::sync_queue::SyncWorker;
use crate::stripe::{PaymentGateway, Selling};

/// What an [`App`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// The catalog.
    pub artifacts: &'static Artifacts,
    /// The settings.
    pub settings: Settings,
    /// Connections for reading.
    pub reads: Database,
    /// Connections for writing.
    pub writes: Database,
    /// What makes payments, where something is set up.
    pub gateway: Option<Arc<dyn PaymentGateway>>,
    /// What syncs products with Stripe, where there is a key.
    pub sync: Option<Arc<SyncWorker>>,
    /// Today in UTC (`YYYY-MM-DD`).
    pub today: fn() -> String,
    /// The pages for browsers, where the company has some.
    pub storefront: Option<Storefront>,
}

/// What every request shares.
#[derive(Debug)]
pub struct App {
    pub(super) artifacts: &'static Artifacts,
    pub(super) settings: Settings,
    pub(super) validation: Validation<'static>,
    /// What Stripe is to have; `None` in a program whose catalog says nothing of it.
    pub(super) desired: Option<Desired<'static>>,
    /// Of the key, once Stripe has said it.
    stripe_account: OnceCell<String>,
    pub(super) reads: Database,
    pub(super) writes: Database,
    pub(super) gateway: Option<Arc<dyn PaymentGateway>>,
    pub(super) sync: Option<Arc<SyncWorker>>,
    /// Told when there is something to sync, so that nobody waits for the next round.
    pub(super) sync_wanted: Notify,
    /// True once the server is to end.
    pub(super) stopping: watch::Sender<bool>,
    pub(super) today: fn() -> String,
    pub(super) storefront: Option<Storefront>,
    pub(super) lists: Lists,
    pub(super) limits: Limits,
    pub(super) metrics: Metrics,
    pub(super) under_way: UnderWay,
}

/// Why there cannot be a server for a catalog.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The generated tables cannot be read.
    #[error("the validation tables in the program cannot be read: {0}")]
    Validation(#[from] serde_json::Error),
    /// A kind would be answered where something else is.
    #[error("the products of the kind '{kind}' would be answered at /{plural}, which has another meaning")]
    Reserved {
        /// The kind's id.
        kind: &'static str,
        /// Its section in the catalog.
        plural: &'static str,
    },
    /// The dashboard would be answered where something else is.
    #[error(
        "dashboard_path: something else is answered below /{0}; put the dashboard below /admin, or below a name of its own"
    )]
    Dashboard(String),
}

impl App {
    /// # Errors
    /// [`AppError`].
    pub fn new(parts: Parts) -> Result<Arc<Self>, AppError> {
        let Parts { artifacts, settings, reads, writes, gateway, sync, today, storefront } = parts;
        if let Some(kind) = artifacts.kinds.iter().find(|kind| RESERVED.contains(&kind.plural)) {
            return Err(AppError::Reserved { kind: kind.id, plural: kind.plural });
        }
        let first = settings.dashboard_path.split('/').nth(1).unwrap_or_default();
        let is_taken = first != "admin" && RESERVED.contains(&first);
        if is_taken || artifacts.kinds.iter().any(|kind| kind.plural == first) {
            return Err(AppError::Dashboard(first.to_owned()));
        }
        let validation: Validation<'static> = serde_json::from_str(artifacts.validation_json)?;
        let desired = serde_json::from_str(artifacts.stripe_json).ok();
        let lists = Lists::new(artifacts.kinds.len(), settings.cache);
        let limits = Limits::new(&settings);
        let metrics = Metrics::new(artifacts);
        let under_way = UnderWay::default();
        Ok(Arc::new(Self {
            artifacts,
            settings,
            validation,
            desired,
            stripe_account: OnceCell::new(),
            reads,
            writes,
            gateway,
            sync,
            sync_wanted: Notify::new(),
            stopping: watch::Sender::new(false),
            today,
            storefront,
            lists,
            limits,
            metrics,
            under_way,
        }))
    }

    /// The kind with this id, or the catalog's first one.
    pub(super) fn kind(&self, id: Option<&str>) -> Option<&'static Kind> {
        match id {
            Some(id) => self.artifacts.kinds.iter().find(|kind| kind.id == id),
            None => self.artifacts.kinds.first(),
        }
    }

    /// The account in which things are sold; the same for as long as the server runs.
    ///
    /// # Errors
    /// Why Stripe does not say.
    pub(super) async fn stripe_account(&self, selling: &dyn Selling) -> Result<String, String> {
        let asked = self.stripe_account.get_or_try_init(|| selling.account_id()).await;
        asked.cloned().map_err(|error| error.to_string())
    }

    /// Where customers come back to; `None` where the server has no page for them and none was named.
    pub(super) fn checkout_returns(&self) -> Option<CheckoutReturns> {
        let page = match &self.settings.checkout_return_url {
            Some(page) => page.to_string(),
            None => self.storefront.map(|_| self.settings.address(SUBSCRIBE))?,
        };
        // A setting has no query.
        let to = |outcome: &str| format!("{page}?checkout={outcome}");
        Some(CheckoutReturns { paid: to("paid"), left: to("left"), portal: page })
    }
}

/// Where customers come back to from pages of Stripe's.
#[derive(Clone, Debug)]
pub(super) struct CheckoutReturns {
    /// Those who paid.
    pub(super) paid: String,
    /// Those who did not.
    pub(super) left: String,
    /// Those who looked at what they have.
    pub(super) portal: String,
}
