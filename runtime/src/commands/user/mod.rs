//! `user`: who may do what. The first admin is made here; there is no password to begin with.

mod link;
mod people;
mod token;

use clap::{Args, Subcommand};

use super::services::ready;
use super::target::{Choice, Target};
use super::{Context, Failure};
use crate::auth::tokens::NewToken;
use crate::auth::{Role, Scope};
use crate::config::DatabaseUrl;
use crate::db::Database;

#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a user; with --token a token for their program besides, which is printed this once
    Add(Add),
    /// Show every user
    List(Place),
    /// Take none of a user's tokens from now on
    Disable(Person),
    /// Take a disabled user's tokens again
    Enable(Person),
    /// Give a user another role
    Role(SetRole),
    /// Make a link with which a user chooses a password, and signs in; it is printed this once, and works once
    Link(Person),
    /// Make, show and revoke the tokens of users' programs
    Token(token::Arguments),
}

#[derive(Args)]
struct Place {
    /// An environment of the catalog [default: the database of --database or DATABASE_URL, as `serve` has it]
    environment: Option<String>,
}

#[derive(Args)]
struct Person {
    /// The user's address of mail
    email: String,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
struct Add {
    /// The user's address of mail
    email: String,
    /// What people call them [default: the address]
    #[arg(long)]
    name: Option<String>,
    /// What they may do
    #[arg(long)]
    role: Role,
    /// Make a token with this name
    #[arg(long, value_name = "NAME")]
    token: Option<String>,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
struct SetRole {
    /// The user's address of mail
    email: String,
    /// What they may do from now on
    role: Role,
    #[command(flatten)]
    place: Place,
}

/// What a new token may do, and for how long.
#[derive(Args)]
struct Limits {
    /// Days until the token is taken no more [default: never]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    expires: Option<u32>,
    /// What the token may do, of that which its user may
    #[arg(long, value_delimiter = ',', default_value = "all")]
    scopes: Vec<Scope>,
}

impl Limits {
    /// A token of this name with these limits.
    fn token(&self, name: &str) -> Result<NewToken, Failure> {
        let mut scopes: Vec<Scope> = Vec::new();
        for scope in &self.scopes {
            if !scopes.contains(scope) {
                scopes.push(*scope);
            }
        }
        match scopes.len() > 1 && scopes.contains(&Scope::All) {
            true => {
                Err(Failure::Usage("the scope all holds every other one: name it alone, or leave it out".to_owned()))
            }
            false => Ok(NewToken { name: name.to_owned(), expires_days: self.expires, scopes }),
        }
    }
}

pub(super) async fn run(context: Context<'_>, arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Add(arguments) => people::add(context, arguments).await,
        Command::List(place) => people::list(context, place).await,
        Command::Disable(person) => people::set_active(context, person, false).await,
        Command::Enable(person) => people::set_active(context, person, true).await,
        Command::Link(person) => link::add(context, person).await,
        Command::Role(arguments) => people::set_role(context, arguments).await,
        Command::Token(arguments) => token::run(context, arguments).await,
    }
}

/// The database that a server of this place has, for reading only.
async fn open_read_only(context: &Context<'_>, place: &Place) -> Result<Database, Failure> {
    ready::open_read_only(context, &target(context, place)?).await
}

/// The same for writing.
async fn open(context: &Context<'_>, place: &Place) -> Result<Database, Failure> {
    if context.dry_run {
        return Err(Failure::Usage("users and tokens are kept at once; run this without --dry-run".to_owned()));
    }
    ready::open(context, &target(context, place)?).await
}

fn target(context: &Context<'_>, place: &Place) -> Result<Target, Failure> {
    let target = Target::of_server(context, &Choice::of(place.environment.as_deref()))?;
    match &target.database {
        DatabaseUrl::D1(_) => Err(Failure::Usage(format!(
            "users call a server, and no server works on Cloudflare D1: name the database of the server instead of {}",
            target.database
        ))),
        _ => Ok(target),
    }
}
