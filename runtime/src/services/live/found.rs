//! What a look at a live API comes to: a result to keep, and words for those who are told.

use serde_json::json;

use super::kept::Record;
use super::{Checked, LiveError};
use crate::alerts::Notice;
use crate::clock;

/// What operators search logs and mails for.
pub(super) const FAILED: &str = "Service sync check failed";
/// Differences that a mail lists.
const LISTED: usize = 20;

/// What a look has found.
pub(super) struct Found {
    pub(super) result: &'static str,
    pub(super) differences: Vec<String>,
    pub(super) error: Option<String>,
}

impl Found {
    pub(super) fn of(seen: Result<Checked, LiveError>) -> Self {
        match seen {
            Ok(checked) => {
                let differences: Vec<_> = checked.differences.into_iter().map(|found| found.message).collect();
                let result = if differences.is_empty() { "equal" } else { "different" };
                Self { result, differences, error: None }
            }
            Err(error) => {
                let told = format!("{error}; {}", error.help());
                let result = if error.is_limited() { "not_seen" } else { "failed" };
                Self { result, differences: Vec::new(), error: Some(told) }
            }
        }
    }

    pub(super) fn summary(&self) -> String {
        match &self.error {
            Some(error) => error.clone(),
            None => format!(
                "{} differences: {}",
                self.differences.len(),
                self.differences.first().map_or("", |first| first)
            ),
        }
    }
}

/// What is told of it, where it begins or ends an incident.
pub(super) fn notice(title: &str, record: &Record<'_>) -> Notice {
    let Record { environment, url, result, .. } = record;
    let at = clock::iso(record.checked_at);
    let mut lines = match *result {
        "equal" => vec!["Service sync check succeeds again".to_owned()],
        _ => vec![FAILED.to_owned()],
    };
    lines.extend([String::new(), format!("{url} ({environment}) at {at}")]);
    lines.extend(record.error.map(str::to_owned));
    lines.extend(record.differences.iter().take(LISTED).cloned());
    if record.differences.len() > LISTED {
        lines.push(format!("… and {} more", record.differences.len() - LISTED));
    }
    if *result != "equal" {
        lines.push(String::new());
        lines.push(format!("See what is wrong: pricebook services validate {environment}"));
        lines.push(format!("Put it right:      pricebook services sync {environment}"));
        lines.push("Nothing more is sent until it is over.".to_owned());
    }
    let details = json!({
        "environment": environment,
        "url": url,
        "result": result,
        "catalogHash": record.catalog_hash,
        "error": record.error,
        "differences": record.differences.iter().take(LISTED).collect::<Vec<_>>(),
        "differencesCount": record.differences.len(),
    });
    Notice { title: title.to_owned(), text: lines.join("\n") + "\n", details }
}
