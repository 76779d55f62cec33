//! `user add`, `list`, `disable`, `enable` and `role`.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::{Add, Person, Place, SetRole, open, open_read_only, token};
use crate::audit::Actor;
use crate::auth::tokens::Issued;
use crate::auth::users::{self, NewUser, User};
use crate::commands::{Context, Failure, show};

pub(super) async fn add(mut context: Context<'_>, arguments: &Add) -> Result<(), Failure> {
    let Add { email, name, role, token, limits, place } = arguments;
    let new_token = token.as_ref().map(|name| limits.token(name)).transpose()?;
    let database = open(&context, place).await?;
    let new = NewUser { email: email.clone(), name: name.clone().unwrap_or_else(|| email.clone()), role: *role };
    let added = {
        let Context { out, json, .. } = &mut context;
        let mut show = |id: &str, issued: &Issued| tell_added(*out, *json, &new, id, Some(issued));
        users::add(&mut database.session().await?, &Actor::of_command(), &new, new_token.as_ref(), &mut show).await
    };
    database.close().await;
    let id = added?;
    if token.is_some() {
        token::warn_of_role(&mut context, role.name());
        return Ok(());
    }
    let told = tell_added(context.out, context.json, &new, &id, None);
    context.told(&format!("{} is added", new.email.to_lowercase()), told);
    Ok(())
}

fn tell_added(out: &mut dyn Write, json: bool, new: &NewUser, id: &str, issued: Option<&Issued>) -> io::Result<()> {
    let NewUser { email, name, role } = new;
    let email = email.to_lowercase();
    if json {
        let user = json!({ "id": id, "email": email, "name": name, "role": role });
        let token = issued.map_or(Value::Null, token::as_json);
        show::json(out, &json!({ "user": user, "token": token }))?;
    } else {
        writeln!(out, "added: {email} ({id}), {}", role.name())?;
        issued.map_or(Ok(()), |issued| token::print(out, issued))?;
    }
    out.flush()
}

pub(super) async fn list(context: Context<'_>, place: &Place) -> Result<(), Failure> {
    let database = open_read_only(&context, place).await?;
    let users = users::list(&mut database.session().await?).await;
    let users = users.map_err(|cause| database.failed("read", cause));
    database.close().await;
    match context.json {
        true => show::json(context.out, &users?)?,
        false => print(context, &users?)?,
    }
    Ok(())
}

fn print(context: Context<'_>, users: &[User]) -> io::Result<()> {
    for User { email, name, role, status, created_at, .. } in users {
        writeln!(context.out, "{email}  {role}  {status}  since {created_at}  {name}")?;
    }
    if users.is_empty() {
        writeln!(context.out, "there are no users yet; the first: pricebook user add EMAIL --role admin --token NAME")?;
    }
    Ok(())
}

pub(super) async fn set_active(context: Context<'_>, person: &Person, active: bool) -> Result<(), Failure> {
    let database = open(&context, &person.place).await?;
    let actor = Actor::of_command();
    let changed = users::set_active(&mut database.session().await?, &actor, &person.email, active).await;
    database.close().await;
    tell(context, &person.email, changed?, if active { "active" } else { "disabled" });
    Ok(())
}

pub(super) async fn set_role(context: Context<'_>, arguments: &SetRole) -> Result<(), Failure> {
    let SetRole { email, role, place } = arguments;
    let database = open(&context, place).await?;
    let changed = users::set_role(&mut database.session().await?, &Actor::of_command(), email, *role).await;
    database.close().await;
    tell(context, email, changed?, role.name());
    Ok(())
}

fn tell(mut context: Context<'_>, email: &str, changed: bool, now: &str) {
    let email = email.to_lowercase();
    let told = match (context.json, changed) {
        (true, _) => show::json(context.out, &json!({ "email": email, "changed": changed, "now": now })),
        (false, true) => writeln!(context.out, "{email} is {now} now"),
        (false, false) => writeln!(context.out, "nothing changed: {email} was {now} before"),
    };
    context.told(&format!("{email} is {now} now"), told);
}
