//! Whether alerts would arrive: the mail server takes a connection, and somebody answers where the webhook is.

use pricebook_types::Artifacts;

use super::Finding;
use crate::alerts::alert_title;
use crate::alerts::{Alerts, Mail, Webhook};
use crate::config::AlertSettings;

/// Looks at both, and sends a mail where asked to.
pub async fn of_alerts(artifacts: &Artifacts, settings: &AlertSettings, send_test_mail: bool) -> Vec<Finding> {
    let alerts = match Alerts::new(settings) {
        Ok(alerts) => alerts,
        Err(problem) => return vec![Finding::bad("alerts", problem, "set it right, or take it out")],
    };
    let title = settings.subject.clone().unwrap_or_else(|| alert_title(artifacts));
    let mut findings = Vec::new();
    match &alerts.mail {
        Some(mail) => findings.push(of_mail(mail, send_test_mail.then_some(&*title)).await),
        None if send_test_mail => {
            findings.push(Finding::bad(
                "mail",
                "there is no mail server to send a test mail by",
                "set smtp_url and alert_mail_to",
            ));
        }
        None => {}
    }
    if let Some(webhook) = &alerts.webhook {
        findings.push(of_webhook(webhook).await);
    }
    if findings.is_empty() {
        let says = "neither smtp_url nor alert_webhook_url is set: what the live check finds is only logged";
        findings.push(Finding::doubtful("alerts", says, "set one of them where somebody is to be told"));
    }
    findings
}

async fn of_mail(mail: &Mail, test_title: Option<&str>) -> Finding {
    let to = mail.recipients();
    let (seen, says) = match test_title {
        Some(title) => (mail.send_test(title).await, format!("the mail server took a test mail to {to}")),
        None => (mail.connect().await, format!("the mail server answers; alerts go to {to}")),
    };
    match seen {
        Ok(()) => Finding::good("mail", says),
        Err(error) => {
            Finding::bad("mail", error.to_string(), "see that smtp_url names the server, its port and a right password")
        }
    }
}

async fn of_webhook(webhook: &Webhook) -> Finding {
    match webhook.reach().await {
        Ok(()) => Finding::good("webhook", "somebody answers at alert_webhook_url; nothing was posted"),
        Err(cause) => {
            let says = format!("nobody answers at alert_webhook_url: {cause}");
            Finding::bad("webhook", says, "see that the program runs, and that its name and certificate are right")
        }
    }
}
