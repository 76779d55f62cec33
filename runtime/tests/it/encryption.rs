//! Connections to servers are encrypted as the database URL says, and what stands in the way is told with what to do.

use pricebook::config::DatabaseUrl;
use pricebook::services::doctor::{Health, of_encryption};
use pricebook_types::Dialect;
use url::Url;

use crate::http_shop::artifacts;
use crate::server;
use crate::shop::{Ran, run};

const SERVERS: [Dialect; 2] = [Dialect::Postgres, Dialect::Mysql];

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run this with `./test --with-servers`"))
}

/// The root that signed the servers' certificate.
fn root() -> String {
    variable("PRICEBOOK_TEST_TLS_ROOT")
}

/// A server that encrypts, reached with these parameters.
fn encrypting(dialect: Dialect, parameters: &[(&str, &str)]) -> Url {
    let name = format!("PRICEBOOK_TEST_{}_TLS_URL", dialect.name().to_uppercase());
    let mut url: Url = variable(&name).parse().expect("a URL");
    url.query_pairs_mut().extend_pairs(parameters);
    url
}

fn doctor(url: &Url) -> Ran {
    run(artifacts(), &["--database", url.as_str(), "doctor"])
}

/// The modes that check a certificate, without and with the server's name.
fn checking(dialect: Dialect) -> (&'static str, [&'static str; 2], &'static str) {
    match dialect {
        Dialect::Postgres => ("sslmode", ["verify-ca", "verify-full"], "sslrootcert"),
        _ => ("ssl-mode", ["verify_ca", "verify_identity"], "ssl-ca"),
    }
}

#[test]
fn a_connection_is_encrypted_where_the_server_offers_it() {
    let ran = doctor(&encrypting(Dialect::Postgres, &[]));
    assert!(ran.out.contains("good      encryption: TLSv1"), "{}{}", ran.out, ran.err);
    let ran = doctor(&encrypting(Dialect::Mysql, &[("ssl-mode", "preferred")]));
    assert!(ran.out.contains("good      encryption: TLSv1"), "{}{}", ran.out, ran.err);
}

#[test]
fn what_stays_on_the_machine_is_not_encrypted_unless_the_url_says_so() {
    for url in [server::url(Dialect::Postgres, "postgres"), encrypting(Dialect::Mysql, &[]).into()] {
        let ran = run(artifacts(), &["--database", &url, "doctor"]);
        assert!(ran.out.contains("encryption: none; the server is on this machine"), "{}{}", ran.out, ran.err);
    }
}

#[test]
fn a_certificate_is_checked_with_the_root_that_the_url_names() {
    for dialect in SERVERS {
        let (mode, modes, root_of) = checking(dialect);
        for checked in modes {
            let ran = doctor(&encrypting(dialect, &[(mode, checked), (root_of, &root())]));
            let good = "with a server whose certificate was checked";
            assert!(ran.out.contains(good), "{dialect:?} {checked}: {}{}", ran.out, ran.err);
            let ran = doctor(&encrypting(dialect, &[(mode, checked)]));
            assert_eq!(ran.code, 1, "{dialect:?} {checked}: {}", ran.out);
            assert!(ran.out.contains("help: name the root that signed"), "{dialect:?} {checked}: {}", ran.out);
        }
    }
}

#[test]
fn a_certificate_for_another_host_is_refused_where_hosts_are_checked() {
    let at = |mode: &str| {
        let mut url = encrypting(Dialect::Postgres, &[("sslmode", mode), ("sslrootcert", &root())]);
        url.set_host(Some("127.0.0.1")).expect("a host");
        doctor(&url)
    };
    let ran = at("verify-full");
    assert!(
        ran.out.contains("bad       database") && ran.out.contains("by the host that the certificate is for"),
        "{}",
        ran.out
    );
    assert!(at("verify-ca").out.contains("whose certificate was checked"));
}

#[test]
fn a_server_that_offers_no_encryption_is_refused_where_the_url_demands_it() {
    let (_, modes, _) = checking(Dialect::Postgres);
    for mode in ["require"].into_iter().chain(modes) {
        // PostgreSQL encrypts no unix socket.
        let mut url: Url = server::url(Dialect::Postgres, "postgres").parse().expect("a URL");
        url.query_pairs_mut().append_pair("sslmode", mode);
        let ran = run(artifacts(), &["--database", url.as_str(), "migrate", "status"]);
        assert_eq!(ran.code, 1, "{mode}: {}", ran.out);
        assert!(ran.err.contains("server does not support TLS"), "{mode}: {}", ran.err);
        assert!(ran.err.contains("help: turn TLS on at the server"), "{mode}: {}", ran.err);
    }
}

#[test]
fn what_a_url_says_wrongly_of_encryption_is_never_passed_over() {
    let cases = [
        ("postgres", "sslmod=require", "the database URL takes no parameter sslmod"),
        ("postgres", "tls=true", "the database URL takes no parameter tls"),
        ("mysql", "sslrootcert=/root.pem", "the database URL takes no parameter sslrootcert"),
        ("postgres", "sslmode=on", "unknown value \"on\""),
        ("mysql", "ssl-mode=require", "unknown value \"require\""),
        ("postgres", "sslrootcert=/nowhere/root.pem", "sslrootcert names /nowhere/root.pem, which cannot be read"),
        ("mysql", "ssl-ca=/nowhere/root.pem", "ssl-ca names /nowhere/root.pem, which cannot be read"),
    ];
    for (scheme, parameter, message) in cases {
        let url = format!("{scheme}://me:hunter2@127.0.0.1:1/shop?{parameter}");
        let ran = run(artifacts(), &["--database", &url, "migrate", "status"]);
        assert_eq!(ran.code, 1, "{parameter}: {}", ran.out);
        assert!(ran.err.contains(message) && ran.err.contains("help: sslmode is"), "{parameter}: {}", ran.err);
        assert!(!ran.err.contains("hunter2"), "{parameter}: {}", ran.err);
    }
}

#[test]
fn the_doctor_says_how_to_demand_encryption_of_a_server_elsewhere() {
    let finding = |url: &str, protocol| of_encryption(&DatabaseUrl::parse(url).expect("a URL"), protocol);
    for (scheme, demand) in [("postgres", "sslmode=verify-full"), ("mysql", "ssl-mode=verify_identity")] {
        let elsewhere = format!("{scheme}://me@db.example/shop");
        for (protocol, says) in [(None, "reads along"), (Some("TLSv1.3"), "another could answer in its place")] {
            let found = finding(&elsewhere, protocol).expect("a finding");
            assert_eq!(found.health, Health::Doubtful, "{found:?}");
            assert!(found.says.contains(says) && found.help.contains(demand), "{found:?}");
        }
        let checked = finding(&format!("{elsewhere}?{demand}"), Some("TLSv1.3")).expect("a finding");
        assert_eq!((checked.health, checked.help.as_str()), (Health::Good, ""), "{checked:?}");
        for local in ["localhost", "127.0.0.1", "[::1]"] {
            let found = finding(&format!("{scheme}://me@{local}/shop"), None).expect("a finding");
            assert_eq!(found.health, Health::Good, "{found:?}");
        }
    }
    assert_eq!(finding("sqlite:shop.db", None), None);
}
