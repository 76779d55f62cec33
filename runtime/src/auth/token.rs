//! The text of a secret that we hand out: known to whoever it was given to, and to us as its hash only.

use std::fmt;

use sha2::{Digest, Sha256};

const RANDOM_BYTES: usize = 32;

/// What a secret of ours is for. Programs that look for secrets in code and logs find each by its prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A program shows it with every call.
    Program,
    /// A browser keeps it as its cookie.
    Session,
    /// It stands in a link that works once.
    Link,
}

impl Sort {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Program => "pbk_",
            Self::Session => "pbs_",
            Self::Link => "pbl_",
        }
    }
}

/// A prefix and 256 random bits in lower-case hexadecimal. It is never shown but by [`Token::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// Where the system has no random numbers.
    pub fn generate(sort: Sort) -> Result<Self, getrandom::Error> {
        let mut bytes = [0; RANDOM_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(format!("{}{}", sort.prefix(), hexadecimal(&bytes))))
    }

    /// What somebody sent, if it looks like a token of this sort: what does not need not be looked up.
    pub fn parse(sort: Sort, text: &str) -> Option<Self> {
        let digits = text.strip_prefix(sort.prefix())?;
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        (digits.len() == 2 * RANDOM_BYTES && digits.bytes().all(is_digit)).then(|| Self(text.to_owned()))
    }

    /// SHA-256 in lower-case hexadecimal. No slower hash is needed where nobody can guess what was hashed.
    pub fn hash(&self) -> String {
        hexadecimal(&Sha256::digest(&self.0))
    }

    /// The text itself, for whoever it is made for.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// Bytes as people write a hash.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}…)", self.0.get(..4).unwrap_or_default())
    }
}
