//! Whether payments could be made: the key is one for this environment, Stripe takes it, and it is of the right account.

use std::path::Path;

use pricebook_types::Artifacts;

use super::Finding;
use crate::config::Settings;
use crate::stripe::{Account, AccountError, KeyError, SecretKey, StripeClient};

const WHAT: &str = "stripe";

/// Asks Stripe whose key it is; without a key it asks nobody.
pub async fn of_stripe(
    key: Result<Option<SecretKey>, KeyError>,
    artifacts: &Artifacts,
    settings: &Settings,
) -> Finding {
    let key = match key {
        Ok(Some(key)) => key,
        Ok(None) => {
            let says = "STRIPE_SECRET_KEY is not set: payments are checked, and none is made";
            let help = "set it to the secret key of the account, where payments are to be made";
            return Finding::doubtful(WHAT, says, help);
        }
        Err(error) => return Finding::bad(WHAT, error.to_string(), "take the key from Stripe's dashboard"),
    };
    let mode = if key.is_live() { "live" } else { "test" };
    let account = match StripeClient::new(settings.stripe_api_base.clone(), key) {
        Ok(client) => client.account().await,
        Err(cause) => return Finding::bad(WHAT, cause.to_string(), "see that the system's certificates can be read"),
    };
    let environment = artifacts.environments.iter().find(|known| known.id == settings.environment);
    match account {
        Ok(account) => of_account(&account, mode, environment.and_then(|environment| environment.stripe_account)),
        Err(AccountError::NotTold) => Finding::doubtful(
            WHAT,
            AccountError::NotTold.to_string(),
            "see in Stripe's dashboard that it is of the right account, and may write PaymentIntents",
        ),
        Err(error @ AccountError::KeyRefused(_)) => Finding::bad(
            WHAT,
            error.to_string(),
            "set STRIPE_SECRET_KEY to a key that Stripe's dashboard shows as active",
        ),
        Err(error @ AccountError::Unavailable(_)) => {
            let help = format!("see that {} can be reached from here", settings.stripe_api_base);
            Finding::doubtful(WHAT, format!("whether the {mode} key is good is not known: {error}"), help)
        }
    }
}

/// What a developer's machine has in its place.
pub(super) fn of_stand_in(file: &Path) -> Finding {
    let file = file.display();
    Finding::good(WHAT, format!("STRIPE_SECRET_KEY is not set: a local Stripe stands in, whose account is in {file}"))
}

fn of_account(Account { id, charges_enabled }: &Account, mode: &str, expected: Option<&str>) -> Finding {
    match expected {
        Some(expected) if expected != id => Finding::bad(
            WHAT,
            format!("the key is of the account {id}, and the catalog names {expected} for this environment"),
            "set STRIPE_SECRET_KEY to a key of that account",
        ),
        _ if !charges_enabled && mode == "live" => Finding::doubtful(
            WHAT,
            format!("Stripe takes the live key of {id}, which may not take payments yet"),
            "complete the account in Stripe's dashboard",
        ),
        _ => Finding::good(WHAT, format!("Stripe takes the {mode} key of {id}")),
    }
}
