//! Alerts by mail, told to a real mail server, and what `doctor` says of the ways that alerts take.

use std::process::Command;

use pricebook::alerts::{Alerts, Letter};
use pricebook::config::Settings;
use serde_json::{Value, json};

use crate::http_shop::artifacts;
use crate::live_shop::Api;
use crate::mail_server::MailServer;
use crate::shop::{Place, block_on};

fn settings(variables: &[(&str, &str)]) -> Result<Settings, String> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Settings::read(variables, &["production"]).map_err(|errors| errors.to_string())
}

fn alerts(server: &MailServer, more: &[(&str, &str)]) -> Alerts {
    let own = [
        ("PRICEBOOK_SMTP_URL", &*server.url),
        ("PRICEBOOK_ALERT_MAIL_TO", "admin@shop.example, Ana <ana@shop.example>"),
    ];
    let settings = settings(&[&own, more].concat()).expect("settings");
    Alerts::new(&settings.alerts).expect("channels")
}

fn letter(event: &str) -> Letter {
    Letter {
        channel: "mail".to_owned(),
        event: event.to_owned(),
        incident: "1".to_owned(),
        subject: "live-check/production".to_owned(),
        at: "2026-11-21T12:00:00Z".to_owned(),
        title: "Tea Shop Sync Alert".to_owned(),
        text: "Service sync check failed\n\ngreen: Price mismatch. Expected: $4.50, Got: $4\n.\n".to_owned(),
        details: json!({}),
    }
}

#[test]
fn a_mail_tells_what_failed_and_that_it_is_over() {
    let server = MailServer::start();
    let mail = alerts(&server, &[]).mail.expect("a mail server");
    block_on(mail.send("0190-first", &letter("incident.opened"))).expect("it is taken");
    block_on(mail.send("0190-second", &letter("incident.closed"))).expect("it is taken");
    let seen = server.seen();
    let said = |word: &str| seen.commands.iter().filter(|line| line.starts_with(word)).cloned().collect::<Vec<_>>();
    assert_eq!(said("MAIL")[0], "MAIL FROM:<admin@shop.example>");
    assert_eq!(said("RCPT")[..2], ["RCPT TO:<admin@shop.example>", "RCPT TO:<ana@shop.example>"]);
    let (head, body) = seen.mails[0].split_once("\n\n").expect("a head and a body");
    for line in ["Subject: Tea Shop Sync Alert", "From: admin@shop.example", "Message-ID: <0190-first@shop.example>"] {
        assert!(head.lines().any(|known| known == line), "{line}: {head}");
    }
    assert!(
        body.starts_with("Service sync check failed\n\ngreen: Price mismatch. Expected: $4.50, Got: $4\n"),
        "{body}"
    );
    assert!(seen.mails[1].contains("Subject: Tea Shop Sync Alert: over\n"), "{}", seen.mails[1]);
}

#[test]
fn sender_and_a_name_with_any_letters_are_written_as_mails_write_them() {
    let server = MailServer::start();
    let mail = alerts(&server, &[("PRICEBOOK_ALERT_MAIL_FROM", "Prüfung <check@shop.example>")]).mail.expect("one");
    let letter = Letter { title: "Tee\r\nBcc: all@shop.example".to_owned(), ..letter("incident.opened") };
    block_on(mail.send("1", &letter)).expect("it is taken");
    let seen = server.seen();
    assert!(seen.commands.contains(&"MAIL FROM:<check@shop.example>".to_owned()), "{:?}", seen.commands);
    let head = seen.mails[0].split("\n\n").next().expect("a head");
    assert!(!head.lines().any(|line| line.starts_with("Bcc:")), "{head}");
}

#[test]
fn a_mail_that_is_refused_says_why() {
    let server = MailServer::start();
    server.refuse(true);
    let mail = alerts(&server, &[]).mail.expect("one");
    let error = block_on(mail.send("1", &letter("incident.opened"))).expect_err("it is refused");
    assert!(error.to_string().contains("try again later"), "{error}");
    assert!(server.seen().mails.is_empty());
}

#[test]
fn settings_that_cannot_work_are_told_and_no_secret_is_shown() {
    for (name, value) in [
        ("PRICEBOOK_SMTP_URL", "smtp://me:hunter2@mail.example"),
        ("PRICEBOOK_SMTP_URL", "hunter2"),
        ("PRICEBOOK_ALERT_WEBHOOK_URL", "http://hook.example/hunter2"),
    ] {
        let told = settings(&[(name, value)]).expect_err("it is refused");
        assert!(told.contains(name) && !told.contains("hunter2"), "{told}");
    }
    let whole = [
        ("PRICEBOOK_SMTP_URL", "smtps://me:hunter2@mail.example"),
        ("PRICEBOOK_ALERT_WEBHOOK_URL", "https://hook.example/hunter2"),
        ("PRICEBOOK_ALERT_WEBHOOK_SECRET", "hunter2"),
    ];
    assert!(!format!("{:?}", settings(&whole).expect("settings")).contains("hunter2"));
    // Also where no mail is sent yet.
    for name in ["PRICEBOOK_ALERT_MAIL_TO", "PRICEBOOK_ALERT_MAIL_FROM"] {
        let told = settings(&[(name, "ana@shop.example, nobody")]).expect_err("it is refused");
        assert!(told.starts_with(name) && told.ends_with("it holds what is no mail address"), "{told}");
    }
    let settings = settings(&[whole[0], ("PRICEBOOK_ALERT_MAIL_TO", ",")]).expect("settings");
    assert_eq!(Alerts::new(&settings.alerts).err().as_deref(), Some("alert_mail_to holds what is no mail address"));
}

/// What `doctor` says of one thing, in a process of its own that has these variables.
fn doctor(test: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Vec<Value> {
    let again = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", &format!("alerts::{test}"), "--nocapture"])
        .envs(variables.iter().copied())
        .env("PRICEBOOK_CASES", arguments.join(" "))
        .output()
        .expect("it runs");
    let out = String::from_utf8_lossy(&again.stdout).into_owned();
    let report = out.split("<report>").nth(1).unwrap_or_else(|| panic!("{out}"));
    serde_json::from_str(report).unwrap_or_else(|cause| panic!("{cause}: {report}"))
}

fn health<'a>(findings: &'a [Value], what: &str) -> Option<(&'a str, &'a str)> {
    let finding = findings.iter().find(|finding| finding["what"] == what)?;
    Some((finding["health"].as_str()?, finding["says"].as_str()?))
}

#[test]
fn doctor_connects_to_the_mail_server_and_sends_a_mail_only_when_asked_to() {
    const TEST: &str = "doctor_connects_to_the_mail_server_and_sends_a_mail_only_when_asked_to";
    if std::env::var_os("PRICEBOOK_ALERT_MAIL_TO").is_some() {
        let arguments = std::env::var("PRICEBOOK_CASES").expect("arguments");
        let arguments: Vec<_> = ["doctor", "--json"].into_iter().chain(arguments.split_whitespace()).collect();
        return println!("<report>{}<report>", Place::new().run(artifacts(), &arguments).out);
    }
    let (server, hook) = (MailServer::start(), Api::of_shop(|_| {}));
    let mail = [("PRICEBOOK_SMTP_URL", &*server.url), ("PRICEBOOK_ALERT_MAIL_TO", "admin@shop.example")];
    let findings = doctor(TEST, &[&mail[..], &[("PRICEBOOK_ALERT_WEBHOOK_URL", &*hook.url)]].concat(), &[]);
    assert_eq!(health(&findings, "mail"), Some(("good", "the mail server answers; alerts go to admin@shop.example")));
    assert_eq!(health(&findings, "webhook").map(|(health, _)| health), Some("good"));
    assert!(server.seen().mails.is_empty() && server.seen().commands[0].starts_with("EHLO "));
    assert_eq!(hook.asked().iter().map(|asked| asked.method.as_str()).collect::<Vec<_>>(), ["HEAD"]);

    let findings = doctor(TEST, &mail, &["--send-test-mail"]);
    assert_eq!(health(&findings, "mail").map(|(health, _)| health), Some("good"));
    assert!(server.seen().mails[0].contains("Subject: Tea Shop Sync Alert: test\n"));

    let nowhere = [
        ("PRICEBOOK_SMTP_URL", "smtp://127.0.0.1:1"),
        ("PRICEBOOK_ALERT_MAIL_TO", "admin@shop.example"),
        ("PRICEBOOK_ALERT_WEBHOOK_URL", "http://127.0.0.1:1/hunter2"),
    ];
    let findings = doctor(TEST, &nowhere, &[]);
    for what in ["mail", "webhook"] {
        let (health, says) = health(&findings, what).expect("it is told");
        assert!(health == "bad" && says.contains("onnection refused") && !says.contains("hunter2"), "{says}");
    }
    let findings = doctor(TEST, &[("PRICEBOOK_ALERT_MAIL_TO", "admin@shop.example")], &[]);
    assert_eq!(health(&findings, "alerts").map(|(health, _)| health), Some("doubtful"));
}
