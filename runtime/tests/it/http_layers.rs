//! What stands before every route: one shape of errors, request ids, headers, limits, origins, and a panic's end.

use axum::http::{Method, StatusCode};
use pricebook_types::Dialect;

use crate::http_shop::{Answer, Site, on_every_database, request, settings};

#[test]
fn what_is_not_there_is_an_error_in_the_one_shape() {
    let site = Site::sqlite();
    for path in ["/", "/nothing", "/services/a/b", "/admin", "//", "/services/"] {
        assert_eq!((site.get(path).error().0, site.get(path).error().1.as_str()), (404, "not_found"), "{path}");
    }
}

#[test]
fn a_method_that_a_route_does_not_have_is_refused_with_those_that_it_has() {
    let site = Site::sqlite();
    for (method, path, allowed) in [
        (Method::DELETE, "/services", "GET,HEAD"),
        (Method::PUT, "/services/essentials", "GET,HEAD"),
        (Method::GET, "/create-payment", "POST"),
        (Method::GET, "/api/checkout", "POST"),
        (Method::POST, "/health", "GET,HEAD"),
    ] {
        let answer = site.send(request(method, path, &[], ""));
        assert_eq!((answer.error().0, answer.error().1.as_str()), (405, "method_not_allowed"), "{path}");
        assert_eq!(answer.header("allow"), Some(allowed), "{path}");
    }
}

#[test]
fn every_answer_carries_a_request_id_and_the_headers_that_protect_it() {
    let site = Site::new(Dialect::Sqlite, settings(&[("PRICEBOOK_ENVIRONMENT", "production")]));
    for path in ["/services", "/nothing", "/health", "/docs", "/metrics"] {
        let answer = site.get(path);
        assert!(answer.header("x-request-id").is_some_and(|id| id.len() > 32), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert!(
            answer.header("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'none'"))
        );
        assert!(answer.header("strict-transport-security").is_some(), "{path}");
        assert!(answer.header("cache-control").is_some(), "{path}");
    }
    assert_eq!(Site::sqlite().get("/health").header("strict-transport-security"), None, "development has no HTTPS");
}

/// A list that is kept is answered before the routes, a page of another origin by its route.
#[test]
fn a_list_is_answered_alike_before_the_routes_and_by_its_route() {
    let site = Site::sqlite();
    let ask = |headers: &[(&str, &str)]| site.send(request(Method::GET, "/services", headers, ""));
    let etag = ask(&[]).header("etag").expect("a validator").to_owned();
    for known in ["", &etag] {
        let alone = ask(&[("if-none-match", known)]);
        let with_origin = ask(&[("if-none-match", known), ("origin", "https://elsewhere.example")]);
        let told = |answer: &Answer| {
            let mut headers = answer.headers().to_vec();
            headers.retain(|(name, _)| name != "x-request-id" && name != "content-length");
            headers.sort();
            (answer.status, headers, answer.text.clone())
        };
        assert_eq!(alone.status, if known.is_empty() { 200 } else { 304 });
        assert_eq!(told(&alone), told(&with_origin));
    }
}

#[test]
fn a_request_id_of_the_caller_is_kept_if_it_looks_like_one() {
    let site = Site::sqlite();
    let id = |given: &str| {
        let answer = site.send(request(Method::GET, "/health", &[("x-request-id", given)], ""));
        answer.header("x-request-id").expect("an id").to_owned()
    };
    assert_eq!(id("abc-1.2_3"), "abc-1.2_3");
    for strange in ["", "two words", "<script>", &"x".repeat(65)] {
        assert_ne!(id(strange), strange);
    }
}

#[test]
fn a_panic_ends_its_request_alone() {
    let site = Site::that_panics();
    let answer = site.get("/services");
    let internal = (500, "internal_error".to_owned(), "Something went wrong on our side".to_owned());
    assert_eq!(answer.error(), internal);
    assert!(answer.header("x-request-id").is_some());
    assert_eq!(site.get("/health").status, StatusCode::OK);
    assert_eq!(site.get("/services").error().0, 500, "nothing is held that the next one needs");
}

#[test]
fn one_address_may_only_call_so_often_but_probes_always() {
    let variables = [("PRICEBOOK_RATE_PER_MINUTE", "3"), ("PRICEBOOK_TRUST_FORWARDED_FOR", "true")];
    let site = Site::new(Dialect::Sqlite, settings(&variables));
    let from =
        |address: &str| -> Answer { site.send(request(Method::GET, "/services", &[("x-forwarded-for", address)], "")) };
    for _ in 0..3 {
        assert_eq!(from("192.0.2.1").status, StatusCode::OK);
    }
    let refused = from("198.51.100.9, 192.0.2.1");
    assert_eq!(
        refused.error().1,
        "rate_limit_exceeded",
        "what the caller says before the proxy's word counts for nothing"
    );
    assert!(refused.header("x-request-id").is_some());
    assert_eq!(from("192.0.2.2").status, StatusCode::OK, "somebody else");
    for _ in 0..3 {
        assert_eq!(from("2001:db8::1").status, StatusCode::OK);
    }
    assert_eq!(from("2001:db8::2").error().0, 429, "an IPv6 network is one caller");
    assert_eq!(from("2001:db8:0:1::2").status, StatusCode::OK);
    for _ in 0..10 {
        assert_eq!(site.get("/health").status, StatusCode::OK);
    }
}

#[test]
fn without_a_proxy_the_header_of_one_counts_for_nothing() {
    let site = Site::new(Dialect::Sqlite, settings(&[("PRICEBOOK_RATE_PER_MINUTE", "1")]));
    let from = |address| site.send(request(Method::GET, "/services", &[("x-forwarded-for", address)], ""));
    assert_eq!(from("192.0.2.1").status, StatusCode::OK);
    assert_eq!(from("192.0.2.2").error().0, 429);
}

#[test]
fn pages_of_listed_origins_may_call_and_others_may_not() {
    let production = [
        ("PRICEBOOK_ENVIRONMENT", "production"),
        ("PRICEBOOK_CORS_ORIGINS", "https://shop.example, https://b.example"),
    ];
    let sites = [Site::new(Dialect::Sqlite, settings(&production)), Site::sqlite()];
    let allowed = |site: &Site, origin: &str| {
        let headers = [("origin", origin), ("access-control-request-method", "POST")];
        let preflight = site.send(request(Method::OPTIONS, "/create-payment", &headers, ""));
        let plain = site.send(request(Method::GET, "/services", &[("origin", origin)], ""));
        let allows = |answer: &Answer| answer.header("access-control-allow-origin") == Some(origin);
        assert_eq!(allows(&preflight), allows(&plain), "{origin}");
        let sent = preflight.header("access-control-allow-headers").unwrap_or_default();
        for header in ["authorization", "content-type", "idempotency-key"] {
            assert!(sent.contains(header), "pages send {header}: {sent}");
        }
        allows(&plain)
    };
    let cases = [
        ("https://shop.example", true, false),
        ("https://b.example", true, false),
        ("https://evil.example", false, false),
        ("https://shop.example.evil.example", false, false),
        ("null", false, false),
        ("http://localhost:5173", false, true),
        ("http://127.0.0.1:4000", false, true),
        ("http://localhost.evil.example", false, false),
    ];
    for (origin, in_production, in_development) in cases {
        assert_eq!(allowed(&sites[0], origin), in_production, "{origin} in production");
        assert_eq!(allowed(&sites[1], origin), in_development, "{origin} in development");
    }
}

#[test]
fn probes_tell_whether_the_server_can_work() {
    on_every_database(|site| {
        assert_eq!(site.get("/health").json()["data"]["status"], "ok");
        let ready = site.get("/ready").json();
        assert_eq!((&ready["data"]["synced"], &ready["data"]["revision"]), (&true.into(), &1.into()));
        assert!(ready["data"].get("warning").is_none(), "{ready}");
        site.sql("UPDATE catalog_state SET catalog_hash = 'other', revision = 2");
        let ready = site.get("/ready").json();
        assert_eq!((&ready["data"]["synced"], &ready["data"]["databaseHash"]), (&false.into(), &"other".into()));
        let warning = ready["data"]["warning"].as_str().expect("a warning");
        assert!(warning.contains("another catalog") && warning.contains("deploy the program"), "{warning}");
        site.sql("DELETE FROM catalog_state");
        let warning = site.get("/ready").json()["data"]["warning"].to_string();
        assert!(warning.contains("the database was never synced"), "{warning}");
        site.sql("DROP TABLE catalog_state");
        assert_eq!(site.get("/ready").error().0, 503);
        assert_eq!(site.get("/health").status, StatusCode::OK, "the process itself is well");
    });
}

#[test]
fn metrics_count_routes_and_payments_for_who_knows_the_token() {
    let site = Site::new(Dialect::Sqlite, settings(&[("PRICEBOOK_METRICS_TOKEN", "let-me-in")]));
    site.get("/services/essentials");
    site.get("/services/nothing-7");
    site.get("/nowhere");
    site.pay(&serde_json::json!({ "service": "essentials", "amount": 1, "currency": "usd" }));
    for headers in [&[][..], &[("authorization", "Bearer let-me-out")], &[("authorization", "let-me-in")]] {
        assert_eq!(site.send(request(Method::GET, "/metrics", headers, "")).error().1, "unauthorized");
    }
    let text = site.send(request(Method::GET, "/metrics", &[("authorization", "Bearer let-me-in")], "")).text;
    for line in [
        r#"pricebook_http_requests_total{route="/services/{id}",status="200"} 1"#,
        r#"pricebook_http_requests_total{route="/services/{id}",status="404"} 1"#,
        r#"pricebook_http_requests_total{route="none",status="404"} 1"#,
        r#"pricebook_payments_total{result="minimum_deposit_required"} 1"#,
        r#"pricebook_catalog_info{hash="aa",name="shop"} 1"#,
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    assert!(!text.contains("nothing-7") && !text.contains("nowhere"), "no label is what a caller typed");
    assert!(text.ends_with("# EOF\n"));
}

#[test]
fn the_description_names_every_route_and_the_page_shows_it() {
    let site = Site::sqlite();
    let api = site.get("/openapi.json").json();
    assert_eq!(api["openapi"], "3.1.0");
    let paths: Vec<_> = api["paths"].as_object().expect("paths").keys().map(String::as_str).collect();
    let routes = [
        "/api/admin/audit",
        "/api/admin/backups",
        "/api/admin/cache/clear",
        "/api/admin/incidents",
        "/api/admin/live-checks",
        "/api/admin/payments",
        "/api/admin/stripe/changes",
        "/api/admin/stripe/events",
        "/api/admin/stripe/pricing-plan-changes",
        "/api/admin/stripe/queue",
        "/api/admin/stripe/queue/{id}/replay",
        "/api/admin/stripe/runs",
        "/api/admin/stripe/sync-products",
        "/api/admin/stripe/sync-products/{id}",
        "/api/admin/stripe/sync-products/{id}/events",
        "/api/admin/syncs",
        "/api/billing-portal",
        "/api/checkout",
        "/create-payment",
        "/health",
        "/metrics",
        "/plans",
        "/plans/{id}",
        "/ready",
        "/services",
        "/services/{id}",
    ];
    assert_eq!(paths, routes);
    for path in routes {
        let path = path.replace("{id}", "essentials");
        assert_ne!(site.get(&path).status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
    }
    let page = site.get("/docs");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    for path in routes {
        assert!(page.text.contains(path), "{path}");
    }
    assert!(!page.text.contains("http://") && !page.text.contains("https://"), "nothing comes from elsewhere");
    assert_eq!(site.get("/docs/style.css").header("content-type"), Some("text/css; charset=utf-8"));
}
