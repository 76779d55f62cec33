//! Sending what is queued: each letter by one of many servers, again and again until it has arrived.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::incident::{JOB, told};
use super::{Letter, Mail, Webhook};
use crate::config::AlertSettings;
use crate::db::{self, Database};
use crate::jobs::{self, Job};

/// Longer than any channel takes. A letter whose sender died is sent again afterwards, perhaps a second time.
const LEASE: Duration = Duration::from_secs(300);
const FIRST_DELAY: Duration = Duration::from_secs(30);
const LONGEST_DELAY: Duration = Duration::from_secs(3_600);

/// What carries the word.
#[derive(Clone, Debug, Default)]
pub struct Alerts {
    /// By mail.
    pub mail: Option<Mail>,
    /// To a program.
    pub webhook: Option<Webhook>,
}

impl Alerts {
    /// The channels that the settings name.
    ///
    /// # Errors
    /// What is wrong with which setting, on one line.
    pub fn new(settings: &AlertSettings) -> Result<Self, String> {
        let mail = settings.mail().map(|settings| Mail::new(&settings).map_err(|error| error.to_string()));
        let webhook =
            settings.webhook.clone().map(|settings| Webhook::new(settings).map_err(|error| error.to_string()));
        Ok(Self { mail: mail.transpose()?, webhook: webhook.transpose()? })
    }

    /// The channels that are set up.
    pub fn channels(&self) -> Vec<&'static str> {
        let mail = self.mail.as_ref().map(|_| Mail::CHANNEL);
        mail.into_iter().chain(self.webhook.as_ref().map(|_| Webhook::CHANNEL)).collect()
    }

    /// Sends what is due, and returns how many letters have arrived. `owner` names this server.
    ///
    /// # Errors
    /// Where the database does not answer. A letter that does not arrive is no error: it is tried again.
    pub async fn send_due(&self, database: &Database, owner: &str, now: DateTime<Utc>) -> Result<usize, db::Error> {
        let failed = |cause| database.failed("read", cause);
        let waiting = jobs::unfinished(&mut database.session().await?, JOB).await.map_err(failed)?;
        let mut arrived = 0;
        for (job, letter) in next(waiting) {
            if job.free_at > now || !self.channels().contains(&&*letter.channel) {
                continue;
            }
            // No connection is held while a letter is on its way.
            if !jobs::claim(&mut database.session().await?, &job, owner, LEASE, now).await.map_err(failed)? {
                continue;
            }
            let sent = self.send(&job.id, &letter).await;
            arrived += usize::from(sent.is_ok());
            self.note(database, owner, &job, &letter, sent, now).await?;
        }
        Ok(arrived)
    }

    async fn send(&self, id: &str, letter: &Letter) -> Result<(), String> {
        match (&*letter.channel, &self.mail, &self.webhook) {
            (Mail::CHANNEL, Some(mail), _) => mail.send(id, letter).await.map_err(|error| error.to_string()),
            (Webhook::CHANNEL, _, Some(webhook)) => webhook.send(id, letter).await,
            (other, ..) => Err(format!("there is no channel {other}")),
        }
    }

    async fn note(
        &self,
        database: &Database,
        owner: &str,
        job: &Job,
        letter: &Letter,
        sent: Result<(), String>,
        now: DateTime<Utc>,
    ) -> Result<(), db::Error> {
        let mut session = database.session().await?;
        let attempts = job.attempts + 1;
        let (channel, subject) = (&letter.channel, &letter.subject);
        let noted = match sent {
            Ok(()) => match jobs::succeed(&mut session, job, owner, now).await {
                Ok(()) => told(&mut session, letter, now).await,
                Err(cause) => Err(cause),
            },
            Err(error) if attempts < job.max_attempts => {
                tracing::warn!(channel, subject, attempts, error, "an alert did not arrive and is sent again");
                jobs::again(&mut session, job, owner, &error, now + delay(attempts)).await
            }
            Err(error) => {
                tracing::error!(channel, subject, attempts, error, "an alert never arrived and is given up");
                jobs::die(&mut session, job, owner, &error, now).await
            }
        };
        noted.map_err(|cause| database.failed("write", cause))
    }
}

/// The oldest letter of each subject and channel: that something is over is not told before that it began.
fn next(waiting: Vec<Job>) -> Vec<(Job, Letter)> {
    let mut seen = BTreeSet::new();
    let letters = waiting.into_iter().filter_map(|job| Some((serde_json::from_str(&job.payload).ok()?, job)));
    letters
        .filter(|(letter, _): &(Letter, Job)| seen.insert((letter.subject.clone(), letter.channel.clone())))
        .map(|(letter, job)| (job, letter))
        .collect()
}

/// 30 seconds, a minute, two … an hour.
fn delay(attempts: u32) -> Duration {
    FIRST_DELAY.saturating_mul(2_u32.saturating_pow(attempts.saturating_sub(1))).min(LONGEST_DELAY)
}
