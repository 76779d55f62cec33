//! Whose database it is: that of the environment whose sync was kept last.

use pricebook_types::{Artifacts, Environment};

use super::record::LastRun;

/// The environment that customers see, whatever else the catalog says of it.
pub const PRODUCTION: &str = "production";

/// The environment of this name, where customers see it.
pub fn live_environment(artifacts: &Artifacts, name: &str) -> Option<&'static str> {
    let environment = artifacts.environments.iter().find(|environment| environment.id == name)?;
    is_live(environment).then_some(environment.id)
}

/// Whether customers see it.
pub fn is_live(environment: &Environment) -> bool {
    environment.id == PRODUCTION || environment.stripe_live
}

/// What is odd about a server of this environment on a database of this last sync, where customers see one of the two.
pub fn oddity(artifacts: &Artifacts, last: Option<&LastRun>, environment: &str) -> Option<String> {
    let last = &last?.environment;
    let is_seen = [last, environment].iter().any(|name| live_environment(artifacts, name).is_some());
    (is_seen && last != environment)
        .then(|| format!("the last sync of this database was that of {last}, and the server is of {environment}"))
}
