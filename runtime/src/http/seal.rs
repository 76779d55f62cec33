//! The server's part in chaining the audit log: what was written meanwhile is sealed soon after.

use std::sync::Arc;
use std::time::Duration;

use super::App;
use super::ticks::every;
use crate::audit::{SealError, seal};

const EVERY: Duration = Duration::from_secs(5);

/// Goes on until it is dropped.
pub async fn watch_audit(app: Arc<App>) {
    let mut ticks = every(EVERY);
    loop {
        ticks.tick().await;
        while let Some(sealed) = round(&app).await {
            // A log that is kept elsewhere shows what the chain was.
            tracing::info!(
                rows = sealed.rows,
                number = sealed.last_number,
                hash = sealed.last_hash,
                "the audit log is sealed"
            );
        }
    }
}

async fn round(app: &App) -> Option<crate::audit::Sealed> {
    let mut session = match app.writes.session().await {
        Ok(session) => session,
        Err(cause) => {
            tracing::warn!(error = %cause, "the audit log is sealed later");
            return None;
        }
    };
    match seal(&mut session).await {
        Ok(sealed) => sealed,
        Err(SealError::Another) => None,
        Err(cause) => {
            tracing::warn!(error = %cause, "the audit log is sealed later");
            None
        }
    }
}
