//! `user link`: how somebody comes to a password.

use std::io::Write;

use serde_json::json;

use super::{Person, open};
use crate::audit::Actor;
use crate::auth::Token;
use crate::auth::links::{self, Purpose};
use crate::commands::serve::settings_of_process;
use crate::commands::{Context, Failure, show};

pub(super) async fn add(mut context: Context<'_>, Person { email, place }: &Person) -> Result<(), Failure> {
    let settings = settings_of_process(&context)?;
    let database = open(&context, place).await?;
    let hours = Purpose::Password.valid_secs() / 3600;
    let made = {
        let Context { out, json, .. } = &mut context;
        let mut show = |token: &Token| {
            let address = settings.address(&format!("/sign-in/{}", token.reveal()));
            match json {
                true => show::json(*out, &json!({ "email": email, "link": address, "expires_hours": hours })),
                false => {
                    writeln!(out, "{address}")?;
                    writeln!(out, "with it {email} chooses a password; it works once, within {hours} hours")
                }
            }?;
            out.flush()
        };
        let session = &mut database.session().await?;
        links::add(session, &Actor::of_command(), email, Purpose::Password, &mut show).await
    };
    database.close().await;
    Ok(made?)
}
