//! Telling people that syncs fail or that an account is not as the catalog says, once, and once when it is over.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::{Mode, SyncWorker};
use crate::alerts::{self, Incident, Notice};
use crate::clock;
use crate::db::Session;

impl SyncWorker {
    /// Opens an incident, or ends the one that is open.
    pub(super) async fn tell(
        &self,
        session: &mut Session,
        mode: Mode,
        problem: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), sqlx::Error> {
        let subject = subject(mode, &self.environment);
        let notice = self.notice(mode, problem, now);
        let channels = self.alerts.channels();
        let incident = Incident { subject: &subject, notice: &notice, channels: &channels, now };
        match problem {
            Some(problem) => alerts::open(session, incident, problem).await,
            None => alerts::close(session, incident).await,
        }
        .map(drop)
    }

    fn notice(&self, mode: Mode, problem: Option<&str>, now: DateTime<Utc>) -> Notice {
        let environment = &self.environment;
        let first = match (mode, problem) {
            (Mode::Validate, Some(_)) => "The Stripe account is not as the catalog says",
            (Mode::Validate, None) => "The Stripe account is as the catalog says again",
            (_, Some(_)) => "The product sync with Stripe failed",
            (_, None) => "The product sync with Stripe succeeds again",
        };
        let mut lines = vec![first.to_owned(), String::new(), format!("{environment} at {}", clock::iso(now))];
        if let Some(problem) = problem {
            lines.extend([
                problem.to_owned(),
                String::new(),
                format!("See what is wrong: pricebook stripe plan {environment}"),
                format!("Put it right:      pricebook stripe sync {environment}"),
                "Nothing more is sent until it is over.".to_owned(),
            ]);
        }
        let details = json!({ "environment": environment, "mode": mode.as_str(), "error": problem });
        Notice { title: self.title.clone(), text: lines.join("\n") + "\n", details }
    }
}

fn subject(mode: Mode, environment: &str) -> String {
    match mode {
        Mode::Validate => format!("stripe-validation/{environment}"),
        Mode::Sync | Mode::ForceUpdate => format!("stripe-sync/{environment}"),
    }
}
