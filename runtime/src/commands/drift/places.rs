//! Looking at checkout, database, Stripe and live API, each as its own commands do.

use std::time::Duration;

use url::Url;

use super::address;
use crate::commands::services::ready;
use crate::commands::stripe::{Account, Manner};
use crate::commands::target::{Choice, Target};
use crate::commands::{Context, Failure};
use crate::services::drift::{Part, of_database, of_files, of_live_api, of_plan};
use crate::services::live::{LiveApi, Patience};

/// Of one answer of the API.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The files beside the program.
pub(super) fn catalog(context: &Context<'_>, target: &Target) -> Part {
    of_files(context.artifacts, target.database.dialect())
}

/// The rows.
pub(super) async fn database(context: &Context<'_>, target: &Target) -> Result<Part, Failure> {
    let database = ready::open_read_only(context, target).await?;
    let mut session = database.session().await?;
    let read = of_database(&mut session, context.artifacts, &target.database.to_string()).await;
    drop(session);
    database.close().await;
    Ok(read.map_err(|cause| target.failed("read", cause))?)
}

/// What is sold, with what every product grants.
pub(super) async fn stripe(context: &Context<'_>, chosen: &Choice) -> Result<Part, Failure> {
    let account = Account::of(context, chosen).await?;
    let known = account.read_known(context).await?;
    Ok(of_plan(&account.plan(&known, Manner { deep: true, force_update: false }, None).await?))
}

/// What the API answers, and the catalog that its program says it has.
pub(super) async fn live_api(context: &Context<'_>, target: &Target, given: Option<&Url>) -> Result<Part, Failure> {
    let url = address(context.artifacts, target, given, "--api")?;
    let validation = serde_json::from_str(context.artifacts.validation_json)
        .map_err(|cause| Failure::failed(format!("the validation tables cannot be read: {cause}"), ""))?;
    Ok(of_live_api(&LiveApi::new(url, Patience::of(TIMEOUT))?, context.artifacts, &validation).await)
}
