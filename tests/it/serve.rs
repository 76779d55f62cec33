//! `pricebook serve`, as a process with the real catalog: what document 1 expects of the payment API.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use pricebook_app::catalog;
use serde_json::{Value, json};

use crate::place::{Place, json as parsed, list};

pub(crate) struct Server {
    child: Child,
    pub(crate) address: String,
}

impl Server {
    fn start(place: &Place, variables: &[(&str, &str)]) -> Self {
        Self::started(command(place, &["serve"], variables))
    }

    pub(crate) fn started(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        let address = loop {
            let mut line = String::new();
            assert_ne!(out.read_line(&mut line).expect("a line"), 0, "it ended: {}", error(&mut child));
            if let Some(address) = line.trim().strip_prefix("http://").and_then(|url| url.strip_suffix("/services")) {
                break address.to_owned();
            }
        };
        Self { child, address }
    }

    /// The status and the body.
    pub(crate) fn call(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + body).as_bytes()).expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, parsed(answer.split_once("\r\n\r\n").expect("a body").1))
    }

    fn pay(&self, service: &str, amount: &Value) -> (u16, Value) {
        let body = json!({ "service": service, "amount": amount, "currency": "usd" });
        self.call("POST", "/create-payment", &body.to_string())
    }

    /// Ends it as a supervisor does, and returns whether it ended well.
    pub(crate) fn stop(mut self) -> bool {
        self.tell_to_end();
        self.child.wait().expect("it ends").success()
    }

    fn tell_to_end(&self) {
        let kill = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(kill.expect("kill runs").success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn command(place: &Place, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pricebook"));
    command.args(arguments).current_dir(place.folder.path()).env_remove("DATABASE_URL").env_remove("STRIPE_SECRET_KEY");
    command.env("PRICEBOOK_LISTEN", "127.0.0.1:0").envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn error(child: &mut Child) -> String {
    let mut text = String::new();
    child.stderr.take().expect("its errors").read_to_string(&mut text).expect("UTF-8");
    text
}

#[test]
fn the_documents_validator_finds_what_it_expects() {
    let place = Place::new();
    place.out(&[]);
    let server = Server::start(&place, &[]);
    let (status, answer) = server.call("GET", "/services", "");
    assert_eq!((status, &answer["success"]), (200, &json!(true)));
    let expected = [
        ("market-essentials", 1495, 299),
        ("market-intelligence", 2995, 599),
        ("strategic-analysis", 4995, 999),
        ("ongoing-retainer", 3500, 3500),
    ];
    let services = list(&answer["services"]);
    assert_eq!(services.len(), expected.len(), "only the active ones");
    for (service, (id, price, deposit)) in services.iter().zip(expected) {
        assert_eq!(service["id"], id);
        assert_eq!(service["priceRange"], json!({ "min": price, "max": price }), "{id}");
        assert_eq!(service["depositAmount"], deposit, "{id}");
    }
    assert_eq!(services[0]["features"][0], "Executive-grade market analysis (15-20 pages)");
    assert_eq!(services[0]["metadata"]["deliveryTime"], "Next day");
    assert!(server.stop(), "a stopped server has done its work");
}

/// `pricebook services validate` of a running server.
fn validate(place: &Place, server: &Server, arguments: &[&str]) -> Command {
    let url = format!("http://{}", server.address);
    command(place, &[&["services", "validate", &url], arguments].concat(), &[])
}

#[test]
fn the_live_check_of_a_server_that_follows_finds_it_in_perfect_sync() {
    let place = Place::new();
    place.out(&[]);
    let server = Server::start(&place, &[]);
    let output = validate(&place, &server, &["--payments"]).output().expect("it ends");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    let expected = "API returned 4 services
market-essentials: Price $1495, Deposit $299
market-intelligence: Price $2995, Deposit $599
strategic-analysis: Price $4995, Deposit $999
ongoing-retainer: Price $3500, Deposit $3500
";
    assert!(out.starts_with("Validating Service Synchronization...\n") && out.contains(expected), "{out}");
    for kind in list(&parsed(catalog::artifacts().validation_json)["live"]) {
        let plural = &kind["path"].as_str().expect("a path")[1..];
        assert!(out.contains(&format!(" {plural}\n")) && !out.contains("not compared"), "{plural}: {out}");
    }
    let asked = "payment of competitor-tracking: $0.01 is refused: not found or inactive";
    assert!(out.contains(asked) && out.contains("payment of starter: "), "{out}");
    assert!(
        out.ends_with("\nAll services are properly synchronized!\nFrontend and backend are in perfect sync\n"),
        "{out}"
    );
}

#[test]
fn the_live_check_of_a_server_that_lags_behind_fails_until_it_follows() {
    let place = Place::new();
    place.out(&[]);
    place.execute("UPDATE services SET min_price = 7, max_price = 7 WHERE id = 'market-essentials'");
    place.execute("UPDATE services SET active = 0 WHERE id = 'ongoing-retainer'");
    place.execute("UPDATE catalog_state SET catalog_hash = 'of a catalog before'");
    let server = Server::start(&place, &[]);
    let output = validate(&place, &server, &[]).output().expect("it ends");
    let out = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    let issues = "Synchronization Issues Found:
market-essentials: Price mismatch. Expected: $1495, Got: $7
Service 'ongoing-retainer' not found in API

Run sync script: pricebook services sync ENVIRONMENT
";
    assert!(out.ends_with(issues) && out.contains("strategic-analysis: Price $4995, Deposit $999"), "{out}");

    let mut watching = validate(&place, &server, &["--watch", "--every", "1"]).spawn().expect("it starts");
    let mut out = BufReader::new(watching.stdout.take().expect("its output")).lines();
    let mut line_with = |text: &str| loop {
        let line = out.next().expect("a line").expect("UTF-8");
        if line.contains(text) {
            break line;
        }
    };
    line_with("Z Synchronization Issues Found: 2 differences");
    place.out(&[]);
    line_with("Z All services are properly synchronized!");
    assert!(server.stop());
    let line = line_with("Z Validation failed: ");
    assert!(
        line.contains("/services cannot be reached: ") && line.contains("see that the server runs there"),
        "{line}"
    );
    watching.kill().and_then(|()| watching.wait()).expect("it ends");
}

#[test]
fn every_kind_is_answered_as_the_validation_tables_say() {
    let place = Place::new();
    place.out(&[]);
    let server = Server::start(&place, &[]);
    let tables = parsed(catalog::artifacts().validation_json);
    for kind in list(&tables["live"]) {
        let path = kind["path"].as_str().expect("a path");
        let (_, answer) = server.call("GET", path, "");
        let active = list(&kind["items"]).iter().filter(|item| item["active"] == true);
        let expected = active.map(|item| {
            let mut item = item.clone();
            item.as_object_mut().expect("an object").retain(|field, _| field != "changes" && field != "rangePrices");
            item
        });
        let expected: Vec<_> = expected.collect();
        assert_eq!(list(&answer[&path[1..]]), expected, "{path}");
        for item in &expected {
            let id = item["id"].as_str().expect("an id");
            assert_eq!(
                &server.call("GET", &format!("{path}/{id}"), "").1[kind["kind"].as_str().expect("a kind")],
                item
            );
        }
    }
}

#[test]
fn every_active_service_can_be_paid_at_its_deposit_and_no_less() {
    let place = Place::new();
    place.out(&[]);
    let server = Server::start(&place, &[("PRICEBOOK_STRIPE_LOCAL", "false")]);
    let (_, answer) = server.call("GET", "/services", "");
    for service in list(&answer["services"]) {
        let id = service["id"].as_str().expect("an id");
        let deposit = service["depositAmount"].as_i64().expect("whole dollars");
        // No payment service is set up here: that is the last thing to be missed.
        let (status, answer) = server.pay(id, &json!(deposit));
        assert_eq!((status, &answer["error"]["code"]), (503, &json!("payments_not_configured")), "{id}");
        let (status, answer) = server.pay(id, &json!(deposit - 1));
        assert_eq!((status, &answer["error"]["message"]), (422, &json!("Minimum deposit required")), "{id}");
    }
    for id in ["competitor-tracking", "market-pulse-executive", "xxx"] {
        let (status, answer) = server.pay(id, &json!(3495));
        let message = format!("Service '{id}' not found or inactive");
        assert_eq!((status, &answer["error"]["message"]), (404, &json!(message)));
    }
}

#[test]
fn a_payment_that_stripe_is_asked_for_is_stored_before_the_server_ends() {
    let place = Place::new();
    place.out(&[]);
    let stripe = TcpListener::bind("127.0.0.1:0").expect("an address");
    let base = format!("http://{}", stripe.local_addr().expect("an address"));
    let variables = [
        ("STRIPE_SECRET_KEY", "sk_test_standin"),
        ("PRICEBOOK_STRIPE_API_BASE", &*base),
        // Nobody else asks.
        ("PRICEBOOK_STRIPE_AUTO_SYNC", "none"),
        ("PRICEBOOK_STRIPE_VALIDATE_SECS", "0"),
    ];
    let mut server = Server::start(&place, &variables);
    let body = json!({ "service": "market-essentials", "amount": 299, "currency": "usd" }).to_string();
    let head = "POST /create-payment HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\ncontent-length: ";
    let mut caller = TcpStream::connect(&server.address).expect("a connection");
    caller.write_all(format!("{head}{}\r\n\r\n{body}", body.len()).as_bytes()).expect("it is sent");
    let (mut asked, _) = stripe.accept().expect("Stripe is asked");
    let mut request = [0; 4_096];
    assert_ne!(asked.read(&mut request).expect("a request"), 0);
    drop(caller);
    server.tell_to_end();
    while TcpStream::connect(&server.address).is_ok() {
        std::thread::yield_now();
    }
    assert!(server.child.try_wait().expect("it is there").is_none(), "it waits for Stripe");
    let answer = r#"{"id":"pi_late","client_secret":"secret"}"#;
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ";
    asked.write_all(format!("{head}{}\r\n\r\n{answer}", answer.len()).as_bytes()).expect("it is sent");
    assert!(server.child.wait().expect("it ends").success());
    assert_eq!(place.column("SELECT stripe_object_id FROM payment_attempts WHERE status = 'created'"), ["pi_late"]);
}

#[test]
fn a_sync_in_another_process_is_answered_by_a_running_server() {
    let place = Place::new();
    place.out(&[]);
    place.execute("UPDATE services SET min_price = 7, max_price = 7 WHERE id = 'market-essentials'");
    place.execute("UPDATE catalog_state SET catalog_hash = 'of a catalog before'");
    let server = Server::start(&place, &[]);
    let price = || server.call("GET", "/services", "").1["services"][0]["priceRange"]["min"].clone();
    assert_eq!(price(), 7);
    let ready = || server.call("GET", "/ready", "").1["data"]["synced"].clone();
    assert_eq!(ready(), false);
    place.out(&[]);
    assert_eq!(ready(), true);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while price() != 1495 {
        assert!(std::time::Instant::now() < deadline, "the new price never came");
        std::thread::yield_now();
    }
}

#[test]
fn a_running_server_seals_the_audit_log_by_itself() {
    let place = Place::new();
    place.out(&[]);
    let _server = Server::start(&place, &[]);
    place.out(&["user", "add", "ana@shop.example", "--role", "operator"]);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while place.json(&["audit", "verify"])["unsealed"] != 0 {
        assert!(std::time::Instant::now() < deadline, "nobody has sealed it");
    }
    let looked = place.column("SELECT last_run_at FROM schedules WHERE name = 'prune'");
    assert_eq!(looked.len(), 1, "old rows are looked for as soon as it runs");
}

#[test]
fn a_program_serves_a_database_of_later_migrations_that_only_add_and_does_not_write_its_tables() {
    let place = Place::new();
    place.out(&[]);
    let name = catalog::artifacts().name;
    let later = |number: u32| {
        format!(
            "INSERT INTO pricebook_migrations (stream, number, name, checksum) VALUES ('{name}', {number}, 'later', 'x')"
        )
    };
    place.execute(&later(8));
    place.execute(&format!("INSERT INTO pricebook_additive_migrations VALUES ('{name}', 8)"));
    let server = Server::start(&place, &[]);
    assert_eq!(server.call("GET", "/services", "").0, 200);
    assert!(server.stop());
    let told = place.out(&["doctor"]);
    assert!(told.contains("doubtful  tables: it has run 1 migration that this program does not know"), "{told}");
    for command in [&["migrate"][..], &["migrate", "up", "local"], &["services", "sync", "local", "--dry-run"], &[]] {
        let told = place.failure(command);
        assert!(told.contains("has run migration 0008_later of") && told.contains("does not know"), "{told}");
    }
    place.execute(&later(9));
    let told = place.failure(&["serve"]);
    assert!(told.contains("has run migration 0009_later of"), "one that changes what was there: {told}");
}

#[test]
fn a_server_does_not_start_with_what_cannot_work() {
    let place = Place::new();
    let failure = |variables: &[(&str, &str)]| {
        let output = command(&place, &["serve"], variables).output().expect("it ends");
        assert!(!output.status.success());
        (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
    };
    let (code, told) = failure(&[("PRICEBOOK_LISTN", "x")]);
    assert!(code == Some(2) && told.contains("PRICEBOOK_LISTN") && told.contains("is listen meant?"), "{told}");
    let (code, told) = failure(&[("PRICEBOOK_ENVIRONMENT", "prod")]);
    assert!(code == Some(2) && told.contains("production, staging"), "{told}");
    let (code, told) = failure(&[("PRICEBOOK_STRIPE_API_BASE", "http://stripe.example")]);
    assert!(code == Some(2) && told.contains("PRICEBOOK_STRIPE_API_BASE"), "{told}");
    let (code, told) = failure(&[]);
    assert!(
        code == Some(1) && told.contains("there is no database") && told.contains("help: run `pricebook` once"),
        "{told}"
    );
    let (code, told) = failure(&[("PRICEBOOK_ENVIRONMENT", "production")]);
    let help = "help: run `pricebook migrate up production`, then `pricebook services sync production`";
    assert!(code == Some(1) && told.contains(help), "{told}");
    assert!(!place.database().exists(), "looking made the database");
    std::fs::create_dir_all(place.database().parent().expect("a folder")).expect("it is made");
    std::fs::write(place.database(), "").expect("it is written");
    let (code, told) = failure(&[]);
    assert!(code == Some(1) && told.contains("lacks tables: ") && told.contains(" migrations to be run"), "{told}");
    place.out(&[]);
    for key in ["sk_live_abc", "not-a-key-but-secret"] {
        let (code, told) = failure(&[("STRIPE_SECRET_KEY", key)]);
        assert!(code == Some(2) && told.contains("STRIPE_SECRET_KEY") && !told.contains(key), "{told}");
    }
    for (environment, key, says) in [
        ("staging", "sk_live_abc", "STRIPE_SECRET_KEY is a live key, and the environment is staging"),
        ("production", "rk_test_abc", "STRIPE_SECRET_KEY is a test key, and the environment production"),
    ] {
        let (code, told) = failure(&[("PRICEBOOK_ENVIRONMENT", environment), ("STRIPE_SECRET_KEY", key)]);
        assert!(code == Some(2) && told.contains(says) && !told.contains(key), "{told}");
    }
    let taken = Server::start(&place, &[]);
    let (code, told) = failure(&[("PRICEBOOK_LISTEN", &taken.address)]);
    assert!(code == Some(1) && told.contains("cannot listen at") && told.contains("PRICEBOOK_LISTEN"), "{told}");
}
