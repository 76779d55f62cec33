//! What goes wrong with deliveries on demand: doubled, lost, late and out of order, always alike for one seed.

use serde::{Deserialize, Serialize};

use crate::ids::Ids;

/// How many deliveries of a hundred go wrong in which way, from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryFaults {
    /// What chance is drawn from.
    pub seed: u64,
    /// Sent twice.
    pub duplicate_percent: u64,
    /// Told by a second event with an id of its own, as Stripe sometimes does.
    pub twin_percent: u64,
    /// Never sent, though the event can be listed.
    pub drop_percent: u64,
    /// Sent later.
    pub delay_percent: u64,
    /// By at most so many seconds of the sandbox's clock.
    pub delay_secs: u64,
    /// Whether what is due together is sent in another order.
    pub shuffle: bool,
    /// Whether each delivery waits for the answer to the one before it.
    pub one_by_one: bool,
}

/// The faults that hold, and the chance that is left of their seed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Unreliable {
    pub(crate) faults: DeliveryFaults,
    chance: Ids,
}

/// How one delivery fares.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Dropped,
    /// The delay of each time that it is sent, in seconds.
    Sent(Vec<i64>),
}

impl Default for Unreliable {
    fn default() -> Self {
        Self::new(DeliveryFaults::default())
    }
}

impl Unreliable {
    pub(crate) fn new(faults: DeliveryFaults) -> Self {
        let chance = Ids::new(faults.seed);
        Self { faults, chance }
    }

    fn strikes(&mut self, percent: u64) -> bool {
        // Nothing is drawn where nothing can happen, so that one kind of fault does not change another.
        percent > 0 && self.chance.below(100) < percent
    }

    /// How the next delivery fares.
    pub(crate) fn fate(&mut self) -> Fate {
        if self.strikes(self.faults.drop_percent) {
            return Fate::Dropped;
        }
        let copies = if self.strikes(self.faults.duplicate_percent) { 2 } else { 1 };
        Fate::Sent((0..copies).map(|_| self.delay()).collect())
    }

    fn delay(&mut self) -> i64 {
        if self.faults.delay_secs == 0 || !self.strikes(self.faults.delay_percent) {
            return 0;
        }
        i64::try_from(1 + self.chance.below(self.faults.delay_secs)).unwrap_or(i64::MAX)
    }

    /// Whether the next event has a twin.
    pub(crate) fn has_twin(&mut self) -> bool {
        self.strikes(self.faults.twin_percent)
    }

    /// Brings what is due together into another order, where that is asked for.
    pub(crate) fn shuffle<T>(&mut self, due: &mut [T]) {
        if self.faults.shuffle {
            for last in (1..due.len()).rev() {
                let other = usize::try_from(self.chance.below(last as u64 + 1)).unwrap_or(last);
                due.swap(last, other);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DeliveryFaults, Fate, Unreliable};

    #[test]
    fn without_faults_everything_is_sent_once_and_at_once() {
        assert_eq!(Unreliable::default().fate(), Fate::Sent(vec![0]));
    }

    #[test]
    fn the_same_seed_has_the_same_fates() {
        let draw = |seed| {
            let mut unreliable = Unreliable::new(DeliveryFaults {
                seed,
                duplicate_percent: 30,
                drop_percent: 10,
                delay_percent: 50,
                delay_secs: 100,
                ..DeliveryFaults::default()
            });
            (0..500).map(|_| unreliable.fate()).collect::<Vec<_>>()
        };
        assert_eq!(draw(3), draw(3));
        assert_ne!(draw(3), draw(4));
        let dropped = draw(3).iter().filter(|fate| **fate == Fate::Dropped).count();
        assert!((30..75).contains(&dropped), "{dropped}");
        let doubled = draw(3).iter().filter(|fate| matches!(fate, Fate::Sent(delays) if delays.len() == 2)).count();
        assert!((90..180).contains(&doubled), "{doubled}");
    }

    #[test]
    fn another_order_has_everything_still() {
        let mut unreliable = Unreliable::new(DeliveryFaults { shuffle: true, ..DeliveryFaults::default() });
        let mut due: Vec<u32> = (0..50).collect();
        unreliable.shuffle(&mut due);
        assert_ne!(due, (0..50).collect::<Vec<_>>());
        due.sort_unstable();
        assert_eq!(due, (0..50).collect::<Vec<_>>());
    }
}
