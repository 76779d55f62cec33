//! Whether every place that has the catalog has this program's: database, Stripe, live API and storefront, looked at now.

use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tokio::time::timeout;

use super::Frame;
use crate::clock;
use crate::http::App;
use crate::http::limits::Counted;
use crate::http::pages::{notice, page};
use crate::services::drift::{self, Drift, Part, Place};
use crate::services::live::{LiveApi, Patience};

#[derive(Template)]
#[template(path = "stripe-sync/drift.html")]
struct DriftPage {
    company: &'static str,
    frame: Frame,
    drift: Drift,
}

/// The page.
pub(in crate::http) async fn show(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    match app.limits.count(Counted::Sync, &headers) {
        Ok(()) => page(StatusCode::OK, &look(&app).await),
        Err(error) => notice(app.artifacts.title, error),
    }
}

async fn look(app: &App) -> DriftPage {
    // The page itself must be there in time.
    let limit = app.settings.request_timeout * 3 / 4;
    let (files, database, stripe, live_api) = tokio::join!(
        within(limit, Place::Catalog, files(app)),
        within(limit, Place::Database, database(app)),
        within(limit, Place::Stripe, stripe(app)),
        within(limit, Place::LiveApi, live_api(app, limit)),
    );
    let parts = vec![files, database, stripe, live_api, storefront(app)];
    let environment = app.settings.environment_of_runs();
    let drift = Drift::of(environment, app.artifacts.catalog_hash, clock::iso(clock::now()), parts);
    DriftPage { company: app.artifacts.title, frame: Frame::new(app, "/drift"), drift }
}

/// What is found in time.
async fn within(limit: Duration, place: Place, look: impl Future<Output = Part>) -> Part {
    let late = |_| Part::unknown(place, "it takes longer than a page may", "look from a terminal: pricebook drift");
    timeout(limit, look).await.unwrap_or_else(late)
}

/// The files beside the program are those of its database's dialect.
async fn files(app: &App) -> Part {
    match app.reads.session().await {
        Ok(session) => drift::of_files(app.artifacts, session.dialect()),
        Err(error) => Part::unknown(Place::Catalog, error.to_string(), error.fault().help()),
    }
}

async fn database(app: &App) -> Part {
    let read = async {
        let mut session = app.reads.session().await?;
        let read = drift::of_database(&mut session, app.artifacts, &app.reads.shown).await;
        read.map_err(|cause| app.reads.failed("read", cause))
    };
    read.await.unwrap_or_else(|error| Part::unknown(Place::Database, error.to_string(), error.fault().help()))
}

async fn stripe(app: &App) -> Part {
    let Some(worker) = &app.sync else {
        return Part::unknown(
            Place::Stripe,
            "this server has no key of Stripe",
            "set STRIPE_SECRET_KEY and start it again",
        );
    };
    match worker.preview(&app.reads, false, true).await {
        Ok(plan) => drift::of_plan(&plan),
        Err(error) => Part::unknown(Place::Stripe, error.to_string(), "pricebook doctor tells what is wrong"),
    }
}

/// The environment's own API; without one this server's.
async fn live_api(app: &App, limit: Duration) -> Part {
    let environment = app.artifacts.environments.iter().find(|known| known.id == app.settings.environment);
    let url = environment.and_then(|environment| environment.live_url).map(str::to_owned);
    let url = url.unwrap_or_else(|| app.settings.address(""));
    let unknown = |error: String| Part::unknown(Place::LiveApi, error, "").at(&url);
    let api = match url.parse() {
        Ok(url) => LiveApi::new(url, Patience::of(limit)),
        Err(cause) => return unknown(format!("{cause}")),
    };
    match api {
        Ok(api) => drift::of_live_api(&api, app.artifacts, &app.validation).await,
        Err(error) => unknown(error.to_string()),
    }
}

/// The pages that this server has.
fn storefront(app: &App) -> Part {
    let at = app.settings.address("/");
    match app.storefront.map(|storefront| (storefront.file)("index.html")) {
        None => Part::left_out(Place::Frontend),
        Some(None) => Part::unknown(Place::Frontend, "it is not built", "npm --prefix frontend run build").at(at),
        Some(Some(file)) => drift::of_page(&String::from_utf8_lossy(&file.bytes), app.artifacts, &at),
    }
}

impl DriftPage {
    /// A place's name, for people.
    fn name(&self, place: Place) -> &'static str {
        match place {
            Place::Catalog => "Generated files",
            Place::Database => "Database",
            Place::Stripe => "Stripe",
            Place::LiveApi => "Live API",
            Place::Frontend => "Storefront",
        }
    }

    /// What was found, in words and a colour.
    fn state(&self, part: &Part) -> (&'static str, &'static str) {
        match part.state {
            drift::State::Equal => ("as the catalog says", "good"),
            drift::State::Different => ("differs", "bad"),
            drift::State::Unknown => ("nobody can tell", "attention"),
            drift::State::LeftOut => ("not there", ""),
        }
    }

    fn overall(&self) -> (&'static str, &'static str) {
        match (self.drift.equal, self.drift.has_differences()) {
            (true, _) => ("Every place has this program's catalog", "good"),
            (false, true) => ("Not every place has this program's catalog", "bad"),
            (false, false) => ("No difference was found, but not every place could be looked at", "attention"),
        }
    }
}
