//! Changes of what is sold that somebody tells: each is a row of `product_change_log`, and some start a sync.

use chrono::{DateTime, Utc};
use sea_query::{Expr, ExprTrait, Query};
use serde_json::{Value, json};

use super::ask::Debounce;
use super::{Ask, Mode, Trigger, ask};
use crate::Artifacts;
use crate::audit::{self, Actor, Entry};
use crate::config::{AutoSync, StripeSyncSettings};
use crate::db::{self, Session, transaction};

const TABLE: &str = "product_change_log";
/// Stands for every kind.
const ANY_KIND: &str = "product";
/// What it is called when nothing more exact is said.
const UPDATED: &str = "updated";
/// All that happens to a product.
const HAPPENS: [&str; 5] = ["created", UPDATED, "price_changed", "features_changed", "retired"];

/// What happened.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// `plan.price_changed`, `product.created` …
    pub event_type: &'a str,
    /// `plan/starter`
    pub product: &'a str,
    /// What changed, from and to.
    pub changes: &'a Value,
    /// Who changed it.
    pub actor: &'a Actor,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The row of `product_change_log`.
    pub id: String,
    /// The job of the sync that it starts, or joins; `None` where it starts none.
    pub job: Option<String>,
}

/// Why something is no event.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// Nobody knows what that is.
    #[error(
        "type: it is a kind and what happened to it, such as plan.price_changed; kinds are {kinds}, what happens is {happens}"
    )]
    Type {
        /// Those that there are.
        kinds: String,
        /// All that is known.
        happens: String,
    },
    /// There is no such product.
    #[error("productId: the catalog has no {product}; it is the kind and the id, such as plan/starter")]
    Product {
        /// What was named.
        product: String,
    },
    /// The product is of another kind than the event.
    #[error("productId: {product} is no {kind}")]
    Kind {
        /// What was named.
        product: String,
        /// The kind of the event.
        kind: String,
    },
}

/// Where and how syncs are started.
#[derive(Clone, Copy, Debug)]
pub(super) struct Starting<'a> {
    pub(super) artifacts: &'a Artifacts,
    pub(super) environment: &'a str,
    pub(super) settings: &'a StripeSyncSettings,
    pub(super) retries: u32,
}

impl Event<'_> {
    /// # Errors
    /// [`EventError`].
    pub fn check(&self, artifacts: &Artifacts) -> Result<(), EventError> {
        let kinds = || artifacts.kinds.iter().map(|kind| kind.id).chain([ANY_KIND]);
        let (kind, happened) = self.event_type.split_once('.').unwrap_or_default();
        if !kinds().any(|known| known == kind) || !HAPPENS.contains(&happened) {
            let kinds = kinds().collect::<Vec<_>>().join(", ");
            return Err(EventError::Type { kinds, happens: HAPPENS.join(", ") });
        }
        let (of_kind, id) = self.product.split_once('/').unwrap_or_default();
        // What is retired has left the catalog.
        let is_known =
            happened == "retired" && artifacts.kinds.iter().any(|known| known.id == of_kind) && !id.is_empty()
                || artifacts.products.iter().any(|product| product.kind == of_kind && product.id == id);
        if !is_known {
            return Err(EventError::Product { product: self.product.to_owned() });
        }
        match kind == ANY_KIND || kind == of_kind {
            true => Ok(()),
            false => Err(EventError::Kind { product: self.product.to_owned(), kind: kind.to_owned() }),
        }
    }

    /// Whether one of these events is meant: `plan.updated` is also `product.updated`, and a changed price is an update.
    fn is_one_of(&self, wanted: &[String]) -> bool {
        let (_, happened) = self.event_type.split_once('.').unwrap_or_default();
        let (kind, _) = self.product.split_once('/').unwrap_or_default();
        let is_update = matches!(happened, "price_changed" | "features_changed").then_some(UPDATED);
        [kind, ANY_KIND].iter().any(|kind| {
            let mut names =
                [Some(happened), is_update].into_iter().flatten().map(|happened| format!("{kind}.{happened}"));
            names.any(|name| wanted.contains(&name))
        })
    }
}

impl Starting<'_> {
    /// Whether what nobody waits for is synced here.
    pub(super) fn is_automatic(&self) -> bool {
        let is_live = self.artifacts.environments.iter().any(|known| known.id == self.environment && known.stripe_live);
        match self.settings.automatic {
            AutoSync::None => false,
            AutoSync::Test => !is_live,
            AutoSync::All => true,
        }
    }

    /// Queues a sync that a change starts; others may join it until it begins.
    pub(super) async fn start(
        &self,
        session: &mut Session,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<String, sqlx::Error> {
        let wanted = Ask {
            environment: self.environment.to_owned(),
            mode: Mode::Sync,
            trigger: Trigger::Change,
            actor: actor.shown(),
            confirmed: false,
            run: None,
        };
        let debounce = Debounce { wait: self.settings.debounce, most: self.settings.debounce_most };
        ask(session, &wanted, debounce, self.retries, now).await
    }
}

/// Remembers what happened and starts a sync where that is wanted, both or neither, with an audit row.
///
/// # Errors
/// What the database said. Whether it can be an event is asked before: [`Event::check`].
pub(super) async fn tell_within(
    session: &mut Session,
    starting: Starting<'_>,
    event: &Event<'_>,
    now: DateTime<Utc>,
) -> Result<Told, sqlx::Error> {
    transaction(session, async |session| {
        let starts = starting.is_automatic() && event.is_one_of(&starting.settings.trigger_events);
        let job = match starts {
            true => Some(starting.start(session, event.actor, now).await?),
            false => None,
        };
        let id = uuid::Uuid::now_v7().to_string();
        let columns = ["id", "event_type", "product_id", "changes", "triggered_sync", "actor", "catalog_hash"];
        let insert = Query::insert()
            .into_table(TABLE)
            .columns(columns)
            .values_panic([
                id.as_str().into(),
                event.event_type.into(),
                event.product.into(),
                db::json(session.dialect(), event.changes),
                starts.into(),
                event.actor.shown().into(),
                starting.artifacts.catalog_hash.into(),
            ])
            .to_owned();
        session.execute(&insert).await?;
        let entry = Entry {
            actor: event.actor,
            action: "product.change",
            object_type: "product",
            object_id: event.product,
            result: "succeeded",
            details: json!({ "event": event.event_type, "change": id, "job": job }),
        };
        audit::record(session, entry).await?;
        Ok(Told { id, job })
    })
    .await
}

/// As a server tells it, with its settings.
///
/// # Errors
/// What the database said.
pub async fn tell(
    session: &mut Session,
    artifacts: &Artifacts,
    settings: &crate::config::Settings,
    event: &Event<'_>,
    now: DateTime<Utc>,
) -> Result<Told, sqlx::Error> {
    let environment = settings.environment_of_runs();
    let starting =
        Starting { artifacts, environment, settings: &settings.stripe_sync, retries: settings.stripe_retries };
    tell_within(session, starting, event, now).await
}

/// Says of the changes that were told before a run began that this is the one they started.
///
/// # Errors
/// What the database said.
pub(super) async fn taken_up_by(session: &mut Session, run: &str) -> Result<(), sqlx::Error> {
    let update = Query::update()
        .table(TABLE)
        .value("sync_run_id", run)
        .and_where(Expr::col("triggered_sync").eq(true))
        .and_where(Expr::col("sync_run_id").is_null())
        // Ids begin with the time.
        .and_where(Expr::col("id").lt(run))
        .to_owned();
    session.execute(&update).await.map(drop)
}
