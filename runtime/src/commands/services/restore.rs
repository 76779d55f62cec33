//! `services restore`: the rows of a backup, back in their tables.

use std::io;

use serde::Serialize;

use super::{EQUAL, PENDING, Restore, confirm, ready, removed, unless_unread};
use crate::audit::Actor;
use crate::clock;
use crate::commands::target::Target;
use crate::commands::{Context, Failure, show};
use crate::services::backup::{
    Contents, Place, Reason, Rehearsed, Restored, Rotated, RowChanges, fitting, read, rehearse, restore, rotate,
};
use crate::services::record::last_run;

#[derive(Serialize)]
struct Report<'a> {
    environment: &'static str,
    database: String,
    #[serde(flatten)]
    restored: &'a Restored,
    #[serde(flatten)]
    rotated: &'a Rotated,
}

#[derive(Serialize)]
struct DryReport {
    environment: &'static str,
    database: String,
    #[serde(flatten)]
    rehearsed: Rehearsed,
}

pub(super) async fn run(mut context: Context<'_>, arguments: &Restore) -> Result<u8, Failure> {
    let target = Target::of(&context, &arguments.target)?;
    let (files, from) = (&arguments.files, arguments.from.as_deref());
    let contents = read(&arguments.file)?;
    let (environment, identity) = (target.environment, target.database.identity());
    let place = Place { folder: &files.folder, environment, database: &identity, time: clock::now() };
    // Before anybody is asked.
    fitting(target.database.dialect(), context.artifacts, &contents, place, from)?;
    if context.dry_run {
        return dry_run(context, &target, arguments, &contents, place).await;
    }
    let database = ready::open(&context, &target).await?;
    let mut session = database.session().await?;
    let last = last_run(&mut session).await.map_err(|cause| target.failed("read", cause))?;
    target.must_be_its_own(context.artifacts, last.as_ref(), None)?;
    if !context.json {
        let (file, taken, of) = (arguments.file.display(), &contents.taken, &contents.environment);
        writeln!(context.out, "{file}: rows of {of}, taken {taken}")?;
    }
    confirm::confirm(&target, arguments.yes, context.json)?;
    let restored = restore(&mut session, context.artifacts, &contents, place, from, &Actor::of_command()).await;
    drop(session);
    database.close().await;
    let restored = restored?;
    let rotated = rotate(Reason::BeforeRestore, place, &restored.replaced.file, files.keep);
    for warning in &rotated.warnings {
        context.warn(warning);
    }
    if let Err(cause) = tell(&mut context, &target, &restored, &rotated) {
        let (rows, replaced) = (show::counted(restored.rows, "row"), restored.replaced.file.display());
        context.warn(&format!(
            "put back: {rows}, and those before are in {replaced}, but the output cannot be written: {cause}"
        ));
    }
    Ok(EQUAL)
}

/// What a restore would change, on a copy where there can be one, otherwise in a transaction that is taken back.
async fn dry_run(
    mut context: Context<'_>,
    target: &Target,
    arguments: &Restore,
    contents: &Contents,
    place: Place<'_>,
) -> Result<u8, Failure> {
    let database = ready::open_copy(&context, target).await?;
    let mut session = database.session().await?;
    let rehearsed = rehearse(&mut session, context.artifacts, contents, place, arguments.from.as_deref()).await;
    drop(session);
    database.close().await;
    let rehearsed = rehearsed?;
    unless_unread(tell_rehearsed(&mut context, target, arguments, contents, rehearsed).map_err(Failure::Output))?;
    Ok(if rehearsed.changes.is_some_and(|changes| changes.is_none()) { EQUAL } else { PENDING })
}

fn tell_rehearsed(
    context: &mut Context<'_>,
    target: &Target,
    arguments: &Restore,
    contents: &Contents,
    rehearsed: Rehearsed,
) -> io::Result<()> {
    if context.json {
        let (environment, database) = (target.environment, target.database.to_string());
        return show::json(context.out, &DryReport { environment, database, rehearsed });
    }
    let (file, taken, of) = (arguments.file.display(), &contents.taken, &contents.environment);
    writeln!(context.out, "{file}: rows of {of}, taken {taken}")?;
    let rows = show::counted(rehearsed.rows, "row");
    match rehearsed.changes {
        Some(RowChanges { inserted, updated, deleted }) => writeln!(
            context.out,
            "would be put back: {rows}; {inserted} of them are missing now, {updated} are otherwise, and {deleted} others would go"
        ),
        None => {
            writeln!(context.out, "would be put back: {rows}; only doing it shows whether Cloudflare D1 keeps them")
        }
    }
}

fn tell(context: &mut Context<'_>, target: &Target, restored: &Restored, rotated: &Rotated) -> io::Result<()> {
    if context.json {
        let (environment, database) = (target.environment, target.database.to_string());
        return show::json(context.out, &Report { environment, database, restored, rotated });
    }
    writeln!(context.out, "put back: {}", show::counted(restored.rows, "row"))?;
    writeln!(context.out, "the rows before that: {}", restored.replaced.file.display())?;
    removed(rotated).try_for_each(|line| writeln!(context.out, "{line}"))
}
