//! Faults on demand: which request is to fail, and how.

use serde::{Deserialize, Serialize};

use crate::ids::Ids;

/// How a request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Fault {
    /// 429, and nothing is done.
    RateLimited,
    /// 503, and nothing is done; the next try is a new one.
    Unavailable,
    /// 500, and nothing is done; the answer is kept for its idempotency key, as Stripe keeps it.
    ServerError,
    /// 500 though everything is done; the answer is kept for its idempotency key, as Stripe keeps it.
    ServerErrorAfter,
    /// Nothing is done, and the connection breaks after so long.
    Timeout {
        /// Until the connection breaks.
        #[serde(default = "usual_timeout")]
        millis: u64,
    },
    /// Everything is done, and the connection breaks before the answer.
    LostAnswer,
    /// Everything is done, and the connection breaks in the middle of the answer.
    CutAnswer,
    /// A list has fewer objects than it was asked for, and says that there are more.
    ShortPage {
        /// How many are left of it.
        items: usize,
    },
    /// Everything is done and answered, so much later.
    Delay {
        /// Until it is begun.
        millis: u64,
    },
}

/// Longer than clients wait.
fn usual_timeout() -> u64 {
    120_000
}

/// A fault, and the requests that it is for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FaultRule {
    /// What happens.
    #[serde(flatten)]
    pub fault: Fault,
    /// `POST`; every method where it is left out.
    #[serde(default)]
    pub method: Option<String>,
    /// How the path begins: `/v1/prices`; every path where it is left out.
    #[serde(default)]
    pub path: Option<String>,
    /// The first request that fails, counted from 1 among those that are meant.
    #[serde(default = "first")]
    pub nth: u64,
    /// How many requests fail; all from then on where it is left out.
    #[serde(default)]
    pub times: Option<u64>,
    /// Of a hundred requests that are meant, how many fail.
    #[serde(default = "all")]
    pub percent: u64,
    /// What chance is drawn from.
    #[serde(default)]
    pub seed: u64,
}

fn first() -> u64 {
    1
}

fn all() -> u64 {
    100
}

impl FaultRule {
    /// The fault for the next request, whichever it is.
    #[must_use]
    pub fn once(fault: Fault) -> Self {
        Self { fault, method: None, path: None, nth: 1, times: Some(1), percent: 100, seed: 0 }
    }
}

/// The rules that hold, and what they have seen.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    rules: Vec<(FaultRule, Ids, u64)>,
}

impl Faults {
    pub(crate) fn add(&mut self, rule: FaultRule) {
        let chance = Ids::new(rule.seed);
        self.rules.push((rule, chance, 0));
    }

    pub(crate) fn clear(&mut self) {
        self.rules.clear();
    }

    pub(crate) fn rules(&self) -> Vec<&FaultRule> {
        self.rules.iter().map(|(rule, ..)| rule).collect()
    }

    /// The fault of this request: that of the first rule that strikes. Every rule counts it.
    pub(crate) fn strike(&mut self, method: &str, path: &str) -> Option<Fault> {
        let mut struck = None;
        for (rule, chance, seen) in &mut self.rules {
            let is_meant = rule.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
                && rule.path.as_ref().is_none_or(|wanted| path.starts_with(wanted));
            if !is_meant {
                continue;
            }
            *seen += 1;
            let strikes = *seen >= rule.nth && rule.times != Some(0) && chance.below(100) < rule.percent;
            if strikes && struck.is_none() {
                rule.times = rule.times.map(|times| times - 1);
                struck = Some(rule.fault);
            }
        }
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, FaultRule, Faults};

    #[test]
    fn the_nth_request_that_is_meant_fails_and_so_many_after_it() {
        let mut faults = Faults::default();
        let path = Some("/v1/prices".to_owned());
        faults.add(FaultRule { path, nth: 2, times: Some(2), ..FaultRule::once(Fault::ServerError) });
        let mut struck = |path| faults.strike("POST", path).is_some();
        let paths = ["/v1/prices", "/v1/products", "/v1/prices/x", "/v1/prices", "/v1/prices"];
        assert_eq!(paths.map(&mut struck), [false, false, true, true, false]);
    }

    #[test]
    fn chance_is_the_same_for_the_same_seed() {
        let draw = |seed| {
            let mut faults = Faults::default();
            faults.add(FaultRule { times: None, percent: 30, seed, ..FaultRule::once(Fault::RateLimited) });
            (0..1000).map(|_| faults.strike("GET", "/").is_some()).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        let share = draw(7).into_iter().filter(|struck| *struck).count();
        assert!((250..350).contains(&share), "{share}");
    }
}
