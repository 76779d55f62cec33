//! How often one address may call.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;

use axum::http::HeaderMap;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::ApiError;
use crate::config::Settings;

tokio::task_local! {
    /// The address at the other end, for the task of a connection. As an extension of each request it would cost an
    /// allocation.
    pub(super) static PEER: IpAddr;
}

/// One limit for each thing that costs something.
#[derive(Debug)]
pub(super) struct Limits {
    all: Limit,
    bust: Limit,
    payment: Limit,
    failure: Limit,
    sign_in: Limit,
    sync: Limit,
    /// Calls of good tokens that may too little, by the token's id.
    beyond: Option<DefaultKeyedRateLimiter<String>>,
    clock: DefaultClock,
    trust_forwarded_for: bool,
}

type Limit = Option<DefaultKeyedRateLimiter<IpAddr>>;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    /// Any request.
    Request,
    /// One that bypasses the cache.
    Bust,
    /// One that asks for a payment.
    Payment,
    /// One whose token was refused.
    Failure,
    /// One that shows a password or a link.
    SignIn,
    /// One that asks for a sync with Stripe.
    Sync,
}

impl Limits {
    pub(super) fn new(settings: &Settings) -> Self {
        let limit = |per_minute| NonZeroU32::new(per_minute).map(|most| RateLimiter::keyed(Quota::per_minute(most)));
        Self {
            all: limit(settings.rate_per_minute),
            bust: limit(settings.bust_rate_per_minute),
            payment: limit(settings.payment_rate_per_minute),
            failure: limit(settings.auth_failure_rate_per_minute),
            sign_in: limit(settings.sign_in_rate_per_minute),
            sync: limit(settings.stripe_sync.rate_per_minute),
            beyond: NonZeroU32::new(settings.auth_failure_rate_per_minute)
                .map(|most| RateLimiter::keyed(Quota::per_minute(most))),
            clock: DefaultClock::default(),
            trust_forwarded_for: settings.trust_forwarded_for,
        }
    }

    /// Counts one call of whoever sent a request with these headers; too many is an error.
    pub(super) fn count(&self, counted: Counted, headers: &HeaderMap) -> Result<(), ApiError> {
        let limit = match counted {
            Counted::Request => &self.all,
            Counted::Bust => &self.bust,
            Counted::Payment => &self.payment,
            Counted::Failure => &self.failure,
            Counted::SignIn => &self.sign_in,
            Counted::Sync => &self.sync,
        };
        let Some(limit) = limit else { return Ok(()) };
        limit.check_key(&self.network(headers)).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            ApiError::too_many(wait.as_secs() + 1)
        })
    }

    /// Whether a call for which a good token may too little is to be told to the audit log, which nobody can fill that way. It
    /// counts for the token alone: no address is locked out for it.
    pub(super) fn is_told(&self, token_id: &str) -> bool {
        self.beyond.as_ref().is_none_or(|limit| limit.check_key(&token_id.to_owned()).is_ok())
    }

    /// Forgets addresses that have not called for long.
    pub(super) fn tidy(&self) {
        let all = [&self.all, &self.bust, &self.payment, &self.failure, &self.sign_in, &self.sync];
        for limit in all.into_iter().flatten() {
            limit.retain_recent();
            limit.shrink_to_fit();
        }
        if let Some(limit) = &self.beyond {
            limit.retain_recent();
            limit.shrink_to_fit();
        }
    }

    /// The address of whoever sent a request with these headers, on this task's connection.
    pub(super) fn caller(&self, headers: &HeaderMap) -> IpAddr {
        let forwarded = self.trust_forwarded_for.then(|| forwarded_for(headers)).flatten();
        forwarded.or_else(|| PEER.try_with(|peer| *peer).ok()).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }

    /// The same, as far as it stays the same: that of the whole network where the sender may choose within one.
    pub(super) fn network(&self, headers: &HeaderMap) -> IpAddr {
        network(self.caller(headers))
    }
}

/// The last address is the one that our own proxy saw; those before it are what the caller says.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

/// Somebody with IPv6 has a whole network of addresses.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 => v4,
    }
}
