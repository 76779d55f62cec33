//! `services restore`: the rows of a backup, back in their tables.

use serde::Serialize;

use super::{EQUAL, Restore, confirm, ready};
use crate::audit::Actor;
use crate::clock;
use crate::commands::target::Target;
use crate::commands::{Context, Failure, show};
use crate::services::backup::{Place, Reason, Restored, read, restore, rotate};

#[derive(Serialize)]
struct Report {
    environment: &'static str,
    database: String,
    #[serde(flatten)]
    restored: Restored,
}

pub(super) async fn run(context: Context<'_>, arguments: &Restore) -> Result<u8, Failure> {
    let target = Target::of(&context, &arguments.target)?;
    if context.dry_run {
        return Err(Failure::Usage("a restore cannot be rehearsed; leave --dry-run out".to_owned()));
    }
    let files = &arguments.files;
    let contents = read(&arguments.file)?;
    let database = ready::open(&context, &target).await?;
    if !context.json {
        let (file, taken, of) = (arguments.file.display(), &contents.taken, &contents.environment);
        writeln!(context.out, "{file}: rows of {of}, taken {taken}")?;
    }
    confirm::confirm(&target, arguments.yes, context.json)?;
    let place = Place { folder: &files.folder, environment: target.environment, time: clock::now() };
    let mut session = database.session().await?;
    let restored = restore(&mut session, context.artifacts, &contents, place, &Actor::of_command()).await;
    drop(session);
    database.close().await;
    let restored = restored?;
    rotate(&files.folder, Reason::BeforeRestore, target.environment, files.keep)?;
    match context.json {
        true => {
            let (environment, database) = (target.environment, target.database.to_string());
            show::json(context.out, &Report { environment, database, restored })?;
        }
        false => {
            writeln!(context.out, "put back: {}", show::counted(restored.rows, "row"))?;
            writeln!(context.out, "the rows before that: {}", restored.replaced.file.display())?;
        }
    }
    Ok(EQUAL)
}
