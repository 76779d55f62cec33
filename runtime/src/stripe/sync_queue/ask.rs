//! Asking for a sync: a job of the queue, which whoever asks for the same meanwhile joins.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::db::Session;
use crate::jobs::{self, Joining};

/// The kind of the jobs.
pub const KIND: &str = "stripe.product_sync";

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// What differs is written.
    Sync,
    /// Everything is written again.
    ForceUpdate,
    /// Somebody looks, and nothing is written.
    Validate,
}

/// What started it, as `stripe_sync_runs` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// Somebody at the command line.
    Command,
    /// An administrator or their program.
    Api,
    /// An administrator with a browser.
    Dashboard,
    /// The clock.
    Schedule,
    /// A change of what is sold.
    Change,
}

/// What a job is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The environment.
    pub environment: String,
    /// What is to be done.
    pub mode: Mode,
    /// What started it.
    pub trigger: Trigger,
    /// Who, as the audit log names them.
    pub actor: String,
    /// Whether somebody said yes to what else must be confirmed.
    #[serde(default)]
    pub confirmed: bool,
    /// The row of `stripe_sync_runs`, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
}

impl Mode {
    /// As `stripe_sync_runs` has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::ForceUpdate => "force_update",
            Self::Validate => "validate",
        }
    }
}

impl Trigger {
    /// As `stripe_sync_runs` has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Api => "api",
            Self::Dashboard => "dashboard",
            Self::Schedule => "schedule",
            Self::Change => "change",
        }
    }

    /// Whether nobody waits for it.
    pub const fn is_unattended(self) -> bool {
        matches!(self, Self::Schedule | Self::Change)
    }
}

/// For how long a job waits for others like it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Debounce {
    /// Without another one.
    pub wait: Duration,
    /// At most.
    pub most: Duration,
}

/// Queues it, or joins the one that waits, and returns the job's id. Whoever joins what is not theirs gets what was asked for before: it is the same.
///
/// # Errors
/// What the database said.
pub async fn ask(
    session: &mut Session,
    ask: &Ask,
    debounce: Debounce,
    retries: u32,
    now: DateTime<Utc>,
) -> Result<String, sqlx::Error> {
    let said_yes = if ask.confirmed { "/confirmed" } else { "" };
    let key = format!("{KIND}/{}/{}{said_yes}", ask.environment, ask.mode.as_str());
    let Debounce { wait, most: longest } = debounce;
    jobs::join(session, Joining { kind: KIND, key: &key, payload: ask, max_attempts: retries + 1, wait, longest, now })
        .await
}
