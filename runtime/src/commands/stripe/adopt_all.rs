//! `stripe adopt-all`: whatever was made by hand and is exactly what the catalog says becomes the catalog's.

use pricebook_types::stripe::owned;

use super::account::{Access, Account, open};
use super::adopt::difference;
use super::sync::Syncing;
use super::{AdoptAll, FAILED, Manner, plan};
use crate::commands::failure::unless_unread;
use crate::commands::{Context, Failure};
use crate::stripe::product_sync::plan::{Adoption, Chain, Plan};

pub(super) async fn run(context: Context<'_>, arguments: &AdoptAll) -> Result<u8, Failure> {
    let account = Account::of(&context, &arguments.target).await?;
    if context.dry_run {
        let known = account.read_known(&context).await?;
        let plan = only(account.plan(&known, Manner::default(), Some(Adoption::All)).await?);
        unless_unread(plan::print(context, &account, &plan))?;
        return Ok(plan::code(&plan));
    }
    let database = open(&context, &account.target, Access::Write).await?;
    let known = account.known(&database).await?;
    let plan = only(account.plan(&known, Manner::default(), Some(Adoption::All)).await?);
    let is_left = !plan.notes.is_empty();
    let syncing = Syncing { context, account, database: &database, asking: &arguments.asking, mode: "adopt" };
    let code = syncing.run(plan).await?;
    Ok(if is_left { code.max(FAILED) } else { code })
}

/// The plan for what can be taken over as it is; what is not exactly what the catalog says is a note.
fn only(mut plan: Plan) -> Plan {
    plan.notes.clear();
    for phase in &mut plan.phases {
        phase.retain(|chain| {
            if let Some(problem) = &chain.problem {
                plan.notes.push(format!("{} is left: {}", chain.subject, problem.message));
                return false;
            }
            let difference = difference(chain).filter(|_| takes_over(chain));
            if let Some(difference) = &difference {
                let id = chain.id.as_deref().unwrap_or_default();
                plan.notes.push(format!("{id} is left, for it is not exactly {}: {difference}", chain.subject));
            }
            takes_over(chain) && difference.is_none()
        });
    }
    plan
}

/// Whether an object gets an owner that had none.
fn takes_over(chain: &Chain) -> bool {
    let owner = format!("metadata.{}", owned::CATALOG);
    let of_itself = chain.steps.iter().filter(|step| step.sort == chain.sort && step.id == chain.id);
    chain.id.is_some()
        && of_itself.flat_map(|step| &step.changes).any(|change| change.field == owner && change.from.is_none())
}
