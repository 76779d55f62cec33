//! Why users or tokens could not be changed.

use std::io;

use crate::db::{Fault, said};

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// No user has this address.
    #[error("there is no user {0}")]
    NoUser(String),
    /// Another user has this address.
    #[error("there is a user {0} already")]
    UserExists(String),
    /// It is no address of mail.
    #[error("{0:?} is no address of mail")]
    NoEmail(String),
    /// It is no name.
    #[error("{0:?} is no name: 1 to 255 characters, all of which people see")]
    NoName(String),
    /// No token has this id.
    #[error("there is no token {0}")]
    NoToken(String),
    /// No token can be made.
    #[error("the system gives no random numbers: {0}")]
    Random(#[from] getrandom::Error),
    /// A token that nobody has seen is good for nobody.
    #[error("the token cannot be shown, so nothing was made: {0}")]
    Unshown(io::Error),
    /// Their tokens are not taken.
    #[error("{0} is disabled, so that a token of theirs would not be taken")]
    Disabled(String),
    /// What the database said.
    #[error("the database refused: {}", said(.0))]
    Database(#[from] sqlx::Error),
}

impl AuthError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NoUser(_) => "see the users with `pricebook user list`, or make this one with `pricebook user add`",
            Self::UserExists(_) => {
                "change it with `pricebook user role`, or give it a token with `pricebook user token add`"
            }
            Self::NoEmail(_) => "write it as ana@shop.example",
            Self::NoName(_) => "write a shorter one, on one line",
            Self::NoToken(_) => "see the tokens and their ids with `pricebook user token list`",
            Self::Random(_) => "see that the system's source of random numbers is there (/dev/urandom)",
            Self::Unshown(_) => "see that the output can be written, and do it again",
            Self::Disabled(_) => "let them in again first: pricebook user enable",
            Self::Database(cause) => Fault::of(cause).help(),
        }
    }
}
