//! Whose key it is, as Stripe says: <https://docs.stripe.com/api/accounts/retrieve>.

use pricebook_types::Artifacts;
use serde::Deserialize;

use super::client::StripeError;
use super::{Requests, StripeClient};

/// The account of a key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Account {
    /// `acct_…`
    pub id: String,
    /// Whether it may take payments.
    #[serde(default)]
    pub charges_enabled: bool,
}

/// Why Stripe does not say whose key it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// It does not know the key, or no more.
    #[error("Stripe does not take the key: {0}")]
    KeyRefused(String),
    /// The key is good, and restricted so that it does not tell.
    #[error("Stripe takes the key, which may not read its account")]
    NotTold,
    /// It gave no usable answer.
    #[error("{0}")]
    Unavailable(String),
}

/// Why the account of a key is not one to write to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongAccount {
    /// Real money, and nobody has said whose.
    #[error("a live key is used only where the catalog names its account, and {0} has none")]
    Unnamed(String),
    /// It is another one.
    #[error("the key is of the account {id}, and the catalog names {expected} for {environment}")]
    Another {
        /// `acct_…`
        id: String,
        /// `acct_…`
        expected: &'static str,
        /// Where.
        environment: String,
    },
    /// Stripe does not say which.
    #[error(transparent)]
    Unknown(#[from] AccountError),
}

impl Requests {
    /// The account of the key, which is the one of the environment.
    ///
    /// # Errors
    /// [`WrongAccount`].
    pub async fn account_of(&self, environment: &str, artifacts: &Artifacts) -> Result<String, WrongAccount> {
        let expected = artifacts.environments.iter().find(|known| known.id == environment);
        let expected = expected.and_then(|environment| environment.stripe_account);
        let environment = environment.to_owned();
        if self.is_live() && expected.is_none() {
            return Err(WrongAccount::Unnamed(environment));
        }
        let id = self.account().await?.id;
        match expected {
            Some(expected) if expected != id => Err(WrongAccount::Another { id, expected, environment }),
            _ => Ok(id),
        }
    }
}

impl StripeClient {
    /// The account of the key.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn account(&self) -> Result<Account, AccountError> {
        self.get("/v1/account").await.map_err(Into::into)
    }
}

impl From<StripeError> for AccountError {
    fn from(error: StripeError) -> Self {
        match error {
            StripeError::Refused { status, error } if status.as_u16() == 401 => Self::KeyRefused(error.message),
            StripeError::Refused { status, .. } if status.as_u16() == 403 => Self::NotTold,
            other => Self::Unavailable(other.to_string()),
        }
    }
}
