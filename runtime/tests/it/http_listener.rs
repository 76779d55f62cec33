//! The listener on a real socket: limits on time and place, and an orderly end.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use pricebook::http::{Listening, serve};
use pricebook_types::Dialect;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::http_shop::{Site, settings, wait_for};

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<()>,
}

fn start(site: &Site) -> Running {
    let listening = site.run(Listening::at(([127, 0, 0, 1], 0).into())).expect("an address");
    let address = listening.address;
    let (stop, stopped) = oneshot::channel();
    let served = serve(Arc::clone(&site.app), site.router.clone(), listening, async {
        let _ = stopped.await;
    });
    Running { address, stop, ended: site.spawn(served) }
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    stream
}

/// What comes until the other side closes.
fn rest(mut stream: TcpStream) -> String {
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    text
}

fn call(address: SocketAddr, request: &str) -> String {
    let mut stream = connect(address);
    stream.write_all(request.as_bytes()).expect("it is sent");
    rest(stream)
}

#[test]
fn requests_come_over_the_network() {
    let site = Site::sqlite();
    let running = start(&site);
    let answer = call(running.address, "GET /services HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.contains("essentials"), "{answer}");
    for nonsense in ["\0\0\0\r\n\r\n", "GET /services HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nbad header\r\n\r\n"] {
        let answer = call(running.address, nonsense);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
}

#[test]
fn the_end_waits_for_requests_and_takes_no_more() {
    let site = Site::sqlite();
    let running = start(&site);
    let body = r#"{"service":"essentials","amount":299,"currency":"usd"}"#;
    let head = format!(
        "POST /create-payment HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut under_way = connect(running.address);
    under_way.write_all(head.as_bytes()).expect("it is sent");
    under_way.write_all(&body.as_bytes()[..10]).expect("it is sent");
    // Only a second caller's answer shows that the first one's headers have arrived.
    call(running.address, "GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    running.stop.send(()).expect("it stops");
    wait_until_refused(running.address);
    under_way.write_all(&body.as_bytes()[10..]).expect("it is sent");
    assert!(rest(under_way).starts_with("HTTP/1.1 201 Created"));
    site.run(running.ended).expect("it ended");
}

#[test]
fn a_request_that_does_not_end_is_given_up_at_the_end() {
    let site = Site::new(Dialect::Sqlite, settings(&[("PRICEBOOK_SHUTDOWN_SECS", "0")]));
    let running = start(&site);
    let mut under_way = connect(running.address);
    under_way.write_all(b"POST /create-payment HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n").expect("it is sent");
    running.stop.send(()).expect("it stops");
    site.run(running.ended).expect("it ended");
}

/// Asks for a payment over the network, and goes before it is answered.
fn pay_and_hang_up(site: &Site, address: SocketAddr) {
    let body = r#"{"service":"essentials","amount":299,"currency":"usd"}"#;
    let head = "POST /create-payment HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ";
    let mut stream = connect(address);
    stream.write_all(format!("{head}{}\r\n\r\n{body}", body.len()).as_bytes()).expect("it is sent");
    wait_for(|| !site.gateway.asked().is_empty());
}

#[test]
fn the_end_waits_for_a_payment_whose_caller_has_gone() {
    let site = Site::sqlite();
    let running = start(&site);
    let held = site.gateway.hold();
    pay_and_hang_up(&site, running.address);
    running.stop.send(()).expect("it stops");
    wait_until_refused(running.address);
    assert!(!running.ended.is_finished());
    assert_eq!(site.query("SELECT status FROM payment_attempts"), ["requested"]);
    held.add_permits(1);
    site.run(running.ended).expect("it ended");
    assert_eq!(site.query("SELECT status FROM payment_attempts"), ["created"]);
}

#[test]
fn a_payment_that_does_not_end_is_given_up_at_the_end() {
    let site = Site::new(Dialect::Sqlite, settings(&[("PRICEBOOK_SHUTDOWN_SECS", "0")]));
    let running = start(&site);
    let _held = site.gateway.hold();
    pay_and_hang_up(&site, running.address);
    running.stop.send(()).expect("it stops");
    site.run(running.ended).expect("it ended");
    assert_eq!(site.query("SELECT status FROM payment_attempts"), ["requested"], "the next with its key takes it up");
}

#[test]
fn a_body_that_does_not_come_is_given_up() {
    let site = Site::new(Dialect::Sqlite, settings(&[("PRICEBOOK_REQUEST_TIMEOUT_SECS", "1")]));
    let running = start(&site);
    let head = "POST /create-payment HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\nconnection: close\r\n\r\n";
    let answer = call(running.address, head);
    assert!(answer.contains("\"success\":false"), "{answer}");
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[test]
fn who_comes_after_the_last_place_waits_for_one() {
    let site = Site::new(Dialect::Sqlite, settings(&[("PRICEBOOK_MOST_CONNECTIONS", "1")]));
    let running = start(&site);
    let first = connect(running.address);
    let mut second = connect(running.address);
    second.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("it is sent");
    second.set_read_timeout(Some(Duration::from_millis(200))).expect("a timeout");
    assert!(second.read(&mut [0; 1]).is_err(), "there is no place for it");
    drop(first);
    second.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    assert!(rest(second).starts_with("HTTP/1.1 200 OK"));
}

/// Nobody listens there any more.
fn wait_until_refused(address: SocketAddr) {
    for _ in 0..10_000 {
        if TcpStream::connect(address).is_err() {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    panic!("{address} still answers");
}
