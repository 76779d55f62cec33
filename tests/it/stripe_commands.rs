//! `pricebook stripe`, as a process, with the local Stripe as another: what is told, what is kept, and the exit codes.

mod imported;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::place::{Place, json};

pub(crate) const KEY: &str = "sk_test_ThatNobodyReads";

/// A folder with a database that has its tables, and a Stripe account.
pub(crate) struct Shop {
    pub(crate) place: Place,
    stripe: Child,
    pub(crate) url: String,
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = self.stripe.kill();
        let _ = self.stripe.wait();
    }
}

impl Shop {
    pub(crate) fn new() -> Self {
        let place = Place::new();
        place.out(&["migrate"]);
        let mut stripe = Command::new(env!("CARGO_BIN_EXE_pricebook"))
            .args(["sandbox", "--address", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(stripe.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let url = line.trim().strip_prefix("A local Stripe answers at ").expect("its address").to_owned();
        Self { place, stripe, url }
    }

    /// `stripe …` of the local environment, with its exit code. No output has the key.
    pub(crate) fn stripe(&self, code: i32, arguments: &[&str]) -> (String, String) {
        self.stripe_with(code, arguments, Some(KEY))
    }

    pub(crate) fn stripe_with(&self, code: i32, arguments: &[&str], key: Option<&str>) -> (String, String) {
        self.run(code, &[&["stripe"], arguments].concat(), key)
    }

    /// Any command of the program, as [`Self::stripe`].
    pub(crate) fn run(&self, code: i32, arguments: &[&str], key: Option<&str>) -> (String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pricebook"));
        command.args(arguments).current_dir(self.place.folder.path()).stdin(Stdio::null());
        command.env_remove("DATABASE_URL").env("PRICEBOOK_STRIPE_API_BASE", &self.url);
        command.env("PRICEBOOK_STRIPE_REQUESTS_PER_SEC", "10000").env("PRICEBOOK_STRIPE_RETRY_DELAY_MS", "1");
        match key {
            Some(key) => command.env("STRIPE_SECRET_KEY", key),
            None => command.env_remove("STRIPE_SECRET_KEY"),
        };
        let Output { status, stdout, stderr } = command.output().expect("it runs");
        let [out, err] = [stdout, stderr].map(|text| String::from_utf8(text).expect("UTF-8"));
        assert_eq!(status.code(), Some(code), "{arguments:?}\n{out}{err}");
        assert!(!out.contains("ThatNobodyReads") && !err.contains("ThatNobodyReads"), "{out}{err}");
        (out, err)
    }

    /// Asks Stripe by hand.
    pub(crate) fn ask(&self, method: &str, path: &str, form: &str) -> Value {
        let mut stream = TcpStream::connect(self.url.trim_start_matches("http://")).expect("a connection");
        let head =
            format!("{method} {path} HTTP/1.1\r\nhost: stripe\r\nconnection: close\r\nauthorization: Bearer {KEY}\r\n");
        let kind = "content-type: application/x-www-form-urlencoded";
        let body = format!("{kind}\r\ncontent-length: {}\r\n\r\n{form}", form.len());
        stream.write_all(format!("{head}{body}").as_bytes()).expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        json(answer.split_once("\r\n\r\n").expect("a body").1)
    }

    fn products(&self) -> Vec<Value> {
        self.ask("GET", "/v1/products?limit=100", "")["data"].as_array().expect("a list").clone()
    }

    fn reports(&self) -> Vec<String> {
        let entries = fs::read_dir(self.place.folder.path().join("logs/stripe-sync")).expect("the folder");
        let text = |entry: fs::DirEntry| fs::read_to_string(entry.path()).expect("a text");
        entries.map(|entry| text(entry.expect("an entry"))).collect()
    }
}

#[test]
fn one_command_fills_an_account_and_leaves_its_traces_and_the_next_finds_nothing_to_do() {
    let shop = Shop::new();
    let (plan, _) = shop.stripe(2, &["plan", "local", "--out", "plan.json"]);
    assert!(
        plan.contains("+ product plan_starter_monthly \"Starter Plan (Monthly)\"")
            && plan.contains("USD 29.00 / month")
    );
    shop.stripe(2, &["sync", "local", "--dry-run"]);
    shop.stripe(2, &["sync", "local", "--validate-only"]);
    let runs =
        "SELECT mode || ' ' || status || ' ' || created_count || ' ' || synced_count FROM stripe_sync_runs ORDER BY id";
    assert!(shop.products().is_empty() && shop.place.column(runs).is_empty());
    let (out, _) = shop.stripe(0, &["sync", "plan.json"]);
    assert!(out.contains("products: 27 created, 0 updated, 0 already synced; 0 errors"), "{out}");
    assert!(out.contains("verified: the account is as the catalog says"), "{out}");
    let (_, err) = shop.stripe(1, &["sync", "plan.json"]);
    assert!(err.contains("the account has moved since the plan was made"), "{err}");
    for arguments in
        [&["plan", "local"][..], &["validate", "local"], &["sync", "local", "--validate-only"], &["sync", "local"]]
    {
        shop.stripe(0, arguments);
    }
    assert_eq!(shop.place.column(runs), ["sync succeeded 27 0", "sync succeeded 0 27"]);
    let starter =
        "SELECT stripe_product_id FROM stripe_product_mappings WHERE price_amount = '29.00' AND sync_status = 'synced'
                   AND local_product_id = 'plan_starter_monthly'";
    let id = shop.place.column(starter).pop().expect("a mapping");
    assert!(shop.products().iter().any(|product| product["id"] == *id));
    let reports = shop.reports();
    assert_eq!(reports.len(), 4);
    assert!(reports.iter().any(|text| text.contains(&format!("https://dashboard.stripe.com/test/products/{id}"))));
    assert!(reports.iter().all(|text| !text.contains("ThatNobodyReads")));
    let (status, _) = shop.stripe(0, &["status", "local", "--json"]);
    assert_eq!(json(&status)["status"], "all_synced");
}

#[test]
fn what_is_wrong_names_the_variable_and_is_no_pending_change() {
    let shop = Shop::new();
    let (_, err) = shop.stripe_with(1, &["plan", "local"], None);
    assert!(err.starts_with("error: Missing Stripe credentials: STRIPE_SECRET_KEY is not set"), "{err}");
    let (_, err) = shop.stripe_with(1, &["plan", "local"], Some("sk_live_ThatNobodyReads"));
    assert!(err.contains("STRIPE_SECRET_KEY is a live key"), "{err}");
    let (_, err) = shop.stripe(1, &["plan", "production"]);
    assert!(!err.is_empty());
    let (_, err) = shop.stripe(1, &["plan", "--database", "postgres://nobody@127.0.0.1:1/none"]);
    assert!(err.starts_with("error: Database connection failed:") && err.contains("--database"), "{err}");
    shop.stripe(1, &["plan", "--nothing"]);
    shop.ask("POST", "/_sandbox/faults", r#"{"kind":"unavailable"}"#);
    let (_, err) = shop.stripe(1, &["sync", "local"]);
    assert!(err.contains("Stripe answered 503"), "{err}");
}

#[test]
fn amounts_that_move_far_need_a_yes() {
    let shop = Shop::new();
    shop.stripe(0, &["sync", "local"]);
    let starter =
        shop.products().into_iter().find(|product| product["metadata"]["pricebook_id"] == "plan_starter_monthly");
    let starter = starter.expect("the product")["id"].as_str().expect("an id").to_owned();
    // As if the catalog had been at 1.00 before.
    let marks = "metadata[pricebook_catalog]=stratiqx&metadata[pricebook_product]=plan/starter&metadata[pricebook_price]=monthly";
    let form = format!(
        "product={starter}&currency=usd&unit_amount=100&recurring[interval]=month&tax_behavior=exclusive\
         &lookup_key=plan_starter_monthly&transfer_lookup_key=true&{marks}"
    );
    let cheap = shop.ask("POST", "/v1/prices", &form);
    let former = shop.ask("GET", &format!("/v1/prices?product={starter}"), "")["data"][1]["id"].clone();
    shop.ask(
        "POST",
        &format!("/v1/products/{starter}"),
        &format!("default_price={}", cheap["id"].as_str().expect("an id")),
    );
    shop.ask("POST", &format!("/v1/prices/{}", former.as_str().expect("an id")), "active=false");
    let (_, err) = shop.stripe(1, &["sync", "local"]);
    assert!(err.contains("plan_starter_monthly moves far") && err.contains("nothing was written"), "{err}");
    let (out, _) = shop.stripe(0, &["sync", "local", "--yes"]);
    assert!(out.contains("the price is USD 29.00 / month") && out.contains("again, which it was before"), "{out}");
    assert!(out.contains("products: 0 created, 1 updated, 26 already synced; 0 errors"), "{out}");
}

#[test]
fn what_was_made_by_hand_is_adopted_only_where_it_is_exactly_the_catalogs() {
    let shop = Shop::new();
    let wanted: Value = json(&fs::read_to_string("generated/stripe/catalog.json").expect("the desired state"));
    let of = |list: &str| {
        let mut all = wanted[list].as_array().expect("a list").iter();
        all.find(|object| object["local_id"] == "org_starter_setup").expect("the fee")["params"].clone()
    };
    let (product, price) = (of("products"), of("prices"));
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned).replace(' ', "%20");
    let mut form = format!("name={}", text(&product["name"]));
    for field in ["description", "statement_descriptor", "unit_label"] {
        if product[field].is_string() {
            form += &format!("&{field}={}", text(&product[field]));
        }
    }
    let by_hand = shop.ask("POST", "/v1/products", &form)["id"].as_str().expect("an id").to_owned();
    let amount = text(&price["unit_amount"]);
    let form = format!("product={by_hand}&currency=usd&tax_behavior={}&unit_amount=", text(&price["tax_behavior"]));
    let wrong = shop.ask("POST", "/v1/prices", &format!("{form}1"));
    let (_, err) = shop.stripe(1, &["adopt", "org_starter_setup", &by_hand, "local"]);
    assert!(err.contains("is not exactly what the catalog says of org_starter_setup"), "{err}");
    let right = shop.ask("POST", "/v1/prices", &format!("{form}{amount}"));
    shop.stripe(0, &["adopt", "org_starter_setup", &by_hand, "local"]);
    shop.stripe(0, &["sync", "local"]);
    assert_eq!(shop.products().len(), 27);
    let mapped = "SELECT stripe_product_id || ' ' || stripe_price_id FROM stripe_product_mappings
                  WHERE local_product_id = 'org_starter_setup'";
    assert_eq!(shop.place.column(mapped), [format!("{by_hand} {}", right["id"].as_str().expect("an id"))]);
    let wrong = shop.ask("GET", &format!("/v1/prices/{}", wrong["id"].as_str().expect("an id")), "");
    assert_eq!((&wrong["active"], &wrong["metadata"]), (&Value::Bool(true), &serde_json::json!({})));
}

#[test]
fn the_page_says_in_which_order_to_look_for_what_is_wrong() {
    let page = fs::read_to_string("docs/STRIPE.md").expect("the page").replace('\n', " ");
    let order = [
        "read the report",
        "`stripe validate`",
        "`stripe sync --dry-run`",
        "dashboard by its link",
        "`stripe sync --force-update`",
    ];
    let advice = &page[page.find("When you do not know what is wrong").expect("the advice")..];
    let places: Vec<_> = order.iter().map(|step| advice.find(step).unwrap_or_else(|| panic!("{step}"))).collect();
    assert!(places.is_sorted(), "{places:?}");
}
