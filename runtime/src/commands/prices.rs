//! `prices`: the price list, and whether the database agrees; writes nothing.

use pricebook_types::Day;

use super::{Context, Failure, show};
use crate::db::Database;
use crate::db::migrate::history;
use crate::services::{Difference, price_list, verify};

pub(super) async fn run(context: Context<'_>) -> Result<(), Failure> {
    let differences = differences(&context).await?;
    let lines = price_list(context.artifacts, Day::today(), differences.as_deref());
    match context.json {
        true => show::json(context.out, &lines)?,
        false => {
            show::price_list(context.out, context.artifacts, &lines, context.paint)?;
            show::differences(context.out, differences.as_deref().unwrap_or_default())?;
        }
    }
    Ok(())
}

/// What differs, or `None` where the database does not have the catalog's tables yet.
async fn differences(context: &Context<'_>) -> Result<Option<Vec<Difference>>, Failure> {
    let Some(database) = Database::open_read_only(&context.database).await? else {
        return Ok(None);
    };
    let mut session = database.session().await?;
    let differences = match history(&mut session, &context.streams()).await?.due.is_empty() {
        true => Some(verify(&mut session, context.artifacts).await.map_err(|cause| database.failed("read", cause))?),
        false => None,
    };
    drop(session);
    database.close().await;
    Ok(differences)
}
