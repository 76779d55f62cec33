//! `on_pricing_plan_change`: how a company's own Rust code tells that it has changed what is sold.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::event::Starting;
use super::{Event, EventError, Told};
use crate::Artifacts;
use crate::audit::Actor;
use crate::clock;
use crate::config::{DatabaseError, DatabaseUrl, SettingErrors, Settings};
use crate::db::{self, Database};

/// The kind of pricing plans.
const PLAN: &str = "plan";

/// What a field was, and is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Before.
    pub from: Value,
    /// Now.
    pub to: Value,
}

/// The fields that changed: `monthlyPrice`, `description`, `features` …
pub type Changes = BTreeMap<String, Change>;

/// Where changes are told: the database of this process, with its settings.
#[derive(Debug)]
pub struct ProductChanges {
    artifacts: &'static Artifacts,
    settings: Settings,
    database: Database,
}

/// Why nothing can be told.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// A setting is wrong.
    #[error(transparent)]
    Settings(#[from] SettingErrors),
    /// It is not known where the database is.
    #[error(transparent)]
    Url(#[from] DatabaseError),
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// It is no change of something that is sold.
    #[error(transparent)]
    Event(#[from] EventError),
}

/// What kind of event changes are: amounts before features before everything else.
pub(crate) fn event_of(kind: &str, changes: &Changes) -> String {
    let names = |part: &str| changes.keys().any(|field| field.to_lowercase().contains(part));
    let happened = match () {
        () if names("price") || names("amount") => "price_changed",
        () if names("feature") => "features_changed",
        () => "updated",
    };
    format!("{kind}.{happened}")
}

impl ProductChanges {
    /// With the settings and the database of this process, as the server has them.
    ///
    /// # Errors
    /// [`SetUpError`].
    pub async fn of_process(artifacts: &'static Artifacts) -> Result<Self, SetUpError> {
        let environments: Vec<_> = artifacts.environments.iter().map(|environment| environment.id).collect();
        let settings = Settings::of_process(&environments)?;
        let database = Database::open_many(&DatabaseUrl::choose(None, artifacts.name)?, 1).await?;
        Ok(Self::new(artifacts, settings, database))
    }

    /// With these.
    pub fn new(artifacts: &'static Artifacts, settings: Settings, database: Database) -> Self {
        Self { artifacts, settings, database }
    }

    /// Remembers that a pricing plan was changed, by whom, and starts a sync:
    ///
    /// ```no_run
    /// # async fn tell(artifacts: &'static pricebook::Artifacts) -> Result<(), pricebook::stripe::sync_queue::SetUpError> {
    /// use pricebook::stripe::sync_queue::{Change, ProductChanges};
    ///
    /// let changes = ProductChanges::of_process(artifacts).await?;
    /// let changed = [
    ///     ("monthlyPrice".to_owned(), Change { from: 29.into(), to: 35.into() }),
    ///     ("description".to_owned(), Change { from: "Old desc".into(), to: "New desc".into() }),
    /// ];
    /// changes.on_pricing_plan_change("starter", &changed.into(), "user_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    /// What the sync writes is the catalog, whatever is told: a price that nobody reviewed is never sold.
    ///
    /// # Errors
    /// [`SetUpError::Event`] where there is no such plan, [`SetUpError::Database`].
    pub async fn on_pricing_plan_change(
        &self,
        plan: &str,
        changes: &Changes,
        user_id: &str,
    ) -> Result<Told, SetUpError> {
        self.on_product_change(PLAN, plan, changes, user_id).await
    }

    /// The same for a product of any kind.
    ///
    /// # Errors
    /// As [`Self::on_pricing_plan_change`].
    pub async fn on_product_change(
        &self,
        kind: &str,
        id: &str,
        changes: &Changes,
        user_id: &str,
    ) -> Result<Told, SetUpError> {
        let (event_type, product) = (event_of(kind, changes), format!("{kind}/{id}"));
        let changes = serde_json::to_value(changes).unwrap_or_default();
        let actor = Actor::of_user(user_id, crate::audit::Call::default());
        let event = Event { event_type: &event_type, product: &product, changes: &changes, actor: &actor };
        event.check(self.artifacts)?;
        let starting = Starting {
            artifacts: self.artifacts,
            environment: self.settings.environment_of_runs(),
            settings: &self.settings.stripe_sync,
            retries: self.settings.stripe_retries,
        };
        let told = super::event::tell_within(&mut self.database.session().await?, starting, &event, clock::now()).await;
        Ok(told.map_err(|cause| self.database.failed("write", cause))?)
    }
}
