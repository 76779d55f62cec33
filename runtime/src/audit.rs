//! Who did what: rows of `audit_log`, each written in the transaction of what it tells.

use sea_query::Query;
use serde_json::Value;

use crate::db::{Session, json};

/// Who acted, and what they are called in other tables: `command:ana@host`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    kind: &'static str,
    id: String,
}

impl Actor {
    /// Whoever started this command, by the name that the system has for them.
    pub fn of_command() -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let user = variable("USER").or_else(|| variable("LOGNAME")).or_else(|| variable("USERNAME"));
        Self { kind: "command", id: user.unwrap_or_else(|| "unknown".to_owned()) }
    }

    /// `command:ana`, at most as long as the columns that hold it.
    pub fn shown(&self) -> String {
        format!("{}:{}", self.kind, self.id).chars().take(255).collect()
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
    let actor_id: String = entry.actor.id.chars().take(255).collect();
    insert
        .into_table("audit_log")
        .columns(["id", "actor_kind", "actor_id", "action", "object_type", "object_id", "result", "details"])
        .values_panic([
            uuid::Uuid::now_v7().to_string().into(),
            entry.actor.kind.into(),
            actor_id.into(),
            entry.action.into(),
            entry.object_type.into(),
            entry.object_id.into(),
            entry.result.into(),
            json(session.dialect(), &entry.details),
        ]);
    session.execute(&insert).await.map(drop)
}
