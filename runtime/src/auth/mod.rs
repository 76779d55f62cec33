//! Who may do what: users with their roles, how they sign in, the tokens of their programs, and what a token permits.

pub mod browsers;
mod change;
mod error;
mod identity;
pub mod links;
pub mod password;
mod role;
mod scope;
pub mod sign_in;
mod token;
pub mod tokens;
pub mod users;

pub use error::AuthError;
pub use identity::{Denial, Identity, Means, identify, identify_browser, touch};
pub use role::Role;
pub use scope::Scope;
pub use token::{Sort, Token};
