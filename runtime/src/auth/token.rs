//! The text of a token: known to whoever it was given to, and to us as its hash only.

use std::fmt;

use sha2::{Digest, Sha256};

/// Programs that look for secrets in code and logs find it by this.
const PREFIX: &str = "pbk_";
const RANDOM_BYTES: usize = 32;

/// `pbk_` and 256 random bits in lower-case hexadecimal. It is never shown but by [`Token::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// Where the system has no random numbers.
    pub fn generate() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; RANDOM_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(format!("{PREFIX}{}", hexadecimal(&bytes))))
    }

    /// What somebody sent, if it looks like a token: what does not need not be looked up.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX)?;
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

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({PREFIX}…)")
    }
}
