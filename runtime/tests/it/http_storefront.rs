//! The storefront: one page at three addresses, its files, and what stands there before it is built.

use std::borrow::Cow;

use axum::http::{Method, StatusCode};
use pricebook::config::{DatabaseUrl, Settings};
use pricebook::db::Database;
use pricebook::http::{App, AppError, Parts};
use pricebook::{Artifacts, Storefront, StorefrontFile, StorefrontSources};
use pricebook_types::Kind;

use crate::http_shop::{Answer, Site, artifacts, request, settings};
use crate::shop::{Place, block_on};

const PAGE: &str = "<!doctype html><title>Shop</title>";
const SCRIPT: &str = "document.title = 'Shop'";

fn built(path: &str) -> Option<StorefrontFile> {
    let (bytes, sha256) = match path {
        "index.html" => (PAGE, [1; 32]),
        "storefront/index-4f2a.js" => (SCRIPT, [2; 32]),
        "storefront/icon-77.svg" => ("<svg/>", [3; 32]),
        "storefront/.hidden" | "storefront/a/b.js" | "secret" => ("secret", [4; 32]),
        _ => return None,
    };
    Some(StorefrontFile { bytes: Cow::Borrowed(bytes.as_bytes()), sha256 })
}

fn site() -> Site {
    Site::with_storefront(settings(&[]), Storefront { file: built, sources: None })
}

fn ask(site: &Site, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    site.send(request(method, path, headers, ""))
}

#[test]
fn the_page_stands_at_its_addresses_and_runs_no_script_of_others() {
    let site = site();
    for path in ["/", "/payment", "/payment?service=essentials", "/subscribe", "/subscribe?checkout=paid"] {
        let page = site.get(path);
        assert_eq!((page.status, page.text.as_str()), (StatusCode::OK, PAGE), "{path}");
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(page.header("cache-control"), Some("no-cache"), "a new page shows at once");
        let policy = page.header("content-security-policy").expect("a policy");
        for rule in ["default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'"] {
            assert!(policy.contains(rule), "{policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn a_page_that_takes_cards_may_ask_stripe_and_nobody_else() {
    let policy = |variables: &[(&str, &str)]| {
        let site = Site::with_storefront(settings(variables), Storefront { file: built, sources: None });
        site.get("/payment").header("content-security-policy").expect("a policy").to_owned()
    };
    let key = ("PRICEBOOK_STRIPE_PUBLISHABLE_KEY", "pk_test_abc");
    let hosted = policy(&[key]);
    for rule in [
        "script-src 'self' https://js.stripe.com https://*.js.stripe.com;",
        "connect-src 'self' https://api.stripe.com;",
        "frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com;",
        "frame-ancestors 'none'",
    ] {
        assert!(hosted.contains(rule), "{hosted}");
    }
    assert!(!hosted.contains("unsafe"), "{hosted}");
    let local = ("PRICEBOOK_STRIPE_API_BASE", "http://127.0.0.1:12111");
    let trying = policy(&[key, local]);
    assert!(trying.contains("connect-src 'self' http://127.0.0.1:12111;"), "{trying}");
    assert!(trying.contains("script-src 'self';") && !trying.contains("stripe.com"), "{trying}");
    assert_eq!(policy(&[local]), policy(&[]), "a page that takes no cards asks nobody");
}

#[test]
fn files_are_kept_for_good_and_the_page_is_asked_for_again() {
    let site = site();
    let script = site.get("/storefront/index-4f2a.js");
    assert_eq!(script.text, SCRIPT);
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(script.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(site.get("/storefront/icon-77.svg").header("content-type"), Some("image/svg+xml"));
    for path in ["/", "/storefront/index-4f2a.js"] {
        let etag = site.get(path).header("etag").expect("a validator").to_owned();
        let known = ask(&site, Method::GET, path, &[("if-none-match", &etag)]);
        assert_eq!((known.status, known.text.as_str()), (StatusCode::NOT_MODIFIED, ""), "{path}");
        assert_eq!(known.header("etag"), Some(etag.as_str()));
        assert!(known.header("cache-control").is_some_and(|kept| kept != "no-store"), "{path}");
        assert_eq!(ask(&site, Method::GET, path, &[("if-none-match", "\"other\"")]).status, StatusCode::OK);
    }
}

#[test]
fn a_head_request_is_answered_as_a_get_without_its_body() {
    let site = site();
    for path in ["/", "/payment", "/storefront/index-4f2a.js"] {
        let (head, get) = (ask(&site, Method::HEAD, path, &[]), site.get(path));
        assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""), "{path}");
        for name in ["content-type", "etag", "cache-control", "content-security-policy"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
}

#[test]
fn what_is_no_built_file_is_an_error_in_the_one_shape() {
    let site = site();
    let hidden =
        ["/storefront/.hidden", "/storefront/a%2Fb.js", "/storefront/..%2Fsecret", "/storefront/%2e%2e%2fsecret"];
    let absent =
        ["/storefront/nothing.js", "/storefront/", "/storefront", "/storefront/a/b.js", "/index.html", "/payments"];
    for path in hidden.into_iter().chain(absent) {
        assert_eq!(site.get(path).error().1, "not_found", "{path}");
    }
    for path in ["/", "/payment", "/storefront/index-4f2a.js"] {
        assert_eq!(ask(&site, Method::POST, path, &[]).error().1, "method_not_allowed", "{path}");
    }
}

#[test]
fn a_page_that_is_not_built_says_how_it_is_and_the_api_answers() {
    let sources = StorefrontSources { checkout: "/nowhere", package: "frontend", inputs: &[] };
    let site = Site::with_storefront(settings(&[]), Storefront { file: |_| None, sources: Some(sources) });
    for path in ["/", "/payment"] {
        let page = site.get(path);
        assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert!(page.text.contains("npm --prefix frontend ci"), "{}", page.text);
        assert!(page.header("content-security-policy").is_some_and(|policy| policy.contains("style-src 'self'")));
    }
    assert_eq!(site.get("/services").status, StatusCode::OK);
}

#[test]
fn no_kind_can_have_the_addresses_of_the_storefront() {
    for plural in ["payment", "storefront"] {
        let error = server_of_a_kind(plural).expect_err("two meanings");
        assert!(matches!(&error, AppError::Reserved { plural: told, .. } if *told == plural), "{error}");
    }
    assert!(server_of_a_kind("payments").is_ok());
}

fn server_of_a_kind(plural: &'static str) -> Result<(), AppError> {
    let kinds = Box::leak(Box::new([Kind { id: "thing", title: "Thing", plural, table: "things" }]));
    server_of(Box::leak(Box::new(Artifacts { kinds, ..*artifacts() })), settings(&[]))
}

/// Whether there can be a server with these settings.
pub(crate) fn with_settings(settings: Settings) -> Result<(), AppError> {
    server_of(artifacts(), settings)
}

fn server_of(artifacts: &'static Artifacts, settings: Settings) -> Result<(), AppError> {
    let place = Place::new();
    let url = DatabaseUrl::parse(&place.url()).expect("a URL");
    block_on(async {
        let writes = Database::open(&url).await.expect("it opens");
        let reads = Database::open(&url).await.expect("it opens");
        let (gateway, today, storefront) = (None, || "2026-11-21".to_owned(), None);
        let sync = None;
        let parts = Parts { artifacts, settings, reads, writes, gateway, sync, today, storefront };
        App::new(parts).map(drop)
    })
}
