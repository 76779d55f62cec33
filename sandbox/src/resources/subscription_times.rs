//! Periods, trials and ends of subscriptions, by the calendar.

use chrono::{DateTime, Months};
use serde_json::{Value, json};

use super::subscription_items;
use super::subscriptions::ends_with_its_period;
use crate::call::text;
use crate::store::Object;

pub(super) const DAY_SECS: i64 = 24 * 60 * 60;
/// How long a first payment may be missing.
const INCOMPLETE_SECS: i64 = 23 * 60 * 60;

/// Begins a period at a moment: a trial's own where one runs.
pub(super) fn begin_period(subscription: &mut Object, now: i64) {
    let trial_end = number(subscription, "trial_end").filter(|end| *end > now);
    if trial_end.is_none() {
        subscription.insert("billing_cycle_anchor".to_owned(), json!(now));
    }
    for item in subscription_items::of(subscription) {
        let end = trial_end.unwrap_or_else(|| after(now, now, &item["price"]["recurring"]));
        item["current_period_start"] = json!(now);
        item["current_period_end"] = json!(end);
    }
}

/// Lets a subscription become what it is at a moment: a trial ends, a period follows the other, an end comes.
pub(super) fn follow(subscription: &mut Object, now: i64) {
    let begun = number(subscription, "created").unwrap_or_default();
    if text(subscription, "status") == "incomplete" && now - begun >= INCOMPLETE_SECS {
        subscription.insert("status".to_owned(), json!("incomplete_expired"));
    }
    if ["canceled", "incomplete_expired"].contains(&text(subscription, "status")) {
        return;
    }
    let end = match ends_with_its_period(subscription) {
        true => Some(period_end(subscription)),
        false => number(subscription, "cancel_at"),
    };
    if let Some(end) = end.filter(|end| *end <= now) {
        return self::end(subscription, end);
    }
    if text(subscription, "status") == "trialing" && number(subscription, "trial_end").is_some_and(|end| end <= now) {
        subscription.insert("status".to_owned(), json!("active"));
    }
    let anchor = number(subscription, "billing_cycle_anchor").unwrap_or_default();
    for item in subscription_items::of(subscription) {
        while item["current_period_end"].as_i64().is_some_and(|end| end <= now) {
            let start = item["current_period_end"].as_i64().unwrap_or(now);
            item["current_period_start"] = json!(start);
            item["current_period_end"] = json!(after(anchor, start, &item["price"]["recurring"]));
        }
    }
}

/// Ends a subscription at a moment.
pub(super) fn end(subscription: &mut Object, at: i64) {
    subscription.insert("status".to_owned(), json!("canceled"));
    subscription.insert("ended_at".to_owned(), json!(at));
    if subscription.get("canceled_at").is_none_or(Value::is_null) {
        subscription.insert("canceled_at".to_owned(), json!(at));
    }
}

/// The first end of a period among the items.
pub(super) fn period_end(subscription: &Object) -> i64 {
    let mut subscription = subscription.clone();
    subscription_items::of(&mut subscription)
        .filter_map(|item| item["current_period_end"].as_i64())
        .min()
        .unwrap_or_default()
}

/// The end of the period that begins at `start`. Months keep the day of the anchor, as far as they have it.
fn after(anchor: i64, start: i64, recurring: &Value) -> i64 {
    let count = recurring["interval_count"].as_i64().unwrap_or(1);
    let months = match recurring["interval"].as_str() {
        Some("day") => return start + count * DAY_SECS,
        Some("week") => return start + count * 7 * DAY_SECS,
        Some("year") => count * 12,
        _ => count,
    };
    let months = u32::try_from(months).unwrap_or(1).max(1);
    let anchor = DateTime::from_timestamp(anchor, 0).unwrap_or_default();
    // From the anchor, not from the period before: 31 January, 28 February, 31 March.
    (1..)
        .map_while(|step| anchor.checked_add_months(Months::new(months.checked_mul(step)?)))
        .map(|end| end.timestamp())
        .find(|end| *end > start)
        .unwrap_or(i64::MAX)
}

fn number(subscription: &Object, name: &str) -> Option<i64> {
    subscription.get(name).and_then(Value::as_i64)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use serde_json::json;

    use super::after;

    #[test]
    fn months_keep_the_day_of_the_anchor() {
        let at = |year, month, day| {
            let day = NaiveDate::from_ymd_opt(year, month, day).and_then(|day| day.and_hms_opt(12, 0, 0));
            day.expect("a day").and_utc().timestamp()
        };
        let monthly = json!({ "interval": "month", "interval_count": 1 });
        let anchor = at(2027, 1, 31);
        let february = after(anchor, anchor, &monthly);
        assert_eq!(february, at(2027, 2, 28));
        assert_eq!(after(anchor, february, &monthly), at(2027, 3, 31));
        assert_eq!(after(anchor, anchor, &json!({ "interval": "year", "interval_count": 1 })), at(2028, 1, 31));
        assert_eq!(after(anchor, anchor, &json!({ "interval": "week", "interval_count": 2 })), at(2027, 2, 14));
    }
}
