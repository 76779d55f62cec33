//! How often may be called: so many requests a second in all, and as many of each endpoint.
//! <https://docs.stripe.com/rate-limits>

use std::collections::HashMap;
use std::time::Instant;

/// What is left of this second's requests.
#[derive(Debug)]
struct Bucket {
    /// In thousandths of a request, so that no fraction is lost.
    left: u64,
    filled_at: Instant,
}

/// The limits, by the real clock.
#[derive(Debug)]
pub(crate) struct Rate {
    per_second: u64,
    all: Bucket,
    by_endpoint: HashMap<String, Bucket>,
}

impl Rate {
    pub(crate) fn new(per_second: u32, now: Instant) -> Self {
        let per_second = u64::from(per_second);
        Self { per_second, all: Bucket::full(per_second, now), by_endpoint: HashMap::new() }
    }

    /// # Errors
    /// Why the request comes too soon, as `Stripe-Rate-Limited-Reason` says it.
    pub(crate) fn take(&mut self, endpoint: &str, now: Instant) -> Result<(), &'static str> {
        if !self.all.take(self.per_second, now) {
            return Err("global-rate");
        }
        let bucket = self.by_endpoint.entry(endpoint.to_owned());
        let bucket = bucket.or_insert_with(|| Bucket::full(self.per_second, now));
        if bucket.take(self.per_second, now) { Ok(()) } else { Err("endpoint-rate") }
    }
}

impl Bucket {
    fn full(per_second: u64, now: Instant) -> Self {
        Self { left: per_second * 1000, filled_at: now }
    }

    fn take(&mut self, per_second: u64, now: Instant) -> bool {
        let micros = u64::try_from(now.duration_since(self.filled_at).as_micros()).unwrap_or(u64::MAX);
        let fresh = micros.saturating_mul(per_second) / 1000;
        if fresh > 0 {
            self.left = self.left.saturating_add(fresh).min(per_second * 1000);
            self.filled_at = now;
        }
        let may = self.left >= 1000;
        if may {
            self.left -= 1000;
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Rate;

    #[test]
    fn so_many_are_taken_at_once_and_as_many_each_second_after() {
        let start = Instant::now();
        let mut rate = Rate::new(25, start);
        let taken = |rate: &mut Rate, at| (0..100).filter(|_| rate.take("GET /v1/prices", at).is_ok()).count();
        assert_eq!(taken(&mut rate, start), 25);
        assert_eq!(taken(&mut rate, start + Duration::from_millis(200)), 5);
        assert_eq!(taken(&mut rate, start + Duration::from_secs(60)), 25);
        assert_eq!(rate.take("GET /v1/products", start + Duration::from_secs(60)), Err("global-rate"));
    }
}
