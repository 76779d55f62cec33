//! Doing what a plan says: its steps as requests, chains of a phase beside each other.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::super::requests::Write;
use super::super::{Requests, StripeError};
use super::existing;
use super::plan::{Action, Chain, Name, Param, Plan, Sort, Step};

/// Chains that are at work at once; the rate limit still holds.
const AT_ONCE: usize = 16;

/// What became of an object of the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It was made.
    Created,
    /// It, or something of it, was changed.
    Updated,
    /// It was as the catalog says.
    Synced,
    /// Something failed.
    Error,
}

impl Status {
    /// What becomes of an object all of whose steps are done.
    fn when_done(chain: &Chain) -> Self {
        let makes = |step: &Step| step.action == Action::Create && step.sort == chain.sort;
        match chain.steps.first() {
            Some(first) if makes(first) => Self::Created,
            Some(_) => Self::Updated,
            None => Self::Synced,
        }
    }

    /// As the mapping table has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Synced => "synced",
            Self::Error => "error",
        }
    }
}

/// What became of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChainResult {
    /// What it is.
    pub sort: Sort,
    /// Its id in the catalog.
    pub subject: String,
    /// Its name for people.
    pub title: String,
    /// What became of it.
    pub status: Status,
    /// How many of its steps were done.
    pub done: usize,
    /// How many there were.
    pub steps: usize,
    /// Its id in Stripe, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What went wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// What became of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Chain by chain, in the order of the plan.
    pub results: Vec<ChainResult>,
    /// The ids that objects of the catalog have now.
    pub ids: BTreeMap<Name, String>,
}

impl Applied {
    /// How many products came out so.
    pub fn count(&self, status: Status) -> usize {
        self.results.iter().filter(|result| result.sort == Sort::Product && result.status == status).count()
    }

    /// What would become of a plan in which nothing fails.
    pub fn as_planned(plan: &Plan) -> Self {
        let result = |chain: &Chain| ChainResult {
            sort: chain.sort,
            subject: chain.subject.clone(),
            title: chain.title.clone(),
            status: if chain.problem.is_some() { Status::Error } else { Status::when_done(chain) },
            done: chain.steps.len(),
            steps: chain.steps.len(),
            id: chain.id.clone(),
            error: chain.problem.as_ref().map(|problem| problem.message.clone()),
            help: chain.problem.as_ref().map(|problem| problem.help.clone()),
        };
        Self { results: plan.chains().map(result).collect(), ids: plan.ids.clone() }
    }

    /// Whether all was done.
    pub fn is_done(&self) -> bool {
        self.results.iter().all(|result| result.status != Status::Error)
    }
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// Stripe did not do it.
    #[error("{0}")]
    Stripe(#[from] StripeError),
    /// What it needs was not made.
    #[error("{} was not made, which it needs", .0.as_str())]
    Missing(Name),
}

#[derive(Deserialize)]
struct Made {
    id: String,
}

/// Does what the plan says. A chain ends at its first step that fails; the others go on. `run` is what sets this plan apart
/// from an equal one of another time: only its own retries are the same requests to Stripe.
pub async fn apply(requests: &Requests, plan: &Plan, run: &str, mut on_result: impl FnMut(&ChainResult)) -> Applied {
    let ids = Mutex::new(plan.ids.clone());
    let mut results = Vec::new();
    for (phase, chains) in plan.phases.iter().enumerate() {
        let at_work = chains.iter().enumerate().map(|(index, chain)| {
            let place = format!("{run} {phase} {index}");
            let ids = &ids;
            async move { one(requests, chain, &place, ids).await }
        });
        // A list, for of a mapping the compiler cannot see that it may be sent between threads.
        let at_work: Vec<_> = at_work.collect();
        let mut at_work = stream::iter(at_work).buffered(AT_ONCE);
        while let Some(result) = at_work.next().await {
            on_result(&result);
            results.push(result);
        }
    }
    Applied { results, ids: ids.into_inner().unwrap_or_else(PoisonError::into_inner) }
}

async fn one(requests: &Requests, chain: &Chain, place: &str, ids: &Mutex<BTreeMap<Name, String>>) -> ChainResult {
    let mut failed = chain.problem.as_ref().map(|problem| (problem.message.clone(), Some(problem.help.clone())));
    let mut done = 0;
    for (index, step) in chain.steps.iter().enumerate() {
        if failed.is_some() {
            break;
        }
        match send(requests, step, &format!("{place} {index}"), ids).await {
            Ok(()) => done += 1,
            Err(error) => failed = Some((format!("{} {}: {error}", step.sort.noun(), step.subject), None)),
        }
    }
    let status = if failed.is_some() { Status::Error } else { Status::when_done(chain) };
    let name = Name::new(chain.sort, &chain.subject);
    let id = chain.id.clone().or_else(|| lock(ids).get(&name).cloned());
    let (error, help) = failed.unzip();
    ChainResult {
        sort: chain.sort,
        subject: chain.subject.clone(),
        title: chain.title.clone(),
        status,
        done,
        steps: chain.steps.len(),
        id,
        error,
        help: help.flatten(),
    }
}

async fn send(
    requests: &Requests,
    step: &Step,
    place: &str,
    ids: &Mutex<BTreeMap<Name, String>>,
) -> Result<(), StepError> {
    let id = |param: &Param| match param {
        Param::Text(text) => Ok(text.clone()),
        Param::IdOf(name) => lock(ids).get(name).cloned().ok_or_else(|| StepError::Missing(name.clone())),
    };
    let request = &step.request;
    let object = request.object.as_ref().map(id).transpose()?;
    let object = object.map(|object| format!("/{object}")).unwrap_or_default();
    let form = request.form.as_ref().map(|form| {
        form.iter().map(|(field, param)| Ok((field.clone(), id(param)?))).collect::<Result<Vec<_>, StepError>>()
    });
    let form = form.transpose()?;
    // Digests never end in a secret, and are as long as Stripe lets keys be.
    let key: String = Sha256::digest(format!("{place} {request:?}")).iter().map(|byte| format!("{byte:02x}")).collect();
    let write = Write {
        path: &format!("{}{object}{}", request.collection, request.below),
        endpoint: &request.collection,
        form: form.as_deref(),
        idempotency_key: &key,
        is_repeatable: step.is_repeatable(),
    };
    let made = match step.action {
        Action::Create => create(requests, write).await?,
        _ => requests.write::<Made>(write).await?.id,
    };
    if let Some(name) = &step.makes {
        lock(ids).insert(name.clone(), made);
    }
    Ok(())
}

/// Makes an object, and returns its id. After an answer 500 it is made under another key, unless it is there all the same.
async fn create(requests: &Requests, write: Write<'_>) -> Result<String, StripeError> {
    let mut tries = 0;
    let mut key = write.idempotency_key.to_owned();
    loop {
        match requests.write::<Made>(Write { idempotency_key: &key, ..write }).await {
            Err(error) if error.is_kept() && tries < requests.retries() => {
                tracing::warn!(%error, path = write.path, "it may have been made, and is looked for");
                requests.pause(tries).await;
            }
            answer => return Ok(answer?.id),
        }
        if let Some(found) = existing::find(requests, write.path, write.form.unwrap_or_default()).await? {
            return Ok(found);
        }
        tries += 1;
        key = format!("{}-{tries}", write.idempotency_key);
    }
}

fn lock(ids: &Mutex<BTreeMap<Name, String>>) -> std::sync::MutexGuard<'_, BTreeMap<Name, String>> {
    ids.lock().unwrap_or_else(PoisonError::into_inner)
}
