//! The report of a sync, for people and programs: what became of every product, with links to Stripe's dashboard.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::plan::{Plan, Sort, text};
use super::{Applied, Status};
use crate::clock;

/// What became of one product, feature, meter, coupon or promotion code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductResult {
    /// What it is.
    pub sort: Sort,
    /// Its id in the catalog.
    pub local_id: String,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub status: Status,
    /// Its id in Stripe.
    pub stripe_id: Option<String>,
    /// Where Stripe's dashboard has it.
    pub url: Option<String>,
    /// What was done, for people.
    pub changes: Vec<String>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// The report of a sync.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The environment.
    pub environment: String,
    /// `acct_…`
    pub account: String,
    /// Whether it is real money.
    pub livemode: bool,
    /// What was asked for: `sync`, `force_update`, `adopt`.
    pub mode: &'static str,
    /// The catalog.
    pub catalog_hash: String,
    /// The run's id in `stripe_sync_runs`.
    pub run: String,
    /// When it began, in UTC.
    pub started_at: String,
    /// How long it took.
    pub duration_ms: u64,
    /// Products that were made.
    pub created: usize,
    /// Products that were changed.
    pub updated: usize,
    /// Products that were as the catalog says.
    pub synced: usize,
    /// Everything that failed, products or not.
    pub errors: usize,
    /// Requests to Stripe.
    pub requests: u32,
    /// Whether the account was read again afterwards, and is as the catalog says.
    pub verified: bool,
    /// What became of everything.
    pub results: Vec<ProductResult>,
    /// What people should know.
    pub notes: Vec<String>,
}

/// What a report says of a run besides what became of everything.
#[derive(Clone, Copy, Debug)]
pub struct Ran<'a> {
    /// The environment.
    pub environment: &'a str,
    /// `acct_…`
    pub account: &'a str,
    /// What was asked for.
    pub mode: &'static str,
    /// The run's id.
    pub run: &'a str,
    /// When it began.
    pub started: DateTime<Utc>,
    /// How long it took.
    pub took: Duration,
    /// Requests to Stripe.
    pub requests: u32,
    /// Whether the account was read again afterwards, and is as the catalog says.
    pub verified: bool,
}

impl ProductResult {
    /// Of everything in a plan.
    pub fn of(plan: &Plan, applied: &Applied) -> Vec<Self> {
        let results = plan.chains().zip(&applied.results).map(|(chain, result)| Self {
            sort: result.sort,
            local_id: result.subject.clone(),
            name: result.title.clone(),
            status: result.status,
            url: result.id.as_ref().and_then(|id| dashboard(result.sort, id, plan.livemode)),
            stripe_id: result.id.clone(),
            changes: chain
                .steps
                .iter()
                .take(result.done)
                .flat_map(|step| {
                    let first = format!("{} {}: {}", step.sort.noun(), step.subject, step.reason);
                    std::iter::once(first).chain(step.changes.iter().map(text::changed))
                })
                .collect(),
            error: result.error.clone(),
            help: result.help.clone(),
        });
        results.collect()
    }
}

/// Where Stripe's dashboard has an object.
pub fn dashboard(sort: Sort, id: &str, livemode: bool) -> Option<String> {
    let page = match sort {
        Sort::Product => "products",
        Sort::Price => "prices",
        Sort::Coupon => "coupons",
        Sort::PromotionCode => "promotion_codes",
        Sort::Meter => "billing/meters",
        Sort::Feature | Sort::Grant => return None,
    };
    let mode = if livemode { "" } else { "test/" };
    Some(format!("https://dashboard.stripe.com/{mode}{page}/{id}"))
}

impl Report {
    /// Of a plan that was carried out.
    pub fn of(ran: Ran<'_>, plan: &Plan, applied: &Applied) -> Self {
        Self {
            environment: ran.environment.to_owned(),
            account: ran.account.to_owned(),
            livemode: plan.livemode,
            mode: ran.mode,
            catalog_hash: plan.catalog_hash.clone(),
            run: ran.run.to_owned(),
            started_at: clock::iso(ran.started),
            duration_ms: u64::try_from(ran.took.as_millis()).unwrap_or(u64::MAX),
            created: applied.count(Status::Created),
            updated: applied.count(Status::Updated),
            synced: applied.count(Status::Synced),
            errors: applied.results.iter().filter(|result| result.status == Status::Error).count(),
            requests: ran.requests,
            verified: ran.verified,
            results: ProductResult::of(plan, applied),
            notes: plan.notes.clone(),
        }
    }

    /// For people.
    pub fn lines(&self) -> Vec<String> {
        let Self { environment, account, mode, started_at, duration_ms, requests, .. } = self;
        let mut lines = vec![
            format!("Stripe product sync of {environment} ({mode})"),
            format!("Account: {account}{}", if self.livemode { ", live" } else { ", test" }),
            format!("Catalog: {}", self.catalog_hash),
            format!("Run: {} at {started_at}, {duration_ms} ms, {requests} requests", self.run),
            String::new(),
        ];
        for result in self.results.iter().filter(|result| result.status != Status::Synced) {
            let link = result.url.as_ref().map(|url| format!("  {url}")).unwrap_or_default();
            lines.push(format!("{:<8} {} {}{link}", result.status.as_str(), result.sort.noun(), result.local_id));
            lines.extend(result.changes.iter().map(|change| format!("         {change}")));
            lines.extend(result.error.iter().chain(&result.help).map(|text| format!("         ! {text}")));
        }
        lines.extend(self.notes.iter().map(|note| format!("note: {note}")));
        lines.push(self.summary());
        lines
    }

    /// `3 created, 1 updated, 23 already synced, 0 errors`
    pub fn summary(&self) -> String {
        let Self { created, updated, synced, errors, .. } = self;
        format!("products: {created} created, {updated} updated, {synced} already synced; {errors} errors")
    }
}
