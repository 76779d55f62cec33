//! Which objects of Stripe stand for which prices, with a search.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;

use super::{Asked, Frame};
use crate::http::pages::{notice, page};
use crate::http::{ApiError, App};
use crate::stripe::dashboard::mappings::{self, Mapping, Wanted};
use crate::stripe::dashboard::{Page, runs};
use crate::stripe::product_sync::{dashboard, plan::Sort};

const STATES: [&str; 4] = ["created", "updated", "synced", "error"];

#[derive(Template)]
#[template(path = "stripe-sync/mappings.html")]
struct Mappings {
    company: &'static str,
    frame: Frame,
    text: String,
    status: String,
    kind: String,
    kinds: Vec<&'static str>,
    page: Page<Mapping>,
    /// The address of the next page.
    next: Option<String>,
    livemode: bool,
}

/// The page.
pub(in crate::http) async fn show(State(app): State<Arc<App>>, uri: Uri) -> Response {
    match read(&app, &Asked::of(&uri)).await {
        Ok(mappings) => page(StatusCode::OK, &mappings),
        Err(error) => notice(app.artifacts.title, error),
    }
}

async fn read(app: &App, asked: &Asked) -> Result<Mappings, ApiError> {
    let mut session = app.reads.session().await?;
    let last = runs::newest(&mut session, app.settings.environment_of_runs()).await?;
    let account = last.as_ref().map(|(run, _)| run.account.as_str()).unwrap_or_default();
    let status = asked.text("status").filter(|status| STATES.contains(status));
    let kinds: Vec<_> = app.artifacts.kinds.iter().map(|kind| kind.id).collect();
    let kind = asked.text("kind").filter(|kind| kinds.contains(kind));
    let text = asked.text("text").unwrap_or_default();
    let wanted = Wanted { account, text, status, kind, after: asked.text("after") };
    let page = mappings::list(&mut session, wanted).await?;
    Ok(Mappings {
        company: app.artifacts.title,
        frame: Frame::new(app, "/mappings"),
        text: text.to_owned(),
        status: status.unwrap_or_default().to_owned(),
        kind: kind.unwrap_or_default().to_owned(),
        kinds,
        next: page.next.as_deref().map(|next| asked.with("after", next)),
        page,
        livemode: last.is_some_and(|(_, told)| told.livemode),
    })
}

impl Mappings {
    fn states(&self) -> [&'static str; 4] {
        STATES
    }

    /// Where Stripe's dashboard has a product.
    fn product(&self, id: &str) -> String {
        dashboard(Sort::Product, id, self.livemode).unwrap_or_default()
    }

    /// Where it has a price.
    fn price(&self, id: &str) -> String {
        dashboard(Sort::Price, id, self.livemode).unwrap_or_default()
    }
}
