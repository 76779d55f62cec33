//! A day in UTC, as announced changes name days.

use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

const SECS_PER_DAY: u64 = 86_400;
/// The last day that four digits of a year can name.
const LAST_DAY: u64 = 2_932_896;

/// A day in UTC: `2027-01-31`. Days compare as their texts do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day([u8; 10]);

impl Day {
    /// Today, by the clock of the system; it never names a day before 1970 or after 9999.
    pub fn today() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::since_1970(since.as_secs() / SECS_PER_DAY)
    }

    /// The day that many days after 1970-01-01, at most 9999-12-31.
    ///
    /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    pub fn since_1970(days: u64) -> Self {
        let days = days.min(LAST_DAY) + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        let digit = |number: u64, power: u64| b'0' + (number / power % 10) as u8;
        Self([
            digit(year, 1_000),
            digit(year, 100),
            digit(year, 10),
            digit(year, 1),
            b'-',
            digit(month, 10),
            digit(month, 1),
            b'-',
            digit(day, 10),
            digit(day, 1),
        ])
    }

    /// `2027-01-31`
    pub fn as_str(&self) -> &str {
        // Digits and hyphens only.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// A text that names no day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidDay(String);

impl fmt::Display for InvalidDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no day: write year, month and day, as in `2027-01-31`", self.0)
    }
}

impl Error for InvalidDay {}

impl FromStr for Day {
    type Err = InvalidDay;

    /// `2027-01-31` and nothing else: neither `2027-1-31` nor `2027-02-30`.
    fn from_str(text: &str) -> Result<Self, InvalidDay> {
        let invalid = || InvalidDay(text.to_owned());
        let bytes: [u8; 10] = text.as_bytes().try_into().map_err(|_| invalid())?;
        let number = |digits: &[u8]| {
            let digit = |number: u32, byte: &u8| Some(number * 10 + char::from(*byte).to_digit(10)?);
            digits.iter().try_fold(0, digit)
        };
        let [year, month, day] = [number(&bytes[..4]), number(&bytes[5..7]), number(&bytes[8..])];
        let (Some(year), Some(month), Some(day), b'-', b'-') = (year, month, day, bytes[4], bytes[7]) else {
            return Err(invalid());
        };
        let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            2 => 28 + u32::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        if (1..=days).contains(&day) { Ok(Self(bytes)) } else { Err(invalid()) }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
