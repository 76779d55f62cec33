//! `stripe revert`: the plan that makes an account again what an earlier catalog says. It is applied as every saved plan.

use super::account::Account;
use super::{Manner, Revert, earlier, plan};
use crate::clock;
use crate::commands::failure::unless_unread;
use crate::commands::{Context, Failure};
use crate::stripe::product_sync::Saved;

pub(super) async fn run(context: Context<'_>, arguments: &Revert) -> Result<u8, Failure> {
    let earlier = earlier::read(arguments.to.as_deref())?;
    let account = Account::of(&context, &arguments.target).await?.back_to(&earlier.state)?;
    let known = account.read_known(&context).await?;
    let plan = account.plan(&known, Manner { deep: arguments.deep, force_update: false }, None).await?;
    let code = plan::code(&plan);
    let mut context = context;
    unless_unread(plan::print(context.again(), &account, &plan))?;
    if let Some(file) = &arguments.out {
        let saved = Saved::new(account.target.environment, false, clock::iso(clock::now()), plan);
        plan::save(file, &saved.going_back_to(earlier.state))?;
    }
    if !context.json {
        unless_unread(tell(context, &earlier.from, arguments))?;
    }
    Ok(code)
}

fn tell(context: Context<'_>, from: &str, arguments: &Revert) -> Result<(), Failure> {
    writeln!(
        context.out,
        "  back to {from}; the next sync of this program's own catalog undoes it, so take catalog/ back, too"
    )?;
    match &arguments.out {
        Some(file) => writeln!(context.out, "  to do it: pricebook stripe sync {}", file.display())?,
        None => {
            writeln!(context.out, "  to do it: save this plan with --out FILE, and run pricebook stripe sync FILE")?
        }
    }
    Ok(())
}
