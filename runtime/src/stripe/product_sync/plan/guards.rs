//! Guards: what somebody must say yes to before it is done.

use super::step::{Action, Sort};
use super::{Chain, Plan};

/// How much may be done without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guards {
    /// By how many percent an amount may move.
    pub amount_percent: u64,
    /// How many objects may be taken out of sale, those not counted that another one replaces.
    pub archived: usize,
}

impl Default for Guards {
    fn default() -> Self {
        Self { amount_percent: 50, archived: 5 }
    }
}

/// What somebody must say yes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hazard {
    /// An amount moves far.
    AmountMoves {
        /// The price's lookup key.
        lookup_key: String,
        /// From and to, for people.
        amounts: String,
    },
    /// Many objects are taken out of sale.
    ManyLeave {
        /// How many.
        count: usize,
    },
}

impl std::fmt::Display for Hazard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::AmountMoves { lookup_key, amounts } => write!(f, "{lookup_key} moves far: {amounts}"),
            Self::ManyLeave { count } => write!(f, "{count} objects are taken out of sale"),
        }
    }
}

impl Guards {
    /// The hazards of a plan.
    pub fn hazards(self, plan: &Plan) -> Vec<Hazard> {
        let far =
            plan.steps().filter(|step| step.amount_moves_percent.is_some_and(|percent| percent > self.amount_percent));
        let far = far.map(|step| {
            let amounts = step.changes.iter().find(|change| change.field == "amount");
            let text = |text: Option<&String>| text.cloned().unwrap_or_else(|| "nothing".to_owned());
            Hazard::AmountMoves {
                lookup_key: step.subject.clone(),
                amounts: amounts.map_or_else(String::new, |change| {
                    format!("{} → {}", text(change.from.as_ref()), text(change.to.as_ref()))
                }),
            }
        });
        let count = plan.chains().map(leaving).sum();
        let many = (count > self.archived).then_some(Hazard::ManyLeave { count });
        far.chain(many).collect()
    }
}

fn leaving(chain: &Chain) -> usize {
    let of = |wanted: &[Action], sort: Option<Sort>| {
        let steps = chain.steps.iter().filter(|step| sort.is_none_or(|sort| step.sort == sort));
        steps.filter(|step| wanted.contains(&step.action)).count()
    };
    let gone = of(&[Action::Archive, Action::Delete], None) - of(&[Action::Delete], Some(Sort::Grant));
    let come: usize = [Sort::Price, Sort::Coupon, Sort::PromotionCode, Sort::Meter]
        .into_iter()
        .map(|sort| of(&[Action::Create, Action::Reactivate], Some(sort)))
        .sum();
    gone.saturating_sub(come)
}
