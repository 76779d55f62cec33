//! Passwords of people: what one must be like, and its argon2id hash, which is made and compared beside the other work.

use std::fmt;
use std::sync::LazyLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{self, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// Length is what makes a password strong (NIST SP 800-63B, 3.1.1.2); no mixture of characters is asked for.
const SHORTEST: usize = 12;
const LONGEST: usize = 256;

/// Each takes 19 MiB and a processor for some time: more at once would only be slower, and be a way to stop the server.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// What is compared where there is no password, so that nobody learns by time which users there are.
static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody knows this password").ok());

/// A password that somebody typed; it is never shown.
#[derive(Clone)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Why a password cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// It has too few characters.
    #[error("The password has fewer than {SHORTEST} characters")]
    Short,
    /// It has too many.
    #[error("The password has more than {LONGEST} characters")]
    Long,
    /// Who knows the user knows it.
    #[error("The password is the address of mail")]
    Email,
    /// It is one character, again and again.
    #[error("The password repeats one character")]
    Repeated,
}

/// Why a password could not be hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Random numbers or memory are not to be had.
    #[error("the password cannot be hashed: {0}")]
    Hash(#[from] password_hash::Error),
    /// The work was given up: the server ends.
    #[error("the password was not hashed, for the server ends")]
    GivenUp,
}

impl Password {
    /// One that somebody signs in with.
    pub fn typed(text: String) -> Self {
        Self(text)
    }

    /// One that somebody chooses.
    ///
    /// # Errors
    /// [`Weak`].
    pub fn chosen(text: String, email: &str) -> Result<Self, Weak> {
        let count = text.chars().count();
        let first = text.chars().next();
        match count {
            ..SHORTEST => Err(Weak::Short),
            _ if count > LONGEST => Err(Weak::Long),
            _ if text.trim().eq_ignore_ascii_case(email) => Err(Weak::Email),
            _ if text.chars().all(|letter| Some(letter) == first) => Err(Weak::Repeated),
            _ => Ok(Self(text)),
        }
    }

    /// argon2id in PHC format.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn hash(self) -> Result<String, HashError> {
        beside(move || hash_now(&self.0)).await?.map_err(HashError::Hash)
    }

    /// Whether this is the password of the hash; never where there is none, which takes as long.
    ///
    /// # Errors
    /// [`HashError`].
    pub async fn matches(self, hash: Option<String>) -> Result<bool, HashError> {
        if self.0.chars().count() > LONGEST {
            return Ok(false);
        }
        beside(move || {
            let known = hash.as_deref().or(NOBODYS.as_deref()).unwrap_or_default();
            let parsed = PasswordHash::new(known);
            let fits = parsed.is_ok_and(|known| Argon2::default().verify_password(self.0.as_bytes(), &known).is_ok());
            fits && hash.is_some()
        })
        .await
    }
}

async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, HashError> {
    let _turn = AT_ONCE.acquire().await.map_err(|_| HashError::GivenUp)?;
    tokio::task::spawn_blocking(work).await.map_err(|_| HashError::GivenUp)
}

fn hash_now(text: &str) -> Result<String, password_hash::Error> {
    Ok(Argon2::default().hash_password(text.as_bytes())?.to_string())
}
