//! That somebody changed a user or a token, for the audit log.

use serde_json::Value;

use crate::audit::{self, Actor, Entry};
use crate::db::Session;

/// Adds the audit row, within the transaction of the change.
pub(super) async fn tell(
    session: &mut Session,
    actor: &Actor,
    action: &'static str,
    object_type: &'static str,
    object_id: &str,
    details: Value,
) -> Result<(), sqlx::Error> {
    let entry = Entry { actor, action, object_type, object_id, result: "succeeded", details };
    audit::record(session, entry).await
}
