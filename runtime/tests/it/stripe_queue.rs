//! The queue of syncs: what is told is gathered, one server syncs, and another goes on when that one dies. No test waits: the
//! clock is moved.

mod faults;
pub(crate) mod http;
mod schedule;
mod settings;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use pricebook::Artifacts;
use pricebook::alerts::Alerts;
use pricebook::audit::Actor;
use pricebook::config::{DatabaseUrl, Settings};
use pricebook::db::Database as Pool;
use pricebook::stripe::SecretKey;
use pricebook::stripe::sync_queue::{
    Ask, Change, Debounce, Event, Mode, ProductChanges, SyncWorker, Told, Trigger, ask, tell,
};
use pricebook_types::Kind;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::databases::{Database, on_every_database};
use crate::shop::{SHOP, tea};
use crate::stripe_account::Account;
use crate::stripe_sync::small_text;

const RUNS: &str = "SELECT CONCAT(mode, ' ', triggered_by, ' ', status) FROM stripe_sync_runs ORDER BY id";
const JOBS: &str = "SELECT CONCAT(status, ' ', attempts) FROM jobs WHERE kind = 'stripe.product_sync' ORDER BY id";

/// An event, settings, and whether it starts a sync.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], bool);

/// A database and a Stripe account, with a clock that is moved.
pub(crate) struct Queue<'d> {
    pub(crate) database: &'d Database,
    pub(crate) runtime: Runtime,
    pub(crate) account: Account,
    pub(crate) pool: Pool,
    clock: Arc<AtomicI64>,
}

pub(crate) fn at(secs: i64) -> DateTime<Utc> {
    let noon: DateTime<Utc> = "2026-11-22T12:00:00Z".parse().expect("a time");
    noon + TimeDelta::seconds(secs)
}

/// The shop, whose only tea in Stripe costs so many cents.
pub(crate) fn catalog(cents: i64) -> &'static Artifacts {
    let catalog_hash = format!("hash {cents}").leak();
    Box::leak(Box::new(Artifacts { catalog_hash, stripe_json: small_text(cents), ..SHOP }))
}

impl<'d> Queue<'d> {
    pub(crate) fn new(database: &'d Database) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let url = DatabaseUrl::parse(&database.url()).expect("a URL");
        let pool = runtime.block_on(Pool::open_many(&url, 4)).expect("it opens");
        let account = runtime.block_on(Account::new());
        Self { database, runtime, account, pool, clock: Arc::default() }
    }

    pub(crate) fn settings(&self, more: &[(&str, &str)]) -> Settings {
        let folder = self.database.folder().to_str().expect("UTF-8");
        let base = self.account.stripe.url();
        let own = [
            ("PRICEBOOK_STRIPE_API_BASE", &*base),
            ("PRICEBOOK_STRIPE_REQUESTS_PER_SEC", "10000"),
            ("PRICEBOOK_STRIPE_RETRY_DELAY_MS", "1"),
            ("PRICEBOOK_STRIPE_REPORT_FOLDER", folder),
            // What comes by itself has tests of its own.
            ("PRICEBOOK_STRIPE_VALIDATE_SECS", "0"),
            ("PRICEBOOK_STRIPE_SYNC_SECS", "0"),
        ];
        let variables = own.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::read(variables, &["production", "staging"]).expect("settings")
    }

    pub(crate) fn server(&self, cents: i64) -> SyncWorker {
        self.server_with(cents, &[])
    }

    pub(crate) fn server_with(&self, cents: i64, more: &[(&str, &str)]) -> SyncWorker {
        let key = SecretKey::parse("sk_test_1").expect("a key");
        let clock = Arc::clone(&self.clock);
        let clock = Arc::new(move || at(clock.load(Ordering::Relaxed)));
        SyncWorker::new(catalog(cents), &self.settings(more), key, Alerts::default(), clock).expect("a client")
    }

    /// A round of a server, so many seconds after noon, and how many jobs it tried.
    pub(crate) fn round(&self, server: &SyncWorker, secs: i64) -> usize {
        self.clock.store(secs, Ordering::Relaxed);
        self.runtime.block_on(server.round(&self.pool)).expect("a round")
    }

    pub(crate) fn all_at_once(&self, servers: &[SyncWorker], secs: i64) -> usize {
        self.clock.store(secs, Ordering::Relaxed);
        let rounds = futures_util::future::join_all(servers.iter().map(|server| server.round(&self.pool)));
        self.runtime.block_on(rounds).into_iter().map(|tried| tried.expect("a round")).sum()
    }

    fn tell(&self, event_type: &str, secs: i64, more: &[(&str, &str)]) -> Told {
        let changes = json!({ "price": { "from": 29, "to": 35 } });
        let actor = Actor::of_command();
        let event = Event { event_type, product: "tea/green", changes: &changes, actor: &actor };
        event.check(&SHOP).expect("an event");
        self.runtime.block_on(async {
            let mut session = self.pool.session().await.expect("a session");
            tell(&mut session, catalog(2900), &self.settings(more), &event, at(secs)).await.expect("it is told")
        })
    }

    pub(crate) fn ask(&self, mode: Mode, confirmed: bool, secs: i64) -> String {
        let wanted = Ask {
            environment: "local".to_owned(),
            mode,
            trigger: Trigger::Api,
            actor: "user:ana".to_owned(),
            confirmed,
            run: None,
        };
        self.runtime.block_on(async {
            let mut session = self.pool.session().await.expect("a session");
            ask(&mut session, &wanted, Debounce::default(), 3, at(secs)).await.expect("it is queued")
        })
    }

    pub(crate) fn runs(&self) -> Vec<String> {
        self.database.query(RUNS)
    }

    pub(crate) fn jobs(&self) -> Vec<String> {
        self.database.query(JOBS)
    }

    pub(crate) fn incidents(&self) -> Vec<String> {
        self.database.query(
            "SELECT CONCAT(subject, CASE WHEN closed_at IS NULL THEN ' open' ELSE ' over' END) FROM incidents ORDER BY id",
        )
    }

    fn amounts(&self) -> Vec<i64> {
        let prices = self.runtime.block_on(self.account.list("/v1/prices"));
        let active = prices.iter().filter(|price| price["active"] == true);
        active.map(|price| price["unit_amount"].as_i64().expect("cents")).collect()
    }
}

#[test]
fn the_catalog_of_a_new_program_is_synced_once_by_one_of_its_servers() {
    on_every_database(|database| {
        let queue = Queue::new(database);
        let servers = [queue.server(2900), queue.server(2900), queue.server(2900)];
        assert_eq!(queue.all_at_once(&servers, 0), 0, "others may have changes, too");
        assert_eq!(queue.all_at_once(&servers, 4), 0);
        assert_eq!(queue.all_at_once(&servers, 5), 1);
        assert_eq!(queue.all_at_once(&servers, 60), 0);
        assert_eq!((queue.runs(), queue.amounts()), (vec!["sync change succeeded".to_owned()], vec![2900]));
        let restarted = queue.server(2900);
        queue.round(&restarted, 100);
        assert_eq!(queue.round(&restarted, 200), 0, "nothing is new");
        let deployed = queue.server(3500);
        queue.round(&deployed, 300);
        assert_eq!(queue.round(&deployed, 305), 1);
        assert_eq!((queue.runs().len(), queue.amounts()), (2, vec![3500]));
        assert_eq!(queue.jobs(), ["succeeded 1", "succeeded 1"]);
        let audited =
            database.query("SELECT CONCAT(actor_kind, ' ', result) FROM audit_log WHERE action = 'stripe.sync'");
        assert_eq!(audited, ["system succeeded", "system succeeded"]);
        assert!(database.folder().join("logs/stripe-sync").is_dir(), "each leaves a report");
    });
}

#[test]
fn changes_within_the_debounce_are_one_sync_and_each_is_in_the_change_log() {
    on_every_database(|database| {
        let queue = Queue::new(database);
        let server = queue.server(2900);
        assert_eq!(queue.round(&server, 0), 0, "the catalog is new, which is a change as well");
        let first = queue.tell("product.created", 0, &[]);
        let second = queue.tell("tea.price_changed", 3, &[]);
        assert_eq!((&first.job, first.id != second.id), (&second.job, true), "they are one job");
        assert_eq!(queue.round(&server, 7), 0, "five seconds after the last one");
        assert_eq!(queue.round(&server, 8), 1);
        assert_eq!(queue.runs(), ["sync change succeeded"]);
        let logged = database.query(
            "SELECT CONCAT(event_type, ' ', product_id, ' ', CASE WHEN triggered_sync THEN 1 ELSE 0 END, ' ',
               CASE WHEN sync_run_id = (SELECT id FROM stripe_sync_runs) THEN 'this run' ELSE 'none' END)
             FROM product_change_log WHERE catalog_hash = 'hash 2900' ORDER BY id",
        );
        assert_eq!(
            logged,
            [
                "product.created tea/green 1 this run",
                "tea.price_changed tea/green 1 this run",
                "tea.created tea/green 1 this run"
            ],
            "what was told, and what the sync has changed"
        );
        let told = queue.tell("product.updated", 20, &[]);
        assert_ne!(told.job, second.job, "the sync that has begun is not joined");
    });
}

#[test]
fn steady_changes_do_not_put_a_sync_off_for_ever() {
    on_every_database(|database| {
        let queue = Queue::new(database);
        let most = [("PRICEBOOK_STRIPE_DEBOUNCE_MOST_MS", "12000")];
        let server = queue.server(2900);
        for secs in [0, 4, 8, 11] {
            queue.tell("product.updated", secs, &most);
            assert_eq!(queue.round(&server, secs), 0);
        }
        assert_eq!(queue.round(&server, 12), 1);
    });
}

#[test]
fn an_event_that_starts_nothing_is_logged_all_the_same() {
    on_every_database(|database| {
        let queue = Queue::new(database);
        let cases: [Case<'_>; 6] = [
            ("tea.retired", &[], false),
            ("tea.features_changed", &[], true),
            ("tea.updated", &[("PRICEBOOK_STRIPE_TRIGGER_EVENTS", "plan.price_changed")], false),
            ("tea.price_changed", &[("PRICEBOOK_STRIPE_TRIGGER_EVENTS", "tea.price_changed")], true),
            ("product.updated", &[("PRICEBOOK_STRIPE_AUTO_SYNC", "none")], false),
            // Real money is moved by nobody's order only where the settings say so.
            ("product.updated", &[("PRICEBOOK_ENVIRONMENT", "production")], false),
        ];
        for (number, (event, settings, starts)) in cases.into_iter().enumerate() {
            assert_eq!(queue.tell(event, 0, settings).job.is_some(), starts, "{event} {settings:?}");
            let logged = database.query("SELECT CONCAT(COUNT(*), '') FROM product_change_log");
            assert_eq!(logged, [(number + 1).to_string()]);
        }
        let all = [("PRICEBOOK_ENVIRONMENT", "production"), ("PRICEBOOK_STRIPE_AUTO_SYNC", "all")];
        assert!(queue.tell("product.updated", 0, &all).job.is_some());
        let audited = database.query("SELECT CONCAT(COUNT(*), '') FROM audit_log WHERE action = 'product.change'");
        assert_eq!(audited, ["7"]);
    });
}

#[test]
fn a_program_of_another_catalog_than_the_database_leaves_stripe_alone() {
    on_every_database(|database| {
        let queue = Queue::new(database);
        database.execute("INSERT INTO catalog_state (catalog, catalog_hash) VALUES ('shop', 'hash 3500')");
        let (old, new) = (queue.server(2900), queue.server(3500));
        queue.tell("product.updated", 0, &[]);
        assert_eq!(queue.round(&old, 60), 0);
        assert_eq!(queue.round(&new, 60), 1);
        assert_eq!(queue.amounts(), [3500]);
    });
}

#[test]
fn what_a_companys_own_code_changed_in_a_plan_is_logged_with_its_user_and_synced() {
    static KINDS: [Kind; 1] = [Kind { id: "plan", title: "Plan", plural: "plans", table: "teas" }];
    on_every_database(|database| {
        let queue = Queue::new(database);
        let products =
            Box::leak(Box::new([pricebook_types::Product { kind: "plan", ..tea("starter", "Starter", true, &[]) }]));
        let artifacts = Box::leak(Box::new(Artifacts { kinds: &KINDS, products, ..*catalog(2900) }));
        let url = DatabaseUrl::parse(&database.url()).expect("a URL");
        let pool = queue.runtime.block_on(Pool::open_many(&url, 1)).expect("it opens");
        let changes = ProductChanges::new(artifacts, queue.settings(&[]), pool);
        let changed = [
            ("monthlyPrice".to_owned(), Change { from: 29.into(), to: 35.into() }),
            ("description".to_owned(), Change { from: "Old desc".into(), to: "New desc".into() }),
        ];
        let changed = changed.into();
        let told = changes.on_pricing_plan_change("starter", &changed, "user-7");
        let told = queue.runtime.block_on(told).expect("it is told");
        assert!(told.job.is_some());
        let logged = database.query("SELECT CONCAT(event_type, ' ', product_id, ' ', actor) FROM product_change_log");
        assert_eq!(logged, ["plan.price_changed plan/starter user:user-7"]);
        let kept = database.query("SELECT CONCAT(changes, '') FROM product_change_log").remove(0);
        let kept: serde_json::Value = serde_json::from_str(&kept).expect("JSON");
        assert_eq!(kept["monthlyPrice"], json!({ "from": 29, "to": 35 }));
        let unknown = changes.on_pricing_plan_change("stater", &changed, "user-7");
        let refused = queue.runtime.block_on(unknown).expect_err("there is none").to_string();
        assert!(refused.contains("the catalog has no plan/stater"), "{refused}");
    });
}
