//! The time, in UTC: the day as announced changes name days, and moments as files and people read them.

use chrono::{DateTime, Utc};

/// Today: `2027-01-31`.
pub(crate) fn today() -> String {
    now().date_naive().to_string()
}

/// Now.
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}

/// `20270131_235959`, for names of files.
pub(crate) fn stamp(time: DateTime<Utc>) -> String {
    time.format("%Y%m%d_%H%M%S").to_string()
}

/// `2027-01-31T23:59:59Z`, for people.
pub(crate) fn iso(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
