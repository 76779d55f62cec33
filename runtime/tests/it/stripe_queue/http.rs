//! `/api/admin/stripe/…`: syncs that are asked for, followed and steered, on every database, with the local Stripe.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use pricebook::Artifacts;
use pricebook::alerts::Alerts;
use pricebook::stripe::SecretKey;
use pricebook::stripe::sync_queue::SyncWorker;
use pricebook_types::Dialect;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::http_shop::{Answer, Site, artifacts, request, settings, wait_for};
use crate::shop::tea;
use crate::sign_in::user;
use crate::stripe_account::Account;
use crate::stripe_sync::small_text;

const SYNC: &str = "/api/admin/stripe/sync-products";

/// A server with an account at the local Stripe, and an admin's token.
pub(crate) struct Office {
    pub(crate) site: Site,
    account: Account,
    runtime: Runtime,
    authorization: String,
    _folder: tempfile::TempDir,
}

impl Office {
    pub(crate) fn new(dialect: Dialect, key: &str, more: &[(&str, &str)]) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let account = runtime.block_on(Account::new());
        let folder = tempfile::tempdir().expect("a folder");
        let base = account.stripe.url();
        let own = [
            ("PRICEBOOK_STRIPE_API_BASE", &*base),
            ("PRICEBOOK_STRIPE_REQUESTS_PER_SEC", "10000"),
            ("PRICEBOOK_STRIPE_RETRY_DELAY_MS", "1"),
            ("PRICEBOOK_STRIPE_REPORT_FOLDER", folder.path().to_str().expect("UTF-8")),
            // What nobody asks for has tests of its own.
            ("PRICEBOOK_STRIPE_AUTO_SYNC", "none"),
            ("PRICEBOOK_STRIPE_VALIDATE_SECS", "0"),
            ("PRICEBOOK_RATE_PER_MINUTE", "0"),
            ("PRICEBOOK_STRIPE_SYNC_RATE_PER_MINUTE", "0"),
        ];
        let settings = settings(&[&own[..], more].concat());
        let products =
            Box::leak(Box::new([pricebook_types::Product { kind: "plan", ..tea("starter", "S", true, &[]) }]));
        let artifacts = Box::leak(Box::new(Artifacts { stripe_json: small_text(2900), products, ..*artifacts() }));
        let key = SecretKey::parse(key).expect("a key");
        let sync = SyncWorker::new(artifacts, &settings, key, Alerts::default(), Arc::new(chrono::Utc::now));
        let site = Site::with_sync(dialect, artifacts, settings, Arc::new(sync.expect("a client")));
        let added = site.command(&["user", "add", "ana@shop.example", "--role", "admin", "--token", "office"]);
        let authorization = format!("Bearer {}", added["token"]["token"].as_str().expect("a token"));
        Self { site, account, runtime, authorization, _folder: folder }
    }

    fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_text(path, &body.to_string())
    }

    fn post_text(&self, path: &str, body: &str) -> Answer {
        let headers = [("authorization", self.authorization.as_str()), ("content-type", "application/json")];
        self.site.send(request(Method::POST, path, &headers, body))
    }

    fn get(&self, path: &str) -> Answer {
        self.site.send(request(Method::GET, path, &[("authorization", &self.authorization)], ""))
    }

    fn data(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.json()["data"].take()
    }

    pub(crate) fn products(&self) -> usize {
        self.runtime.block_on(self.account.list("/v1/products")).len()
    }

    /// Asks for something, and waits until it has ended.
    fn done(&self, body: &Value) -> Value {
        let asked = self.post(SYNC, body);
        assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.text);
        let path = format!("{SYNC}/{}", asked.json()["data"]["id"].as_str().expect("an id"));
        wait_for(|| matches!(self.data(&path)["status"].as_str(), Some("succeeded" | "failed")));
        self.data(&path)
    }
}

fn on_every_database(test: impl Fn(&Office)) {
    for dialect in Dialect::ALL {
        test(&Office::new(dialect, "sk_test_1", &[]));
    }
}

#[test]
fn a_sync_is_queued_and_goes_on_by_itself_and_its_result_is_there_afterwards() {
    on_every_database(|office| {
        let asked = office.post(SYNC, &json!({ "action": "sync", "dryRun": false, "forceUpdate": false }));
        assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.text);
        let queued = asked.json()["data"].take();
        let id = queued["id"].as_str().expect("an id");
        let path = format!("{SYNC}/{id}");
        let expected = json!({
            "id": id, "action": "sync", "dryRun": false, "forceUpdate": false, "status": "queued",
            "statusUrl": path, "eventsUrl": format!("{path}/events"),
        });
        assert_eq!((&queued, asked.header("location")), (&expected, Some(&*path)));
        assert_eq!(office.post(SYNC, &json!({ "action": "sync" })).json()["data"]["id"], id, "it is the same one");
        assert_eq!((office.data(&path)["status"].clone(), office.products()), (json!("queued"), 0));
        office.site.sync();
        let events = office.get(&format!("{path}/events"));
        assert_eq!(events.header("content-type"), Some("text/event-stream"), "{}", events.text);
        let last = events.text.trim_end().rsplit("\n\n").next().expect("an event");
        let (name, data) = last.split_once('\n').expect("two lines");
        assert_eq!(name, "event: done", "{}", events.text);
        let told: Value = serde_json::from_str(data.strip_prefix("data: ").expect("data")).expect("JSON");
        let job = office.data(&path);
        assert_eq!(told, job, "what is followed is what is shown");
        assert_eq!(
            (&job["status"], &job["action"], &job["triggeredBy"]),
            (&json!("succeeded"), &json!("sync"), &json!("api"))
        );
        assert_eq!(job["progress"], json!({ "created": 1, "updated": 0, "synced": 0, "errors": 0 }));
        let result = &job["results"][0];
        assert_eq!((&result["localId"], &result["status"]), (&json!("tea_green"), &json!("created")));
        let stripe_id = result["stripeId"].as_str().expect("an id");
        assert_eq!(result["url"], format!("https://dashboard.stripe.com/test/products/{stripe_id}"));
        assert_eq!(office.products(), 1);
        let again = office.done(&json!({ "action": "sync" }));
        assert_eq!(again["progress"], json!({ "created": 0, "updated": 0, "synced": 1, "errors": 0 }));
        let forced = office.done(&json!({ "action": "sync", "forceUpdate": true }));
        assert_eq!((&forced["forceUpdate"], &forced["progress"]["updated"]), (&json!(true), &json!(1)));
        let audited = office
            .site
            .query("SELECT CONCAT(action, ' ', actor_kind) FROM audit_log WHERE action LIKE 'stripe%' ORDER BY id");
        assert_eq!(audited[..3], ["stripe.sync.ask token", "stripe.sync.ask token", "stripe.sync token"]);
        assert_eq!(office.data("/api/admin/stripe/runs?mode=force_update")["items"][0]["updated"], 1);
        let changes = office.data("/api/admin/stripe/changes?eventType=tea.created");
        assert_eq!(changes["items"][0]["triggeredSync"], json!(true), "{changes}");
    });
}

#[test]
fn a_dry_run_is_answered_at_once_and_writes_nothing_anywhere() {
    on_every_database(|office| {
        let counts = || {
            ["stripe_sync_runs", "jobs", "audit_log", "product_change_log", "stripe_product_mappings"]
                .map(|table| office.site.query(&format!("SELECT CONCAT(COUNT(*), '') FROM {table}")).remove(0))
        };
        let before = counts();
        let shown = office.post(SYNC, &json!({ "action": "sync", "dryRun": true }));
        assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
        let shown = shown.json()["data"].take();
        let [action, dry, forced, equal] = ["action", "dryRun", "forceUpdate", "equal"].map(|name| shown[name].clone());
        assert_eq!([action, dry, forced, equal], [json!("sync"), json!(true), json!(false), json!(false)]);
        assert_eq!((&shown["created"], &shown["errors"]), (&json!(1), &json!(0)));
        assert_eq!(shown["results"][0]["status"], "created");
        assert!(shown["results"][0]["changes"].to_string().contains("USD 29.00 / month"), "{shown}");
        assert_eq!((counts(), office.products()), (before, 0));
    });
}

#[test]
fn a_look_is_kept_and_shown_by_the_status() {
    on_every_database(|office| {
        let status = office.data(SYNC);
        assert_eq!((&status["status"], &status["label"]), (&json!("needs_sync"), &json!("Needs Sync")));
        assert_eq!((&status["lastSync"], &status["lastValidation"]), (&Value::Null, &Value::Null));
        office.site.sync();
        let looked = office.done(&json!({ "action": "validate" }));
        assert_eq!((&looked["action"], &looked["status"]), (&json!("validate"), &json!("succeeded")));
        assert_eq!((&looked["results"][0]["status"], office.products()), (&json!("created"), 0));
        let found = office.data(SYNC)["lastValidation"].clone();
        assert_eq!((&found["inSync"], &found["fresh"]), (&json!(false), &json!(true)));
        assert!(found["summary"].as_str().is_some_and(|text| text.starts_with("product tea_green")), "{found}");
        office.done(&json!({ "action": "sync" }));
        office.done(&json!({ "action": "validate" }));
        let status = office.data(SYNC);
        assert_eq!((&status["status"], &status["label"]), (&json!("all_synced"), &json!("All Synced")));
        assert_eq!((&status["lastSync"]["created"], &status["lastValidation"]["inSync"]), (&json!(1), &json!(true)));
        assert_eq!(status["mappings"], json!({ "created": 1, "updated": 0, "synced": 0, "error": 0 }));
        assert_eq!(status["queue"], json!({ "queued": 0, "running": 0, "dead": 0 }));
        assert_eq!(status["schedule"]["syncEverySecs"], 86_400);
        office.site.sql("UPDATE stripe_sync_runs SET status = 'failed' WHERE mode = 'sync'");
        assert_eq!(office.data(SYNC)["label"], "Sync Errors");
    });
}

#[test]
fn what_is_no_request_is_refused_and_starts_nothing() {
    let office = Office::new(Dialect::Sqlite, "sk_test_1", &[]);
    let cases = [
        ("{}", 422, "invalid_request"),
        (r#"{"action": "delete"}"#, 422, "invalid_request"),
        (r#"{"action": "sync", "dryrun": true}"#, 422, "invalid_request"),
        (r#"{"action": "sync", "dryRun": "yes"}"#, 422, "invalid_request"),
        (r#"{"action": "sync", "action": "sync"}"#, 422, "invalid_request"),
        (r#"{"action": "validate", "forceUpdate": true}"#, 422, "invalid_request"),
        (r#"{"action": "validate", "dryRun": true}"#, 422, "invalid_request"),
        (r#"["sync"]"#, 422, "invalid_request"),
        ("sync", 400, "malformed_request"),
    ];
    for (body, status, code) in cases {
        let answer = office.post_text(SYNC, body).error();
        assert_eq!((answer.0, answer.1.as_str()), (status, code), "{body}");
    }
    for id in ["0195d3a0-0000-7000-8000-000000000000", "1", "%00", "..%2F"] {
        assert_eq!(office.get(&format!("{SYNC}/{id}")).error().0, 404, "{id}");
        assert_eq!(office.get(&format!("{SYNC}/{id}/events")).error().0, 404, "{id}");
        assert_eq!(office.post(&format!("/api/admin/stripe/queue/{id}/replay"), &json!({})).error().0, 404, "{id}");
    }
    assert_eq!(office.site.query("SELECT CONCAT(COUNT(*), '') FROM jobs"), ["0"]);
}

#[test]
fn syncs_of_one_address_are_limited() {
    let office = Office::new(Dialect::Sqlite, "sk_test_1", &[("PRICEBOOK_STRIPE_SYNC_RATE_PER_MINUTE", "2")]);
    let statuses = [(); 3].map(|()| office.post(SYNC, &json!({ "action": "validate" })).status.as_u16());
    assert_eq!(statuses, [202, 202, 429]);
    assert_eq!(office.get(SYNC).status, StatusCode::OK, "who looks at the status is not counted");
}

#[test]
fn a_live_account_is_synced_only_by_who_says_so() {
    let office = Office::new(Dialect::Sqlite, "sk_live_1", &[]);
    for body in [json!({ "action": "sync" }), json!({ "action": "sync", "forceUpdate": true })] {
        let refused = office.post(SYNC, &body).error();
        assert_eq!((refused.0, refused.1.as_str()), (409, "confirmation_required"));
    }
    let office = Office::new(Dialect::Sqlite, "sk_live_1", &[("PRICEBOOK_ENVIRONMENT", "production")]);
    office.site.sync();
    let failed = office.done(&json!({ "action": "sync", "confirmed": true }));
    assert_eq!((&failed["status"], office.products()), (&json!("failed"), 0));
    let told = failed["error"].as_str().expect("an error");
    assert!(told.contains("a live key is used only where the catalog names its account"), "{told}");
}

#[test]
fn a_server_without_a_key_says_so_and_its_queue_can_be_seen() {
    let site = Site::sqlite();
    let added = site.command(&["user", "add", "ana@shop.example", "--role", "admin", "--token", "office"]);
    let authorization = format!("Bearer {}", added["token"]["token"].as_str().expect("a token"));
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    let refused = site.send(request(Method::POST, SYNC, &headers, r#"{"action": "sync"}"#)).error();
    assert_eq!((refused.0, refused.1.as_str()), (503, "stripe_not_configured"));
    assert!(refused.2.starts_with("Missing Stripe credentials: STRIPE_SECRET_KEY"), "{}", refused.2);
    let status = site.send(request(Method::GET, SYNC, &headers, "")).json();
    assert_eq!(status["data"]["configured"], false);
}

#[test]
fn who_is_signed_in_syncs_from_our_own_pages_only() {
    on_every_database(|office| {
        let (_, cookie) = user(&office.site, "bea", "admin");
        let from = |site: &str| {
            let headers = [("cookie", &*cookie), ("sec-fetch-site", site), ("content-type", "application/json")];
            office.site.send(request(Method::POST, SYNC, &headers, r#"{"action": "sync"}"#)).status.as_u16()
        };
        assert_eq!((from("cross-site"), from("same-site")), (403, 403));
        assert_eq!(office.site.query("SELECT CONCAT(COUNT(*), '') FROM jobs"), ["0"]);
        assert_eq!(from("same-origin"), 202);
        let actor = office.site.query("SELECT actor_kind FROM audit_log WHERE action = 'stripe.sync.ask'");
        assert_eq!(actor, ["user"]);
    });
}

#[test]
fn what_was_given_up_is_shown_and_tried_again() {
    on_every_database(|office| {
        let asked = office.post(SYNC, &json!({ "action": "sync" })).json();
        let id = asked["data"]["id"].as_str().expect("an id");
        let replay = format!("/api/admin/stripe/queue/{id}/replay");
        assert_eq!(office.post(&replay, &json!({})).error().1, "not_given_up");
        office.site.sql("UPDATE jobs SET status = 'dead', attempts = 4, error_message = 'why', finished_at = created_at, coalesce_key = NULL");
        let dead = office.data("/api/admin/stripe/queue?status=dead")["items"][0].clone();
        assert_eq!(
            (&dead["id"], &dead["errorMessage"], &dead["job"]["mode"]),
            (&json!(id), &json!("why"), &json!("sync"))
        );
        assert_eq!(office.data(SYNC)["queue"]["dead"], 1);
        assert_eq!(office.data(&format!("{SYNC}/{id}"))["status"], "failed");
        let replayed = office.post(&replay, &json!({}));
        assert_eq!(replayed.json(), json!({ "success": true, "data": { "id": id, "status": "queued" } }));
        office.site.sync();
        wait_for(|| office.data(&format!("{SYNC}/{id}"))["status"] == "succeeded");
        assert_eq!(office.products(), 1);
        let audited = office.site.query("SELECT object_id FROM audit_log WHERE action = 'stripe.sync.replay'");
        assert_eq!(audited, [id]);
    });
}

#[test]
fn a_back_end_tells_what_it_changed_and_by_whom() {
    for dialect in Dialect::ALL {
        let office = Office::new(dialect, "sk_test_1", &[("PRICEBOOK_STRIPE_AUTO_SYNC", "test")]);
        let event = json!({ "type": "plan.price_changed", "productId": "plan/starter",
            "changes": { "monthlyPrice": { "from": 29, "to": 35 } } });
        let told = office.post("/api/admin/stripe/events", &event);
        assert_eq!(told.status, StatusCode::ACCEPTED, "{}", told.text);
        let told = told.json()["data"].take();
        assert_eq!(told["triggeredSync"], true);
        let sync = told["syncId"].as_str().expect("a sync");
        assert_eq!(office.data(&format!("{SYNC}/{sync}"))["triggeredBy"], "change");
        let change = json!({ "planId": "starter", "userId": "u-7", "changes": {
            "monthlyPrice": { "from": 29, "to": 35 }, "description": { "from": "Old desc", "to": "New desc" } } });
        let changed = office.post("/api/admin/stripe/pricing-plan-changes", &change).json();
        assert_eq!(changed["data"]["syncId"], sync, "both are one sync");
        let logged = office.data("/api/admin/stripe/changes?productId=plan/starter");
        let newest = &logged["items"][0];
        assert_eq!((&newest["eventType"], &newest["changes"]), (&json!("plan.price_changed"), &change["changes"]));
        assert!(
            newest["actor"].as_str().is_some_and(|actor| actor.starts_with("token:") && actor.ends_with(" for u-7"))
        );
        assert_eq!(logged["items"].as_array().map(Vec::len), Some(2));
        let refused = [
            ("events", json!({ "type": "plan.exploded", "productId": "plan/starter" })),
            ("events", json!({ "type": "planet.updated", "productId": "plan/starter" })),
            ("events", json!({ "type": "plan.updated", "productId": "plan/stater" })),
            ("events", json!({ "type": "service.updated", "productId": "plan/starter" })),
            ("events", json!({ "type": "plan.updated", "productId": "plan/starter", "changes": { "a": "\u{0}" } })),
            ("events", json!({ "type": "plan.retired", "productId": "plan/\u{1b}" })),
            ("events", json!({ "productId": "plan/starter" })),
            ("pricing-plan-changes", json!({ "planId": "stater", "changes": {} })),
            ("pricing-plan-changes", json!({ "planId": "starter", "changes": { "a": 1 } })),
            ("pricing-plan-changes", json!({ "planId": "starter", "changes": {}, "userId": "" })),
        ];
        for (path, body) in refused {
            let answer = office.post(&format!("/api/admin/stripe/{path}"), &body).error();
            assert_eq!((answer.0, answer.1.as_str()), (422, "invalid_request"), "{body}: {}", answer.2);
        }
        assert_eq!(office.site.query("SELECT CONCAT(COUNT(*), '') FROM product_change_log"), ["2"]);
    }
}
