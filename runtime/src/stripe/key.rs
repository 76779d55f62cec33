//! The company's own key. It comes from the environment only, and nothing prints it.

use std::fmt;

use pricebook_types::Artifacts;

/// The environment variable of the key.
pub(crate) const VARIABLE: &str = "STRIPE_SECRET_KEY";

/// A secret or restricted key.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey {
    text: String,
    is_live: bool,
}

/// A key that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// It does not look like one.
    #[error("{VARIABLE} is no secret key of Stripe: sk_test_…, sk_live_…, rk_test_… or rk_live_…")]
    NoKey,
    /// A key for real money where none is to be moved.
    #[error(
        "{VARIABLE} is a live key, and the environment is {environment}, which has no `stripe_mode: live`: use a test key there"
    )]
    Live {
        /// Where.
        environment: String,
    },
    /// A key with which nothing is paid where customers pay.
    #[error(
        "{VARIABLE} is a test key, and the environment {environment} has `stripe_mode: live`: use a live key there"
    )]
    Test {
        /// Where.
        environment: String,
    },
}

impl SecretKey {
    /// # Errors
    /// [`KeyError::NoKey`]; it does not repeat the text.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let rest = text.strip_prefix("sk_").or_else(|| text.strip_prefix("rk_")).ok_or(KeyError::NoKey)?;
        let (mode, secret) = rest.split_once('_').ok_or(KeyError::NoKey)?;
        let is_live = match mode {
            "live" => true,
            "test" => false,
            _ => return Err(KeyError::NoKey),
        };
        let is_plain = !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if is_plain { Ok(Self { text: text.to_owned(), is_live }) } else { Err(KeyError::NoKey) }
    }

    /// The key that the stand-in on a developer's machine takes.
    pub fn of_local_stripe() -> Self {
        Self { text: "sk_test_local".to_owned(), is_live: false }
    }

    /// Whether this process was given something as its key, be it one or not.
    pub fn is_given() -> bool {
        std::env::var_os(VARIABLE).is_some_and(|text| !text.is_empty())
    }

    /// The key of this process; `None` where there is none.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn of_process(environment: &str, artifacts: &Artifacts) -> Result<Option<Self>, KeyError> {
        let text = std::env::var(VARIABLE).unwrap_or_default();
        if text.is_empty() {
            return Ok(None);
        }
        Self::parse(text.trim())?.for_environment(environment, artifacts).map(Some)
    }

    /// The same key, where its mode is that of the environment. What is no environment of the catalog, as development, is
    /// for tests.
    ///
    /// # Errors
    /// [`KeyError::Live`], [`KeyError::Test`].
    pub fn for_environment(self, environment: &str, artifacts: &Artifacts) -> Result<Self, KeyError> {
        let expects_live = artifacts.environments.iter().any(|known| known.id == environment && known.stripe_live);
        let environment = environment.to_owned();
        match (self.is_live, expects_live) {
            (true, false) => Err(KeyError::Live { environment }),
            (false, true) => Err(KeyError::Test { environment }),
            _ => Ok(self),
        }
    }

    /// Whether it moves real money.
    pub fn is_live(&self) -> bool {
        self.is_live
    }

    pub(super) fn secret(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_live { "SecretKey(live)" } else { "SecretKey(test)" })
    }
}
