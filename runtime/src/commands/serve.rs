//! `serve`: answer at the address of the settings until told to stop.

use std::io;
use std::sync::Arc;

use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};

use super::local_stripe::{self, Local};
use super::{Context, Failure, demo, log, show, supervisor};
use crate::alerts::Alerts;
use crate::clock::{self, today};
use crate::config::{SettingErrors, Settings};
use crate::db::Database;
use crate::db::migrate::{Applied, history_to_serve};
use crate::http::{App, Listening, Parts, router, serve, watch, watch_audit, watch_live, watch_old_rows, watch_stripe};
use crate::services::doctor::up_to_date;
use crate::services::live::Watcher;
use crate::services::record::{LastRun, last_run};
use crate::services::whose::oddity;
use crate::stripe::sync_queue::SyncWorker;
use crate::stripe::{PaymentGateway, SecretKey, StripeClient};

#[derive(Serialize)]
struct Report {
    address: String,
    database: String,
    /// The stand-in for Stripe, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    local_stripe: Option<String>,
    #[serde(skip)]
    dashboard: String,
    /// What the demonstration's administrator is told, or nothing.
    #[serde(skip)]
    sign_in: String,
}

/// A database that can be served.
struct Opened {
    reads: Database,
    writes: Database,
    last: Option<LastRun>,
}

/// Serves; `follows` the main job where that was run before.
pub(super) async fn run(context: Context<'_>, follows: bool) -> Result<(), Failure> {
    if context.dry_run {
        return Err(Failure::Usage("a server keeps what it does; run `serve` without --dry-run".to_owned()));
    }
    let mut settings = settings_of_process(&context)?;
    log::start(&settings);
    let Opened { reads, writes, last } = open(&context, &settings).await?;
    let listening = Listening::at(settings.listen).await.map_err(|cause| Failure::Failed {
        message: format!("cannot listen at {}: {cause}", settings.listen),
        help: "end the program that does, or set PRICEBOOK_LISTEN to another address and port".to_owned(),
    })?;
    // Links lead to the port that the system chose.
    settings.listen = listening.address;
    let local = local_stripe::of_server(&context, &mut settings, last.as_ref()).await;
    let (gateway, sync) = stripe(&context, &settings, local.as_ref())?;
    let watcher = watcher(&context, &settings)?;
    let is_demo = follows && demo::is_one(&context, &settings, local.is_some());
    let report = Report {
        address: format!("http://{}", listening.address),
        database: context.database.to_string(),
        local_stripe: local.map(|local| local.url().to_string()),
        dashboard: settings.dashboard_path.clone(),
        sign_in: if is_demo { demo::link(&settings, &writes).await } else { String::new() },
    };
    let Context { artifacts, storefront, .. } = context;
    let parts = Parts { artifacts, settings, reads, writes, gateway, sync, today, storefront };
    let app = App::new(parts).map_err(|error| Failure::Failed { message: error.to_string(), help: String::new() })?;
    let stop = stop()?;
    let told = match context.json {
        true => show::json(context.out, &report),
        false => print(context, &report),
    };
    // Nobody has to listen to what is said at the start.
    if let Err(cause) = told {
        tracing::warn!(error = %cause, "standard output is closed");
    }
    let watching = tokio::spawn(watch(Arc::clone(&app)));
    let audit = tokio::spawn(watch_audit(Arc::clone(&app)));
    let old_rows = tokio::spawn(watch_old_rows(Arc::clone(&app)));
    let live = watcher.map(|watcher| tokio::spawn(watch_live(Arc::clone(&app), watcher)));
    let stripe = tokio::spawn(watch_stripe(Arc::clone(&app)));
    supervisor::tell(supervisor::State::Ready);
    serve(Arc::clone(&app), router(&app), listening, stop).await;
    for task in [Some(watching), Some(audit), Some(old_rows), Some(stripe), live].into_iter().flatten() {
        task.abort();
        let _ = task.await;
    }
    tracing::info!("stopped");
    Ok(())
}

/// The settings of this process, or what is wrong with them.
pub(super) fn settings_of_process(context: &Context<'_>) -> Result<Settings, SettingErrors> {
    let environments: Vec<_> = context.artifacts.environments.iter().map(|environment| environment.id).collect();
    Settings::of_process(&environments)
}

/// Connections for reading and for writing, if the database has every table.
async fn open(context: &Context<'_>, settings: &Settings) -> Result<Opened, Failure> {
    let lacking = |what: String| {
        let first = up_to_date(&settings.environment);
        Failure::failed(what, format!("{first}, and start the server again"))
    };
    let reads = Database::open_readers(&context.database, settings.database_connections).await?;
    let reads = reads.ok_or_else(|| lacking(format!("there is no database {}", context.database)))?;
    let (history, later) = history_to_serve(&mut reads.session().await?, &context.streams()).await?;
    for Applied { stream, number, name, .. } in later {
        tracing::warn!(
            "the database has run migration {number:04}_{name} of {stream}, which this program does not know; it only \
             adds, so this program serves, and neither migrates nor syncs"
        );
    }
    if !history.due.is_empty() {
        let due = show::counted(history.due.len(), "migration");
        return Err(lacking(format!("{} lacks tables: {due} to be run", reads.shown)));
    }
    let last = last_run(&mut reads.session().await?).await.map_err(|cause| reads.failed("read", cause))?;
    if let Some(odd) = oddity(context.artifacts, last.as_ref(), &settings.environment) {
        tracing::warn!("{odd}");
    }
    let writes = Database::open_many(&context.database, settings.database_connections).await?;
    Ok(Opened { reads, writes, last })
}

/// Where payments are made, and what syncs products.
type Stripe = (Option<Arc<dyn PaymentGateway>>, Option<Arc<SyncWorker>>);

/// Stripe, where there is a key, or the local one.
fn stripe(context: &Context<'_>, settings: &Settings, local: Option<&Local>) -> Result<Stripe, Failure> {
    let key = match local {
        Some(_) => Ok(Some(SecretKey::of_local_stripe())),
        None => SecretKey::of_process(&settings.environment, context.artifacts),
    };
    let Some(key) = key.map_err(|error| Failure::Usage(error.to_string()))? else {
        tracing::warn!("STRIPE_SECRET_KEY is not set: payments are checked, and none is made");
        return Ok((None, None));
    };
    let shown = settings.stripe_publishable_key.as_deref();
    if shown.is_some_and(|shown| shown.starts_with("pk_live_") != key.is_live()) {
        let message = "stripe_publishable_key and STRIPE_SECRET_KEY: one is a live key, and one a test key";
        return Err(Failure::Usage(message.to_owned()));
    }
    let no_client = |cause: reqwest::Error| Failure::failed(cause.to_string(), "");
    let alerts = Alerts::new(&settings.alerts).map_err(Failure::Usage)?;
    let sync = SyncWorker::new(context.artifacts, settings, key.clone(), alerts, Arc::new(clock::now));
    let client = StripeClient::new(settings.stripe_api_base.clone(), key).map_err(no_client)?;
    Ok((Some(Arc::new(client)), Some(Arc::new(sync.map_err(no_client)?))))
}

/// The watch over live APIs, where the settings ask for one.
fn watcher(context: &Context<'_>, settings: &Settings) -> Result<Option<Watcher>, Failure> {
    let alerts = Alerts::new(&settings.alerts).map_err(Failure::Usage)?;
    let watcher =
        Watcher::new(context.artifacts, settings, alerts).map_err(|error| Failure::Usage(error.to_string()))?;
    if let Some(watcher) = &watcher {
        let environments = watcher.environments().collect::<Vec<_>>().join(", ");
        tracing::info!(environments, "live APIs are watched");
        if !watcher.tells_somebody() {
            tracing::warn!("no alert is sent: neither smtp_url nor alert_webhook_url is set");
        }
    }
    Ok(watcher)
}

fn print(context: Context<'_>, report: &Report) -> io::Result<()> {
    let Report { address, database, local_stripe, dashboard, sign_in } = report;
    let Context { artifacts, storefront, paint, out, .. } = context;
    writeln!(out, "{} is served from {database}", paint.bold(artifacts.title))?;
    if let Some(storefront) = storefront {
        let lacks = if storefront.is_built() { "" } else { ", not built: the page says how" };
        writeln!(out, "  {address}/  (storefront{lacks})")?;
        writeln!(out, "  {address}/payment")?;
    }
    for kind in artifacts.kinds {
        writeln!(out, "  {address}/{}", kind.plural)?;
    }
    writeln!(out, "  {address}/create-payment")?;
    writeln!(out, "  {address}/docs")?;
    if let Some(local) = local_stripe {
        writeln!(out, "  {local}  (local Stripe, for no STRIPE_SECRET_KEY is set)")?;
    }
    writeln!(out, "  {address}{dashboard}  (dashboard of the product sync)")?;
    write!(out, "{sign_in}")?;
    writeln!(out, "Stop it with Ctrl-C.")?;
    out.flush()
}

/// Comes true when somebody wants the server to end: Ctrl-C, or a supervisor's SIGTERM.
fn stop() -> io::Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
        supervisor::tell(supervisor::State::Stopping);
    })
}
