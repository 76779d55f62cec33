//! The buttons of the dashboard, at the local Stripe.

use pricebook_types::Dialect;

use super::page;
use crate::http_shop::wait_for;
use crate::sign_in::{send, send_from, user};
use crate::stripe_queue::http::Office;

const SYNC: &str = "/admin/stripe-sync/sync";
const JOBS: &str = "SELECT CONCAT(status, ' ', attempts) FROM jobs WHERE kind = 'stripe.product_sync' ORDER BY id";

/// Where an answer leads, which is a page of the dashboard.
fn leads_to(answer: &crate::http_shop::Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text);
    let to = answer.header("location").and_then(|to| to.strip_prefix("/admin/stripe-sync"));
    to.unwrap_or_else(|| panic!("{:?}", answer.headers())).to_owned()
}

#[test]
fn a_preview_shows_what_a_sync_then_does_and_both_are_told() {
    for dialect in Dialect::ALL {
        let office = Office::new(dialect, "sk_test_1", &[]);
        let site = &office.site;
        let (_, cookie) = user(site, "bea", "admin");
        let preview = page(site, "/preview", &cookie).text;
        assert!(
            preview.contains("nothing was written") && preview.contains("class=\"action good\">create</span>"),
            "{preview}"
        );
        assert_eq!((office.products(), site.query(JOBS).len()), (0, 0));
        let to = leads_to(&send(site, SYNC, &cookie, &[("mode", "sync")]));
        let job = page(site, &to, &cookie);
        assert!(
            job.text.contains("queued") && job.text.contains("<noscript><meta http-equiv=\"refresh\""),
            "{}",
            job.text
        );
        assert!(job.header("content-security-policy").is_some_and(|policy| policy.contains("script-src 'self'")));
        site.sync();
        wait_for(|| page(site, &to, &cookie).status == 303);
        let run = page(site, &leads_to(&page(site, &to, &cookie)), &cookie).text;
        assert!(run.contains("Created in Stripe") && run.contains("dashboard, user:"), "{run}");
        assert_eq!(office.products(), 1);
        assert!(page(site, "", &cookie).text.contains("All Synced"));
        assert!(page(site, "/preview", &cookie).text.contains("All products are properly synchronized"));
        let told = site.query("SELECT CONCAT(actor_kind, ' ', result) FROM audit_log WHERE action = 'stripe.sync.ask'");
        assert_eq!(told, ["user succeeded"]);
    }
}

#[test]
fn what_may_do_harm_is_asked_for_twice() {
    let office = Office::new(Dialect::Sqlite, "sk_test_1", &[]);
    let live = Office::new(Dialect::Sqlite, "sk_live_1", &[]);
    for (office, mode, is_asked) in [
        (&office, "validate", false),
        (&office, "force_update", true),
        (&live, "validate", false),
        (&live, "sync", true),
        (&live, "force_update", true),
    ] {
        let (_, cookie) = user(&office.site, &format!("bea-{mode}"), "admin");
        let before = office.site.query(JOBS).len();
        let asked = send(&office.site, SYNC, &cookie, &[("mode", mode)]);
        let jobs = || office.site.query(JOBS).len() - before;
        if is_asked {
            assert_eq!((asked.status.as_u16(), jobs()), (200, 0), "{mode}");
            assert!(asked.text.contains("Is that meant?"), "{}", asked.text);
            assert_eq!(asked.text.contains("live account"), std::ptr::eq(office, &raw const live), "{}", asked.text);
            leads_to(&send(&office.site, SYNC, &cookie, &[("mode", mode), ("confirmed", "yes")]));
        } else {
            leads_to(&asked);
        }
        assert_eq!(jobs(), 1, "{mode}");
    }
}

#[test]
fn only_our_own_pages_and_administrators_start_something() {
    let office = Office::new(Dialect::Sqlite, "sk_test_1", &[]);
    let site = &office.site;
    let (_, admin) = user(site, "bea", "admin");
    let (_, customer) = user(site, "cara", "customer");
    let sync = [("mode", "sync")];
    for (answer, status) in [
        (send(site, SYNC, "", &sync), 303),
        (send(site, SYNC, &customer, &sync), 403),
        (send_from(site, SYNC, &admin, &sync, &[("sec-fetch-site", "cross-site")]), 403),
        (send_from(site, SYNC, &admin, &sync, &[]), 403),
        (send(site, SYNC, &admin, &[("mode", "revert")]), 422),
        (send(site, SYNC, &admin, &[]), 422),
        (send(site, "/admin/stripe-sync/jobs/none/replay", &admin, &[]), 404),
        (page(site, "/jobs/none", &admin), 404),
        (page(site, "/preview", &customer), 403),
    ] {
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    }
    assert_eq!(site.query(JOBS).len(), 0);
}

#[test]
fn what_was_given_up_is_shown_and_tried_again() {
    for dialect in Dialect::ALL {
        let office = Office::new(dialect, "sk_test_1", &[]);
        let site = &office.site;
        let (_, cookie) = user(site, "bea", "admin");
        let to = leads_to(&send(site, SYNC, &cookie, &[("mode", "sync")]));
        site.sql("UPDATE jobs SET status = 'dead', attempts = 4, error_message = 'Stripe said 503' WHERE kind = 'stripe.product_sync'");
        let overview = page(site, "", &cookie).text;
        assert!(overview.contains("Stripe said 503") && overview.contains("tried 4 times"), "{overview}");
        assert!(page(site, &to, &cookie).text.contains("Try again"));
        let again = send(site, &format!("/admin/stripe-sync{to}/replay"), &cookie, &[]);
        assert_eq!((leads_to(&again), site.query(JOBS)), (to.clone(), vec!["queued 0".to_owned()]));
        assert_eq!(send(site, &format!("/admin/stripe-sync{to}/replay"), &cookie, &[]).status, 409);
    }
}

#[test]
fn without_a_key_the_dashboard_says_so() {
    let site = crate::http_shop::Site::new(Dialect::Sqlite, crate::http_shop::settings(&crate::sign_in::UNLIMITED));
    let (_, cookie) = user(&site, "bea", "admin");
    let overview = page(&site, "", &cookie).text;
    assert!(overview.contains("set STRIPE_SECRET_KEY") && !overview.contains("Sync Products"), "{overview}");
    assert_eq!(page(&site, "/preview", &cookie).status, 503);
    assert_eq!(send(&site, SYNC, &cookie, &[("mode", "sync")]).status, 503);
}
