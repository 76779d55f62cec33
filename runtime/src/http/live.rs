//! The server's part in watching live APIs: a round every few seconds, and what `/metrics` says of them.

use std::sync::Arc;
use std::time::Duration;

use super::App;
use super::ticks::every;
use crate::clock;
use crate::services::live::Watcher;

/// How soon a check that is due is begun, and an alert that did not arrive is sent again.
const EVERY: Duration = Duration::from_secs(5);

/// Watches until it is dropped.
pub async fn watch_live(app: Arc<App>, watcher: Watcher) {
    let mut ticks = every(EVERY);
    loop {
        ticks.tick().await;
        match watcher.round(&app.writes, clock::now()).await {
            Ok(statuses) => app.metrics.live(&statuses),
            Err(cause) => tracing::warn!(error = %cause, "the live check cannot be kept; it is done in a later round"),
        }
    }
}
