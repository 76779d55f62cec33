//! The least that somebody pays for a price with tiers.

use crate::TierMode;

/// What one tier costs, in any unit of money; the tiers of a price come in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TierCost {
    /// The last unit of the tier, or `None` for the open end.
    pub up_to: Option<u64>,
    /// Each unit.
    pub unit: i128,
    /// The tier as a whole.
    pub flat: i128,
}

/// What "from" says of a price with tiers, wherever it is shown: the least that anybody who takes one unit or more pays
/// for an interval. Somebody pays just that, and nobody pays less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Least {
    /// The amount.
    pub amount: i128,
    /// Whether it is what one unit costs and nothing else, so that it can be said of a unit: `from $5/seat`.
    pub of_a_unit: bool,
}

/// The least that somebody pays; nothing without a tier.
///
/// More units cost no less where each unit costs what its own tier says, so that the least is what the first one costs. Where
/// the tier of the whole quantity prices all units, the first quantity of each tier is its cheapest, and a later tier may be
/// cheaper as a whole.
pub fn least(mode: TierMode, tiers: impl IntoIterator<Item = TierCost>) -> Least {
    let mut first = 1_u64;
    let bills = tiers.into_iter().map(|tier| {
        let amount = i128::from(first).saturating_mul(tier.unit).saturating_add(tier.flat);
        let of_a_unit = first == 1 && tier.flat == 0 && tier.unit != 0;
        first = tier.up_to.map_or(first, |last| last.saturating_add(1));
        Least { amount, of_a_unit }
    });
    let reached = match mode {
        TierMode::Graduated => 1,
        TierMode::Volume => usize::MAX,
    };
    bills.take(reached).min_by_key(|bill| bill.amount).unwrap_or(Least { amount: 0, of_a_unit: false })
}
