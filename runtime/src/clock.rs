//! The day, as announced changes name days.

/// Today in UTC: `2027-01-31`.
pub(crate) fn today() -> String {
    chrono::Utc::now().date_naive().to_string()
}
