//! `services validate --history`: the checks that servers have kept.

use std::io;

use super::{EQUAL, ready};
use crate::commands::target::{Choice, Target};
use crate::commands::{Context, Failure, LOCAL, show};
use crate::services::live::{Kept, newest};

/// A day of checks every 15 minutes, and a little more.
const SHOWN: u64 = 100;

/// Of the environment's own database, or of the one that `--database` names.
pub(super) async fn run(context: Context<'_>, environment: Option<&str>) -> Result<u8, Failure> {
    let mut chosen = Choice::default();
    chosen.environment = environment.map(str::to_owned);
    let target = Target::of(&context, &chosen)?;
    let of = Some(target.environment).filter(|environment| *environment != LOCAL);
    let database = ready::open_read_only(&context, &target).await?;
    let kept = newest(&mut database.session().await?, of, SHOWN).await;
    database.close().await;
    let kept = kept.map_err(|cause| target.failed("read", cause))?;
    match context.json {
        true => show::json(context.out, &kept)?,
        false => print(context.out, &kept)?,
    }
    Ok(EQUAL)
}

fn print(out: &mut dyn io::Write, kept: &[Kept]) -> io::Result<()> {
    if kept.is_empty() {
        return writeln!(out, "no check is kept yet: a server with live_check_secs keeps one each time");
    }
    for Kept { environment, result, differences, error, duration_ms, checked_at, .. } in kept {
        writeln!(out, "{checked_at}  {environment}  {result:<9}  {duration_ms} ms")?;
        for line in differences.iter().chain(error) {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}
