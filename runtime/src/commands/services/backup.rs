//! `services backup`: every row that a sync could change, in a file.

use std::io;

use pricebook_types::Dialect;
use serde::Serialize;

use super::{Backup, EQUAL, ready, removed};
use crate::audit::Actor;
use crate::clock;
use crate::commands::target::Target;
use crate::commands::{Context, Failure, show};
use crate::db::{Database, Session, begin_alone};
use crate::services::backup::{self, BackupError, Place, Reason, Rotated, rotate};
use crate::services::record::{self, Run};
use crate::services::state::State;

#[derive(Serialize)]
struct Report<'a> {
    environment: &'static str,
    database: String,
    #[serde(flatten)]
    backup: &'a backup::Backup,
    #[serde(flatten)]
    rotated: &'a Rotated,
}

pub(super) async fn run(mut context: Context<'_>, arguments: &Backup) -> Result<u8, Failure> {
    let target = Target::of(&context, &arguments.target)?;
    if context.dry_run {
        return Err(Failure::Usage("a backup changes nothing; leave --dry-run out".to_owned()));
    }
    let files = &arguments.files;
    let actor = Actor::of_command();
    let run = Run { environment: target.environment, actor: &actor };
    let (environment, identity) = (target.environment, target.database.identity());
    let place = Place { folder: &files.folder, environment, database: &identity, time: clock::now() };
    let mut recorded = Database::may_be_written(&target.database);
    let database = match recorded {
        true => ready::open(&context, &target).await?,
        false => ready::open_read_only(&context, &target).await?,
    };
    let mut session = database.session().await?;
    let mut backup = match recorded {
        true => take(&mut session, &context, place, run).await,
        false => take_unrecorded(&mut session, &context, place).await,
    };
    // What somebody may do at a server, only the server knows.
    if recorded && backup.as_ref().is_err_and(BackupError::is_for_want_of_rights) {
        recorded = false;
        backup = take_unrecorded(&mut session, &context, place).await;
    }
    drop(session);
    database.close().await;
    let backup = backup?;
    if !recorded {
        context.warn("this user may only read the database, which does not remember the backup");
    }
    let rotated = rotate(Reason::Manual, place, &backup.file, files.keep);
    for warning in &rotated.warnings {
        context.warn(warning);
    }
    if let Err(cause) = tell(&mut context, &target, &backup, &rotated) {
        context.warn(&format!("the backup is {}, but the output cannot be written: {cause}", backup.file.display()));
    }
    Ok(EQUAL)
}

fn tell(context: &mut Context<'_>, target: &Target, backup: &backup::Backup, rotated: &Rotated) -> io::Result<()> {
    if context.json {
        let (environment, database) = (target.environment, target.database.to_string());
        return show::json(context.out, &Report { environment, database, backup, rotated });
    }
    writeln!(context.out, "{}: {}", backup.file.display(), show::counted(backup.rows, "row"))?;
    removed(rotated).try_for_each(|line| writeln!(context.out, "{line}"))
}

/// For who may only read: the rows of one moment, of which the database learns nothing.
async fn take_unrecorded(
    session: &mut Session,
    context: &Context<'_>,
    place: Place<'_>,
) -> Result<backup::Backup, BackupError> {
    let begin = match session.dialect() {
        Dialect::Sqlite => "BEGIN",
        Dialect::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        Dialect::Mysql => "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    };
    session.run(begin).await?;
    let state = State::read(session, context.artifacts).await?;
    let backup = backup::take(session, context.artifacts, Reason::Manual, place, &state).await;
    session.run("ROLLBACK").await?;
    backup
}

async fn take(
    session: &mut Session,
    context: &Context<'_>,
    place: Place<'_>,
    run: Run<'_>,
) -> Result<backup::Backup, BackupError> {
    let tables: Vec<_> = context.artifacts.synced_tables.iter().map(|table| table.name).collect();
    begin_alone(session, &tables).await?;
    let taken = async {
        let state = State::read(session, context.artifacts).await?;
        let backup = backup::take(session, context.artifacts, Reason::Manual, place, &state).await?;
        if let Err(cause) = record::backed_up(session, context.artifacts, &backup, run).await {
            // The command fails, or takes another.
            let _ = std::fs::remove_file(&backup.file);
            return Err(cause.into());
        }
        Ok(backup)
    };
    let taken = taken.await;
    match &taken {
        Ok(_) => session.commit().await?,
        Err(_) => session.rollback().await,
    }
    taken
}
