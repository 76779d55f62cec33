//! `pricebook sandbox`, as a process: a local Stripe that the application itself can use.

mod demonstration;
mod served;
mod standing_in;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::place::{Place, json};
use crate::project::cargo;

#[test]
fn it_answers_until_it_is_told_to_stop_and_keeps_the_account() {
    let place = Place::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_pricebook"))
        .args(["sandbox", "--address", "127.0.0.1:0", "--keep", "stripe.json"])
        .current_dir(place.folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let out = child.stdout.take().expect("its output");
    BufReader::new(out).read_line(&mut line).expect("a line");
    let url = line.trim().strip_prefix("A local Stripe answers at ").expect("its address").to_owned();
    let product = create_product(&url);
    assert_eq!(product["name"], "Kept");
    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(kill.expect("kill runs").success());
    assert!(child.wait().expect("it ends").success());
    let kept = std::fs::read_to_string(place.folder.path().join("stripe.json")).expect("the account");
    assert_eq!(json(&kept)["store"]["product"][0]["name"], "Kept");
}

/// A product by the name of `Kept`.
fn create_product(url: &str) -> Value {
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).expect("a connection");
    let head = "POST /v1/products HTTP/1.1\r\nhost: stripe\r\nconnection: close\r\nauthorization: Bearer sk_test_1\r\n";
    let body = "content-type: application/x-www-form-urlencoded\r\ncontent-length: 9\r\n\r\nname=Kept";
    stream.write_all(format!("{head}{body}").as_bytes()).expect("it is sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    json(answer.split_once("\r\n\r\n").expect("a body").1)
}

#[test]
fn the_help_names_it() {
    let help = Command::new(env!("CARGO_BIN_EXE_pricebook")).arg("--help").output().expect("the program runs");
    let help = String::from_utf8(help.stdout).expect("UTF-8");
    assert!(help.contains("  sandbox   Run a local Stripe"), "{help}");
    let own = Command::new(env!("CARGO_BIN_EXE_pricebook")).args(["sandbox", "--help"]).output().expect("it runs");
    assert!(own.status.success() && String::from_utf8_lossy(&own.stdout).contains("--requests-per-sec"));
}

#[test]
fn a_program_for_production_can_do_without_it() {
    let tree = |features: &[&str]| {
        let arguments = ["tree", "--package", "pricebook-app", "--edges", "normal", "--prefix", "none"];
        cargo(&[&arguments[..], features].concat())
    };
    assert!(tree(&[]).contains("pricebook-sandbox"));
    assert!(!tree(&["--no-default-features"]).contains("pricebook-sandbox"));
}
