//! The queue of syncs when something fails: retries, what is given up, servers that die, and what must be confirmed.

use pricebook::jobs;
use pricebook::stripe::sync_queue::{KIND, Mode};
use pricebook_sandbox::{Fault, FaultRule};

use crate::databases::{Database, on_every_database};
use crate::stripe_queue::{Queue, at};

fn fails(queue: &Queue<'_>, fault: Fault, times: u64) {
    queue.account.stripe.add_fault(FaultRule { times: Some(times), ..FaultRule::once(fault) });
}

fn errors(database: &Database) -> Vec<String> {
    database.query("SELECT COALESCE(error_message, '') FROM jobs WHERE kind = 'stripe.product_sync' ORDER BY id")
}

#[test]
fn a_sync_that_fails_is_tried_again_ever_later_then_given_up_and_can_be_replayed() {
    on_every_database(|database| {
        let queue = Queue::new(database);
        let server = queue.server_with(2900, &[("PRICEBOOK_STRIPE_AUTO_SYNC", "none")]);
        let id = queue.ask(Mode::Sync, false, 0);
        // Each request of a try is tried four times, and the account is asked for first.
        fails(&queue, Fault::Unavailable, 16);
        assert_eq!(queue.round(&server, 0), 1);
        assert_eq!(queue.jobs(), ["queued 1"]);
        assert!(errors(database)[0].contains("503"), "{:?}", errors(database));
        assert_eq!(queue.round(&server, 0), 0, "not at once");
        for (secs, left) in [(1, "queued 2"), (2, "queued 3"), (3, "dead 4")] {
            assert_eq!(queue.round(&server, secs), 1, "after {secs}");
            assert_eq!(queue.jobs(), [left]);
        }
        assert_eq!(queue.round(&server, 1_000), 0);
        assert_eq!((queue.runs().len(), queue.incidents()), (0, vec!["stripe-sync/local open".to_owned()]));
        queue.runtime.block_on(async {
            let mut session = queue.pool.session().await.expect("a session");
            let dead = jobs::newest(&mut session, KIND, Some("dead"), 10).await.expect("a list");
            assert_eq!((dead.len(), dead[0].id == id), (1, true));
            assert!(jobs::replay(&mut session, KIND, &id, at(2_000)).await.expect("an answer"));
            assert!(!jobs::replay(&mut session, KIND, &id, at(2_000)).await.expect("an answer"), "once");
        });
        assert_eq!(queue.round(&server, 2_000), 1);
        assert_eq!(
            (queue.jobs(), queue.runs()),
            (vec!["succeeded 1".to_owned()], vec!["sync api succeeded".to_owned()])
        );
        assert_eq!(
            (queue.incidents(), errors(database)),
            (vec!["stripe-sync/local over".to_owned()], vec![String::new()])
        );
    });
}

#[test]
fn a_server_that_died_is_followed_by_another_when_its_lease_is_over() {
    on_every_database(|database| {
        let queue = Queue::new(database);
        let manual = [("PRICEBOOK_STRIPE_AUTO_SYNC", "none")];
        let server = queue.server_with(2900, &manual);
        queue.ask(Mode::Sync, false, 0);
        let account = queue.runtime.block_on(queue.account.requests().account()).expect("an account").id;
        database.execute("UPDATE jobs SET status = 'running', attempts = 1, lease_owner = 'dead', leased_until = '2026-11-22 12:01:00', coalesce_key = NULL");
        database.execute(&format!(
            "INSERT INTO leases (name, lease_owner, leased_until) VALUES ('stripe-sync/{account}', 'dead', '2026-11-22 12:01:00')"
        ));
        database.execute(&format!(
            "INSERT INTO stripe_sync_runs (id, stripe_account, environment, mode, triggered_by, actor, catalog_hash)
             VALUES ('0195', '{account}', 'local', 'sync', 'api', 'user:ana', 'hash 2900')"
        ));
        let more = queue.ask(Mode::ForceUpdate, false, 0);
        assert_eq!(queue.round(&server, 59), 0, "the account is another server's, for this job and for others: {more}");
        let servers = [server, queue.server_with(2900, &manual), queue.server_with(2900, &manual)];
        assert!(queue.all_at_once(&servers, 60) >= 1);
        while queue.all_at_once(&servers, 60) > 0 {}
        assert_eq!(queue.runs(), ["sync api failed", "sync api succeeded", "force_update api succeeded"]);
        assert_eq!(queue.jobs(), ["succeeded 2", "succeeded 1"]);
        let why = database.query("SELECT error_message FROM stripe_sync_runs WHERE id = '0195'");
        assert_eq!(why, ["it was interrupted"]);
    });
}

#[test]
fn the_sync_of_a_command_is_waited_for_and_that_is_no_failure() {
    on_every_database(|database| {
        let queue = Queue::new(database);
        let server = queue.server_with(2900, &[("PRICEBOOK_STRIPE_AUTO_SYNC", "none")]);
        let account = queue.runtime.block_on(queue.account.requests().account()).expect("an account").id;
        database.execute(&format!(
            "INSERT INTO stripe_sync_runs (id, stripe_account, environment, mode, triggered_by, actor, catalog_hash)
             VALUES ('0195', '{account}', 'local', 'sync', 'command', 'command:ana', 'hash 2900')"
        ));
        queue.ask(Mode::Sync, false, 0);
        assert_eq!(queue.round(&server, 0), 1);
        assert_eq!(queue.jobs(), ["queued 0"]);
        assert!(errors(database)[0].starts_with("a sync that a command began at"), "{:?}", errors(database));
        database.execute("UPDATE stripe_sync_runs SET status = 'succeeded'");
        assert_eq!(queue.round(&server, 29), 0);
        assert_eq!(queue.round(&server, 30), 1);
        assert_eq!(queue.runs(), ["sync command succeeded", "sync api succeeded"]);
        assert!(queue.incidents().is_empty());
    });
}

#[test]
fn an_amount_that_moves_far_waits_for_somebody_who_says_yes() {
    on_every_database(|database| {
        let queue = Queue::new(database);
        let manual = [("PRICEBOOK_STRIPE_AUTO_SYNC", "none")];
        queue.ask(Mode::Sync, false, 0);
        assert_eq!(queue.round(&queue.server_with(2900, &manual), 0), 1);
        let server = queue.server_with(9900, &manual);
        queue.ask(Mode::Sync, false, 10);
        assert_eq!(queue.round(&server, 10), 1);
        assert_eq!(queue.jobs(), ["succeeded 1", "dead 1"], "nobody tries that again");
        let told = errors(database).remove(1);
        assert!(told.starts_with("tea_green_monthly moves far: USD 29.00 / month → USD 99.00 / month"), "{told}");
        assert_eq!(queue.incidents(), ["stripe-sync/local open"]);
        queue.ask(Mode::Sync, true, 20);
        assert_eq!(queue.round(&server, 20), 1);
        assert_eq!(queue.runs(), ["sync api succeeded", "sync api succeeded"]);
        assert_eq!(queue.incidents(), ["stripe-sync/local over"]);
    });
}
