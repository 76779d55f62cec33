//! Writes the account to its file after changes, and at the end.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::Sandbox;
use crate::persistence::save;

/// Changes within this time are written together, so that a crash loses no more than what it brought.
const PAUSE: Duration = Duration::from_millis(200);

/// Saves until it is stopped.
pub(crate) async fn keep(sandbox: Arc<Sandbox>, file: PathBuf, mut stopped: watch::Receiver<bool>) {
    loop {
        let has_ended = tokio::select! {
            () = tokio::time::sleep(PAUSE) => false,
            _ = stopped.wait_for(|stopped| *stopped) => true,
        };
        if let Some(text) = sandbox.unsaved() {
            let file = file.clone();
            let saved = tokio::task::spawn_blocking(move || save(&file, &text)).await;
            if let Ok(Err(cause)) = saved {
                tracing::error!(error = %cause, "the sandbox could not be saved");
            }
        }
        if has_ended {
            return;
        }
    }
}
