//! What can be typed: one file per subcommand, and this list of them.

mod doctor;
mod failure;
mod log;
mod main_job;
mod migrate;
mod prices;
mod serve;
mod show;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use pricebook_types::{Artifacts, Dialect, Stream};

use crate::config::DatabaseUrl;
use crate::db::{self, Database};
use crate::records;
use failure::Failure;
use show::Paint;

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
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the database's tables up to date, and no rows
    Migrate(migrate::Arguments),
    /// Show the price list, and whether the database agrees
    Prices,
    /// Look at settings, database, Stripe, clock and disk, and say what to do; changes nothing
    Doctor,
    /// Answer GET /services, POST /create-payment and the rest until told to stop
    Serve,
}

/// What every command is given.
struct Context<'a> {
    artifacts: &'static Artifacts,
    database: DatabaseUrl,
    json: bool,
    dry_run: bool,
    paint: Paint,
    out: &'a mut dyn Write,
}

impl Context<'_> {
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

/// Runs one command and returns the exit code: 0 is done, 1 is failed, 2 is wrong usage.
pub(crate) fn run(
    artifacts: &'static Artifacts,
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
    colours: bool,
) -> u8 {
    let paint = Paint::new(colours);
    let result = parse(artifacts, arguments).and_then(|Arguments { database, json, dry_run, command }| {
        let database = DatabaseUrl::choose(database.as_deref(), artifacts.name)?;
        dispatch(command, Context { artifacts, database, json, dry_run, paint, out })
    });
    match result {
        Ok(()) => 0,
        // Nobody reads the rest (`| head`); the work is done.
        Err(Failure::Output(cause)) if cause.kind() == io::ErrorKind::BrokenPipe => 0,
        Err(failure) => failure.report(out, err, paint),
    }
}

fn parse(artifacts: &Artifacts, arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, Failure> {
    let about = format!("Keeps the database equal to the catalog of {}.", artifacts.title);
    let command = Arguments::command().about(about).after_help(
        "Without a command: bring the tables up to date, make the rows equal to the catalog, verify them, and show the \
         price list.",
    );
    let matches = command.try_get_matches_from(arguments).map_err(Failure::Arguments)?;
    Arguments::from_arg_matches(&matches).map_err(Failure::Arguments)
}

fn dispatch(command: Option<Command>, context: Context<'_>) -> Result<(), Failure> {
    let mut runtime = match command {
        Some(Command::Serve) => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = runtime.enable_all().build().map_err(Failure::Output)?;
    runtime.block_on(async {
        match command {
            None => main_job::run(context).await,
            Some(Command::Migrate(arguments)) => migrate::run(context, &arguments).await,
            Some(Command::Prices) => prices::run(context).await,
            Some(Command::Doctor) => doctor::run(context).await,
            Some(Command::Serve) => serve::run(context).await,
        }
    })
}
