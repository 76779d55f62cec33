//! What servers do by the clock: a look every hour, whose result is kept, and a full sync every day.

use pricebook::stripe::dashboard::Overall;
use pricebook::stripe::sync_queue::{Mode, stand as how_it_stands};

use crate::databases::on_every_database;
use crate::stripe_queue::{Queue, at, catalog};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const USUAL: [(&str, &str); 2] = [("PRICEBOOK_STRIPE_VALIDATE_SECS", "3600"), ("PRICEBOOK_STRIPE_SYNC_SECS", "86400")];

#[test]
fn one_of_several_servers_looks_every_hour_and_syncs_every_day_also_after_a_restart() {
    on_every_database(|database| {
        let queue = Queue::new(database);
        let servers = || [queue.server_with(2900, &USUAL), queue.server_with(2900, &USUAL)];
        let all = |secs| {
            let servers = servers();
            while queue.all_at_once(&servers, secs) > 0 {}
            let count = |mode: &str| queue.runs().iter().filter(|run| run.starts_with(mode)).count();
            (count("validate"), count("sync"))
        };
        // The catalog is new, too; that and the daily sync are one.
        assert_eq!(all(0), (1, 1));
        for (secs, expected) in [
            (HOUR - 1, (1, 1)),
            (HOUR, (2, 1)),
            (HOUR + 1, (2, 1)),
            (5 * HOUR, (3, 1)),
            (DAY - 1, (4, 1)),
            (DAY, (4, 2)),
            (DAY + HOUR, (5, 2)),
        ] {
            assert_eq!(all(secs), expected, "{:?} after {secs}", database.dialect);
        }
    });
}

#[test]
fn each_can_be_changed_or_left_out() {
    on_every_database(|database| {
        let queue = Queue::new(database);
        let never = queue.server_with(2900, &[("PRICEBOOK_STRIPE_AUTO_SYNC", "none")]);
        assert_eq!(queue.round(&never, 0), 0);
        assert_eq!(queue.round(&never, 10 * DAY), 0);
        let looks = [("PRICEBOOK_STRIPE_AUTO_SYNC", "none"), ("PRICEBOOK_STRIPE_VALIDATE_SECS", "60")];
        let looks = queue.server_with(2900, &looks);
        assert_eq!(queue.round(&looks, 0), 1);
        assert_eq!(queue.round(&looks, 59), 0);
        assert_eq!(queue.round(&looks, 60), 1);
        assert_eq!(queue.runs(), ["validate schedule failed", "validate schedule failed"], "nothing is there");
    });
}

#[test]
fn what_a_look_finds_is_kept_and_counts_for_an_hour() {
    on_every_database(|database| {
        let queue = Queue::new(database);
        let server = queue.server_with(2900, &[("PRICEBOOK_STRIPE_AUTO_SYNC", "none")]);
        let stand = |secs| {
            let found = queue.runtime.block_on(async {
                let mut session = queue.pool.session().await.expect("a session");
                how_it_stands(&mut session, catalog(2900), &queue.settings(&[]), at(secs)).await.expect("an answer")
            });
            let equal = found.validation.map(|found| found.equal);
            (found.state, equal, found.validation_is_fresh)
        };
        assert_eq!(stand(0), (Overall::NeedsSync, None, false));
        queue.ask(Mode::Validate, false, 0);
        queue.round(&server, 0);
        assert_eq!(stand(0), (Overall::NeedsSync, Some(false), true));
        assert_eq!(queue.incidents(), ["stripe-validation/local open"]);
        let told = database.query("SELECT error_message FROM stripe_sync_runs");
        assert!(told[0].starts_with("product tea_green: "), "{told:?}");
        queue.ask(Mode::Sync, false, 10);
        queue.round(&server, 10);
        assert_eq!(stand(10), (Overall::AllSynced, Some(false), true), "what was found before says nothing of now");
        queue.ask(Mode::Validate, false, 20);
        queue.round(&server, 20);
        assert_eq!(stand(20 + HOUR), (Overall::AllSynced, Some(true), true));
        assert_eq!(stand(21 + HOUR), (Overall::AllSynced, Some(true), false), "an hour is over");
        assert_eq!(queue.incidents(), ["stripe-validation/local over"]);
        let product = queue.runtime.block_on(queue.account.one("/v1/products", "name", "Green tea"));
        let path = format!("/v1/products/{}", product["id"].as_str().expect("an id"));
        queue.runtime.block_on(queue.account.post(&path, &[("name", "Cheap tea")]));
        queue.ask(Mode::Validate, false, 30);
        queue.round(&server, 30);
        assert_eq!(stand(30), (Overall::NeedsSync, Some(false), true), "somebody has changed it there");
    });
}
