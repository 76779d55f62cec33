//! `doctor`: what a server needs, how it is, and what to do about it; changes nothing, and sends a mail only when asked to.

use std::io;

use clap::Args;

use super::failure::unless_unread;
use super::{Context, Failure, local_stripe, serve, show};
use crate::services::doctor::{Finding, Health, examine, of_alerts};

#[derive(Args)]
pub(super) struct Arguments {
    /// Send a mail to those who get alerts
    #[arg(long)]
    send_test_mail: bool,
}

pub(super) async fn run(context: Context<'_>, arguments: &Arguments) -> Result<(), Failure> {
    let settings = serve::settings_of_process(&context);
    let stand_in = settings.as_ref().ok().and_then(|settings| local_stripe::account(&context, settings));
    let Context { artifacts, database, .. } = &context;
    let mut findings = examine(artifacts, &context.streams(), database, settings.as_ref(), stand_in.as_deref()).await;
    if let Ok(settings) = &settings {
        findings.extend(of_alerts(context.artifacts, &settings.alerts, arguments.send_test_mail).await);
    }
    let bad = findings.iter().filter(|finding| finding.health == Health::Bad).count();
    let told = match context.json {
        true => show::json(context.out, &findings),
        false => print(context, &findings),
    };
    unless_unread(told.map_err(Failure::from))?;
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
