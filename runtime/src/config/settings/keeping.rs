//! Settings of how long rows are kept that would otherwise only grow in number.

use std::time::Duration;

use super::Reader;

/// A payment is asked for again within minutes, and Stripe knows a key for a day: this is far more than either.
const LEAST_OF_PAYMENTS: u32 = 7;
/// An audit log that forgets what was done last month is none.
const LEAST_OF_AUDIT: u32 = 90;
const MOST: u32 = 36_500;

/// How long rows are kept; `None` for good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeepSettings {
    /// Payments that were asked for, with what was answered to their idempotency keys.
    pub payment_attempts: Option<Duration>,
    /// Jobs that are done or given up.
    pub jobs: Option<Duration>,
    /// Incidents that are over.
    pub incidents: Option<Duration>,
    /// Who did what.
    pub audit: Option<Duration>,
}

pub(super) fn keep(reader: &mut Reader) -> KeepSettings {
    KeepSettings {
        payment_attempts: days(reader, "payment_attempts_keep_days", LEAST_OF_PAYMENTS),
        jobs: days(reader, "jobs_keep_days", 1),
        incidents: days(reader, "incidents_keep_days", 1),
        audit: days(reader, "audit_keep_days", LEAST_OF_AUDIT),
    }
}

/// 0 for ever, or at least so many.
pub(super) fn days(reader: &mut Reader, name: &'static str, least: u32) -> Option<Duration> {
    let days = reader.get(name, |text| {
        let number = text.parse().ok().filter(|days| *days == 0 || (least..=MOST).contains(days));
        number.ok_or_else(|| format!("it is a whole number from {least} to {MOST}, or 0"))
    });
    (days > 0).then(|| Duration::from_secs(86_400 * u64::from(days)))
}
