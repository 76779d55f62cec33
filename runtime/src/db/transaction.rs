//! A transaction around some work: kept whole where the work succeeds, taken back where it fails.

use super::Session;

/// Does the work within a transaction.
///
/// # Errors
/// What the work failed with, or what the database said; nothing of the work is kept then.
pub async fn transaction<T, E: From<sqlx::Error>>(
    session: &mut Session,
    work: impl AsyncFnOnce(&mut Session) -> Result<T, E>,
) -> Result<T, E> {
    session.begin().await?;
    match work(session).await {
        Ok(done) => {
            session.commit().await?;
            Ok(done)
        }
        Err(error) => {
            session.rollback().await;
            Err(error)
        }
    }
}
