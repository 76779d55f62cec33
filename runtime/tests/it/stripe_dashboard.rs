//! The dashboard of the product sync: what it shows of the database, and to whom.

mod actions;

use pricebook_types::Dialect;

use crate::http_catalog::artifacts;
use crate::http_shop::{Answer, Site, settings, wait_for};
use crate::http_storefront::with_settings;
use crate::sign_in::{UNLIMITED, read, send, user};
use crate::stripe_queue::http::Office;

const PAGES: [&str; 6] =
    ["", "/mappings", "/history", "/changes", "/runs/00000000-0000-7000-8000-000000000001", "/drift"];

fn on_every_database(test: impl Fn(&Site, &str)) {
    for dialect in Dialect::ALL {
        let site = Site::new(dialect, settings(&UNLIMITED));
        let (_, cookie) = user(&site, "ana", "admin");
        test(&site, &cookie);
    }
}

fn page(site: &Site, path: &str, cookie: &str) -> Answer {
    read(site, &format!("/admin/stripe-sync{path}"), cookie)
}

/// A run of this number, which ended so.
fn run(site: &Site, number: u32, status: &str, catalog_hash: &str, report: &str) {
    let report = report.replace('\'', "''");
    site.sql(&format!(
        "INSERT INTO stripe_sync_runs (id, stripe_account, environment, mode, triggered_by, actor, status, catalog_hash,
           created_count, error_count, request_count, report, started_at, finished_at)
         VALUES ('00000000-0000-7000-8000-{number:012}', 'acct_1', 'local', 'sync', 'command', 'ana', '{status}',
           '{catalog_hash}', 2, 1, 40, '{report}', '2026-11-20 10:00:00', '2026-11-20 10:00:07')"
    ));
}

fn mapping(site: &Site, lookup_key: &str, status: &str) {
    site.sql(&format!(
        "INSERT INTO stripe_product_mappings (stripe_account, local_product_id, lookup_key, kind, product_id,
           stripe_product_id, stripe_price_id, price_amount, price_currency, sync_status)
         VALUES ('acct_1', 'local_{lookup_key}', '{lookup_key}', 'service', 'a', 'prod_1', 'price_1', 29.000, 'usd', '{status}')"
    ));
}

#[test]
fn only_administrators_see_the_dashboard() {
    let site = Site::new(Dialect::Sqlite, settings(&UNLIMITED));
    run(&site, 1, "succeeded", "of another catalog", "{}");
    let (_, customer) = user(&site, "cara", "customer");
    let (_, operator) = user(&site, "otto", "operator");
    let (_, admin) = user(&site, "ana", "admin");
    for path in PAGES {
        let anonymous = page(&site, path, "");
        assert_eq!(anonymous.status, 303, "{path}");
        assert!(anonymous.header("location").is_some_and(|to| to.starts_with("/sign-in?to=%2Fadmin%2Fstripe-sync")));
        for cookie in [&customer, &operator] {
            assert_eq!(page(&site, path, cookie).status, 403, "{path}");
        }
        assert_eq!(page(&site, path, &admin).status, 200, "{path}");
    }
    site.sql("UPDATE sessions SET expires_at = '2020-01-01 00:00:00'");
    assert_eq!(page(&site, "", &admin).status, 303, "an expired session");
}

#[test]
fn one_word_says_how_everything_is() {
    on_every_database(|site, cookie| {
        let word = || {
            let text = page(site, "", cookie).text;
            ["All Synced", "Needs Sync", "Sync Errors"]
                .into_iter()
                .filter(|word| text.contains(word))
                .collect::<Vec<_>>()
        };
        assert_eq!(word(), ["Needs Sync"], "nothing was synced");
        run(site, 1, "succeeded", artifacts().catalog_hash, "{}");
        assert_eq!(word(), ["All Synced"]);
        run(site, 2, "failed", artifacts().catalog_hash, "{}");
        assert_eq!(word(), ["Sync Errors"]);
        run(site, 3, "succeeded", "of another catalog", "{}");
        assert_eq!(word(), ["Needs Sync"]);
        site.sql(
            "INSERT INTO stripe_sync_runs (id, stripe_account, environment, mode, triggered_by, actor, status, catalog_hash, started_at, finished_at)
             VALUES ('00000000-0000-7000-8000-000000000004', 'acct_1', 'local', 'validate', 'schedule', 'ana', 'failed', 'of another catalog',
               '2026-11-20 11:00:00', '2026-11-20 12:00:00')",
        );
        let text = page(site, "", cookie).text;
        assert!(text.contains("66 % of the last 3 succeeded; the longest took 7 s"), "{text}");
    });
}

#[test]
fn a_run_shows_what_became_of_everything_with_links_and_no_markup_of_others() {
    let report = r#"{"livemode": false, "duration_ms": 7031, "notes": ["one <b>note</b>"], "results": [
        {"sort": "product", "local_id": "plan_a", "name": "A <script>alert(1)</script>", "status": "created", "stripe_id": "prod_1",
         "url": "https://dashboard.stripe.com/test/products/prod_1", "changes": ["price: a < b"]},
        {"sort": "product", "local_id": "plan_b", "name": "B", "status": "error", "stripe_id": null, "url": null, "changes": [],
         "error": "No such product: prod_2", "help": "sync with --force-update"}]}"#;
    on_every_database(|site, cookie| {
        run(site, 1, "failed", "of another catalog", report);
        let shown = page(site, PAGES[4], cookie);
        for expected in [
            "7031 ms",
            "A &#60;script&#62;",
            "price: a &#60; b",
            "href=\"https://dashboard.stripe.com/test/products/prod_1\"",
            "No such product: prod_2<br>sync with --force-update",
            "one &#60;b&#62;note",
        ] {
            assert!(shown.text.contains(expected), "{expected}: {}", shown.text);
        }
        assert!(!shown.text.contains("<script>"), "{}", shown.text);
        assert_eq!(page(site, "/runs/none", cookie).status, 404);
    });
}

#[test]
fn mappings_are_found_by_parts_of_their_ids_and_come_page_by_page() {
    on_every_database(|site, cookie| {
        run(site, 1, "succeeded", "of another catalog", r#"{"livemode": false}"#);
        (0..60).for_each(|number| mapping(site, &format!("plan_{number:03}"), "synced"));
        mapping(site, "plan%odd!", "error");
        let rows = |path: &str| page(site, path, cookie).text.matches("<th scope=\"row\">").count();
        assert_eq!(rows("/mappings"), 50);
        let first = page(site, "/mappings?kind=service", cookie).text;
        let next = first.split("<a href=\"?").find_map(|rest| rest.contains(">More<").then(|| rest.split('"').next()));
        let next = next.flatten().expect("another page").replace("&#38;", "&").replace("&amp;", "&");
        assert_eq!(rows(&format!("/mappings?{next}")), 11);
        assert_eq!(rows("/mappings?text=lan_01"), 10, "a _ is a _");
        assert_eq!(rows("/mappings?text=%25"), 1, "a % is a %");
        assert_eq!(rows("/mappings?text=%21"), 1);
        assert_eq!(rows("/mappings?text=prod_1&status=error"), 1);
        assert_eq!(rows("/mappings?text=nowhere"), 0);
        assert!(first.contains("https://dashboard.stripe.com/test/products/prod_1"), "{first}");
        assert!(first.contains(">29.00 USD<"), "{first}");
    });
}

#[test]
fn changes_are_shown_with_what_was_before() {
    on_every_database(|site, cookie| {
        run(site, 1, "succeeded", "of another catalog", "{}");
        site.sql(
            r#"INSERT INTO product_change_log (id, event_type, product_id, changes, sync_run_id, actor)
               VALUES ('00000000-0000-7000-8000-000000000009', 'plan.price_changed', 'plan/starter',
                 '{"plan_starter_monthly amount": {"from": "USD 29.00", "to": "USD 35.00"}, "name": {"from": null, "to": "<i>"}}',
                 '00000000-0000-7000-8000-000000000001', 'ana')"#,
        );
        let shown = page(site, "/changes?product=plan/starter", cookie).text;
        for expected in ["<del>USD 29.00</del> <ins>USD 35.00</ins>", "<ins>&#60;i&#62;</ins>", "plan.price_changed"] {
            assert!(shown.contains(expected), "{expected}: {shown}");
        }
        assert!(page(site, "/changes?product=plan/other", cookie).text.contains("Nothing yet"));
    });
}

#[test]
fn its_address_is_a_setting_that_everything_follows() {
    let office = Office::new(Dialect::Sqlite, "sk_test_1", &[("PRICEBOOK_DASHBOARD_PATH", "/office/stripe")]);
    let site = &office.site;
    let (_, cookie) = user(site, "bea", "admin");
    run(site, 1, "succeeded", "of another catalog", "{}");
    for path in PAGES {
        let shown = read(site, &format!("/office/stripe{path}"), &cookie);
        assert!(
            shown.status == 200 && shown.text.contains("href=\"/office/stripe/mappings\""),
            "{path}: {}",
            shown.text
        );
        assert!(!shown.text.contains("/admin/stripe-sync"), "{path}: {}", shown.text);
        assert_eq!(page(site, path, &cookie).status, 404, "{path}");
    }
    let anonymous = read(site, "/office/stripe/history", "");
    assert_eq!(anonymous.header("location"), Some("/sign-in?to=%2Foffice%2Fstripe%2Fhistory"));
    let queued = send(site, "/office/stripe/sync", &cookie, &[("mode", "sync")]);
    assert!(queued.header("location").is_some_and(|to| to.starts_with("/office/stripe/jobs/")), "{}", queued.text);
}

#[test]
fn it_stands_nowhere_where_something_else_is_answered() {
    for (path, is_free) in [
        ("/admin", true),
        ("/office", true),
        ("/api/admin/stripe", false),
        ("/sign-in", false),
        ("/services/x", false),
        ("/storefront", false),
    ] {
        let made = with_settings(settings(&[("PRICEBOOK_DASHBOARD_PATH", path)]));
        assert_eq!(made.is_ok(), is_free, "{path}");
        if let Err(error) = made {
            assert!(error.to_string().starts_with("dashboard_path: something else is answered below /"), "{error}");
        }
    }
}

#[test]
fn drift_is_told_place_by_place() {
    for dialect in Dialect::ALL {
        let office = Office::new(dialect, "sk_test_1", &[("PRICEBOOK_LISTEN", "127.0.0.1:1")]);
        let site = &office.site;
        let (_, cookie) = user(site, "bea", "admin");
        let drift = || {
            let text = page(site, "/drift", &cookie).text;
            let states = text.split("<h2>").skip(2).filter_map(|part| part.split("</h2>").next());
            let plain = |head: &str| head.split(['<', '>']).step_by(2).collect::<String>();
            (states.map(plain).collect::<Vec<_>>(), text)
        };
        let (states, text) = drift();
        assert_eq!(states[2..], ["Stripe: differs", "Live API: nobody can tell", "Storefront: not there"], "{text}");
        assert!(text.contains("Not every place has this program&#39;s catalog"), "{text}");
        assert!(text.contains("http://127.0.0.1:1") && text.contains("tea_green"), "{text}");
        send(site, "/admin/stripe-sync/sync", &cookie, &[("mode", "sync")]);
        site.sync();
        wait_for(|| drift().0[2] == "Stripe: as the catalog says");
    }
}
