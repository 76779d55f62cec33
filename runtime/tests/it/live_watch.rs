//! The server's watch over live APIs: one of many looks, an incident is told once, and once when it is over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};

use axum::body::Body;
use chrono::{DateTime, TimeDelta, Utc};
use pricebook::alerts::{Alerts, sign};
use pricebook::config::{DatabaseUrl, Settings};
use pricebook::db::Database as Pool;
use pricebook::http::watch_live;
use pricebook::services::live::{Status, Watcher};
use serde_json::{Value, json};

use crate::databases::{Database, on_every_database};
use crate::http_shop::{Site, settings};
use crate::live_shop::{Api, Asked, shop_answers};
use crate::mail_server::MailServer;

const SECRET: &str = "whsec_of_a_test";

/// A watched shop on one of the databases, with a program that waits for its alerts.
struct Watched {
    pool: Pool,
    api: Api,
    hook: Api,
    /// Whether the API's prices are right.
    right: Arc<AtomicBool>,
    /// What the program answers.
    hook_status: Arc<AtomicU16>,
}

fn at(minutes: i64) -> DateTime<Utc> {
    let noon: DateTime<Utc> = "2026-11-21T12:00:00Z".parse().expect("a time");
    noon + TimeDelta::minutes(minutes)
}

/// A pool lives on the runtime that opens it.
async fn open(database: &Database) -> Pool {
    let url = DatabaseUrl::parse(&database.url()).expect("a URL");
    Pool::open_many(&url, 4).await.expect("it opens")
}

impl Watched {
    fn new(database: &Database) -> Self {
        let (right, hook_status) = (Arc::new(AtomicBool::new(true)), Arc::new(AtomicU16::new(200)));
        let (prices, status) = (Arc::clone(&right), Arc::clone(&hook_status));
        let api = Api::of_shop(move |lists| {
            if !prices.load(Ordering::Relaxed) {
                lists["/teas"]["teas"][0]["depositAmount"] = json!(7);
            }
        });
        let hook = Api::new(move |_, _| (status.load(Ordering::Relaxed), "text/plain", Body::empty()));
        // A server also looks at the rows of its own database.
        database.services(0, &["sync", "--no-backup"]);
        let pool = api.runtime.block_on(open(database));
        Self { pool, api, hook, right, hook_status }
    }

    /// A server, or the same one after a restart.
    fn server(&self) -> Watcher {
        self.server_with(&[])
    }

    fn server_with(&self, more: &[(&str, &str)]) -> Watcher {
        let own = [
            ("PRICEBOOK_ENVIRONMENT", "production"),
            ("PRICEBOOK_ALERT_WEBHOOK_URL", &self.hook.url),
            ("PRICEBOOK_ALERT_WEBHOOK_SECRET", SECRET),
        ];
        let variables = own.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let settings = Settings::read(variables, &["production", "staging"]).expect("settings");
        let alerts = Alerts::new(&settings.alerts).expect("channels");
        Watcher::new(self.api.artifacts(), &settings, alerts).expect("a watch").expect("a live URL")
    }

    fn round(&self, server: &Watcher, minutes: i64) -> Vec<Status> {
        self.api.runtime.block_on(server.round(&self.pool, at(minutes))).expect("a round")
    }

    fn all_at_once(&self, servers: &[Watcher], minutes: i64) {
        self.api.runtime.block_on(async {
            let rounds = servers.iter().map(|server| server.round(&self.pool, at(minutes)));
            for statuses in futures_util::future::join_all(rounds).await {
                statuses.expect("a round");
            }
        });
    }

    fn right(&self, right: bool) {
        self.right.store(right, Ordering::Relaxed);
    }

    fn letters(&self) -> Vec<(String, Value)> {
        let read = |asked: &Asked| {
            let json: Value = serde_json::from_str(&asked.body).expect("JSON");
            (json["event"].as_str().expect("an event").to_owned(), json)
        };
        self.hook.asked().iter().map(read).collect()
    }

    fn events(&self) -> Vec<String> {
        self.letters().into_iter().map(|(event, _)| event).collect()
    }
}

fn header<'a>(asked: &'a Asked, name: &str) -> &'a str {
    &asked.headers.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name}: {asked:?}")).1
}

#[test]
fn one_of_many_servers_looks_every_fifteen_minutes() {
    on_every_database(|database| {
        let watched = Watched::new(database);
        let servers = [watched.server(), watched.server(), watched.server()];
        for (minutes, looks) in [(0, 1), (1, 1), (14, 1), (15, 2), (29, 2), (30, 3), (300, 4)] {
            watched.all_at_once(&servers, minutes);
            assert_eq!(watched.api.asked().len(), 2 * looks, "{:?} after {minutes}", database.dialect);
        }
        assert_eq!(database.query("SELECT result FROM live_checks"), ["equal"; 4]);
        assert!(watched.events().is_empty());
        let statuses = watched.round(&servers[1], 301);
        let status = Status {
            environment: "production".to_owned(),
            equal: true,
            differences: 0,
            unix_secs: at(300).timestamp(),
        };
        assert_eq!(statuses, [status], "also who did not look knows");
    });
}

#[test]
fn an_incident_is_told_once_and_once_when_it_is_over() {
    on_every_database(|database| {
        let watched = Watched::new(database);
        let server = watched.server();
        watched.right(false);
        for minutes in [0, 15, 30] {
            watched.round(&server, minutes);
        }
        assert_eq!(watched.events(), ["incident.opened"]);
        watched.right(true);
        for minutes in [45, 60] {
            watched.round(&server, minutes);
        }
        assert_eq!(watched.events(), ["incident.opened", "incident.closed"]);
        watched.right(false);
        watched.round(&server, 75);
        assert_eq!(watched.events(), ["incident.opened", "incident.closed", "incident.opened"]);
        let told = "SELECT CONCAT(subject, CASE WHEN open_key IS NULL THEN ' over' ELSE ' open' END, \
                    CASE WHEN opening_sent_at IS NULL THEN '' ELSE ' told' END, \
                    CASE WHEN closing_sent_at IS NULL THEN '' ELSE ' told over' END) FROM incidents ORDER BY id";
        assert_eq!(
            database.query(told),
            ["live-check/production over told told over", "live-check/production open told"]
        );
        let (_, letter) = &watched.letters()[0];
        assert_eq!(letter["title"], "Tea Shop Sync Alert");
        assert_eq!(letter["incident"]["subject"], "live-check/production");
        assert_eq!(letter["at"], "2026-11-21T12:00:00Z");
        let differences = json!(["green: Deposit mismatch. Expected: $1, Got: $7"]);
        assert_eq!(letter["details"]["differences"], differences);
        let text = letter["text"].as_str().expect("a text");
        assert!(text.starts_with("Service sync check failed\n") && text.contains("Got: $7\n"), "{text}");
    });
}

#[test]
fn an_api_that_does_not_answer_is_an_incident() {
    let database = Database::with_tables(pricebook_types::Dialect::Sqlite);
    let mut watched = Watched::new(&database);
    watched.api = Api::new(|before, asked| match before {
        0 => (404, "text/plain", Body::empty()),
        _ => shop_answers(asked, |_| {}),
    });
    let server = watched.server();
    watched.round(&server, 0);
    assert_eq!(database.query("SELECT result FROM live_checks"), ["failed"]);
    let (event, letter) = &watched.letters()[0];
    assert_eq!(event, "incident.opened");
    assert!(letter["details"]["error"].as_str().is_some_and(|error| error.contains("/teas answered 404")), "{letter}");
    watched.round(&server, 15);
    assert_eq!(watched.events(), ["incident.opened", "incident.closed"]);
}

#[test]
fn an_alert_that_does_not_arrive_is_sent_again_also_by_the_server_after_a_restart() {
    on_every_database(|database| {
        let watched = Watched::new(database);
        watched.right(false);
        watched.hook_status.store(500, Ordering::Relaxed);
        watched.round(&watched.server(), 0);
        watched.round(&watched.server(), 0);
        assert_eq!(watched.events().len(), 1, "not again at once");
        watched.right(true);
        // It is over before anybody was told: the beginning is told first, then the end.
        watched.round(&watched.server(), 15);
        assert_eq!(watched.events(), ["incident.opened"; 2]);
        watched.hook_status.store(204, Ordering::Relaxed);
        watched.round(&watched.server(), 17);
        watched.round(&watched.server(), 17);
        assert_eq!(watched.events(), ["incident.opened", "incident.opened", "incident.opened", "incident.closed"]);
        watched.round(&watched.server(), 29);
        assert_eq!(watched.events().len(), 4);
        let asked = watched.hook.asked();
        let keys: Vec<_> = asked.iter().map(|asked| header(asked, "idempotency-key")).collect();
        assert!(keys[0] == keys[1] && keys[1] == keys[2] && keys[2] != keys[3], "{keys:?}");
        assert_eq!(database.query("SELECT status FROM jobs"), ["succeeded"; 2]);
    });
}

#[test]
fn each_channel_is_told_by_itself() {
    on_every_database(|database| {
        let (watched, mail) = (Watched::new(database), MailServer::start());
        let server = watched
            .server_with(&[("PRICEBOOK_SMTP_URL", &mail.url), ("PRICEBOOK_ALERT_MAIL_TO", "admin@shop.example")]);
        watched.right(false);
        mail.refuse(true);
        watched.round(&server, 0);
        assert_eq!((watched.events().len(), mail.seen().mails.len()), (1, 0));
        mail.refuse(false);
        watched.round(&server, 1);
        assert_eq!((watched.events().len(), mail.seen().mails.len()), (1, 1));
        let told = &mail.seen().mails[0];
        assert!(
            told.contains("Subject: Tea Shop Sync Alert\n") && told.contains("\nService sync check failed\n"),
            "{told}"
        );
        watched.right(true);
        watched.round(&server, 15);
        let over = &mail.seen().mails[1];
        assert!(
            over.contains("Sync Alert: over\n") && over.contains("\nService sync check succeeds again\n"),
            "{over}"
        );
        assert_eq!(watched.events(), ["incident.opened", "incident.closed"]);
    });
}

#[test]
fn of_many_servers_one_sends_an_alert() {
    on_every_database(|database| {
        let watched = Watched::new(database);
        watched.right(false);
        watched.hook_status.store(500, Ordering::Relaxed);
        watched.round(&watched.server(), 0);
        watched.hook_status.store(200, Ordering::Relaxed);
        let servers: Vec<_> = (0..4).map(|_| watched.server()).collect();
        watched.all_at_once(&servers, 1);
        assert_eq!(watched.events().len(), 2, "{:?}", database.dialect);
    });
}

#[test]
fn an_alert_whose_sender_died_is_sent_by_another() {
    on_every_database(|database| {
        let watched = Watched::new(database);
        watched.right(false);
        watched.hook_status.store(500, Ordering::Relaxed);
        watched.round(&watched.server(), 0);
        watched.hook_status.store(200, Ordering::Relaxed);
        database
            .execute("UPDATE jobs SET status = 'running', lease_owner = 'dead', leased_until = '2026-11-21 12:10:00'");
        watched.round(&watched.server(), 9);
        assert_eq!(watched.events().len(), 1);
        watched.round(&watched.server(), 10);
        assert_eq!(watched.events().len(), 2);
    });
}

#[test]
fn a_webhook_is_signed_over_time_and_body() {
    let database = Database::with_tables(pricebook_types::Dialect::Sqlite);
    let watched = Watched::new(&database);
    watched.right(false);
    watched.round(&watched.server(), 0);
    let asked = &watched.hook.asked()[0];
    let signature = header(asked, "pricebook-signature");
    let secs = signature.strip_prefix("t=").and_then(|rest| rest.split(',').next()).expect("a time");
    assert_eq!(signature, sign(SECRET, secs.parse().expect("seconds"), &asked.body));
    // Computed by `openssl dgst -sha256 -hmac`.
    let known = "t=1800000000,v1=bb7079132825ac793cea8c013c1dd24d926b9b02132245b10588d9e5c0df70d7";
    assert_eq!(sign("secret", 1_800_000_000, "{}"), known);
}

#[test]
fn checks_are_kept_for_a_time_and_shown_by_the_command() {
    on_every_database(|database| {
        let watched = Watched::new(database);
        let server = watched.server_with(&[("PRICEBOOK_LIVE_CHECK_KEEP_DAYS", "1")]);
        watched.round(&server, 0);
        watched.right(false);
        watched.round(&server, 60);
        let history = |arguments: &[&str]| {
            let ran =
                database.services_of(watched.api.artifacts(), 0, &[&["validate", "--history"], arguments].concat());
            ran.out
        };
        let told = history(&[]);
        let lines: Vec<_> = told.lines().collect();
        assert!(lines[0].starts_with("2026-11-21 13:00:00  production  different  "), "{told}");
        assert_eq!(lines[1], "  green: Deposit mismatch. Expected: $1, Got: $7");
        assert!(lines[2].starts_with("2026-11-21 12:00:00  production  equal      "), "{told}");
        let kept: Value = serde_json::from_str(&history(&["production", "--json"])).expect("JSON");
        assert_eq!((&kept[0]["result"], &kept[0]["url"]), (&json!("different"), &json!(watched.api.url)));
        assert_eq!(kept.as_array().map(Vec::len), Some(2));
        assert_eq!(history(&["staging", "--json"]), "[]\n");
        watched.round(&server, 60 + 24 * 60);
        assert_eq!(database.query("SELECT result FROM live_checks ORDER BY id"), ["different"; 2]);
    });
}

#[test]
fn a_turn_is_nearer_when_the_setting_is() {
    on_every_database(|database| {
        let watched = Watched::new(database);
        let looks = |secs: &str, minutes: i64| {
            watched.round(&watched.server_with(&[("PRICEBOOK_LIVE_CHECK_SECS", secs)]), minutes);
            watched.api.asked().len() / 2
        };
        assert_eq!((looks("86400", 0), looks("86400", 60)), (1, 1));
        assert_eq!((looks("60", 61), looks("60", 61), looks("60", 62)), (2, 2, 3));
    });
}

#[test]
fn metrics_tell_the_last_result_and_when_it_was() {
    let site = Site::sqlite();
    let api = Api::of_shop(|lists| lists["/teas"]["teas"][0]["depositAmount"] = json!(7));
    let settings = settings(&[("PRICEBOOK_ENVIRONMENT", "production")]);
    let watcher = Watcher::new(api.artifacts(), &settings, Alerts::default()).expect("a watch").expect("a live URL");
    site.spawn(watch_live(Arc::clone(&site.app), watcher));
    let metrics = loop {
        let metrics = site.get("/metrics").text;
        if metrics.contains("pricebook_live_check_equal{") {
            break metrics;
        }
        std::thread::yield_now();
    };
    assert!(metrics.contains("\npricebook_live_check_equal{environment=\"production\"} 0\n"), "{metrics}");
    let checked_at = "\npricebook_live_check_timestamp_seconds{environment=\"production\"} ";
    let secs = metrics.split(checked_at).nth(1).and_then(|rest| rest.lines().next()).expect("a time");
    assert!(secs.parse::<i64>().is_ok_and(|secs| secs > 1_700_000_000), "{secs}");
}

#[test]
fn the_settings_say_what_is_watched() {
    let api = Api::of_shop(|_| {});
    let watcher = |variables: &[(&str, &str)]| {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let settings = Settings::read(variables, &["production", "staging"]).expect("settings");
        Watcher::new(api.artifacts(), &settings, Alerts::default()).map_err(|error| error.to_string())
    };
    let names = |watcher: Option<Watcher>| -> Vec<String> {
        watcher.iter().flat_map(Watcher::environments).map(str::to_owned).collect()
    };
    assert_eq!(watcher(&[]).map(names), Ok(Vec::new()), "a developer's own server watches nothing");
    assert_eq!(watcher(&[("PRICEBOOK_ENVIRONMENT", "staging")]).map(names), Ok(Vec::new()), "it has no live URL");
    assert_eq!(watcher(&[("PRICEBOOK_ENVIRONMENT", "production")]).map(names), Ok(vec!["production".to_owned()]));
    let off = [("PRICEBOOK_ENVIRONMENT", "production"), ("PRICEBOOK_LIVE_CHECK_SECS", "0")];
    assert_eq!(watcher(&off).map(names), Ok(Vec::new()));
    let other = [("PRICEBOOK_LIVE_CHECK_ENVIRONMENTS", "production")];
    assert_eq!(watcher(&other).map(names), Ok(vec!["production".to_owned()]));
    let lacking = watcher(&[("PRICEBOOK_LIVE_CHECK_ENVIRONMENTS", "staging")]).err();
    assert_eq!(lacking.as_deref(), Some("live_check_environments: the catalog names no live_url for staging"));
}

#[test]
fn a_check_that_could_not_look_is_kept_as_one_that_has_seen_nothing() {
    on_every_database(|database| {
        let limiting = Api::new(|_, _| (429, "text/plain", Body::empty()));
        let pool = limiting.runtime.block_on(open(database));
        let watched = Watched { api: limiting, pool, ..Watched::new(database) };
        let statuses = watched.round(&watched.server(), 0);
        assert!(!statuses[0].equal, "{statuses:?}");
        assert_eq!(database.query("SELECT result FROM live_checks"), ["not_seen"]);
        let kept = database.run(watched.api.artifacts(), &["services", "validate", "--history", "--json"]).out;
        let kept: Value = serde_json::from_str(&kept).expect("JSON");
        assert_eq!(kept[0]["result"], "not_seen");
        let error = kept[0]["error"].as_str().expect("why");
        assert!(error.contains("what is served now cannot be seen; look again in 1 s"), "{error}");
        assert_eq!(database.query("SELECT COUNT(*) FROM incidents WHERE closed_at IS NULL"), ["1"]);
    });
}
