//! `stripe plan`: what a sync would change.

use std::fs;
use std::path::Path;

use serde::Serialize;

use super::account::Account;
use super::{EQUAL, PENDING};
use crate::clock;
use crate::commands::failure::unless_unread;
use crate::commands::{Context, Failure, show};
use crate::stripe::product_sync::Saved;
use crate::stripe::product_sync::plan::{Plan, text};

/// What is printed as JSON.
#[derive(Serialize)]
struct Report<'a> {
    environment: &'static str,
    equal: bool,
    requests: u32,
    #[serde(flatten)]
    plan: &'a Plan,
}

pub(super) async fn run(context: Context<'_>, arguments: &super::Plan) -> Result<u8, Failure> {
    let account = Account::of(&context, &arguments.target).await?;
    let known = account.read_known(&context).await?;
    let plan = account.plan(&known, arguments.manner, None).await?;
    if let Some(file) = &arguments.out {
        let force = arguments.manner.force_update;
        let saved = Saved::new(account.target.environment, force, clock::iso(clock::now()), plan.clone());
        save(file, &saved)?;
    }
    unless_unread(print(context, &account, &plan))?;
    Ok(code(&plan))
}

/// Writes a plan to a file.
pub(super) fn save(file: &Path, saved: &Saved) -> Result<(), Failure> {
    fs::write(file, saved.to_text()).map_err(|cause| {
        Failure::failed(format!("the plan cannot be written to {}: {cause}", file.display()), "name another file")
    })
}

/// The exit code of a command that only looks.
pub(super) fn code(plan: &Plan) -> u8 {
    if plan.is_equal() { EQUAL } else { PENDING }
}

/// Prints it.
pub(super) fn print(context: Context<'_>, account: &Account, plan: &Plan) -> Result<(), Failure> {
    let Context { json, paint, out, .. } = context;
    let environment = account.target.environment;
    if json {
        let requests = account.requests.sent();
        show::json(out, &Report { environment, equal: plan.is_equal(), requests, plan })?;
        return Ok(());
    }
    writeln!(out, "{}", paint.bold(&head(account, plan)))?;
    for line in text::lines(plan) {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// `staging: Stripe account acct_1, test`
pub(super) fn head(account: &Account, plan: &Plan) -> String {
    let mode = if plan.livemode { "live" } else { "test" };
    let place = account.local.as_ref().map(|local| format!(", the local Stripe of {}", local.file.display()));
    format!("{}: Stripe account {}, {mode}{}", account.target.environment, account.id, place.unwrap_or_default())
}
