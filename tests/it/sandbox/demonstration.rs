//! `cargo run` on a fresh clone prints a link with which its administrator signs in once; nobody else gets one.

use super::served::Served;
use crate::place::Place;
use crate::serve::command;

const ADMINISTRATORS: &str = "SELECT email || ' ' || role FROM users";

/// The path of the link that was printed.
fn link(told: &str) -> Option<&str> {
    told.lines().find_map(|line| line.split_once("/sign-in/")).map(|(_, token)| token)
}

#[test]
fn its_administrator_signs_in_once_and_comes_to_the_dashboard() {
    let place = Place::new();
    let served = Served::start(command(&place, &["--serve"], &[]));
    assert!(served.told.contains("/admin/stripe-sync  (dashboard"), "{}", served.told);
    let path = format!("/sign-in/{}", link(&served.told).expect("a link"));
    assert_eq!(served.get(&path, "").status, 200, "looking uses nothing up");
    let signed_in = served.post(&path, "");
    assert_eq!((signed_in.status, signed_in.header("location")), (303, Some("/admin/stripe-sync")));
    let cookie =
        signed_in.header("set-cookie").and_then(|cookie| cookie.split(';').next()).expect("a cookie").to_owned();
    let overview = served.get("/admin/stripe-sync", &cookie);
    assert!(overview.status == 200 && overview.text.contains("Sync Products"), "{}", overview.text);
    assert_eq!((served.get(&path, "").status, served.post(&path, "").status), (410, 410));
    assert_eq!(place.column(ADMINISTRATORS), ["demo@localhost admin"]);
    let done =
        place.column("SELECT action FROM audit_log WHERE action LIKE 'user.%' OR action = 'session.begin' ORDER BY id");
    assert_eq!(done, ["user.add", "user.link", "session.begin"]);
    served.stop();

    let again = Served::start(command(&place, &["--serve"], &[]));
    let path = format!("/sign-in/{}", link(&again.told).expect("another link"));
    place.execute("UPDATE one_time_tokens SET expires_at = '2020-01-01 00:00:00'");
    assert_eq!(again.post(&path, "").status, 410, "its time is over");
    assert_eq!(place.column(ADMINISTRATORS).len(), 1);
}

#[test]
fn where_it_is_no_demonstration_there_is_neither_administrator_nor_link() {
    for (arguments, variables) in [
        (&["--serve"][..], &[("PRICEBOOK_LISTEN", "0.0.0.0:0")][..]),
        (&["--serve"], &[("PRICEBOOK_ENVIRONMENT", "staging")]),
        (&["--serve"], &[("PRICEBOOK_PUBLIC_URL", "https://shop.example")]),
        (&["--serve"], &[("PRICEBOOK_TRUST_FORWARDED_FOR", "true")]),
        (&["--serve"], &[("DATABASE_URL", "sqlite:.pricebook/stratiqx.db")]),
        (&["--serve", "--database", "sqlite:.pricebook/stratiqx.db"], &[]),
        (&["--serve"], &[("PRICEBOOK_STRIPE_LOCAL", "false")]),
        (
            &["--serve"],
            &[
                ("STRIPE_SECRET_KEY", "sk_test_1"),
                ("PRICEBOOK_STRIPE_AUTO_SYNC", "none"),
                ("PRICEBOOK_STRIPE_VALIDATE_SECS", "0"),
            ],
        ),
        (&["serve"], &[]),
    ] {
        let place = Place::new();
        place.out(&["migrate"]);
        let served = Served::start(command(&place, arguments, variables));
        assert_eq!(link(&served.told), None, "{arguments:?} {variables:?}");
        assert!(place.column(ADMINISTRATORS).is_empty(), "{arguments:?} {variables:?}");
    }
}

#[test]
fn a_link_of_the_demonstration_opens_nothing_where_others_are_served() {
    let place = Place::new();
    let demonstration = Served::start(command(&place, &["--serve"], &[]));
    let path = format!("/sign-in/{}", link(&demonstration.told).expect("a link"));
    let public = Served::start(command(&place, &["serve"], &[("PRICEBOOK_LISTEN", "0.0.0.0:0")]));
    assert_eq!((public.get(&path, "").status, public.post(&path, "").status), (410, 410));
    assert_eq!(demonstration.post(&path, "").status, 303, "it was not used up");
}
