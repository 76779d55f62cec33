//! `POST /api/billing-portal`: whoever is signed in sees what they bought, and nobody else's.

use serde_json::{Value, json};

use super::till::{BACK, Till, lines, on_every_database};
use crate::http_shop::Answer;
use crate::sign_in::user;

const PORTAL: &str = "/api/billing-portal";

fn of_browser(cookie: &str) -> [(&str, &str); 2] {
    [("cookie", cookie), ("sec-fetch-site", "same-origin")]
}

fn open(till: &Till, headers: &[(&str, &str)]) -> Answer {
    till.post(PORTAL, headers, &json!({}))
}

/// The customer of a page of Stripe's.
fn customer_of(till: &Till, answer: &Answer) -> String {
    let url = answer.json()["portal"]["url"].as_str().unwrap_or_else(|| panic!("{}", answer.text)).to_owned();
    let id = url.rsplit('/').next().expect("an id");
    let session = till.run(till.account.get(&format!("/_sandbox/portal/sessions/{id}")));
    assert_eq!(session["return_url"], BACK);
    session["customer"].as_str().expect("a customer").to_owned()
}

#[test]
fn what_a_user_buys_is_theirs_and_they_alone_can_manage_it() {
    on_every_database(|till| {
        let ((_, carl), (_, dora)) = (user(&till.site, "carl", "customer"), user(&till.site, "dora", "customer"));
        let (carl, dora) = (of_browser(&carl), of_browser(&dora));
        assert_eq!(open(till, &carl).error().1, "no_billing_account");
        let first = till.bought(&carl, &lines(&[("starter_monthly", 0)]));
        let second = till.bought(&carl, &lines(&[("starter_yearly", 0)]));
        let customer = |checkout: &Value| till.session(checkout)["customer"].as_str().expect("a customer").to_owned();
        assert_eq!(customer(&first), customer(&second), "they are one customer");
        till.pay(&first);
        let theirs = till.run(till.account.one("/v1/customers", "id", &customer(&first)));
        assert_eq!(theirs["email"], "carl@shop.example");
        assert_eq!(customer_of(till, &open(till, &carl)), customer(&first));
        assert_eq!(open(till, &dora).error().1, "no_billing_account", "another user has bought nothing");
        let other = till.bought(&dora, &lines(&[("starter_monthly", 0)]));
        assert_ne!(customer(&other), customer(&first));
        assert_eq!(customer_of(till, &open(till, &dora)), customer(&other));
        assert_eq!(till.list("/v1/customers").len(), 2);
        let told = "SELECT CONCAT(actor_kind, ' ', result) FROM audit_log WHERE action = ";
        assert_eq!(till.site.query(&format!("{told}'customer.link'")), ["user succeeded", "user succeeded"]);
        assert_eq!(till.site.query(&format!("{told}'billing_portal.open'")).len(), 2);
    });
}

#[test]
fn nobody_else_is_let_in() {
    on_every_database(|till| {
        let (_, carl) = user(&till.site, "carl", "customer");
        till.bought(&of_browser(&carl), &lines(&[("starter_monthly", 0)]));
        assert_eq!(open(till, &[]).error().1, "unauthorized");
        let from_elsewhere = [("cookie", carl.as_str()), ("sec-fetch-site", "cross-site")];
        assert_eq!(open(till, &from_elsewhere).error().1, "cross_site");
        assert_eq!(till.buy(&from_elsewhere, &lines(&[("starter_monthly", 0)])).error().1, "cross_site");
        let wrong = format!("Bearer pbk_{}", "0".repeat(64));
        assert_eq!(open(till, &[("authorization", &wrong)]).error().1, "invalid_token");
        let issued =
            till.site.command(&["user", "token", "add", "carl@shop.example", "narrow", "--scopes", "admin-read"]);
        let narrow = format!("Bearer {}", issued["token"].as_str().expect("a token"));
        assert_eq!(open(till, &[("authorization", &narrow)]).error().1, "insufficient_scope");
        assert_eq!(till.post(PORTAL, &of_browser(&carl), &json!({ "customer": "cus_1" })).error().1, "invalid_request");
        till.site.sql("UPDATE sessions SET expires_at = '2020-01-01 00:00:00'");
        assert_eq!(open(till, &of_browser(&carl)).error().1, "invalid_token");
        let anonymous = till.bought(&of_browser(&carl), &lines(&[("starter_monthly", 0)]));
        assert_eq!(till.session(&anonymous)["customer"], Value::Null, "whose session has ended buys as anybody does");
    });
}

#[test]
fn a_customer_who_was_deleted_at_stripe_is_a_new_one_with_the_next_purchase() {
    on_every_database(|till| {
        let (_, carl) = user(&till.site, "carl", "customer");
        let carl = of_browser(&carl);
        let first = till.session(&till.bought(&carl, &lines(&[("starter_monthly", 0)])));
        let gone = first["customer"].as_str().expect("a customer");
        till.run(till.account.delete(&format!("/v1/customers/{gone}")));
        assert_eq!(open(till, &carl).error().1, "no_billing_account");
        let next = till.session(&till.bought(&carl, &lines(&[("starter_monthly", 0)])));
        assert!(next["customer"].is_string() && next["customer"] != gone, "{next}");
        assert_eq!(customer_of(till, &open(till, &carl)), next["customer"]);
    });
}
