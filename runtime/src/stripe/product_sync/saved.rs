//! A plan in a file: applied as it was read by somebody, or not at all.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Plan;

/// Another layout of the file is another number.
const FORMAT: u32 = 1;

/// A plan with what it was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    format: u32,
    /// The environment.
    pub environment: String,
    /// Whether everything is written again.
    pub force: bool,
    /// The desired state of the earlier catalog that it goes back to, as it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_to: Option<Value>,
    /// When it was made, for people.
    pub made_at: String,
    /// The plan.
    pub plan: Plan,
}

/// Why a saved plan is not applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no plan.
    #[error("this is no saved plan: {0}")]
    NoPlan(String),
    /// Another program wrote it.
    #[error("this plan was saved by another version of this program")]
    OtherFormat,
    /// The program has another catalog.
    #[error("this plan is of another catalog than the program's")]
    OtherCatalog,
    /// The key is of another account.
    #[error("this plan is for the account {0}, and the key is of another one")]
    OtherAccount(String),
    /// What would be done now is something else.
    #[error("the account has moved since the plan was made: something else would have to be done now")]
    Moved,
}

impl Saved {
    /// For a file.
    pub fn new(environment: &str, force: bool, made_at: String, plan: Plan) -> Self {
        Self { format: FORMAT, environment: environment.to_owned(), force, back_to: None, made_at, plan }
    }

    /// The same, for a plan that goes back to an earlier state.
    pub fn going_back_to(self, earlier: Value) -> Self {
        Self { back_to: Some(earlier), ..self }
    }

    /// The text of the file.
    pub fn to_text(&self) -> String {
        // Texts, numbers and lists of them: nothing that JSON cannot hold.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// What a file holds.
    ///
    /// # Errors
    /// [`Refused::NoPlan`], [`Refused::OtherFormat`].
    pub fn parse(text: &str) -> Result<Self, Refused> {
        let saved: Self = serde_json::from_str(text).map_err(|cause| Refused::NoPlan(cause.to_string()))?;
        if saved.format == FORMAT { Ok(saved) } else { Err(Refused::OtherFormat) }
    }

    /// Whether what would be done now is what was saved.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn must_still_hold(&self, now: &Plan) -> Result<(), Refused> {
        if self.plan.account != now.account || self.plan.livemode != now.livemode {
            return Err(Refused::OtherAccount(self.plan.account.clone()));
        }
        if self.plan.catalog_hash != now.catalog_hash {
            return Err(Refused::OtherCatalog);
        }
        if self.plan.does_what(now) { Ok(()) } else { Err(Refused::Moved) }
    }
}
