//! The server's part in the sync of products: a round every half second, and at once when somebody asks for one.

use std::sync::Arc;
use std::time::Duration;

use super::App;
use super::ticks::every;

const EVERY: Duration = Duration::from_millis(500);
/// Rounds between two looks at the schedules.
const ROUNDS: u32 = 10;

/// Works until it is dropped; not at all where there is no key.
pub async fn watch_stripe(app: Arc<App>) {
    let Some(worker) = &app.sync else { return };
    let mut ticks = every(EVERY);
    for round in 0_u32.. {
        tokio::select! {
            _ = ticks.tick() => {}
            () = app.sync_wanted.notified() => {}
        }
        let done = match round % ROUNDS {
            0 => worker.round(&app.writes).await,
            _ => worker.work(&app.writes).await,
        };
        if let Err(cause) = done {
            tracing::warn!(error = %cause, "the product sync cannot be kept; it is done in a later round");
        }
    }
}
