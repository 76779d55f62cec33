//! What a user may do everywhere.

use serde::Serialize;

/// A user's role. Each has a text that the database holds and that people type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything below /api/admin
    Admin,
    /// Keeps the server running: sees syncs, backups, live checks, incidents and payments
    Operator,
    /// Sees what is their own
    Customer,
}

impl Role {
    /// As the database has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Operator => "operator",
            Self::Customer => "customer",
        }
    }

    /// The role that the database has; `None` for one that this program does not know.
    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Admin, Self::Operator, Self::Customer].into_iter().find(|role| role.name() == name)
    }
}
