//! Opening an environment's database, which must have the tables of this program.

use super::super::target::Target;
use super::super::{Context, Failure};
use crate::db::Database;
use crate::db::migrate::history;

/// For reading only.
pub(in crate::commands) async fn open_read_only(context: &Context<'_>, target: &Target) -> Result<Database, Failure> {
    let database = Database::open_read_only(&target.database).await?.ok_or_else(|| missing(target))?;
    has_tables(context, target, database).await
}

/// For writing; no file is made.
pub(in crate::commands) async fn open(context: &Context<'_>, target: &Target) -> Result<Database, Failure> {
    if target.database.path().is_some_and(|path| !path.exists()) {
        return Err(missing(target));
    }
    has_tables(context, target, Database::open(&target.database).await?).await
}

/// A copy of a SQLite file, in which a dry run can write.
pub(super) async fn open_copy(context: &Context<'_>, target: &Target) -> Result<Database, Failure> {
    if target.database.path().is_some_and(|path| !path.exists()) {
        return Err(missing(target));
    }
    has_tables(context, target, Database::open_copy(&target.database).await?).await
}

async fn has_tables(context: &Context<'_>, target: &Target, database: Database) -> Result<Database, Failure> {
    let due = history(&mut database.session().await?, &context.streams()).await?.due;
    match due.first() {
        None => Ok(database),
        Some(first) => {
            let first = format!("{} {:04}_{}", first.stream, first.number, first.name);
            let message = format!("{} lacks {} migrations, {first} the first", target.database, due.len());
            Err(Failure::failed(message, help(target)))
        }
    }
}

fn missing(target: &Target) -> Failure {
    Failure::failed(format!("there is no database {} yet", target.database), help(target))
}

fn help(target: &Target) -> String {
    format!("bring its tables up to date first: pricebook migrate up {}", target.environment)
}
