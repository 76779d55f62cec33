//! Which database a command is about: that of an environment of the catalog, or the one that was named.

use std::path::PathBuf;

use clap::Args;
use pricebook_types::{Environment, EnvironmentDatabase};

use super::{Context, Failure, LOCAL};
use crate::Artifacts;
use crate::config::{D1Database, DatabaseUrl};
use crate::db;
use crate::services::record::LastRun;
use crate::services::whose::{PRODUCTION, is_live, live_environment};

/// What a command line says of it.
#[derive(Args, Clone, Default)]
pub(super) struct Choice {
    /// An environment of the catalog, or `local` for DATABASE_URL [default: local with --database, otherwise production]
    pub(super) environment: Option<String>,
    /// Of a Cloudflare D1 database, the copy on this machine that wrangler keeps for development
    #[arg(long)]
    pub(super) local: bool,
    /// Of a Cloudflare D1 database, the one at Cloudflare [default]
    #[arg(long, conflicts_with = "local")]
    remote: bool,
    /// Wrangler's configuration [default: that of the current folder]
    #[arg(long, value_name = "FILE")]
    pub(super) wrangler_config: Option<PathBuf>,
}

impl Choice {
    /// An environment of the catalog, `local`, or the default.
    pub(super) fn of(environment: Option<&str>) -> Self {
        Self { environment: environment.map(str::to_owned), ..Self::default() }
    }
}

/// An environment and its database.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Its name; `local` for a database that no environment of the catalog names.
    pub(super) environment: &'static str,
    /// Where it is.
    pub(super) database: DatabaseUrl,
    /// The environment of it that customers see: what is written there must be confirmed.
    pub(super) live: Option<&'static str>,
}

impl Target {
    /// That of the environment, or of `--database`, or of both: the database stands in for the environment's own.
    pub(super) fn of(context: &Context<'_>, chosen: &Choice) -> Result<Self, Failure> {
        let named = chosen.environment.as_deref();
        let environments = context.artifacts.environments;
        let find = |name: &str| environments.iter().find(|environment| environment.id == name);
        let environment = match named {
            Some(name) => match find(name) {
                Some(environment) => Some(environment),
                None if name == LOCAL => None,
                None => return Err(unknown(name, environments)),
            },
            None if context.database_is_named => None,
            None => find(PRODUCTION),
        };
        let Some(environment) = environment else {
            return Ok(Self::named(context));
        };
        let database = match context.database_is_named {
            true => context.database.clone(),
            false => own_database(environment, chosen)?,
        };
        Ok(Self { environment: environment.id, database, live: is_live(environment).then_some(environment.id) })
    }

    /// That of the environment; without one that of `--database` or `DATABASE_URL`, as a server has it.
    pub(super) fn of_server(context: &Context<'_>, chosen: &Choice) -> Result<Self, Failure> {
        match chosen.environment {
            None => Ok(Self::named(context)),
            Some(_) => Self::of(context, chosen),
        }
    }

    /// The database of `--database` or `DATABASE_URL`, whatever it is.
    pub(super) fn named(context: &Context<'_>) -> Self {
        Self { environment: LOCAL, database: context.database.clone(), live: None }
    }

    /// The same, live also where the database remembers that its last sync was that of a live environment, whatever it is
    /// called now. A database of Cloudflare D1 is called by its environment always.
    pub(super) fn remembered(self, artifacts: &Artifacts, last: Option<&LastRun>) -> Self {
        if self.live.is_some() || matches!(self.database, DatabaseUrl::D1(_)) {
            return self;
        }
        Self { live: last.and_then(|last| live_environment(artifacts, &last.environment)), ..self }
    }

    /// Goes on unless the database is that of another environment, one that customers see, by its last sync. Only `copy_of`
    /// with that one's name says that it is so no more. Returns whether it had to say so.
    pub(super) fn must_be_its_own(
        &self,
        artifacts: &Artifacts,
        last: Option<&LastRun>,
        copy_of: Option<&str>,
    ) -> Result<bool, Failure> {
        if let Some(name) = copy_of {
            Self::known(artifacts, name)?;
            if name == self.environment {
                return Err(Failure::Usage(format!("a copy of {name} is another environment's: name that one first")));
            }
        }
        let live = last.and_then(|last| live_environment(artifacts, &last.environment));
        let is_called_by_its_name = matches!(self.database, DatabaseUrl::D1(_));
        let Some(live) = live.filter(|live| *live != self.environment && !is_called_by_its_name) else {
            return Ok(false);
        };
        if copy_of == Some(live) {
            return Ok(true);
        }
        let (database, name) = (&self.database, self.environment);
        Err(Failure::failed(
            format!("{database} is the database of {live} by its last sync, and not of {name}; nothing was written"),
            format!(
                "if it is, name {live} instead of {name}; if it is a copy of it: pricebook services sync {name} --copy-of {live}"
            ),
        ))
    }

    /// What the database said, while something was done with it.
    pub(super) fn failed(&self, doing: &'static str, cause: sqlx::Error) -> db::Error {
        db::Error { doing, database: self.database.to_string(), cause }
    }

    /// That of an environment of the catalog, whatever `--database` says.
    pub(super) fn own(context: &Context<'_>, name: &str, chosen: &Choice) -> Result<Self, Failure> {
        let environment = Self::known(context.artifacts, name)?;
        let database = own_database(environment, chosen)?;
        Ok(Self { environment: environment.id, database, live: is_live(environment).then_some(environment.id) })
    }

    /// An environment of the catalog.
    pub(super) fn known(artifacts: &Artifacts, name: &str) -> Result<&'static Environment, Failure> {
        let environments = artifacts.environments;
        let environment = environments.iter().find(|environment| environment.id == name);
        environment.ok_or_else(|| unknown(name, environments))
    }
}

fn own_database(environment: &Environment, chosen: &Choice) -> Result<DatabaseUrl, Failure> {
    let id = environment.id;
    match environment.database {
        Some(EnvironmentDatabase::Variable(variable)) => match DatabaseUrl::of_variable(variable)? {
            Some(database) => Ok(database),
            None => Err(Failure::Usage(format!(
                "the environment variable {variable} is not set: it holds the database URL of {id}"
            ))),
        },
        Some(EnvironmentDatabase::D1(name)) => Ok(DatabaseUrl::D1(D1Database {
            name: name.to_owned(),
            environment: Some(id.to_owned()),
            local: chosen.local,
            config: chosen.wrangler_config.clone(),
        })),
        None => Err(Failure::Usage(format!(
            "the catalog names no database for {id}: write `database:` at the environment, or give --database"
        ))),
    }
}

fn unknown(name: &str, environments: &[Environment]) -> Failure {
    let known: Vec<_> = environments.iter().map(|environment| environment.id).chain([LOCAL]).collect();
    Failure::Usage(format!("there is no environment {name}; the catalog has {}", known.join(", ")))
}
