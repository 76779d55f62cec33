//! The requests of a sync: within Stripe's rate limits, and again where it was busy.

use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use serde::de::DeserializeOwned;

use super::client::StripeError;
use super::{Account, AccountError, StripeClient};
use crate::jobs::backoff;

/// The version that has promotion codes of promotions: <https://docs.stripe.com/changelog/clover>.
const VERSION: &str = "2025-09-30.clover";
/// Whatever Stripe asks for, a command does not stand still for longer.
const LONGEST_DELAY: Duration = Duration::from_secs(60);

/// How fast is asked, and how often again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Requests in a second, in all; 0 for what Stripe allows: <https://docs.stripe.com/rate-limits>.
    pub per_second: u32,
    /// Tries after the first.
    pub retries: u32,
    /// Until the second try; each further one takes twice as long.
    pub first_delay: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { per_second: 0, retries: 3, first_delay: Duration::from_secs(1) }
    }
}

impl Pace {
    /// Requests in a second at most, to a live account or another one.
    pub const fn most_per_second(self, is_live: bool) -> u32 {
        match (self.per_second, is_live) {
            (0, true) => 100,
            (0, false) => 25,
            (chosen, _) => chosen,
        }
    }
}

/// A client that keeps to a pace.
#[derive(Debug)]
pub struct Requests {
    client: StripeClient,
    pace: Pace,
    all: DefaultDirectRateLimiter,
    by_endpoint: DefaultKeyedRateLimiter<String>,
    sent: AtomicU32,
    writes: AtomicU32,
    /// Seconds for which Stripe asked us to wait, at most so far.
    asked_to_wait: AtomicU64,
}

/// What is sent to change something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Write<'a> {
    /// Where, with the id.
    pub(super) path: &'a str,
    /// The endpoint, without ids: what Stripe's limits count.
    pub(super) endpoint: &'a str,
    /// `None` to delete.
    pub(super) form: Option<&'a [(String, String)]>,
    /// What makes a second try the same as the first.
    pub(super) idempotency_key: &'a str,
    /// Whether it may be done twice, as setting a name.
    pub(super) is_repeatable: bool,
}

impl Requests {
    /// Of one account.
    pub fn new(client: StripeClient, pace: Pace) -> Self {
        let per_second = pace.most_per_second(client.is_live());
        let quota = |number: u32| {
            let number = NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
            // Evenly: who lets them out in bursts has twice as many in some second.
            Quota::per_second(number).allow_burst(NonZeroU32::MIN)
        };
        Self {
            client: client.speaking(VERSION),
            pace,
            all: RateLimiter::direct(quota(per_second)),
            by_endpoint: RateLimiter::keyed(quota(if pace.per_second == 0 { 25 } else { per_second })),
            sent: AtomicU32::new(0),
            writes: AtomicU32::new(0),
            asked_to_wait: AtomicU64::new(0),
        }
    }

    /// How many requests were sent, retries counted.
    pub fn sent(&self) -> u32 {
        self.sent.load(Ordering::Relaxed)
    }

    /// How many of them could have changed something.
    pub fn writes(&self) -> u32 {
        self.writes.load(Ordering::Relaxed)
    }

    /// For how long Stripe asked us to wait, the longest time; it may be longer than we did.
    pub fn asked_to_wait(&self) -> Duration {
        Duration::from_secs(self.asked_to_wait.load(Ordering::Relaxed))
    }

    fn remember(&self, asked: Option<Duration>) -> Option<Duration> {
        self.asked_to_wait.fetch_max(asked.unwrap_or_default().as_secs(), Ordering::Relaxed);
        asked
    }

    /// Whether it is real money.
    pub fn is_live(&self) -> bool {
        self.client.is_live()
    }

    /// The account of the key.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn account(&self) -> Result<Account, AccountError> {
        self.get("/v1/account", "").await.map_err(Into::into)
    }

    /// Reads an object or a list.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str, query: &str) -> Result<T, StripeError> {
        let whole = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        let mut tries = Tries::new(self.pace);
        loop {
            self.wait_for_turn(&format!("GET {path}")).await;
            match self.client.get_once(&whole).await {
                Ok(answer) => return Ok(answer),
                Err((error, wait)) => tries.wait(error, self.remember(wait)).await?,
            }
        }
    }

    /// Changes something, and returns what Stripe answers.
    pub(super) async fn write<T: DeserializeOwned>(&self, write: Write<'_>) -> Result<T, StripeError> {
        let mut tries = Tries::new(self.pace);
        let mut key = write.idempotency_key.to_owned();
        loop {
            self.wait_for_turn(write.endpoint).await;
            self.writes.fetch_add(1, Ordering::Relaxed);
            let answer = match write.form {
                Some(form) => self.client.post_once(write.path, form, &key).await,
                None => self.client.delete_once(write.path, &key).await,
            };
            let (error, wait) = match answer {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            // Only another key can do better; whether that is safe, who does not say so must see.
            let is_kept = error.is_kept();
            if is_kept && !write.is_repeatable {
                return Err(error);
            }
            tries.wait(error, self.remember(wait)).await?;
            if is_kept {
                key = format!("{}-{}", write.idempotency_key, tries.done);
            }
        }
    }

    /// How many tries there are after the first.
    pub(super) fn retries(&self) -> u32 {
        self.pace.retries
    }

    /// Waits before a further try, the longer the more there were.
    pub(super) async fn pause(&self, tries: u32) {
        tokio::time::sleep(backoff(self.pace.first_delay, tries + 1).min(LONGEST_DELAY)).await;
    }

    async fn wait_for_turn(&self, endpoint: &str) {
        self.by_endpoint.until_key_ready(&endpoint.to_owned()).await;
        self.all.until_ready().await;
        self.sent.fetch_add(1, Ordering::Relaxed);
    }
}

/// The tries of one request.
struct Tries {
    pace: Pace,
    done: u32,
}

impl Tries {
    fn new(pace: Pace) -> Self {
        Self { pace, done: 0 }
    }

    /// Waits until it may be tried again, or gives the error back where it may not.
    async fn wait(&mut self, error: StripeError, asked: Option<Duration>) -> Result<(), StripeError> {
        if self.done == self.pace.retries || !error.may_pass() {
            return Err(error);
        }
        self.done += 1;
        tracing::warn!(error = %error, try_number = self.done + 1, "Stripe is asked again");
        let delay = asked.unwrap_or_else(|| backoff(self.pace.first_delay, self.done));
        tokio::time::sleep(delay.min(LONGEST_DELAY)).await;
        Ok(())
    }
}
