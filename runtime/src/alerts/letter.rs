//! What is told: to people in a mail, to programs by a webhook. It is kept in the queue until it has arrived.

use pricebook_types::Artifacts;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is to be told of an incident.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The subject of a mail.
    pub title: String,
    /// For people, several lines.
    pub text: String,
    /// For programs.
    pub details: Value,
}

/// A notice on its way through one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// `mail` or `webhook`.
    pub channel: String,
    /// `incident.opened` or `incident.closed`.
    pub event: String,
    /// The incident's id.
    pub incident: String,
    /// What is wrong: `live-check/production`.
    pub subject: String,
    /// When it was found or found to be over, as `2027-01-31T23:59:59Z`.
    pub at: String,
    /// As in [`Notice`].
    pub title: String,
    /// As in [`Notice`].
    pub text: String,
    /// As in [`Notice`].
    pub details: Value,
}

impl Letter {
    pub(super) const OPENED: &str = "incident.opened";
    pub(super) const CLOSED: &str = "incident.closed";
}

/// `StratIQX Sync Alert`
pub fn alert_title(artifacts: &Artifacts) -> String {
    let title = if artifacts.title.is_empty() { artifacts.name } else { artifacts.title };
    format!("{title} Sync Alert")
}
