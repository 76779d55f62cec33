//! `services deployed`: whether the servers of a live API run this program's catalog, waited for.

use std::time::Duration;

use serde::Serialize;
use tokio::time::Instant;

use super::{Deployed, EQUAL, validate};
use crate::commands::show::short_hash;
use crate::commands::{Context, Failure, show};
use crate::services::live::{LiveApi, LiveError, Patience, Served, served};
use crate::services::whose::PRODUCTION;

/// Of one answer.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Between two questions.
const EVERY: Duration = Duration::from_millis(500);
/// So many answers in a row must be right: behind a proxy they may be those of several servers.
const IN_A_ROW: u32 = 5;

#[derive(Serialize)]
struct Report<'a> {
    catalog_hash: &'static str,
    servers: &'a [Server],
}

/// An address, and which catalog was served there last.
#[derive(Serialize)]
struct Server {
    url: String,
    served_hash: String,
}

pub(super) async fn run(context: Context<'_>, arguments: &Deployed) -> Result<u8, Failure> {
    let hash = context.artifacts.catalog_hash;
    let default = [PRODUCTION.to_owned()];
    let targets = if arguments.targets.is_empty() { &default[..] } else { &arguments.targets };
    let mut apis = Vec::new();
    for target in targets {
        let (_, url) = validate::address(&context, Some(target))?;
        apis.push(LiveApi::new(url, Patience::of(TIMEOUT))?);
    }
    let deadline = Instant::now() + Duration::from_secs(arguments.within);
    let mut servers = Vec::new();
    for api in &apis {
        let Served { catalog_hash, .. } = wait(api, hash, deadline).await?;
        servers.push(Server { url: api.shown(), served_hash: catalog_hash });
    }
    if context.json {
        show::json(context.out, &Report { catalog_hash: hash, servers: &servers })?;
        return Ok(EQUAL);
    }
    for Server { url, served_hash } in &servers {
        writeln!(context.out, "{url} runs the program of catalog {}", short_hash(served_hash))?;
    }
    Ok(EQUAL)
}

/// Asks until enough answers in a row name the hash. At the deadline the last other answer is the reason why not.
async fn wait(api: &LiveApi, hash: &str, deadline: Instant) -> Result<Served, Failure> {
    let mut in_a_row = 0;
    loop {
        let answer = served(api).await;
        match answer {
            Ok(served) if served.catalog_hash == hash => {
                in_a_row += 1;
                if in_a_row == IN_A_ROW {
                    return Ok(served);
                }
                continue;
            }
            // A server that is being started answers in many ways, or not at all.
            other if Instant::now() >= deadline => return Err(failure(api, hash, other)),
            _ => in_a_row = 0,
        }
        tokio::time::sleep(EVERY).await;
    }
}

fn failure(api: &LiveApi, hash: &str, last: Result<Served, LiveError>) -> Failure {
    let url = api.shown();
    match last {
        Ok(Served { catalog_hash, .. }) => Failure::failed(
            format!(
                "{url} runs the program of catalog {}, and this one is of {}",
                short_hash(&catalog_hash),
                short_hash(hash)
            ),
            "see why it was not deployed there, before rows are synced",
        ),
        Err(error) => Failure::failed(error.to_string(), error.help()),
    }
}
