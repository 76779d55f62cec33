//! A server and all that it says at its start.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command};

use serde_json::Value;

use crate::place::json;

pub(super) struct Served {
    pub(super) child: Child,
    /// What stood on standard output, to its last line.
    pub(super) told: String,
    address: String,
    _out: BufReader<ChildStdout>,
}

pub(super) struct Answer {
    pub(super) status: u16,
    head: String,
    pub(super) text: String,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        json(&self.text)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields.find_map(|(field, value)| field.eq_ignore_ascii_case(name).then_some(value))
    }
}

impl Served {
    pub(super) fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        let mut told = String::new();
        while !told.contains("Stop it with Ctrl-C.") {
            if out.read_line(&mut told).expect("a line") == 0 {
                let mut error = String::new();
                child.stderr.take().expect("its errors").read_to_string(&mut error).expect("UTF-8");
                panic!("it ended: {told}{error}");
            }
        }
        let address = told.lines().find_map(|line| line.trim().strip_prefix("http://")?.strip_suffix("/services"));
        let address = address.expect("its address").replace("0.0.0.0", "127.0.0.1");
        Self { child, told, address, _out: out }
    }

    pub(super) fn pay(&self) -> Answer {
        let body = r#"{"service":"market-essentials","amount":299,"currency":"usd"}"#;
        self.ask("POST", "/create-payment", "content-type: application/json\r\n", body)
    }

    pub(super) fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask("GET", path, &format!("cookie: {cookie}\r\n"), "")
    }

    /// Sends a form without fields, as a page of the server does.
    pub(super) fn post(&self, path: &str, cookie: &str) -> Answer {
        let form = "content-type: application/x-www-form-urlencoded\r\nsec-fetch-site: same-origin\r\n";
        self.ask("POST", path, &format!("{form}cookie: {cookie}\r\n"), "")
    }

    fn ask(&self, method: &str, path: &str, headers: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        let head = format!("{method} {path} HTTP/1.1\r\nhost: shop\r\nconnection: close\r\n{headers}");
        let request = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, text) = answer.split_once("\r\n\r\n").expect("a body");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, head: head.to_owned(), text: text.to_owned() }
    }

    /// Tells it to end, and waits for that.
    pub(super) fn end(&mut self) {
        let kill = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(kill.expect("kill runs").success() && self.child.wait().expect("it ends").success());
    }

    pub(super) fn stop(mut self) {
        self.end();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
