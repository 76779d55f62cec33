//! Others are reached over TLS: live APIs and mail servers, whose certificates must be known to the system.

use std::process::{Command, Output};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use crate::http_shop;
use crate::live_shop::{Api, artifacts};
use crate::mail_server::MailServer;
use crate::shop::{Place, run};

/// The root that signed the certificate of `localhost`; that and its key lie beside it.
fn root() -> String {
    std::env::var("PRICEBOOK_TEST_TLS_ROOT").expect("PRICEBOOK_TEST_TLS_ROOT: run this with `./test --with-servers`")
}

/// Takes TLS in front of a server without, until the runtime ends; the port of `localhost`.
fn in_front_of(runtime: &Runtime, address: &str) -> u16 {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let beside = |name| std::path::Path::new(&root()).with_file_name(name);
    let chain = CertificateDer::pem_file_iter(beside("server.pem")).expect("a certificate");
    let chain = chain.collect::<Result<_, _>>().expect("a certificate");
    let key = PrivateKeyDer::from_pem_file(beside("server.key")).expect("a key");
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key).expect("they fit");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = runtime.block_on(TcpListener::bind("localhost:0")).expect("an address");
    let port = listener.local_addr().expect("an address").port();
    let address = address.to_owned();
    runtime.spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            let (acceptor, address) = (acceptor.clone(), address.clone());
            tokio::spawn(async move {
                let mut plain = TcpStream::connect(address).await.expect("the server");
                // Whoever does not trust us hangs up.
                let Ok(mut encrypted) = acceptor.accept(stream).await else { return };
                let _ = tokio::io::copy_bidirectional(&mut encrypted, &mut plain).await;
            });
        }
    });
    port
}

/// This test again, in a process whose environment says which roots are trusted.
fn again(test: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["--exact", &format!("tls::{test}"), "--nocapture"]);
    let Output { stdout, .. } =
        command.env_remove("SSL_CERT_FILE").envs(variables.iter().copied()).output().expect("it runs");
    String::from_utf8_lossy(&stdout).into_owned()
}

#[test]
fn a_live_api_is_asked_over_tls_and_its_certificate_must_be_known() {
    const TEST: &str = "a_live_api_is_asked_over_tls_and_its_certificate_must_be_known";
    if let Ok(url) = std::env::var("TEST_API_URL") {
        let ran = run(artifacts(&url), &["services", "validate"]);
        return println!("{}{}", ran.out, ran.err);
    }
    let api = Api::of_shop(|_| {});
    let plain = api.url.strip_prefix("http://").expect("an address");
    let url = format!("https://localhost:{}", in_front_of(&api.runtime, plain));
    let told = again(TEST, &[("TEST_API_URL", &url), ("SSL_CERT_FILE", &root())]);
    assert!(told.contains("Frontend and backend are in perfect sync"), "{told}");
    let asked = api.asked().len();
    let told = again(TEST, &[("TEST_API_URL", &url)]);
    assert!(told.contains("certificate") && told.contains(&url), "{told}");
    assert_eq!(api.asked().len(), asked, "nobody is asked who is not known");
}

#[test]
fn a_mail_server_is_met_over_tls_and_told_the_password_only_there() {
    const TEST: &str = "a_mail_server_is_met_over_tls_and_told_the_password_only_there";
    if std::env::var_os("PRICEBOOK_SMTP_URL").is_some() {
        return println!("{}", Place::new().run(http_shop::artifacts(), &["doctor", "--send-test-mail"]).out);
    }
    let (runtime, server) = (Runtime::new().expect("a runtime"), MailServer::start());
    let plain = server.url.strip_prefix("smtp://").expect("an address");
    let url = format!("smtps://me:hunter2@localhost:{}", in_front_of(&runtime, plain));
    let variables = [("PRICEBOOK_SMTP_URL", &*url), ("PRICEBOOK_ALERT_MAIL_TO", "admin@shop.example")];
    let told = again(TEST, &variables);
    assert!(told.contains("certificate") && !told.contains("hunter2"), "{told}");
    assert!(server.seen().commands.is_empty(), "{:?}", server.seen().commands);
    let root = root();
    let told = again(TEST, &[&variables[..], &[("SSL_CERT_FILE", &root)]].concat());
    assert!(!told.contains("hunter2"), "{told}");
    let seen = server.seen();
    // RFC 4616: NUL, the name, NUL, the password.
    assert!(seen.commands.contains(&"AUTH PLAIN AG1lAGh1bnRlcjI=".to_owned()), "{:?}", seen.commands);
    assert_eq!(seen.mails.len(), 1, "{told}");
}
