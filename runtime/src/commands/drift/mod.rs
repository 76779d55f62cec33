//! `drift`: whether database, Stripe, live API and storefront all have this program's catalog.

mod frontend;
mod places;

use clap::Args;
use url::Url;

use super::failure::{FAILED, unless_unread};
use super::target::{Choice, Target};
use super::{Context, Failure, show};
use crate::clock;
use crate::services::drift::{Drift, Part, Place};

const CODES: &str = "Exit codes: 0 all are equal; 2 some place has another catalog; 1 no difference was found, but some place could not be \
                     looked at, and anything else. What is not there is left out by name: --without stripe";

#[derive(Args)]
#[command(after_help = CODES)]
pub(super) struct Arguments {
    #[command(flatten)]
    target: Choice,
    /// A place that is not looked at
    #[arg(long, value_enum, value_name = "PLACE")]
    without: Vec<Place>,
    /// Where the live API is [default: the environment's live_url]
    #[arg(long, value_name = "URL")]
    api: Option<Url>,
    /// Where the storefront is [default: where the API is]
    #[arg(long, value_name = "URL")]
    page: Option<Url>,
}

/// All places are equal.
const EQUAL: u8 = 0;
/// Some place has another catalog.
const DIFFERENT: u8 = 2;

pub(super) async fn run(context: Context<'_>, arguments: &Arguments) -> Result<u8, Failure> {
    let target = Target::of(&context, &arguments.target)?;
    let mut parts = Vec::new();
    for place in Place::ALL {
        parts.push(match arguments.without.contains(&place) {
            true => Part::left_out(place),
            false => look(&context, arguments, &target, place).await.unwrap_or_else(|failure| unknown(place, &failure)),
        });
    }
    let hash = context.artifacts.catalog_hash;
    let drift = Drift::of(target.environment, hash, clock::iso(clock::now()), parts);
    unless_unread(tell(context, &drift))?;
    Ok(match (drift.equal, drift.has_differences()) {
        (true, _) => EQUAL,
        (false, true) => DIFFERENT,
        (false, false) => FAILED,
    })
}

async fn look(context: &Context<'_>, arguments: &Arguments, target: &Target, place: Place) -> Result<Part, Failure> {
    match place {
        Place::Catalog => Ok(places::catalog(context, target)),
        Place::Database => places::database(context, target).await,
        Place::Stripe => places::stripe(context, &arguments.target).await,
        Place::LiveApi => places::live_api(context, target, arguments.api.as_ref()).await,
        Place::Frontend => {
            let page = arguments.page.as_ref().or(arguments.api.as_ref());
            frontend::look(context.artifacts, target, page).await
        }
    }
}

fn unknown(place: Place, failure: &Failure) -> Part {
    Part::unknown(place, failure.message(), failure.help())
}

fn tell(context: Context<'_>, drift: &Drift) -> Result<(), Failure> {
    if context.json {
        show::json(context.out, drift)?;
        return Ok(());
    }
    for line in drift.lines() {
        writeln!(context.out, "{line}")?;
    }
    Ok(())
}

/// The address of an environment's live API, or the one that was given.
fn address(context: &crate::Artifacts, target: &Target, given: Option<&Url>, option: &str) -> Result<Url, Failure> {
    let environment = context.environments.iter().find(|known| known.id == target.environment);
    let own = || environment?.live_url?.parse().ok();
    given.cloned().or_else(own).ok_or_else(|| {
        Failure::failed(
            format!("the catalog names no live API for {}", target.environment),
            format!("write `live_url:` at the environment, or give its address with {option}"),
        )
    })
}
