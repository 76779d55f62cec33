//! Settings of the live check, and of the alerts that follow from it.

use std::fmt;
use std::time::Duration;

use url::Url;

use super::{Reader, keeping};

/// Something that no message, log line or debug print shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// When the server looks at which APIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveCheckSettings {
    /// Between two looks; `None` where it does not look.
    pub every: Option<Duration>,
    /// Which environments; the server's own where there are none.
    pub environments: Vec<String>,
    /// For one answer.
    pub timeout: Duration,
    /// How long checks are kept; `None` for good.
    pub keep: Option<Duration>,
}

/// How alerts are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertSettings {
    /// The subject of mails, where it is not the catalog's.
    pub subject: Option<String>,
    /// Recipients.
    pub mail_to: Vec<String>,
    /// The sender.
    pub mail_from: Option<String>,
    /// The mail server.
    pub smtp_url: Option<Secret>,
    /// Where a program waits.
    pub webhook: Option<WebhookSettings>,
}

impl AlertSettings {
    /// What mails need; `None` where there is no mail server.
    pub fn mail(&self) -> Option<MailSettings> {
        let smtp_url = self.smtp_url.clone()?;
        Some(MailSettings { smtp_url, from: self.mail_from.clone(), to: self.mail_to.clone() })
    }
}

/// What a mail needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSettings {
    /// `smtps://user:password@host`
    pub smtp_url: Secret,
    /// The sender; the first recipient where there is none.
    pub from: Option<String>,
    /// Recipients.
    pub to: Vec<String>,
}

/// What a webhook needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookSettings {
    /// Where it is posted to; such addresses often are secrets.
    pub url: Secret,
    /// What it is signed with.
    pub secret: Option<Secret>,
}

pub(super) fn live_check(reader: &mut Reader, environments: &[&str]) -> LiveCheckSettings {
    LiveCheckSettings {
        every: Some(reader.secs("live_check_secs", 0, 86_400)).filter(|every| !every.is_zero()),
        environments: reader.get("live_check_environments", |text| {
            let names = list(text);
            match names.iter().find(|name| !environments.contains(&&***name)) {
                Some(_) => Err(format!("each is an environment of the catalog: {}", environments.join(", "))),
                None => Ok(names),
            }
        }),
        timeout: reader.secs("live_check_timeout_secs", 1, 600),
        keep: keeping::days(reader, "live_check_keep_days", 1),
    }
}

pub(super) fn alerts(reader: &mut Reader) -> AlertSettings {
    let secret = reader.get("alert_webhook_secret", |text| Ok(some(text).map(Secret)));
    let url = reader.get("alert_webhook_url", |text| match text {
        "" => Ok(None),
        text => super::api_base(text).map(|_| Some(Secret(text.to_owned()))),
    });
    AlertSettings {
        subject: reader.get("alert_mail_subject", |text| Ok(some(text))),
        mail_to: reader.get("alert_mail_to", |text| list(text).into_iter().map(address).collect()),
        mail_from: reader.get("alert_mail_from", |text| some(text).map(address).transpose()),
        smtp_url: reader.get("smtp_url", smtp_url),
        webhook: url.map(|url| WebhookSettings { url, secret }),
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// Also where no mail is sent yet: who sets a mail server later has forgotten what stands here.
fn address(text: String) -> Result<String, String> {
    match text.parse::<lettre::message::Mailbox>() {
        Ok(_) => Ok(text),
        Err(_) => Err("it holds what is no mail address".to_owned()),
    }
}

fn list(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Encrypted, or on this machine: a password goes there.
fn smtp_url(text: &str) -> Result<Option<Secret>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let url = Url::parse(text).ok().filter(Url::has_host);
    let is_encrypted = |url: &Url| url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
    let is_local = |url: &Url| matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let safe =
        url.filter(|url| url.scheme() == "smtps" || url.scheme() == "smtp" && (is_encrypted(url) || is_local(url)));
    match safe {
        Some(_) => Ok(Some(Secret(text.to_owned()))),
        None => Err("it is smtps://user:password@host, smtp://…?tls=required, or smtp:// on this machine".to_owned()),
    }
}
