//! Looking whether an account is as the catalog says, and keeping what was found for whoever asks within the next hour.

use pricebook_types::stripe::Desired;

use super::Ask;
use super::run::{Outcome, Work};
use crate::audit::Actor;
use crate::db;
use crate::stripe::product_sync::record::{Validation, keep_validation};
use crate::stripe::product_sync::{Applied, ProductResult};

impl Work<'_> {
    pub(super) async fn validate(&self, ask: &Ask, desired: &Desired<'_>) -> Result<Outcome, db::Error> {
        let started_at = self.worker.now();
        // What is validated is not believed of a hash.
        let plan = match self.plan(desired, false, true).await? {
            Ok(plan) => plan,
            Err(error) => return Ok(Outcome::Failed(format!("the account cannot be read: {error}"))),
        };
        let results = ProductResult::of(&plan, &Applied::as_planned(&plan));
        let found = Validation {
            account: self.account,
            environment: &ask.environment,
            triggered_by: ask.trigger.as_str(),
            actor: &Actor::of_shown(&ask.actor),
            catalog_hash: self.worker.artifacts.catalog_hash,
            results: &results,
            requests: self.requests.sent(),
            started_at,
            finished_at: self.worker.now(),
        };
        let kept = keep_validation(&mut self.database.session().await?, found).await;
        let run = kept.map_err(|cause| self.database.failed("write", cause))?;
        self.note(&Ask { run: Some(run), ..ask.clone() }).await?;
        let problem = found.summary();
        match &problem {
            None => tracing::info!(environment = ask.environment, "the Stripe account is as the catalog says"),
            Some(differs) => {
                tracing::warn!(environment = ask.environment, differs, "the Stripe account is not as the catalog says");
            }
        }
        Ok(Outcome::Done { problem })
    }
}
