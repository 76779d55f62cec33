//! Who may do what: users with their roles, the tokens of their programs, and what a token permits.

mod change;
mod error;
mod identity;
mod role;
mod scope;
mod token;
pub mod tokens;
pub mod users;

pub use error::AuthError;
pub use identity::{Denial, Identity, identify, touch};
pub use role::Role;
pub use scope::Scope;
pub use token::Token;
