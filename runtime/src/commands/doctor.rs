//! `doctor`: what a server needs, how it is, and what to do about it; changes nothing.

use std::io;

use super::{Context, Failure, serve, show};
use crate::services::doctor::{Finding, Health, examine};

pub(super) async fn run(context: Context<'_>) -> Result<(), Failure> {
    let settings = serve::settings_of_process(&context)?;
    let findings = examine(context.artifacts, &context.streams(), &context.database, settings.as_ref()).await;
    let bad = findings.iter().filter(|finding| finding.health == Health::Bad).count();
    match context.json {
        true => show::json(context.out, &findings)?,
        false => print(context, &findings)?,
    }
    match bad {
        0 => Ok(()),
        bad => Err(Failure::Failed {
            message: format!("a server cannot work here: {} must be put right", show::counted(bad, "thing")),
            help: String::new(),
        }),
    }
}

fn print(context: Context<'_>, findings: &[Finding]) -> io::Result<()> {
    for Finding { what, health, says, help } in findings {
        let health = match health {
            Health::Good => "good",
            Health::Doubtful => "doubtful",
            Health::Bad => "bad",
        };
        writeln!(context.out, "{health:<8}  {what}: {says}")?;
        if !help.is_empty() {
            writeln!(context.out, "          {} {help}", context.paint.bold("help:"))?;
        }
    }
    Ok(())
}
