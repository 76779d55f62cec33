//! The Stripe account and the database of an environment, each checked before anything is done.

use std::time::Duration;

use pricebook_types::EnvironmentDatabase;
use pricebook_types::stripe::Desired;
use serde_json::Value;

use super::Manner;
use crate::clock;
use crate::commands::local_stripe::{self, Local};
use crate::commands::serve::settings_of_process;
use crate::commands::services::ready;
use crate::commands::target::{Choice, Target};
use crate::commands::{Context, Failure, LOCAL};
use crate::config::Settings;
use crate::db::Database;
use crate::stripe::product_sync::plan::{Adoption, Known, Options, Plan};
use crate::stripe::product_sync::{back_to, desired, look, record};
use crate::stripe::{AccountError, Pace, Requests, SecretKey, StripeClient, StripeError, WrongAccount};

/// What a way back begins with.
const HOW_BACK: &str = "name a revision of git, or the catalog.json of generated/stripe as it was then";

/// An account that may be asked, and what it should hold.
pub(in crate::commands) struct Account {
    pub(super) target: Target,
    pub(super) requests: Requests,
    /// `acct_…`
    pub(in crate::commands) id: String,
    pub(super) desired: Desired<'static>,
    /// The stand-in for Stripe, where it is one.
    pub(super) local: Option<Local>,
}

impl Account {
    /// The account of the environment, which the key must be of.
    pub(in crate::commands) async fn of(context: &Context<'_>, chosen: &Choice) -> Result<Self, Failure> {
        let target = Target::of(context, chosen)?;
        let settings = settings_of_process(context)?;
        let local = match target.environment == LOCAL && target.database.path().is_some_and(|file| file.is_file()) {
            true => local_stripe::of_command(context, &settings).await?,
            false => None,
        };
        match local {
            Some(local) => Self::of_local(context, &local, &settings).await,
            None => {
                let requests = requests(context, &target, settings)?;
                Self::asked(context, target, requests, None).await
            }
        }
    }

    /// That of the local Stripe.
    pub(in crate::commands) async fn of_local(
        context: &Context<'_>,
        local: &Local,
        settings: &Settings,
    ) -> Result<Self, Failure> {
        let client = local.client().map_err(|cause| Failure::failed(cause.to_string(), ""))?;
        let requests = Requests::new(client, local.pace(settings));
        Self::asked(context, Target::named(context), requests, Some(local.clone())).await
    }

    async fn asked(
        context: &Context<'_>,
        target: Target,
        requests: Requests,
        local: Option<Local>,
    ) -> Result<Self, Failure> {
        let id = requests.account_of(target.environment, context.artifacts).await.map_err(wrong_account)?;
        let desired = desired(context.artifacts.stripe_json, &clock::today());
        let desired =
            desired.map_err(|cause| Failure::failed(format!("the program has no catalog for Stripe: {cause}"), ""))?;
        Ok(Self { target, requests, id, desired, local })
    }

    /// What would have to be done.
    pub(in crate::commands) async fn plan(
        &self,
        known: &Known,
        manner: Manner,
        adoption: Option<Adoption>,
    ) -> Result<Plan, Failure> {
        let options = Options { force: manner.force_update, adoption, now: clock::now().timestamp() };
        let plan = look(&self.requests, &self.desired, known, &options, &self.id, manner.deep).await;
        plan.map_err(|error| failed_to_read(&error))
    }

    /// The same account, that is to become again what an earlier desired state says.
    pub(super) fn back_to(self, earlier: &Value) -> Result<Self, Failure> {
        let no_state = |cause: serde_json::Error| {
            Failure::failed(format!("that is no desired state of Stripe: {cause}"), HOW_BACK)
        };
        let earlier = desired(&earlier.to_string(), &clock::today()).map_err(no_state)?;
        let desired = back_to(earlier, &self.desired).map_err(|other| Failure::failed(other.to_string(), HOW_BACK))?;
        Ok(Self { desired, ..self })
    }

    /// The products that earlier syncs have made.
    pub(super) async fn known(&self, database: &Database) -> Result<Known, Failure> {
        let known = record::known(&mut database.session().await?, &self.id).await;
        known.map_err(|cause| self.target.failed("read", cause).into())
    }

    /// As [`Self::known`], from a database that is opened for it.
    pub(in crate::commands) async fn read_known(&self, context: &Context<'_>) -> Result<Known, Failure> {
        let database = open(context, &self.target, Access::Read).await?;
        let known = self.known(&database).await;
        database.close().await;
        known
    }
}

fn requests(context: &Context<'_>, target: &Target, settings: Settings) -> Result<Requests, Failure> {
    let key = SecretKey::of_process(target.environment, context.artifacts);
    let key = key.map_err(|error| Failure::failed(error.to_string(), "take the key from Stripe's dashboard"))?;
    let Some(key) = key else {
        return Err(Failure::failed(
            "Missing Stripe credentials: STRIPE_SECRET_KEY is not set",
            "set it to the secret key of the account, sk_test_… or sk_live_…",
        ));
    };
    let client = StripeClient::new(settings.stripe_api_base, key);
    let client = client.map_err(|cause| Failure::failed(cause.to_string(), ""))?;
    let pace = Pace {
        per_second: settings.stripe_requests_per_sec,
        retries: settings.stripe_retries,
        first_delay: Duration::from_millis(settings.stripe_retry_delay_ms),
    };
    Ok(Requests::new(client, pace))
}

fn wrong_account(error: WrongAccount) -> Failure {
    let help = match &error {
        WrongAccount::Unnamed(environment) => {
            return Failure::failed(
                error.to_string(),
                format!("write `stripe_account: acct_…` at the environment {environment}"),
            );
        }
        WrongAccount::Another { .. } => "set STRIPE_SECRET_KEY to a key of that account",
        WrongAccount::Unknown(AccountError::KeyRefused(_)) => {
            "set STRIPE_SECRET_KEY to a key that Stripe's dashboard shows as active"
        }
        WrongAccount::Unknown(AccountError::NotTold) => {
            "let the key read the account: without that nobody knows where this would be written"
        }
        WrongAccount::Unknown(AccountError::Unavailable(_)) => {
            "see that Stripe can be reached from here, and try again"
        }
    };
    Failure::failed(error.to_string(), help)
}

fn failed_to_read(error: &StripeError) -> Failure {
    Failure::failed(
        format!("the account cannot be read, so nothing was written: {error}"),
        "try again; what a key may read is set in Stripe's dashboard",
    )
}

/// What a database is opened for.
#[derive(Clone, Copy)]
pub(super) enum Access {
    Read,
    Write,
}

/// The database of the environment.
pub(super) async fn open(context: &Context<'_>, target: &Target, access: Access) -> Result<Database, Failure> {
    let opened = match access {
        Access::Read => ready::open_read_only(context, target).await,
        Access::Write => ready::open(context, target).await,
    };
    opened.map_err(|failure| match failure {
        Failure::Failed { message, help } => {
            let variable = variable(context, target);
            Failure::failed(
                format!("Database connection failed: {message}"),
                format!("{help} (its URL is in {variable})"),
            )
        }
        other => other,
    })
}

/// What says where the database is.
fn variable(context: &Context<'_>, target: &Target) -> &'static str {
    let environment = context.artifacts.environments.iter().find(|known| known.id == target.environment);
    match environment.and_then(|environment| environment.database) {
        _ if context.database_is_named => "--database",
        Some(EnvironmentDatabase::Variable(variable)) => variable,
        Some(EnvironmentDatabase::D1(_)) => "wrangler's configuration",
        None => "DATABASE_URL",
    }
}
