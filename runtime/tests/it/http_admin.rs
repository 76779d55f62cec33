//! Routes of administrators: answered to admins' tokens alone, each refusal and each change audited, no token in the log.

mod routes;

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::{Method, StatusCode};
use pricebook_types::Dialect;
use serde_json::{Value, json};

use crate::http_shop::{Answer, Site, request, settings};
use crate::services_environments::with_variable;

/// A server on each database that counts neither calls nor refusals.
fn on_every_database(test: impl Fn(&Site)) {
    let unlimited = [("PRICEBOOK_RATE_PER_MINUTE", "0"), ("PRICEBOOK_AUTH_FAILURE_RATE_PER_MINUTE", "0")];
    for dialect in Dialect::ALL {
        test(&Site::new(dialect, settings(&unlimited)));
    }
}

/// Makes a user with a token, and returns its text.
fn token_of(site: &Site, name: &str, role: &str, more: &[&str]) -> String {
    let email = format!("{name}@shop.example");
    let added = site.command(&[&["user", "add", &email, "--role", role, "--token", name], more].concat());
    added["token"]["token"].as_str().expect("a token").to_owned()
}

fn call(site: &Site, method: Method, path: &str, token: &str) -> Answer {
    let header = format!("Bearer {token}");
    site.send(request(method, path, &[("authorization", &header), ("x-request-id", "call-1")], ""))
}

/// Every route below /api/admin, as the description has it.
fn routes(site: &Site) -> Vec<(Method, String)> {
    let api = site.get("/openapi.json").json();
    let paths = api["paths"].as_object().expect("paths").iter().filter(|(path, _)| path.starts_with("/api/admin/"));
    let method = |name: &String| Method::from_bytes(name.to_uppercase().as_bytes()).expect("a method");
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().expect("methods").keys().map(method);
        let path = path.replace("{id}", "0195d3a0-0000-7000-8000-000000000000");
        methods.map(|method| (method, path.clone())).collect::<Vec<_>>()
    };
    paths.flat_map(of_path).collect()
}

/// Tokens that are not taken, or permit too little, with the code of the answer and the reason in the audit log.
fn tokens_that_will_not_do(site: &Site) -> Vec<(String, &'static str, &'static str)> {
    let unknown = format!("pbk_{}", "0".repeat(64));
    let customer = token_of(site, "customer", "customer", &[]);
    let [expired, revoked, disabled, demoted, scopeless, bounded] =
        ["expired", "revoked", "disabled", "demoted", "scopeless", "bounded"]
            .map(|name| token_of(site, name, "admin", &["--expires", "7"]));
    site.sql("UPDATE api_tokens SET expires_at = '2020-01-01 00:00:00' WHERE name = 'expired'");
    let id = site.query("SELECT id FROM api_tokens WHERE name = 'revoked'").remove(0);
    site.command(&["user", "token", "revoke", &id]);
    site.command(&["user", "disable", "disabled@shop.example"]);
    site.command(&["user", "role", "demoted@shop.example", "customer"]);
    site.sql("UPDATE api_tokens SET scopes = '[]' WHERE name = 'scopeless'");
    site.sql("INSERT INTO organizations (id, name, slug) VALUES ('o', 'O', 'o')");
    site.sql("UPDATE api_tokens SET organization_id = 'o' WHERE name = 'bounded'");
    vec![
        ("secret".to_owned(), "invalid_token", "malformed"),
        (unknown, "invalid_token", "unknown"),
        (expired, "invalid_token", "expired"),
        (revoked, "invalid_token", "revoked"),
        (disabled, "invalid_token", "disabled"),
        (customer, "insufficient_scope", "insufficient-scope"),
        (demoted, "insufficient_scope", "insufficient-scope"),
        (scopeless, "insufficient_scope", "insufficient-scope"),
        (bounded, "insufficient_scope", "insufficient-scope"),
    ]
}

fn last_audit(site: &Site, columns: &str) -> String {
    site.query(&format!("SELECT CONCAT({columns}) FROM audit_log ORDER BY id DESC LIMIT 1")).remove(0)
}

#[test]
fn an_admin_route_answers_nobody_without_a_token_that_opens_it() {
    on_every_database(|site| {
        let tokens = tokens_that_will_not_do(site);
        let routes = routes(site);
        assert!(routes.len() >= 7, "{routes:?}");
        for (method, path) in &routes {
            let answer = site.send(request(method.clone(), path, &[], ""));
            assert_eq!((answer.error().0, answer.error().1.as_str()), (401, "unauthorized"), "{path}");
            assert_eq!(answer.header("www-authenticate"), Some(r#"Bearer realm="pricebook""#), "{path}");
            for (token, code, reason) in &tokens {
                let answer = call(site, method.clone(), path, token);
                let status = if *code == "invalid_token" { 401 } else { 403 };
                assert_eq!((answer.error().0, answer.error().1.as_str()), (status, *code), "{path} {reason}");
                let challenge = format!(r#"Bearer realm="pricebook", error="{code}""#);
                assert_eq!(answer.header("www-authenticate"), Some(challenge.as_str()), "{path} {reason}");
                let told = last_audit(site, "action, ' ', result, ' ', object_id, ' ', request_id");
                assert_eq!(told, format!("api.refuse refused {method} {path} call-1"));
                let details: Value = serde_json::from_str(&last_audit(site, "details, ''")).expect("JSON");
                assert_eq!(details, json!({ "reason": reason }));
            }
        }
        assert_eq!(site.query("SELECT CONCAT(revision, '') FROM catalog_state"), ["1"], "nothing was done");
    });
}

/// Routes that take a body.
const SENT: [&str; 3] =
    ["/api/admin/stripe/events", "/api/admin/stripe/pricing-plan-changes", "/api/admin/stripe/sync-products"];

/// What an operator's token opens. A route that is new must be put on one side.
const OF_OPERATORS: [(&str, bool); 17] = [
    ("GET /api/admin/audit", false),
    ("GET /api/admin/backups", true),
    ("GET /api/admin/incidents", true),
    ("GET /api/admin/live-checks", true),
    ("GET /api/admin/payments", true),
    ("GET /api/admin/stripe/changes", false),
    ("GET /api/admin/stripe/queue", false),
    ("GET /api/admin/stripe/runs", false),
    ("GET /api/admin/stripe/sync-products", false),
    ("GET /api/admin/stripe/sync-products/0195d3a0-0000-7000-8000-000000000000", false),
    ("GET /api/admin/stripe/sync-products/0195d3a0-0000-7000-8000-000000000000/events", false),
    ("GET /api/admin/syncs", true),
    ("POST /api/admin/cache/clear", false),
    ("POST /api/admin/stripe/events", false),
    ("POST /api/admin/stripe/pricing-plan-changes", false),
    ("POST /api/admin/stripe/queue/0195d3a0-0000-7000-8000-000000000000/replay", false),
    ("POST /api/admin/stripe/sync-products", false),
];

#[test]
fn an_operators_token_opens_what_an_operator_must_see() {
    on_every_database(|site| {
        let token = token_of(site, "olga", "operator", &[]);
        let blind = token_of(site, "otto", "operator", &["--scopes", "admin-write"]);
        let opened = routes(site).into_iter().map(|(method, path)| {
            let answer = call(site, method.clone(), &path, &token);
            let opens = answer.status == StatusCode::OK;
            if !opens {
                assert_eq!((answer.error().0, answer.error().1.as_str()), (403, "insufficient_scope"), "{path}");
                assert!(answer.error().2.contains("the token or session of an admin, with"), "{path}: {}", answer.text);
            }
            let refused = call(site, method.clone(), &path, &blind);
            assert_eq!(refused.error().0, 403, "{path}: a scope takes away from the role");
            assert_eq!(refused.error().2.contains("an admin or operator"), opens, "{path}: {}", refused.text);
            (format!("{method} {path}"), opens)
        });
        let mut opened: Vec<_> = opened.collect();
        opened.sort();
        assert_eq!(opened, OF_OPERATORS.map(|(route, opens)| (route.to_owned(), opens)));
        assert_eq!(site.query("SELECT CONCAT(revision, '') FROM catalog_state"), ["1"], "nothing was changed");
    });
}

#[test]
fn every_admin_route_answers_an_admins_token() {
    on_every_database(|site| {
        let token = token_of(site, "ana", "admin", &[]);
        for (method, path) in routes(site) {
            let takes_body = method == Method::POST && SENT.contains(&&*path);
            let answer = call(site, method, &path, &token);
            // Whoever is let in is told what else is wrong: nothing is there, or nothing was sent.
            let expected = match () {
                () if path.contains("0195d3a0") => StatusCode::NOT_FOUND,
                () if takes_body => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                () => StatusCode::OK,
            };
            assert_eq!(answer.status, expected, "{path}: {}", answer.text);
            assert_eq!(answer.json()["success"], expected == StatusCode::OK, "{path}");
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        }
        let lower =
            site.send(request(Method::GET, "/api/admin/audit", &[("authorization", &format!("bearer {token}"))], ""));
        assert_eq!(lower.status, StatusCode::OK, "the scheme is the same in any case");
    });
}

#[test]
fn a_token_that_may_read_changes_nothing() {
    on_every_database(|site| {
        let reads = token_of(site, "ana", "admin", &["--scopes", "admin-read"]);
        assert_eq!(call(site, Method::GET, "/api/admin/audit", &reads).status, StatusCode::OK);
        assert_eq!(call(site, Method::POST, "/api/admin/cache/clear", &reads).error().1, "insufficient_scope");
        let writes = token_of(site, "bea", "admin", &["--scopes", "admin-write"]);
        assert_eq!(call(site, Method::GET, "/api/admin/audit", &writes).error().1, "insufficient_scope");
        assert_eq!(call(site, Method::POST, "/api/admin/cache/clear", &writes).status, StatusCode::OK);
    });
}

#[test]
fn two_tokens_at_once_are_none() {
    let site = Site::sqlite();
    let token = format!("Bearer {}", token_of(&site, "ana", "admin", &[]));
    let headers = [("authorization", token.as_str()), ("authorization", token.as_str())];
    assert_eq!(site.send(request(Method::GET, "/api/admin/audit", &headers, "")).error().1, "invalid_token");
}

#[test]
fn clearing_the_caches_raises_the_revision_and_is_audited_with_request_and_address() {
    let trusting = [("PRICEBOOK_TRUST_FORWARDED_FOR", "true")];
    for dialect in Dialect::ALL {
        let site = Site::new(dialect, settings(&trusting));
        let authorization = format!("Bearer {}", token_of(&site, "ana", "admin", &[]));
        site.get("/services");
        site.sql("UPDATE services SET name = 'Renamed' WHERE id = 'essentials'");
        assert!(!site.get("/services").text.contains("Renamed"), "a list is kept");
        let headers = [
            ("authorization", authorization.as_str()),
            ("x-request-id", "clear-1"),
            ("x-forwarded-for", "2001:db8::7"),
        ];
        let cleared = site.send(request(Method::POST, "/api/admin/cache/clear", &headers, ""));
        assert_eq!(cleared.json(), json!({ "success": true, "data": { "revision": 2 } }), "{}", cleared.text);
        assert!(site.get("/services").text.contains("Renamed"), "and read anew afterwards");
        assert_eq!(site.query("SELECT CONCAT(revision, '') FROM catalog_state"), ["2"], "other servers look at it");
        let told = last_audit(&site, "actor_kind, ' ', action, ' ', result, ' ', request_id, ' ', ip_address");
        assert_eq!(told, "token cache.clear succeeded clear-1 2001:db8::7");
        let actor = site.query("SELECT actor_id FROM audit_log WHERE action = 'cache.clear'");
        assert_eq!(actor, site.query("SELECT id FROM api_tokens"));
    }
}

#[test]
fn a_change_whose_audit_row_cannot_be_written_is_not_made() {
    on_every_database(|site| {
        let token = token_of(site, "ana", "admin", &[]);
        site.sql("ALTER TABLE audit_log RENAME TO audit_log_of_before");
        assert_eq!(call(site, Method::POST, "/api/admin/cache/clear", &token).error().0, 503);
        assert_eq!(site.query("SELECT CONCAT(revision, '') FROM catalog_state"), ["1"]);
    });
}

#[test]
fn refusals_of_one_address_are_limited_and_fill_no_log() {
    let variables = [("PRICEBOOK_AUTH_FAILURE_RATE_PER_MINUTE", "3"), ("PRICEBOOK_TRUST_FORWARDED_FOR", "true")];
    let site = Site::new(Dialect::Sqlite, settings(&variables));
    let token = token_of(&site, "ana", "admin", &[]);
    let from = |address: &str, token: &str| {
        let authorization = format!("Bearer {token}");
        let headers = [("authorization", authorization.as_str()), ("x-forwarded-for", address)];
        site.send(request(Method::GET, "/api/admin/audit", &headers, ""))
    };
    for _ in 0..3 {
        assert_eq!(from("192.0.2.1", "guess").error().0, 401);
    }
    for _ in 0..3 {
        let refused = from("192.0.2.1", "guess");
        assert_eq!(refused.error().1, "rate_limit_exceeded");
        assert!(refused.header("retry-after").is_some());
    }
    let refusals = "SELECT CONCAT(COUNT(*), '') FROM audit_log WHERE result = 'refused'";
    assert_eq!(site.query(refusals), ["3"]);
    assert_eq!(from("192.0.2.2", "guess").error().0, 401, "somebody else");
    assert_eq!(from("192.0.2.1", &token).status, StatusCode::OK, "who has a token is not locked out by others");
}

#[test]
fn a_good_token_that_may_too_little_locks_nobody_out_and_fills_no_log() {
    let variables = [("PRICEBOOK_AUTH_FAILURE_RATE_PER_MINUTE", "3")];
    let site = Site::new(Dialect::Sqlite, settings(&variables));
    let reader = token_of(&site, "ana", "admin", &["--scopes", "admin-read"]);
    let clear = || call(&site, Method::POST, "/api/admin/cache/clear", &reader).error();
    for _ in 0..5 {
        assert_eq!((clear().0, clear().1.as_str()), (403, "insufficient_scope"));
    }
    let refusals = "SELECT CONCAT(COUNT(*), '') FROM audit_log WHERE result = 'refused'";
    assert_eq!(site.query(refusals), ["3"]);
    for _ in 0..3 {
        assert_eq!(call(&site, Method::GET, "/api/admin/audit", "guess").error().0, 401, "who guesses still may");
    }
    assert_eq!(call(&site, Method::GET, "/api/admin/audit", "guess").error().0, 429);
    assert_eq!(clear().0, 403, "others' guesses do not keep out who has a token");
    assert_eq!(call(&site, Method::GET, "/api/admin/audit", &reader).status, StatusCode::OK);
}

#[test]
fn the_last_use_of_a_token_is_written_at_most_once_a_minute() {
    on_every_database(|site| {
        let token = token_of(site, "ana", "admin", &[]);
        let last =
            || site.query("SELECT CAST(last_used_at AS CHAR(26)) FROM api_tokens WHERE last_used_at IS NOT NULL");
        assert_eq!(last(), [""; 0]);
        let use_it = || assert_eq!(call(site, Method::GET, "/api/admin/audit", &token).status, StatusCode::OK);
        use_it();
        let first = last();
        assert_eq!(first.len(), 1, "the first use is written");
        use_it();
        assert_eq!(last(), first, "within a minute it is not");
        site.sql("UPDATE api_tokens SET last_used_at = '2020-01-01 00:00:00'");
        use_it();
        assert!(!last()[0].starts_with("2020"), "long after it is");
    });
}

/// What the process logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("the log").write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// In a process of its own, for all its threads log to one place.
#[test]
fn nobodys_token_reaches_the_log() {
    with_variable("http_admin::nobodys_token_reaches_the_log", "TEST_OF_THE_LOG", "alone", || {
        let site = Site::sqlite();
        let token = token_of(&site, "ana", "admin", &[]);
        let wrong = format!("pbk_{}", "9".repeat(64));
        let log = Log::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::set_global_default(subscriber).expect("nobody else logs here");
        for token in [&token, &wrong] {
            call(&site, Method::GET, "/api/admin/audit", token);
            call(&site, Method::POST, "/api/admin/cache/clear", token);
        }
        site.sql("DROP TABLE api_tokens");
        assert_eq!(call(&site, Method::GET, "/api/admin/audit", &token).error().0, 503);
        let told = String::from_utf8(log.0.lock().expect("the log").clone()).expect("UTF-8");
        for expected in ["refused", "answered", "failed", "/api/admin/cache/clear"] {
            assert!(told.contains(expected), "{expected} is not in the log: {told}");
        }
        assert!(!told.contains("pbk_") && !told.to_lowercase().contains("bearer"), "{told}");
        for token in [&token, &wrong] {
            assert!(!told.contains(&token[4..]), "{told}");
            assert!(
                !told.contains(
                    &pricebook::auth::Token::parse(pricebook::auth::Sort::Program, token).expect("a token").hash()
                ),
                "{told}"
            );
        }
    });
}
