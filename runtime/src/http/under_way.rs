//! Work that goes on when its caller has gone, and that the end of the server waits for.

use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How much of it there is.
#[derive(Debug, Default)]
pub(super) struct UnderWay(watch::Sender<usize>);

/// Counts one piece of work, until it is dropped: at its end, or in a panic.
struct Counted(watch::Sender<usize>);

impl UnderWay {
    /// Begins work. Dropping the handle does not end it.
    pub(super) fn begin<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.0.send_modify(|count| *count += 1);
        let counted = Counted(self.0.clone());
        tokio::spawn(async move {
            let _counted = counted;
            work.await
        })
    }

    /// How much is left.
    pub(super) fn count(&self) -> usize {
        *self.0.borrow()
    }

    /// Comes true when nothing is left.
    pub(super) async fn ended(&self) {
        // An error is that of a sender that is gone, and ours is here.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count -= 1);
    }
}
