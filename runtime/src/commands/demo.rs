//! The demonstration's administrator: for who tries the application out on their own machine, and for nobody else.

use std::io;

use super::Context;
use crate::audit::Actor;
use crate::auth::links::{self, Purpose};
use crate::auth::users::{self, NewUser};
use crate::auth::{AuthError, Role, Token};
use crate::config::{DatabaseUrl, Settings};
use crate::db::Database;

/// A name that no mail is sent to.
const EMAIL: &str = "demo@localhost";

/// Whether this is the demonstration: `cargo run` without any word on where the database or Stripe is, in development, on this machine.
pub(super) fn is_one(context: &Context<'_>, settings: &Settings, has_local_stripe: bool) -> bool {
    let is_untouched = matches!(context.database, DatabaseUrl::Embedded(_));
    is_untouched && has_local_stripe && settings.is_of_one_machine() && !context.json
}

/// What is told of its administrator: a link with which they sign in once, without a password. They are made first, where they are not
/// there yet; somebody may have disabled them.
pub(super) async fn link(settings: &Settings, database: &Database) -> String {
    let mut told = String::new();
    let minutes = Purpose::SignIn.valid_secs() / 60;
    let mut show = |token: &Token| {
        let address = settings.address(&format!("/sign-in/{}", token.reveal()));
        told = format!("  sign in to it as {EMAIL}, once, within {minutes} minutes:\n  {address}\n");
        Ok(())
    };
    match make(database, &mut show).await {
        Ok(()) => told,
        Err(error) => format!("  nobody can sign in to it as {EMAIL}: {error}\n"),
    }
}

async fn make(database: &Database, show: &mut dyn FnMut(&Token) -> io::Result<()>) -> Result<(), AuthError> {
    let actor = Actor::of_command();
    let new = NewUser { email: EMAIL.to_owned(), name: "Demonstration".to_owned(), role: Role::Admin };
    let mut session = database.session().await.map_err(|error| AuthError::Database(error.cause))?;
    match users::add(&mut session, &actor, &new, None, &mut |_, _| Ok(())).await {
        Ok(_) | Err(AuthError::UserExists(_)) => {}
        Err(error) => return Err(error),
    }
    links::add(&mut session, &actor, EMAIL, Purpose::SignIn, show).await
}
