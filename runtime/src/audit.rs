//! Who did what: rows of `audit_log`, each written in the transaction of what it tells, and chained by hash soon after.

mod chain;
mod ends;
mod person;
mod seal;
mod verify;

use sea_query::Query;
use serde_json::Value;

use crate::db::{Session, json};

pub use chain::COLUMNS;
pub use ends::begins_at;
pub use seal::{SealError, Sealed, seal};
pub use verify::{Break, Chain, Held, verify};

/// What stands for whom nobody knows.
const UNKNOWN: &str = "unknown";

/// Who acted, and what they are called in other tables: `command:ana@host`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    kind: &'static str,
    /// `None` where nobody can tell.
    id: Option<String>,
    call: Call,
}

/// The request by which somebody acted; nothing of it on the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// Its id, at most 64 characters, as answers and the log have it.
    pub request_id: Option<String>,
    /// The address that it came from.
    pub address: Option<String>,
}

impl Actor {
    /// Whoever started this command: who started the workflow, on GitHub, and else by the name that the system has for them.
    pub fn of_command() -> Self {
        let variable = |name: &str| std::env::var(name).ok();
        Self { kind: "command", id: Some(person::name(variable, person::of_process())), call: Call::default() }
    }

    /// The program that a token was given to, by the token's id; `None` where the token is none of ours.
    pub fn of_token(id: Option<&str>, call: Call) -> Self {
        Self { kind: "token", id: id.map(str::to_owned), call }
    }

    /// A person, by the user's id.
    pub fn of_user(id: &str, call: Call) -> Self {
        Self { kind: "user", id: Some(id.to_owned()), call }
    }

    /// The server, for somebody who did not sign in.
    pub fn of_server(call: Call) -> Self {
        Self { kind: "system", id: None, call }
    }

    /// The same, for somebody whom only they know.
    pub fn on_behalf_of(self, user: &str) -> Self {
        let id = format!("{} for {user}", self.id.as_deref().unwrap_or(UNKNOWN));
        Self { id: Some(id), ..self }
    }

    /// Who is called so, as [`Self::shown`] calls them: whoever asked for what somebody else does later.
    pub fn of_shown(shown: &str) -> Self {
        let (kind, id) = shown.split_once(':').unwrap_or(("system", "unknown"));
        let kind = ["user", "token", "command"].into_iter().find(|known| *known == kind).unwrap_or("system");
        let id = Some(id).filter(|id| *id != UNKNOWN).map(str::to_owned);
        Self { kind, id, call: Call::default() }
    }

    /// `command:ana`, at most as long as the columns that hold it.
    pub fn shown(&self) -> String {
        let id = self.id.as_deref().unwrap_or(UNKNOWN);
        format!("{}:{id}", self.kind).chars().take(255).collect()
    }
}

/// One thing that was done.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Who did it.
    pub actor: &'a Actor,
    /// What: `services.sync`.
    pub action: &'static str,
    /// The sort of thing that it was done to.
    pub object_type: &'static str,
    /// Which one.
    pub object_id: &'a str,
    /// `succeeded`, `refused` or `failed`.
    pub result: &'static str,
    /// What changed, from and to; never a secret.
    pub details: Value,
}

/// Adds a row.
///
/// # Errors
/// What the database said.
pub async fn record(session: &mut Session, entry: Entry<'_>) -> Result<(), sqlx::Error> {
    let mut insert = Query::insert();
    let Actor { kind, id, call } = entry.actor;
    let actor_id: Option<String> = id.as_ref().map(|id| id.chars().take(255).collect());
    insert.into_table(chain::TABLE).columns(COLUMNS).values_panic([
        uuid::Uuid::now_v7().to_string().into(),
        (*kind).into(),
        actor_id.into(),
        // Nothing is an organization's yet.
        None::<String>.into(),
        entry.action.into(),
        entry.object_type.into(),
        entry.object_id.into(),
        entry.result.into(),
        json(session.dialect(), &entry.details),
        call.request_id.clone().into(),
        call.address.clone().into(),
    ]);
    session.execute(&insert).await.map(drop)
}
