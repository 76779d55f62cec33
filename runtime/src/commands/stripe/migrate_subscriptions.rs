//! `stripe migrate-subscriptions`: who pays a former price of the catalog goes to the one that has taken its place.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::json;

use super::account::{Access, Account, open};
use super::{EQUAL, FAILED, MigrateSubscriptions, PENDING};
use crate::audit::{self, Actor, Entry};
use crate::clock;
use crate::commands::failure::unless_unread;
use crate::commands::services::confirm;
use crate::commands::{Context, Failure, show};
use crate::db::{Database, transaction};
use crate::stripe::product_sync::migration::{self, Migration, Move, Moved, Proration};
use crate::stripe::product_sync::plan::Options;
use crate::stripe::product_sync::reports;

/// As the names of its reports have it.
const MODE: &str = "migrate-subscriptions";

/// What is printed as JSON, and kept as a report.
#[derive(Serialize)]
struct Report<'a> {
    environment: &'static str,
    account: &'a str,
    livemode: bool,
    proration: Proration,
    run: &'a str,
    dry_run: bool,
    moved: usize,
    failed: usize,
    results: &'a [Moved],
    #[serde(flatten)]
    found: &'a Migration,
}

pub(super) async fn run(context: Context<'_>, arguments: &MigrateSubscriptions) -> Result<u8, Failure> {
    let account = Account::of(&context, &arguments.target).await?;
    let is_known = |key: &&String| account.desired.prices.iter().any(|price| price.params.lookup_key == **key);
    if let Some(unknown) = arguments.prices.iter().find(|key| !is_known(key)) {
        return Err(Failure::Usage(format!("the catalog has no price with the lookup key {unknown}")));
    }
    let options = Options { now: clock::now().timestamp(), ..Options::default() };
    let found = migration::look(&account.requests, &account.desired, &options, &arguments.prices).await;
    let found = found.map_err(|error| {
        Failure::failed(
            format!("the account cannot be read, so nothing was written: {error}"),
            "try again; what a key may read is set in Stripe's dashboard",
        )
    })?;
    let run = uuid::Uuid::now_v7().to_string();
    let mut moving = Moving { context, account, arguments, found, run };
    if moving.context.dry_run {
        unless_unread(moving.tell(&[]))?;
        return Ok(if moving.found.moves.is_empty() { EQUAL } else { PENDING });
    }
    if !moving.context.json {
        unless_unread(moving.tell(&[]))?;
    }
    if !moving.found.moves.is_empty() {
        confirm::confirm(&moving.account.target, arguments.yes, moving.context.json)?;
    }
    moving.run().await
}

struct Moving<'a, 'c> {
    context: Context<'c>,
    account: Account,
    arguments: &'a MigrateSubscriptions,
    found: Migration,
    run: String,
}

impl Moving<'_, '_> {
    async fn run(&mut self) -> Result<u8, Failure> {
        let (time, actor) = (clock::now(), Actor::of_command());
        let database = open(&self.context, &self.account.target, Access::Write).await?;
        let mut results = Vec::new();
        let moves = self.found.moves.clone();
        for batch in moves.chunks(self.arguments.batch.into()) {
            self.audit_begun(&database, &actor, batch).await?;
            let requests = &self.account.requests;
            let moved = migration::move_all(requests, batch, self.arguments.proration, &self.run).await;
            self.audit_moved(&database, &actor, &moved).await?;
            results.extend(moved);
            self.progress(results.len());
        }
        database.close().await;
        self.write(time, &results);
        let told = match self.context.json {
            true => self.tell(&results),
            false => self.summary(&results),
        };
        unless_unread(told)?;
        let is_whole = results.iter().all(|moved| moved.error.is_none()) && self.found.refused.is_empty();
        Ok(if is_whole { EQUAL } else { FAILED })
    }

    /// What is about to be asked of Stripe: after a crash nobody need wonder what may have been done.
    async fn audit_begun(&self, database: &Database, actor: &Actor, batch: &[Move]) -> Result<(), Failure> {
        let items: Vec<_> = batch.iter().map(|what| json!([what.item, what.from, what.to])).collect();
        let details = json!({ "run": self.run, "proration": self.arguments.proration, "items_from_to": items });
        let entry = Entry {
            actor,
            action: "stripe.migrate_subscriptions",
            object_type: "stripe_account",
            object_id: &self.account.id,
            result: "succeeded",
            details,
        };
        let written = audit::record(&mut database.session().await?, entry).await;
        written.map_err(|cause| self.account.target.failed("write", cause).into())
    }

    async fn audit_moved(&self, database: &Database, actor: &Actor, batch: &[Moved]) -> Result<(), Failure> {
        let mut session = database.session().await?;
        let written = transaction(&mut session, async |session| {
            for Moved { what, error } in batch {
                let details = json!({
                    "run": self.run,
                    "account": self.account.id,
                    "proration": self.arguments.proration,
                    "lookup_key": what.lookup_key,
                    "item": what.item,
                    "from": what.from,
                    "to": what.to,
                    "error": error,
                });
                let entry = Entry {
                    actor,
                    action: "stripe.subscription_moved",
                    object_type: "subscription",
                    object_id: &what.subscription,
                    result: if error.is_none() { "succeeded" } else { "failed" },
                    details,
                };
                audit::record(session, entry).await?;
            }
            Ok(())
        });
        written.await.map_err(|cause| {
            let failed = self.account.target.failed("write", cause);
            let message = format!("subscriptions were moved, but that is not in the database: {failed}");
            Failure::failed(message, "run this again: who was moved is not moved twice")
        })
    }

    fn progress(&mut self, done: usize) {
        if !self.context.json {
            let told = writeln!(self.context.out, "{done} of {}", self.found.moves.len());
            self.context.told("subscriptions were moved", told);
        }
    }

    fn report<'r>(&'r self, results: &'r [Moved]) -> Report<'r> {
        let failed = results.iter().filter(|moved| moved.error.is_some()).count();
        Report {
            environment: self.account.target.environment,
            account: &self.account.id,
            livemode: self.account.requests.is_live(),
            proration: self.arguments.proration,
            run: &self.run,
            dry_run: self.context.dry_run,
            moved: results.len() - failed,
            failed,
            results,
            found: &self.found,
        }
    }

    fn write(&mut self, time: DateTime<Utc>, results: &[Moved]) {
        let mut text = lines(&self.found);
        text.extend(results.iter().map(outcome));
        let report = self.report(results);
        match reports::write(&self.arguments.folder, time, MODE, &text, &report) {
            Ok(path) if !self.context.json => {
                let told = writeln!(self.context.out, "report: {}", path.display());
                self.context.told("subscriptions were moved", told);
            }
            Ok(_) => {}
            Err(cause) => self.context.warn(&format!("the report cannot be written: {cause}")),
        }
    }

    fn tell(&mut self, results: &[Moved]) -> Result<(), Failure> {
        if self.context.json {
            let report = serde_json::to_value(self.report(results)).unwrap_or_default();
            show::json(self.context.out, &report)?;
            return Ok(());
        }
        let (environment, account) = (self.account.target.environment, &self.account.id);
        let proration = self.arguments.proration.as_str();
        writeln!(self.context.out, "{environment}: Stripe account {account}, proration {proration}")?;
        for line in lines(&self.found) {
            writeln!(self.context.out, "  {line}")?;
        }
        Ok(())
    }

    fn summary(&mut self, results: &[Moved]) -> Result<(), Failure> {
        for moved in results.iter().filter(|moved| moved.error.is_some()) {
            writeln!(self.context.out, "  {}", outcome(moved))?;
        }
        let Report { moved, failed, .. } = self.report(results);
        writeln!(self.context.out, "{moved} moved, {failed} failed, {} left as they are", self.found.left.len())?;
        Ok(())
    }
}

fn outcome(moved: &Moved) -> String {
    let Moved { what: Move { subscription, item, from, to, .. }, error } = moved;
    match error {
        None => format!("moved  {subscription} {item}: {from} → {to}"),
        Some(error) => format!("failed {subscription} {item}: {error}"),
    }
}

/// For people: price by price, who is moved and who is not.
fn lines(found: &Migration) -> Vec<String> {
    let mut lines = Vec::new();
    let mut last = None;
    for Move { lookup_key, subscription, customer, status, quantity, from, from_amount, to_amount, .. } in &found.moves
    {
        if last.replace((lookup_key, from)) != Some((lookup_key, from)) {
            lines.push(format!("~ price {lookup_key}: {from_amount} → {to_amount} (from {from})"));
        }
        let times = quantity.map(|quantity| format!(" × {quantity}")).unwrap_or_default();
        lines.push(format!("    {subscription}{times} of {customer}, {status}"));
    }
    lines.extend(
        found
            .left
            .iter()
            .map(|left| format!("! {} stays on its price of {}: {}", left.subscription, left.lookup_key, left.reason)),
    );
    lines.extend(found.refused.iter().map(|refusal| {
        format!("! nobody is moved from {} of {}: {}", refusal.from, refusal.lookup_key, refusal.reason)
    }));
    let (moves, left, refused) = (found.moves.len(), found.left.len(), found.refused.len());
    lines.push(format!("{moves} to move, {left} that stay, {refused} prices that nobody is moved from"));
    lines
}
