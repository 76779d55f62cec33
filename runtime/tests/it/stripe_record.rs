//! What is remembered of product syncs, on every database.

use pricebook::audit::Actor;
use pricebook::config::DatabaseUrl;
use pricebook::db;
use pricebook::stripe::product_sync::plan::{Known, Options};
use pricebook::stripe::product_sync::record::{
    Begun, MappingCounts, New, Run, begin, broken_off, counts, finish, known, last,
};
use pricebook::stripe::product_sync::{ProductResult, Report, Status, apply, look};
use pricebook_types::stripe::Desired;

use crate::databases::{Database, on_every_database};
use crate::shop::block_on;
use crate::stripe_account::{Account, NOW, real};

const ACCOUNT: &str = "acct_1";

fn new(actor: &Actor) -> New<'_> {
    New {
        account: ACCOUNT,
        environment: "staging",
        mode: "sync",
        triggered_by: "command",
        actor,
        catalog_hash: "of the catalog",
        take_over: false,
    }
}

async fn open(database: &Database) -> db::Database {
    let url = DatabaseUrl::choose(Some(&database.url()), "shop").expect("a URL");
    db::Database::open(&url).await.expect("it opens")
}

/// Syncs under a run, which it ends.
async fn sync(session: &mut db::Session, account: &Account, wanted: &Desired<'_>, id: &str, actor: &Actor) {
    let (options, requests) = (Options { now: NOW, ..Options::default() }, account.requests());
    let plan = look(&requests, wanted, &Known::new(), &options, ACCOUNT, false).await.expect("a plan");
    let applied = apply(&requests, &plan, id, |_| {}).await;
    let report = Report {
        environment: "staging".to_owned(),
        account: ACCOUNT.to_owned(),
        livemode: false,
        mode: "sync",
        catalog_hash: "of the catalog".to_owned(),
        run: id.to_owned(),
        started_at: String::new(),
        duration_ms: 1,
        created: applied.count(Status::Created),
        updated: applied.count(Status::Updated),
        synced: applied.count(Status::Synced),
        errors: 0,
        requests: requests.sent(),
        verified: true,
        results: ProductResult::of(&plan, &applied),
        notes: Vec::new(),
    };
    finish(session, Run { id, actor, desired: wanted, plan: &plan }, &applied, &report).await.expect("it is kept");
}

#[test]
fn a_sync_leaves_its_run_its_mappings_its_changes_and_an_audit_row() {
    on_every_database(|database| {
        block_on(async {
            let (account, wanted, actor) = (Account::new().await, real(), Actor::of_command());
            let opened = open(database).await;
            let mut session = opened.session().await.expect("a session");
            let Begun::Run(id) = begin(&mut session, new(&actor)).await.expect("it begins") else { panic!("busy") };
            let second = begin(&mut session, new(&actor)).await.expect("an answer");
            assert!(matches!(second, Begun::Busy { since } if since.ends_with('Z')));
            sync(&mut session, &account, &wanted, &id, &actor).await;
            let found = last(&mut session, "staging").await.expect("an answer").expect("a run");
            assert_eq!((found.status.as_str(), found.created, found.errors), ("succeeded", 27, 0));
            let known = known(&mut session, ACCOUNT).await.expect("the mappings");
            assert!(known["plan_starter_monthly"].starts_with("prod_"), "{known:?}");
            assert_eq!(
                counts(&mut session).await.expect("counts"),
                MappingCounts { created: 36, ..Default::default() }
            );
            // The next one finds a run that has ended, and everything as it should be.
            let Begun::Run(id) = begin(&mut session, new(&actor)).await.expect("it begins") else { panic!("busy") };
            sync(&mut session, &account, &wanted, &id, &actor).await;
            assert_eq!(counts(&mut session).await.expect("counts"), MappingCounts { synced: 36, ..Default::default() });
            drop(session);
            opened.close().await;
        });
        let amounts = "SELECT CONCAT(price_amount, ' ', price_currency, ' ', sync_status) FROM stripe_product_mappings
                       WHERE lookup_key IN ('plan_starter_monthly', 'hosting_cloud_usage') AND price_amount IS NOT NULL";
        let found = database.query(amounts);
        assert!(found == ["29.000 usd synced"] || found == ["29.00 usd synced"], "{found:?}");
        let events =
            database.query("SELECT event_type FROM product_change_log WHERE product_id = 'plan/starter' ORDER BY id");
        assert_eq!(events, ["plan.created", "plan.created"]);
        let audited = database.query("SELECT CONCAT(action, ' ', object_id, ' ', result) FROM audit_log ORDER BY id");
        let audited: Vec<_> = audited.into_iter().filter(|row| row.starts_with("stripe")).collect();
        assert_eq!(audited, ["stripe.sync acct_1 succeeded", "stripe.sync acct_1 succeeded"]);
    });
}

#[test]
fn a_run_that_was_interrupted_keeps_others_out_until_somebody_says_so_or_it_is_old() {
    on_every_database(|database| {
        block_on(async {
            let actor = Actor::of_command();
            let opened = open(database).await;
            let mut session = opened.session().await.expect("a session");
            let Begun::Run(first) = begin(&mut session, new(&actor)).await.expect("it begins") else { panic!("busy") };
            let other = New { account: "acct_2", ..new(&actor) };
            let Begun::Run(of_other) = begin(&mut session, other).await.expect("it begins") else { panic!("busy") };
            broken_off(&mut session, &of_other, "why").await.expect("it ends");
            let taken = begin(&mut session, New { take_over: true, ..new(&actor) }).await.expect("it begins");
            let Begun::Run(second) = taken else { panic!("busy") };
            assert_ne!(first, second);
            drop(session);
            opened.close().await;
        });
        let runs =
            database.query("SELECT CONCAT(status, ' ', COALESCE(error_message, '')) FROM stripe_sync_runs ORDER BY id");
        assert_eq!(runs, ["failed it was interrupted", "failed why", "running "]);
        database.execute("UPDATE stripe_sync_runs SET started_at = '2026-01-01 00:00:00'");
        block_on(async {
            let opened = open(database).await;
            let mut session = opened.session().await.expect("a session");
            let begun = begin(&mut session, new(&Actor::of_command())).await.expect("an answer");
            assert!(matches!(begun, Begun::Run(_)));
            drop(session);
            opened.close().await;
        });
    });
}
