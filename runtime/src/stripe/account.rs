//! Whose key it is, as Stripe says: <https://docs.stripe.com/api/accounts/retrieve>.

use serde::Deserialize;

use super::StripeClient;
use super::client::StripeError;

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
