//! Periods of subscriptions, by the calendar.

use chrono::{DateTime, Months};
use serde_json::{Value, json};

use super::items;
use crate::call::{is, set};
use crate::failure::Failure;
use crate::store::Object;

pub(super) const DAY_SECS: i64 = 24 * 60 * 60;

/// Begins a period at a moment: a trial's own where one runs.
pub(super) fn begin_period(subscription: &mut Object, now: i64) {
    let trial_end = subscription.get("trial_end").and_then(Value::as_i64).filter(|end| *end > now);
    set(subscription, "billing_cycle_anchor", trial_end.unwrap_or(now));
    for item in items::of(subscription) {
        let end = trial_end.unwrap_or_else(|| after(now, now, &item["price"]["recurring"]));
        item["current_period_start"] = json!(now);
        item["current_period_end"] = json!(end);
    }
    keep_end(subscription);
}

/// Begins a period that ends on the day on which all later ones begin.
pub(super) fn begin_until(subscription: &mut Object, now: i64, anchor: i64) -> Result<(), Failure> {
    set(subscription, "billing_cycle_anchor", anchor);
    for item in items::of(subscription) {
        if anchor > after(now, now, &item["price"]["recurring"]) {
            let message = "`billing_cycle_anchor` cannot be later than next natural billing date.";
            return Err(Failure::invalid(message).param("billing_cycle_anchor"));
        }
        item["current_period_start"] = json!(now);
        item["current_period_end"] = json!(anchor);
    }
    keep_end(subscription);
    Ok(())
}

/// Goes on to the period after the present one.
pub(super) fn next_period(subscription: &mut Object) {
    let anchor = subscription.get("billing_cycle_anchor").and_then(Value::as_i64).unwrap_or_default();
    for item in items::of(subscription) {
        let start = item["current_period_end"].as_i64().unwrap_or(anchor);
        item["current_period_start"] = json!(start);
        item["current_period_end"] = json!(after(anchor, start, &item["price"]["recurring"]));
    }
}

/// One that goes with its period goes with the one that it is in.
fn keep_end(subscription: &mut Object) {
    if is(subscription, "cancel_at_period_end") {
        let end = period(subscription).1;
        set(subscription, "cancel_at", end);
    }
}

/// Beginning and end of the period, which all items share.
pub(super) fn period(subscription: &Object) -> (i64, i64) {
    let first = items::in_order(subscription).first();
    let at = |name: &str| first.and_then(|item| item[name].as_i64()).unwrap_or_default();
    (at("current_period_start"), at("current_period_end"))
}

/// The end of the period that begins at `start`. Months keep the day of the anchor, as far as they have it.
pub(super) fn after(anchor: i64, start: i64, recurring: &Value) -> i64 {
    let months = match length(recurring) {
        Length::Secs(secs) => return start + secs,
        Length::Months(months) => months,
    };
    let anchor = DateTime::from_timestamp(anchor, 0).unwrap_or_default();
    // From the anchor, not from the period before: 31 January, 28 February, 31 March. The first period may end with it.
    (0..)
        .map_while(|step| anchor.checked_add_months(Months::new(months.checked_mul(step)?)))
        .map(|end| end.timestamp())
        .find(|end| *end > start)
        .unwrap_or(i64::MAX)
}

/// When a period that ends at a moment begins.
pub(super) fn before(end: i64, recurring: &Value) -> i64 {
    match length(recurring) {
        Length::Secs(secs) => end - secs,
        Length::Months(months) => {
            let end = DateTime::from_timestamp(end, 0).unwrap_or_default();
            end.checked_sub_months(Months::new(months)).map_or(0, |start| start.timestamp())
        }
    }
}

enum Length {
    Secs(i64),
    Months(u32),
}

fn length(recurring: &Value) -> Length {
    let count = recurring["interval_count"].as_i64().unwrap_or(1);
    let months = match recurring["interval"].as_str() {
        Some("day") => return Length::Secs(count * DAY_SECS),
        Some("week") => return Length::Secs(count * 7 * DAY_SECS),
        Some("year") => count * 12,
        _ => count,
    };
    Length::Months(u32::try_from(months).unwrap_or(1).max(1))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use serde_json::json;

    use super::{after, before};

    fn at(year: i32, month: u32, day: u32) -> i64 {
        let day = NaiveDate::from_ymd_opt(year, month, day).and_then(|day| day.and_hms_opt(12, 0, 0));
        day.expect("a day").and_utc().timestamp()
    }

    #[test]
    fn months_keep_the_day_of_the_anchor() {
        let monthly = json!({ "interval": "month", "interval_count": 1 });
        let anchor = at(2027, 1, 31);
        let february = after(anchor, anchor, &monthly);
        assert_eq!(february, at(2027, 2, 28));
        assert_eq!(after(anchor, february, &monthly), at(2027, 3, 31));
        assert_eq!(after(anchor, anchor, &json!({ "interval": "year", "interval_count": 1 })), at(2028, 1, 31));
        assert_eq!(after(anchor, anchor, &json!({ "interval": "week", "interval_count": 2 })), at(2027, 2, 14));
    }

    #[test]
    fn a_period_has_a_beginning() {
        assert_eq!(before(at(2027, 3, 15), &json!({ "interval": "month", "interval_count": 1 })), at(2027, 2, 15));
        assert_eq!(before(at(2027, 3, 15), &json!({ "interval": "day", "interval_count": 3 })), at(2027, 3, 12));
    }
}
