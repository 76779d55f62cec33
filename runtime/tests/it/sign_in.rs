//! People sign in: by a link that works once, then by a password; their session opens what their role does, and ends when they say so.

use std::sync::{Arc, Barrier};

use axum::http::Method;
use pricebook_types::Dialect;
use serde_json::Value;

use crate::http_shop::{Answer, Site, request, settings};

const PASSWORD: &str = "four green teas";
const FORM: &str = "application/x-www-form-urlencoded";

/// A server on each database that counts nothing by address.
fn on_every_database(test: impl Fn(&Site)) {
    for dialect in Dialect::ALL {
        test(&Site::new(dialect, settings(&UNLIMITED)));
    }
}

pub(crate) const UNLIMITED: [(&str, &str); 3] = [
    ("PRICEBOOK_RATE_PER_MINUTE", "0"),
    ("PRICEBOOK_AUTH_FAILURE_RATE_PER_MINUTE", "0"),
    ("PRICEBOOK_SIGN_IN_RATE_PER_MINUTE", "0"),
];

/// Sends a form as a page of ours does, with the session of this cookie.
pub(crate) fn send(site: &Site, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    send_from(site, path, cookie, fields, &[("sec-fetch-site", "same-origin")])
}

pub(crate) fn send_from(
    site: &Site,
    path: &str,
    cookie: &str,
    fields: &[(&str, &str)],
    from: &[(&str, &str)],
) -> Answer {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    let body = body.extend_pairs(fields).finish();
    let headers = [&[("content-type", FORM), ("cookie", cookie), ("user-agent", "Firefox")], from].concat();
    site.send(request(Method::POST, path, &headers, &body))
}

pub(crate) fn read(site: &Site, path: &str, cookie: &str) -> Answer {
    site.send(request(Method::GET, path, &[("cookie", cookie)], ""))
}

/// `pricebook=pbs_…` of an answer that begins a session.
fn cookie(answer: &Answer) -> String {
    let header = answer.header("set-cookie").unwrap_or_else(|| panic!("{} {}", answer.status, answer.text));
    header.split(';').next().expect("a cookie").to_owned()
}

/// The path of a new link for this user.
fn link(site: &Site, email: &str) -> String {
    let made = site.command(&["user", "link", email]);
    let link = made["link"].as_str().expect("a link");
    link.strip_prefix("http://127.0.0.1:3000").expect("the server's own address").to_owned()
}

/// A user who chose [`PASSWORD`], with the cookie of the session that began with it.
pub(crate) fn user(site: &Site, name: &str, role: &str) -> (String, String) {
    let email = format!("{name}@shop.example");
    site.command(&["user", "add", &email, "--role", role]);
    let path = link(site, &email);
    let answer = send(site, &path, "", &[("password", PASSWORD), ("again", PASSWORD)]);
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some("/account")), "{}", answer.text);
    (email, cookie(&answer))
}

fn sign_in(site: &Site, email: &str, password: &str) -> Answer {
    send(site, "/sign-in", "", &[("email", email), ("password", password)])
}

fn told(site: &Site, action: &str) -> Vec<String> {
    site.query(&format!("SELECT CONCAT(actor_kind, ' ', result) FROM audit_log WHERE action = '{action}' ORDER BY id"))
}

#[test]
fn a_link_lets_its_user_choose_a_password_once() {
    on_every_database(|site| {
        site.command(&["user", "add", "ana@shop.example", "--role", "admin"]);
        let (older, path) = (link(site, "ana@shop.example"), link(site, "Ana@shop.example"));
        assert_eq!(read(site, &older, "").status, 410, "a newer link takes its place");
        for _ in 0..2 {
            let page = read(site, &path, "");
            assert_eq!(page.status, 200, "looking at it does not use it up");
            assert!(page.text.contains("ana@shop.example") && page.text.contains("Choose a password"), "{}", page.text);
        }
        for (password, again, problem) in [
            ("short", "short", "fewer than 12"),
            (PASSWORD, "four green teaz", "The two passwords differ"),
            ("ana@shop.example", "ana@shop.example", "is the address of mail"),
            ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "repeats one character"),
        ] {
            let answer = send(site, &path, "", &[("password", password), ("again", again)]);
            assert!(answer.status == 422 && answer.text.contains(problem), "{} {}", answer.status, answer.text);
        }
        let answer = send(site, &path, "", &[("password", PASSWORD), ("again", PASSWORD)]);
        let mine = cookie(&answer);
        let account = read(site, "/account", &mine);
        assert!(account.status == 200 && account.text.contains("this browser"), "{}", account.text);
        for again in [read(site, &path, ""), send(site, &path, "", &[("password", PASSWORD), ("again", PASSWORD)])] {
            assert_eq!(again.status, 410, "it worked once");
        }
        let stored = site.query("SELECT password_hash FROM users").remove(0);
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        let stored = site.query("SELECT CONCAT(token_hash, ' ', user_agent) FROM sessions").remove(0);
        let token = mine.strip_prefix("pricebook=").expect("the cookie's name");
        assert!(!stored.contains(token) && stored.ends_with(" Firefox"), "{stored}");
        assert_eq!(told(site, "user.link"), ["command succeeded"; 2]);
        assert_eq!(told(site, "user.password"), ["user succeeded"]);
        assert_eq!(told(site, "session.begin"), ["user succeeded"]);
    });
}

#[test]
fn a_link_that_is_over_or_whose_user_is_disabled_opens_nothing() {
    let site = Site::new(Dialect::Sqlite, settings(&UNLIMITED));
    site.command(&["user", "add", "ana@shop.example", "--role", "admin"]);
    let path = link(&site, "ana@shop.example");
    site.command(&["user", "disable", "ana@shop.example"]);
    assert_eq!(read(&site, &path, "").status, 410);
    site.command(&["user", "enable", "ana@shop.example"]);
    assert_eq!(read(&site, &path, "").status, 200);
    site.sql("UPDATE one_time_tokens SET expires_at = '2020-01-01 00:00:00'");
    assert_eq!(send(&site, &path, "", &[("password", PASSWORD), ("again", PASSWORD)]).status, 410);
    assert_eq!(read(&site, "/sign-in/pbl_guess", "").status, 410);
    assert_eq!(site.query("SELECT CONCAT(COUNT(*), '') FROM sessions"), ["0"]);
}

#[test]
fn a_password_begins_a_session_and_what_is_wrong_tells_nobody_why() {
    on_every_database(|site| {
        let (email, _) = user(site, "ana", "admin");
        let (absent, _) = user(site, "bob", "admin");
        site.command(&["user", "disable", &absent]);
        let wrong = [
            sign_in(site, &email, "four green teaz"),
            sign_in(site, "nobody@shop.example", PASSWORD),
            sign_in(site, &absent, PASSWORD),
        ];
        for answer in &wrong {
            assert_eq!(answer.status, 401);
            assert!(answer.text.contains("The address or the password is wrong."), "{}", answer.text);
            assert!(answer.header("set-cookie").is_none() && !answer.text.contains(PASSWORD));
        }
        assert_eq!(told(site, "session.refuse"), ["system refused"; 3]);
        let answer = send(site, "/sign-in", "", &[("email", " ANA@shop.example"), ("password", PASSWORD)]);
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, Some("/account")));
        let header = answer.header("set-cookie").expect("a cookie");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"] {
            assert!(header.contains(part), "{header}");
        }
        assert!(read(site, "/account", &cookie(&answer)).text.contains("ana@shop.example"));
    });
}

#[test]
fn a_cookie_of_a_public_server_is_for_it_alone_and_over_tls_alone() {
    let public = [&UNLIMITED[..], &[("PRICEBOOK_ENVIRONMENT", "production")]].concat();
    let site = Site::new(Dialect::Sqlite, settings(&public));
    let (email, _) = user(&site, "ana", "admin");
    let header = sign_in(&site, &email, PASSWORD).header("set-cookie").expect("a cookie").to_owned();
    assert!(header.starts_with("__Host-pricebook=pbs_") && header.contains("Secure"), "{header}");
    let plain = cookie(&sign_in(&site, &email, PASSWORD)).replace("__Host-", "");
    assert_eq!(read(&site, "/account", &plain).status, 303, "the other name is not read there");
}

#[test]
fn after_five_wrong_passwords_one_waits_also_when_they_come_at_once() {
    on_every_database(|site| {
        let (email, _) = user(site, "ana", "admin");
        let barrier = Arc::new(Barrier::new(8));
        let guesses: Vec<_> = std::thread::scope(|scope| {
            let guess = || {
                barrier.wait();
                sign_in(site, &email, "another password").status.as_u16()
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(guess)).collect();
            threads.into_iter().map(|thread| thread.join().expect("an answer")).collect()
        });
        let looked_at = guesses.iter().filter(|status| **status == 401).count();
        assert_eq!((looked_at, guesses.iter().filter(|status| **status == 429).count()), (5, 3), "{guesses:?}");
        let right = sign_in(site, &email, PASSWORD);
        assert_eq!(right.status, 429, "nobody looks at the right one either");
        let wait: u64 = right.header("retry-after").expect("a time").parse().expect("seconds");
        assert!((1..=30).contains(&wait), "{wait}");
        site.sql("UPDATE sign_in_attempts SET blocked_until = '2020-01-01 00:00:00'");
        assert_eq!(sign_in(site, &email, "another password").status, 401);
        assert_eq!(sign_in(site, &email, PASSWORD).status, 429, "each further one doubles the wait");
        site.sql("UPDATE sign_in_attempts SET blocked_until = '2020-01-01 00:00:00'");
        assert_eq!(sign_in(site, &email, PASSWORD).status, 303);
        assert_eq!(site.query("SELECT subject FROM sign_in_attempts"), [""; 0], "what was right is forgotten");
    });
}

#[test]
fn one_address_tries_no_end_of_users() {
    let limited = [UNLIMITED[0], UNLIMITED[1], ("PRICEBOOK_SIGN_IN_RATE_PER_MINUTE", "3")];
    let site = Site::new(Dialect::Sqlite, settings(&limited));
    let statuses: Vec<_> =
        (0..4).map(|number| sign_in(&site, &format!("{number}@shop.example"), PASSWORD).status.as_u16()).collect();
    assert_eq!(statuses, [401, 401, 401, 429]);
}

#[test]
fn a_session_opens_what_its_users_role_does() {
    on_every_database(|site| {
        let (_, admin) = user(site, "ana", "admin");
        let (_, operator) = user(site, "olga", "operator");
        let (_, customer) = user(site, "carl", "customer");
        let opened = |cookie: &str| {
            ["/api/admin/audit", "/api/admin/syncs"].map(|path| read(site, path, cookie).status.as_u16())
        };
        assert_eq!(opened(&admin), [200, 200]);
        assert_eq!(opened(&operator), [403, 200]);
        assert_eq!(opened(&customer), [403, 403]);
        assert_eq!(opened(""), [401, 401]);
        assert_eq!(opened(&admin.replace("pbs_", "pbk_")), [401, 401], "no token of a program");
    });
}

#[test]
fn another_site_cannot_use_a_session() {
    on_every_database(|site| {
        let (email, mine) = user(site, "ana", "admin");
        let clear = |from: &[(&str, &str)]| {
            let headers = [&[("cookie", mine.as_str())], from].concat();
            site.send(request(Method::POST, "/api/admin/cache/clear", &headers, "")).status.as_u16()
        };
        let others: [&[(&str, &str)]; 5] = [
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("origin", "https://evil.example"), ("host", "shop.example")],
            &[("origin", "null"), ("host", "shop.example")],
            &[],
        ];
        for from in others {
            assert_eq!(clear(from), 403, "{from:?}");
            let signed_in = send_from(site, "/sign-in", "", &[("email", &email), ("password", PASSWORD)], from);
            assert_eq!(signed_in.status, 403, "nobody is signed in by another site: {from:?}");
            assert_eq!(send_from(site, "/sign-out", &mine, &[], from).status, 403, "nor out: {from:?}");
        }
        assert_eq!(site.query("SELECT CONCAT(revision, '') FROM catalog_state"), ["1"], "nothing was done");
        assert_eq!(clear(&[("sec-fetch-site", "same-origin")]), 200);
        assert_eq!(clear(&[("origin", "https://shop.example"), ("host", "shop.example")]), 200);
    });
}

#[test]
fn a_session_ends_when_its_user_says_so_and_by_itself() {
    on_every_database(|site| {
        let (email, first) = user(site, "ana", "admin");
        let is_open = |cookie: &str| read(site, "/api/admin/audit", cookie).status == 200;
        let begin = || cookie(&sign_in(site, &email, PASSWORD));
        let (second, third) = (begin(), begin());
        assert!(read(site, "/account", &first).text.contains("End all others"));
        let id = site.query("SELECT id FROM sessions ORDER BY id").remove(1);
        assert_eq!(send(site, "/account/sessions", &first, &[("session", &id)]).status, 303);
        assert_eq!([&first, &second, &third].map(|cookie| is_open(cookie)), [true, false, true]);
        send(site, "/account/sessions", &first, &[]);
        assert_eq!([&first, &third].map(|cookie| is_open(cookie)), [true, false]);
        let out = send(site, "/sign-out", &first, &[]);
        assert_eq!((out.status.as_u16(), out.header("location")), (303, Some("/sign-in")));
        assert!(out.header("set-cookie").is_some_and(|header| header.contains("Max-Age=0")) && !is_open(&first));
        for (column, why) in [("expires_at", "its time is over"), ("last_seen_at", "nobody was there for an hour")] {
            let cookie = begin();
            assert!(is_open(&cookie));
            site.sql(&format!("UPDATE sessions SET {column} = '2020-01-01 00:00:00'"));
            assert!(!is_open(&cookie), "{why}");
            let page = read(site, "/account", &cookie);
            assert_eq!((page.status.as_u16(), page.header("location")), (303, Some("/sign-in?to=%2Faccount")), "{why}");
        }
        let cookie = begin();
        site.command(&["user", "disable", &email]);
        assert!(!is_open(&cookie), "a disabled user has none");
    });
}

#[test]
fn nobody_ends_the_session_of_another() {
    let site = Site::new(Dialect::Sqlite, settings(&UNLIMITED));
    let (_, ana) = user(&site, "ana", "admin");
    let id = site.query("SELECT id FROM sessions").remove(0);
    let (_, bob) = user(&site, "bob", "admin");
    assert_eq!(send(&site, "/account/sessions", &bob, &[("session", &id)]).status, 303);
    assert_eq!(read(&site, "/account", &ana).status, 200);
}

#[test]
fn another_password_asks_for_the_old_one_and_ends_other_sessions() {
    on_every_database(|site| {
        let (email, here) = user(site, "ana", "admin");
        let elsewhere = cookie(&sign_in(site, &email, PASSWORD));
        let change = |old: &str, new: &str| {
            send(site, "/account/password", &here, &[("old", old), ("password", new), ("again", new)])
        };
        let wrong = change("four green teaz", "five green teas");
        assert!(wrong.status == 422 && wrong.text.contains("The password until now is another one"), "{}", wrong.text);
        assert_eq!(change(PASSWORD, "five green teas").status, 303);
        assert_eq!(read(site, "/account", &here).status, 200);
        assert_eq!(read(site, "/account", &elsewhere).status, 303);
        assert_eq!(sign_in(site, &email, PASSWORD).status, 401);
        assert_eq!(sign_in(site, &email, "five green teas").status, 303);
    });
}

#[test]
fn one_goes_on_to_where_one_wanted_to_go_and_nowhere_else() {
    let site = Site::new(Dialect::Sqlite, settings(&UNLIMITED));
    let (email, _) = user(&site, "ana", "admin");
    let to = |to: &str| {
        let answer = send(&site, "/sign-in", "", &[("email", &email), ("password", PASSWORD), ("to", to)]);
        answer.header("location").expect("a way on").to_owned()
    };
    assert_eq!(to("/admin/stripe-sync?page=2"), "/admin/stripe-sync?page=2");
    for elsewhere in ["https://evil.example", "//evil.example", "/\\evil.example", "/a\nb", "", "account"] {
        assert_eq!(to(elsewhere), "/account", "{elsewhere:?}");
    }
    let form = site.get("/sign-in?to=%2Fa%22%3E%3Cscript%3E").text;
    assert!(form.contains("value=\"/a&#34;&#62;&#60;script&#62;\""), "{form}");
}

#[test]
fn pages_take_nothing_from_elsewhere_and_are_in_no_frame() {
    let site = Site::new(Dialect::Sqlite, settings(&UNLIMITED));
    let (_, mine) = user(&site, "ana", "admin");
    for page in [site.get("/sign-in"), read(&site, "/account", &mine), site.get("/sign-in/pbl_guess")] {
        let policy = page.header("content-security-policy").expect("a policy");
        for part in ["default-src 'none'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert_eq!(page.header("cache-control"), Some("no-store"));
        assert_eq!(page.header("referrer-policy"), Some("same-origin"), "or forms would not say where they are from");
        assert!(!page.text.contains("<script") && !page.text.contains("style="), "{}", page.text);
    }
    assert!(site.get("/pages/style.css").text.contains("--accent"));
}

#[test]
fn no_secret_is_in_the_audit_log() {
    on_every_database(|site| {
        let (email, mine) = user(site, "ana", "admin");
        sign_in(site, &email, "a wrong password");
        sign_in(site, PASSWORD, PASSWORD);
        let log =
            site.query("SELECT CONCAT(action, object_type, COALESCE(object_id, ''), details) FROM audit_log").concat();
        let token = mine.strip_prefix("pricebook=").expect("a cookie");
        for secret in [token, PASSWORD, "a wrong password", "pbl_", "$argon2"] {
            assert!(!log.contains(secret), "{secret}: {log}");
        }
        let users: Value = site.command(&["user", "list"]);
        assert!(!users.to_string().contains("argon2"), "{users}");
    });
}
