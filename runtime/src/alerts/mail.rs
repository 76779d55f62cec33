//! Letters by mail, over SMTP.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::Letter;
use crate::config::MailSettings;

const TIMEOUT: Duration = Duration::from_secs(30);

/// A mail server, and who writes to whom.
#[derive(Clone, Debug)]
pub struct Mail {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    to: Vec<Mailbox>,
}

/// Why there is no mail.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// An address is none. It is not told, for it may be somebody's.
    #[error("{0} holds what is no mail address")]
    Address(&'static str),
    /// The mail server did not take it.
    #[error("the mail server: {}", reason(.0))]
    Server(#[from] smtp::Error),
    /// It greets, and then says nothing.
    #[error("the mail server does not go on after its greeting")]
    Silent,
    /// It cannot be written down.
    #[error("the mail cannot be written: {0}")]
    Message(#[from] lettre::error::Error),
}

/// What lies at the bottom of the error.
fn reason(error: &smtp::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

impl Mail {
    pub(super) const CHANNEL: &str = "mail";

    /// # Errors
    /// [`MailError`] for settings that are no address.
    pub fn new(settings: &MailSettings) -> Result<Self, MailError> {
        let mailbox = |setting, text: &String| text.parse().map_err(|_| MailError::Address(setting));
        let to: Vec<Mailbox> =
            settings.to.iter().map(|text| mailbox("alert_mail_to", text)).collect::<Result<_, _>>()?;
        let first = to.first().ok_or(MailError::Address("alert_mail_to"))?;
        let from = match &settings.from {
            Some(from) => mailbox("alert_mail_from", from)?,
            None => first.clone(),
        };
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.smtp_url.reveal())?;
        Ok(Self { server: server.timeout(Some(TIMEOUT)).build(), from, to })
    }

    /// Connects, greets and signs in; sends nothing.
    ///
    /// # Errors
    /// What the server said.
    pub async fn connect(&self) -> Result<(), MailError> {
        match self.server.test_connection().await? {
            true => Ok(()),
            false => Err(MailError::Silent),
        }
    }

    /// Sends a letter; `id` stays the same for the same letter.
    ///
    /// # Errors
    /// [`MailError`].
    pub async fn send(&self, id: &str, letter: &Letter) -> Result<(), MailError> {
        let title =
            if letter.event == Letter::CLOSED { format!("{}: over", letter.title) } else { letter.title.clone() };
        self.post(id, &title, &letter.text).await
    }

    /// Sends a mail that says that mails arrive.
    ///
    /// # Errors
    /// [`MailError`].
    pub async fn send_test(&self, title: &str) -> Result<(), MailError> {
        let id = uuid::Uuid::now_v7().to_string();
        self.post(&id, &format!("{title}: test"), "This is a test. Alerts arrive here.\n").await
    }

    async fn post(&self, id: &str, title: &str, text: &str) -> Result<(), MailError> {
        let mut message = Message::builder()
            .from(self.from.clone())
            .subject(title)
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())));
        for to in &self.to {
            message = message.to(to.clone());
        }
        self.server.send(message.body(text.to_owned())?).await?;
        Ok(())
    }

    /// Who is written to.
    pub fn recipients(&self) -> String {
        self.to.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}
