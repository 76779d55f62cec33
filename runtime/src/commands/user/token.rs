//! `user token add`, `list` and `revoke`.

use std::io::{self, Write};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Limits, Place, open, open_read_only};
use crate::audit::Actor;
use crate::auth::Role;
use crate::auth::tokens::{self, Issued, Listed};
use crate::commands::{Context, Failure, show};

#[derive(Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a token for a user's program, which is printed this once
    Add(Add),
    /// Show tokens without their text
    List(List),
    /// Take a token no more
    Revoke(Revoke),
}

#[derive(Args)]
struct Add {
    /// The user's address of mail
    email: String,
    /// What the program is called
    name: String,
    #[command(flatten)]
    limits: Limits,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
struct List {
    /// Only those of the user with this address of mail
    #[arg(long, value_name = "EMAIL")]
    of: Option<String>,
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
struct Revoke {
    /// The token's id, as `list` shows it
    id: String,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(context: Context<'_>, arguments: &Arguments) -> Result<(), Failure> {
    match &arguments.command {
        Command::Add(arguments) => add(context, arguments).await,
        Command::List(arguments) => list(context, arguments).await,
        Command::Revoke(arguments) => revoke(context, arguments).await,
    }
}

async fn add(mut context: Context<'_>, arguments: &Add) -> Result<(), Failure> {
    let Add { email, name, limits, place } = arguments;
    let new = limits.token(name)?;
    let database = open(&context, place).await?;
    let added = {
        let Context { out, json, .. } = &mut context;
        let mut show = |issued: &Issued| {
            match json {
                true => show::json(*out, &as_json(issued)),
                false => print(*out, issued),
            }?;
            out.flush()
        };
        tokens::add(&mut database.session().await?, &Actor::of_command(), email, &new, &mut show).await
    };
    database.close().await;
    warn_of_role(&mut context, &added?);
    Ok(())
}

/// A token can do no more than its user.
pub(super) fn warn_of_role(context: &mut Context<'_>, role: &str) {
    if role == Role::Customer.name() {
        context.warn("the token of a customer opens nothing below /api/admin/");
    }
}

/// The only place that shows a token's text, once.
pub(super) fn print(out: &mut dyn Write, issued: &Issued) -> io::Result<()> {
    writeln!(out, "token {}, shown this once; whoever has it may do what it permits:", issued.id)?;
    writeln!(out, "  {}", issued.token.reveal())
}

/// The same for programs.
pub(super) fn as_json(issued: &Issued) -> Value {
    json!({ "id": issued.id, "token": issued.token.reveal() })
}

async fn list(context: Context<'_>, arguments: &List) -> Result<(), Failure> {
    let database = open_read_only(&context, &arguments.place).await?;
    let listed = tokens::list(&mut database.session().await?, arguments.of.as_deref()).await;
    database.close().await;
    match context.json {
        true => show::json(context.out, &listed?)?,
        false => print_list(context, &listed?)?,
    }
    Ok(())
}

fn print_list(context: Context<'_>, listed: &[Listed]) -> io::Result<()> {
    for Listed { id, name, email, scopes, state, expires_at, last_used_at, .. } in listed {
        let expires = expires_at.as_deref().unwrap_or("never");
        let used = last_used_at.as_deref().unwrap_or("never");
        let scopes = scopes.join(",");
        writeln!(context.out, "{id}  {state}  {email}  {name}  scopes {scopes}  expires {expires}  last used {used}")?;
    }
    if listed.is_empty() {
        writeln!(context.out, "there are no tokens; make one with pricebook user token add EMAIL NAME")?;
    }
    Ok(())
}

async fn revoke(mut context: Context<'_>, Revoke { id, place }: &Revoke) -> Result<(), Failure> {
    let database = open(&context, place).await?;
    let changed = tokens::revoke(&mut database.session().await?, &Actor::of_command(), id).await;
    database.close().await;
    let told = match (context.json, changed?) {
        (true, changed) => show::json(context.out, &json!({ "id": id, "changed": changed, "now": "revoked" })),
        (false, true) => writeln!(context.out, "{id} is revoked now"),
        (false, false) => writeln!(context.out, "nothing changed: {id} was revoked before"),
    };
    context.told(&format!("{id} is revoked now"), told);
    Ok(())
}
