//! `stripe adopt`: an object that was made by hand becomes the catalog's, where it is exactly what the catalog says.

use super::account::{Access, Account, open};
use super::sync::Syncing;
use super::{Adopt, Manner};
use crate::commands::{Context, Failure};
use crate::stripe::product_sync::plan::{Action, Adoption, Chain, Plan, Sort, text};

pub(super) async fn run(context: Context<'_>, arguments: &Adopt) -> Result<u8, Failure> {
    let account = Account::of(&context, &arguments.target).await?;
    let database = open(&context, &account.target, Access::Write).await?;
    let known = account.known(&database).await?;
    let adoption = Adoption::One { local_id: arguments.name.clone(), id: arguments.id.clone() };
    let whole = account.plan(&known, Manner::default(), Some(adoption)).await?;
    let plan = only(whole, &arguments.name, &arguments.id)?;
    let syncing = Syncing { context, account, database: &database, asking: &arguments.asking, mode: "adopt" };
    syncing.run(plan).await
}

/// The plan for this object alone, where taking it over changes nothing that customers see.
fn only(mut plan: Plan, name: &str, id: &str) -> Result<Plan, Failure> {
    for phase in &mut plan.phases {
        phase.retain(|chain| chain.subject == name && chain.id.as_deref() == Some(id));
    }
    plan.notes.clear();
    let Some(chain) = plan.chains().next() else {
        return Err(Failure::failed(
            format!("{id} is nothing that could be {name}"),
            "name a product by its local id, a feature or coupon by its own; `pricebook stripe plan` shows them",
        ));
    };
    if let Some(problem) = &chain.problem {
        return Err(Failure::failed(problem.message.clone(), problem.help.clone()));
    }
    match difference(chain) {
        Some(difference) => Err(Failure::failed(
            format!("{id} is not exactly what the catalog says of {name}: {difference}"),
            "change it in Stripe's dashboard or in the catalog until both are the same",
        )),
        None => Ok(plan),
    }
}

/// What of taking an object over would change more than customers never see.
pub(super) fn difference(chain: &Chain) -> Option<String> {
    chain.steps.iter().filter(|step| step.sort != Sort::Grant).find_map(|step| {
        let harmless = ["lookup_key", "nickname", "default_price"];
        let seen = |field: &str| !field.starts_with("metadata.") && !harmless.contains(&field);
        let change = step.changes.iter().find(|change| seen(&change.field));
        match (step.action, change) {
            (Action::Update, None) => None,
            (_, Some(change)) => Some(format!("{} {}: {}", step.sort.noun(), step.subject, text::changed(change))),
            _ => Some(format!("{} {}: {}", step.sort.noun(), step.subject, step.reason)),
        }
    })
}
