//! `stripe validate`: whether the account is as the catalog says.

use super::account::Account;
use super::{Manner, plan};
use crate::commands::failure::unless_unread;
use crate::commands::target::Choice;
use crate::commands::{Context, Failure};

pub(super) async fn run(context: Context<'_>, target: &Choice) -> Result<u8, Failure> {
    let account = Account::of(&context, target).await?;
    let known = account.read_known(&context).await?;
    // What is validated is not believed of a hash.
    let found = account.plan(&known, Manner { deep: true, force_update: false }, None).await?;
    let json = context.json;
    let mut context = context;
    unless_unread(plan::print(context.again(), &account, &found))?;
    if !json {
        let told = match found.is_equal() {
            true => "All products are properly synchronized.",
            false => "The account is not as the catalog says; run pricebook stripe sync",
        };
        unless_unread(writeln!(context.out, "{told}").map_err(Failure::from))?;
    }
    Ok(plan::code(&found))
}
