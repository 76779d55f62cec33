//! The last steps of a sync: whether the live API answers the new rows, and takes payments for what has changed.

use std::collections::BTreeSet;
use std::time::Duration;

use pricebook_types::validation::Validation;
use serde::Serialize;
use url::Url;

use super::journal::Journal;
use super::live::{self, Found, Live};
use super::proof::Served;
use crate::Artifacts;
use crate::commands::target::Target;
use crate::commands::{Context, Failure};
use crate::config::DatabaseUrl;
use crate::services::Difference;
use crate::services::live::{Checked, PaymentTests};

const TIMEOUT: Duration = Duration::from_secs(10);

/// What the last steps found. The rows are kept whatever it is.
#[derive(Default, Serialize)]
pub(super) struct Afterwards {
    /// The live check; absent where none was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    live: Option<Found>,
    /// Payments that were asked for, to be refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    payments: Option<PaymentTests>,
    /// Everything that is wrong, a line each.
    issues: Vec<String>,
    /// What a proof may say of it.
    #[serde(skip)]
    served: Served,
}

impl Afterwards {
    /// Whether nothing is wrong.
    pub(super) fn is_sound(&self) -> bool {
        self.issues.is_empty()
    }

    /// What a proof may say of it, where nothing is wrong.
    pub(super) fn served(&self) -> Served {
        self.served
    }

    /// What to say, and what to do about it, where something is wrong.
    pub(super) fn problem(&self, environment: &str) -> Option<Failure> {
        let count = self.issues.len();
        let message = format!(
            "the rows are as the catalog says, but {environment} as it is served is not: {}",
            live::counted(count)
        );
        let help = format!(
            "see that its servers run on this database and with this catalog, then: pricebook services validate {environment} --payments"
        );
        (count > 0).then(|| Failure::failed(message, help))
    }
}

/// Makes them, or says why not.
pub(super) async fn validate(
    context: &Context<'_>,
    target: &Target,
    changed: &[Difference],
    skip: bool,
    journal: &mut Journal<'_>,
) -> Afterwards {
    journal.say("Step 5: Validating service synchronization...");
    let environments = context.artifacts.environments;
    let environment = environments.iter().find(|environment| environment.id == target.environment);
    let url = environment.and_then(|environment| environment.live_url).and_then(|url| Url::parse(url).ok());
    let is_served = !matches!(&target.database, DatabaseUrl::D1(database) if database.local);
    let name = target.environment;
    let why_not = match &url {
        _ if skip => Some("--no-validate".to_owned()),
        None => Some(format!("the catalog names no live_url for {name}")),
        Some(_) if !is_served => Some(format!("the copy on this machine is not what {name} serves")),
        Some(_) => None,
    };
    let served = if url.is_none() && !skip { Served::NoLiveUrl } else { Served::NotLookedAt };
    let (Some(url), None) = (url, &why_not) else {
        journal.say(&format!("  not validated: {}", why_not.unwrap_or_default()));
        return Afterwards { served, ..Afterwards::default() };
    };
    let live = match Live::new(context, environment.map(|environment| environment.id), url, TIMEOUT) {
        Ok(live) => live,
        Err(failure) => {
            let issue = failure.message();
            journal.say(&format!("  {issue}"));
            return Afterwards { issues: vec![issue], ..Afterwards::default() };
        }
    };
    let (found, error) = live.look(false).await;
    let checked = found.checked.as_ref();
    for kind in checked.iter().flat_map(|checked| &checked.kinds) {
        if let Some(answered) = kind.answered {
            journal.say(&format!("  API returned {answered} {}", kind.plural));
        }
    }
    let mut issues = found.issues();
    issues.extend(error.as_ref().map(|error| format!("Validation failed: {error}; {}", error.help())));
    match issues.is_empty() {
        true => journal.say("  All services are properly synchronized!"),
        false => journal.say("  Synchronization Issues Found:"),
    }
    for issue in &issues {
        journal.say(&format!("  {issue}"));
    }
    let mut afterwards = Afterwards { issues, served: Served::Equal, ..Afterwards::default() };
    if let Some(checked) = &found.checked {
        afterwards.test_payments(&live, checked, context.artifacts, changed, journal).await;
    }
    afterwards.live = Some(found);
    afterwards
}

impl Afterwards {
    async fn test_payments(
        &mut self,
        live: &Live,
        checked: &Checked,
        artifacts: &Artifacts,
        changed: &[Difference],
        journal: &mut Journal<'_>,
    ) {
        journal.say("Step 6: Testing payment flow...");
        let products = products(live.validation(), changed);
        let done = live.test_payments(checked, &products).await;
        if products.is_empty() {
            journal.say("  nothing that is paid for has changed");
        }
        for test in &done.tests {
            let of = if artifacts.kinds.first().is_some_and(|kind| kind.id == test.kind) { "" } else { &test.kind };
            let line = format!("{of}{}{}: {}", if of.is_empty() { "" } else { " " }, test.id, test.message);
            journal.say(&format!("  {line}"));
            if !test.passed {
                self.issues.push(line);
            }
        }
        if done.left_out > 0 {
            let left_out = done.left_out;
            journal.say(&format!("  {}", live::left_out(left_out)));
        }
        self.payments = Some(done);
    }
}

/// The products whose rows or prices have changed, each with its kind.
fn products(validation: &Validation<'_>, changed: &[Difference]) -> Vec<(String, String)> {
    let rows: BTreeSet<_> = changed.iter().map(|difference| (&*difference.table, &*difference.row)).collect();
    let of_product = |kind: &str, id: &str| {
        let table = validation.live.iter().find(|live| live.kind == kind).map(|live| &*live.table.name);
        table.is_some_and(|table| rows.contains(&(table, id)))
    };
    let keys: BTreeSet<_> = changed.iter().filter_map(Difference::lookup_key).collect();
    let of_price = |lookup_key: &str| keys.contains(lookup_key);
    let rules = validation.payments.iter();
    rules
        .filter(|rule| of_product(&rule.kind, &rule.id) || rule.prices.iter().any(|price| of_price(&price.lookup_key)))
        .map(|rule| (rule.kind.to_string(), rule.id.to_string()))
        .collect()
}
