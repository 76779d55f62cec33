//! Telling people that something is wrong, once, and once that it is over: incidents, and what carries the word.

mod incident;
mod letter;
mod mail;
mod outbox;
mod webhook;

pub use incident::{Incident, close, open};
pub use letter::{Letter, Notice, alert_title};
pub use mail::{Mail, MailError};
pub use outbox::Alerts;
pub use webhook::{Webhook, sign};
