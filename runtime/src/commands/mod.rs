//! What can be typed: one file per subcommand, and this list of them.

mod audit;
mod demo;
mod doctor;
mod drift;
mod escaped;
mod failure;
mod local_stripe;
mod log;
mod main_job;
mod migrate;
mod prices;
mod serve;
mod services;
mod show;
mod storefront;
mod stripe;
mod supervisor;
mod target;
mod user;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use pricebook_types::{Artifacts, Dialect, Stream};
use serde::Serialize;

use crate::config::DatabaseUrl;
use crate::db::{self, Database};
use crate::http::Storefront;
use crate::records;
use crate::stripe::LocalStripe;
use escaped::{Escaped, Form, Noting};
use failure::{FAILED, Failure, WRONG_USAGE};
use local_stripe::Standing;
use show::Paint;

/// The environment of a database that no environment of the catalog names.
const LOCAL: &str = crate::config::Settings::LOCAL;

#[derive(Parser)]
#[command(name = "pricebook", version, disable_help_subcommand = true)]
struct Arguments {
    /// The database: sqlite:<path>, postgres://… or mysql://… [default: DATABASE_URL, otherwise .pricebook/<catalog>.db]
    #[arg(long, global = true, value_name = "URL")]
    database: Option<String>,
    /// Print JSON instead of text
    #[arg(long, global = true)]
    json: bool,
    /// Show what would be done, and keep nothing
    #[arg(long, global = true)]
    dry_run: bool,
    /// Without a command: go on to serve afterwards, also where standard output is no terminal
    #[arg(long, conflicts_with_all = ["no_serve", "dry_run"])]
    serve: bool,
    /// Without a command: end afterwards, also where standard output is a terminal
    #[arg(long)]
    no_serve: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the database's tables up to date, and no rows
    Migrate(migrate::Arguments),
    /// Show the price list, and whether the database agrees
    Prices,
    /// Look at everything that a server needs, and say what to do; changes nothing
    Doctor(doctor::Arguments),
    /// See whether database, Stripe, live API and storefront have this catalog
    Drift(drift::Arguments),
    /// Answer GET /services, POST /create-payment and the rest until told to stop
    Serve,
    /// Keep database and live API equal to the catalog: plan, sync, validate, back up, restore
    Services(services::Arguments),
    /// Keep what is sold in Stripe equal to the catalog: plan, sync, validate, adopt, status
    Stripe(stripe::Arguments),
    /// See that the audit log is as it was sealed
    Audit(audit::Arguments),
    /// Say who may do what: users, their roles, and the tokens of their programs
    User(user::Arguments),
}

/// How the process was started, and what the application brings besides its catalog.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Manner {
    /// Whether the output takes colours.
    pub(crate) colours: bool,
    /// Whether the bare command goes on to serve where nobody says otherwise.
    pub(crate) goes_on_to_serve: bool,
    /// The pages for browsers, where the company has some.
    pub(crate) storefront: Option<Storefront>,
    /// What the company brings itself.
    pub(crate) additions: Additions,
}

/// What an application brings besides its catalog and its pages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Additions {
    /// The company's own commands.
    pub commands: &'static [Addition],
    /// What stands in for Stripe on a developer's machine, where no key is set.
    pub local_stripe: Option<LocalStripe>,
}

/// A command that an application brings besides those of the library. It reads its arguments itself.
#[derive(Clone, Copy, Debug)]
pub struct Addition {
    /// How it is called.
    pub name: &'static str,
    /// What it does, in a line of the help.
    pub about: &'static str,
    /// Runs it with the arguments, of which the first is its name, and returns the exit code.
    pub run: fn(&[OsString]) -> u8,
}

/// What every command is given.
struct Context<'a> {
    artifacts: &'static Artifacts,
    storefront: Option<Storefront>,
    local_stripe: Option<LocalStripe>,
    /// The one that this process has started.
    standing: &'a Standing,
    database: DatabaseUrl,
    /// Whether `--database` was given.
    database_is_named: bool,
    json: bool,
    dry_run: bool,
    paint: Paint,
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
}

impl<'a> Context<'a> {
    /// The same for another command.
    fn again(&mut self) -> Context<'_> {
        Context { database: self.database.clone(), out: &mut *self.out, err: &mut *self.err, ..*self }
    }

    /// Parts with the output, for a command that writes to it in its own way.
    fn part_with_output<'b>(self, nowhere: &'b mut dyn Write) -> (Context<'b>, &'a mut dyn Write)
    where
        'a: 'b,
    {
        let Self { artifacts, storefront, local_stripe, standing, database, database_is_named, .. } = self;
        let Self { json, dry_run, paint, out, err, .. } = self;
        let own = Context {
            artifacts,
            storefront,
            local_stripe,
            standing,
            database,
            database_is_named,
            json,
            dry_run,
            paint,
            out: nowhere,
            err,
        };
        (own, out)
    }

    /// Says on standard error what is not as it should be, and stops nothing.
    fn warn(&mut self, text: &str) {
        // Nothing is left to tell it to.
        let _ = writeln!(self.err, "{} {text}", self.paint.bold("warning:"));
    }

    /// Whether what was done and kept could be told; where not, that is no failure of it.
    fn told(&mut self, kept: &str, told: io::Result<()>) {
        match told {
            // Who closed the output wants to hear no more.
            Err(cause) if cause.kind() != io::ErrorKind::BrokenPipe => {
                self.warn(&format!("{kept}, but the output cannot be written: {cause}"));
            }
            _ => {}
        }
    }

    /// The migrations: the runtime's own first.
    fn streams(&self) -> [Stream; 2] {
        [records::MIGRATIONS, self.artifacts.migrations]
    }

    /// The database for writing; for a dry run a copy of it, where there can be one.
    async fn open(&self) -> Result<Database, db::Error> {
        match self.dry_run {
            true => Database::open_copy(&self.database).await,
            false => Database::open(&self.database).await,
        }
    }

    /// Whether a dry run must take back what it does: a server's database has no copy.
    fn rehearses(&self) -> bool {
        self.dry_run && self.database.dialect() != Dialect::Sqlite
    }
}

/// Runs one command and returns the exit code: 0 is done, 1 is failed, 2 is wrong usage. Of `services`, `stripe`, `drift` and `migrate`,
/// whose 2 says that something is pending, 1 is wrong usage, too.
pub(crate) fn run(
    artifacts: &'static Artifacts,
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
    manner: Manner,
) -> u8 {
    let paint = Paint::new(manner.colours);
    let plain = Form::Text { colours: manner.colours };
    let arguments: Vec<_> = arguments.into_iter().collect();
    let called = |addition: &&Addition| arguments.get(1).is_some_and(|argument| argument == addition.name);
    if let Some(addition) = manner.additions.commands.iter().find(called) {
        return (addition.run)(&arguments[1..]);
    }
    let command = command_of(&arguments);
    let is_verdict = matches!(command.as_deref(), Some("services" | "stripe" | "drift"));
    let tells_what_is_pending = is_verdict || command.as_deref() == Some("migrate");
    let (mut json, mut out) = (false, Noting { to: out, was_written: false });
    let result = parse(artifacts, arguments, manner.additions.commands).and_then(|arguments| {
        let work = Work::of(&arguments, manner)?;
        json = arguments.json;
        let Arguments { database, json, dry_run, command, .. } = arguments;
        let database_is_named = database.is_some();
        let database = DatabaseUrl::choose(database.as_deref(), artifacts.name)?;
        let Manner { storefront, additions: Additions { local_stripe, .. }, .. } = manner;
        let standing = &Standing::default();
        let out = &mut Escaped { to: &mut out, form: if json { Form::Json } else { plain } };
        let err = &mut Escaped { to: &mut *err, form: plain };
        let context = Context {
            artifacts,
            storefront,
            local_stripe,
            standing,
            database,
            database_is_named,
            json,
            dry_run,
            paint,
            out,
            err,
        };
        dispatch(command, work, context)
    });
    match result {
        Ok(code) => code,
        // Nobody reads the rest (`| head`); the work is done.
        Err(Failure::Output(cause)) if cause.kind() == io::ErrorKind::BrokenPipe && !is_verdict => 0,
        Err(failure) => {
            // Whoever reads JSON is told in it, too, unless a report has said it.
            if json && !out.was_written {
                let report = FailureReport { error: failure.message(), help: failure.help() };
                let _ = show::json(&mut Escaped { to: &mut out, form: Form::Json }, &report);
            }
            match failure.report(&mut out, &mut Escaped { to: err, form: plain }, paint) {
                WRONG_USAGE if tells_what_is_pending => FAILED,
                code => code,
            }
        }
    }
}

/// What a command that fails prints as JSON, where it has no report of its own.
#[derive(Serialize)]
struct FailureReport<'a> {
    error: String,
    help: &'a str,
}

/// The command of arguments that may be wrong.
fn command_of(arguments: &[OsString]) -> Option<String> {
    let command = Arguments::command().ignore_errors(true);
    let matches = command.try_get_matches_from(arguments);
    matches.ok().and_then(|matches| matches.subcommand_name().map(str::to_owned))
}

fn parse(
    artifacts: &Artifacts,
    arguments: impl IntoIterator<Item = OsString>,
    additions: &[Addition],
) -> Result<Arguments, Failure> {
    let about = format!("Keeps the database equal to the catalog of {}.", artifacts.title);
    let command = Arguments::command().about(about).after_help(
        "Without a command: bring the tables up to date, make the rows equal to the catalog, verify them, and show the \
         price list. On a terminal, or with --serve, it then goes on to serve.",
    );
    // They are run before; here they only stand in the help.
    let command =
        command.subcommands(additions.iter().map(|addition| clap::Command::new(addition.name).about(addition.about)));
    let matches = command.try_get_matches_from(arguments).map_err(Failure::Arguments)?;
    Arguments::from_arg_matches(&matches).map_err(Failure::Arguments)
}

/// How much there is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Work {
    /// One command, that ends by itself.
    Ends,
    /// The bare command, and then the server.
    GoesOn,
    /// The server.
    Serves,
}

impl Work {
    fn of(arguments: &Arguments, manner: Manner) -> Result<Self, Failure> {
        let Arguments { json, dry_run, serve, no_serve, command, .. } = arguments;
        match command {
            Some(_) if *serve || *no_serve => {
                Err(Failure::Usage("--serve and --no-serve are for the run without a command".to_owned()))
            }
            Some(Command::Serve) => Ok(Self::Serves),
            Some(_) => Ok(Self::Ends),
            None if *serve || manner.goes_on_to_serve && !no_serve && !dry_run && !json => Ok(Self::GoesOn),
            None => Ok(Self::Ends),
        }
    }
}

fn dispatch(command: Option<Command>, work: Work, context: Context<'_>) -> Result<u8, Failure> {
    let mut runtime = match work {
        Work::Ends => tokio::runtime::Builder::new_current_thread(),
        Work::GoesOn | Work::Serves => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = runtime.enable_all().build().map_err(Failure::Output)?;
    runtime.block_on(async {
        let standing = context.standing;
        let done = run_command(command, work, context).await;
        standing.stop().await;
        done
    })
}

async fn run_command(command: Option<Command>, work: Work, mut context: Context<'_>) -> Result<u8, Failure> {
    match command {
        None => main_job::run(context.again()).await?,
        Some(Command::Migrate(arguments)) => return migrate::run(context, &arguments).await,
        Some(Command::Prices) => prices::run(context.again()).await?,
        Some(Command::Doctor(arguments)) => doctor::run(context.again(), &arguments).await?,
        Some(Command::Drift(arguments)) => return drift::run(context, &arguments).await,
        Some(Command::Serve) => {}
        Some(Command::User(arguments)) => user::run(context.again(), &arguments).await?,
        Some(Command::Audit(arguments)) => return audit::run(context, &arguments).await,
        Some(Command::Services(arguments)) => return services::run(context, &arguments).await,
        Some(Command::Stripe(arguments)) => return stripe::run(context, &arguments).await,
    }
    match work {
        Work::Ends => {}
        Work::Serves => serve::run(context, false).await?,
        Work::GoesOn => {
            storefront::build(&mut context)?;
            serve::run(context, true).await?
        }
    }
    Ok(0)
}
