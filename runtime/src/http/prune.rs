//! The server's part in taking out old rows: it asks whether it is its turn, and tells what went.

use std::sync::Arc;
use std::time::Duration;

use super::App;
use super::ticks::every;
use crate::clock;
use crate::services::{Pruned, prune};

/// How soon a turn that is due is taken.
const EVERY: Duration = Duration::from_secs(600);

/// Goes on until it is dropped.
pub async fn watch_old_rows(app: Arc<App>) {
    let mut ticks = every(EVERY);
    loop {
        ticks.tick().await;
        match prune(&app.writes, &app.settings.keep, clock::now()).await {
            Ok(pruned) => {
                for Pruned { table, rows } in pruned {
                    app.metrics.pruned(table, rows);
                    if rows > 0 {
                        tracing::info!(table, rows, "old rows were taken out");
                    }
                }
            }
            Err(cause) => tracing::warn!(error = %cause, "old rows stay for now"),
        }
    }
}
