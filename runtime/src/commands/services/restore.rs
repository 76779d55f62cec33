//! `services restore`: the rows of a backup, back in their tables.

use std::io;

use serde::Serialize;

use super::{EQUAL, Restore, confirm, ready, removed};
use crate::audit::Actor;
use crate::clock;
use crate::commands::target::Target;
use crate::commands::{Context, Failure, show};
use crate::services::backup::{Place, Reason, Restored, Rotated, fitting, read, restore, rotate};

#[derive(Serialize)]
struct Report<'a> {
    environment: &'static str,
    database: String,
    #[serde(flatten)]
    restored: &'a Restored,
    #[serde(flatten)]
    rotated: &'a Rotated,
}

pub(super) async fn run(mut context: Context<'_>, arguments: &Restore) -> Result<u8, Failure> {
    let target = Target::of(&context, &arguments.target)?;
    if context.dry_run {
        return Err(Failure::Usage("a restore cannot be rehearsed; leave --dry-run out".to_owned()));
    }
    let (files, from) = (&arguments.files, arguments.from.as_deref());
    let contents = read(&arguments.file)?;
    let (environment, identity) = (target.environment, target.database.identity());
    let place = Place { folder: &files.folder, environment, database: &identity, time: clock::now() };
    // Before anybody is asked.
    fitting(target.database.dialect(), context.artifacts, &contents, place, from)?;
    let database = ready::open(&context, &target).await?;
    let mut session = database.session().await?;
    let target = target.remembered(&mut session, context.artifacts).await?;
    if !context.json {
        let (file, taken, of) = (arguments.file.display(), &contents.taken, &contents.environment);
        writeln!(context.out, "{file}: rows of {of}, taken {taken}")?;
    }
    confirm::confirm(&target, arguments.yes, context.json)?;
    let restored = restore(&mut session, context.artifacts, &contents, place, from, &Actor::of_command()).await;
    drop(session);
    database.close().await;
    let restored = restored?;
    let rotated = rotate(Reason::BeforeRestore, place, files.keep);
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

fn tell(context: &mut Context<'_>, target: &Target, restored: &Restored, rotated: &Rotated) -> io::Result<()> {
    if context.json {
        let (environment, database) = (target.environment, target.database.to_string());
        return show::json(context.out, &Report { environment, database, restored, rotated });
    }
    writeln!(context.out, "put back: {}", show::counted(restored.rows, "row"))?;
    writeln!(context.out, "the rows before that: {}", restored.replaced.file.display())?;
    removed(rotated).try_for_each(|line| writeln!(context.out, "{line}"))
}
