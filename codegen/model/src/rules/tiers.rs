//! Tiers: each begins where the one before ended, and the last never ends.

use super::context::Context;
use crate::decl::{StepDecl, TiersDecl};
use crate::diagnostic::Diagnostic;

/// The tiers of every price: now, announced and grandfathered.
pub(super) fn all<'a>(context: &Context<'a>) -> impl Iterator<Item = &'a TiersDecl> {
    context.prices().flat_map(|price| {
        let changes = price.changes.iter().map(|change| &change.amounts);
        let former = price.grandfathered.iter().map(|former| &former.amounts);
        std::iter::once(&price.amounts).chain(changes).chain(former).filter_map(|amounts| amounts.tiers.as_ref())
    })
}

/// Each tier ends after the one before.
pub(super) fn tiers_ascend(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for steps in all(context).map(|tiers| &tiers.steps) {
        if let Some(first) = steps.first().filter(|step| step.up_to.value == Some(0)) {
            found.push(
                Diagnostic::error("tiers-out-of-order", first.up_to.span, "the first tier ends before it begins")
                    .help("a tier holds at least one unit"),
            );
        }
        for [before, step] in steps.array_windows() {
            let (Some(last), Some(end)) = (before.up_to.value, step.up_to.value) else { continue };
            if end <= last {
                found.push(
                    Diagnostic::error(
                        "tiers-out-of-order",
                        step.up_to.span,
                        format!("a tier up to {end} after one up to {last}"),
                    )
                    .also(before.up_to.span, "the tier before")
                    .help(format!("each tier ends after the one before: write a number above {last}")),
                );
            }
        }
    }
}

/// The last tier, and no other, is unlimited.
pub(super) fn the_last_tier_never_ends(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for steps in all(context).map(|tiers| &tiers.steps) {
        let Some((last, before)) = steps.split_last() else { continue };
        for step in before.iter().filter(|step| step.up_to.value.is_none()) {
            found.push(
                Diagnostic::error(
                    "tiers-without-end",
                    step.up_to.span,
                    "this tier never ends, so the next never begins",
                )
                .also(last.span, "the last tier")
                .help("write the last unit of the tier; only the last tier is `unlimited`"),
            );
        }
        // Behind a tier that never ends, the last one is no end to miss.
        if let Some(end) = last.up_to.value.filter(|_| before.iter().all(|step| step.up_to.value.is_some())) {
            found.push(
                Diagnostic::error(
                    "tiers-without-end",
                    last.up_to.span,
                    format!("nothing says what unit {} costs", end.saturating_add(1)),
                )
                .help("write `up_to: unlimited` in the last tier"),
            );
        }
    }
}

/// The tiers in other currencies end where those of the default currency end.
pub(super) fn tiers_agree_between_currencies(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    // Unsound tiers were reported, and need not be copied to other currencies.
    let ascending = |steps: &[StepDecl]| {
        steps.is_sorted_by(|a, b| a.up_to.value.is_some_and(|end| b.up_to.value.is_none_or(|next| end < next)))
    };
    let begins = |steps: &[StepDecl]| steps.first().is_some_and(|step| step.up_to.value != Some(0));
    let sound = |steps: &[StepDecl]| {
        begins(steps) && ascending(steps) && steps.last().is_some_and(|step| step.up_to.value.is_none())
    };
    for tiers in all(context).filter(|tiers| sound(&tiers.steps)) {
        for (currency, steps) in &tiers.currencies {
            if let Some(differing) =
                steps.iter().zip(&tiers.steps).find(|(step, own)| step.up_to.value != own.up_to.value)
            {
                let (step, own) = differing;
                found.push(
                    Diagnostic::error(
                        "tiers-of-currencies-differ",
                        step.up_to.span,
                        format!("in {} this tier ends elsewhere", currency.value),
                    )
                    .also(own.up_to.span, "in the default currency it ends here")
                    .help(format!("write `up_to: {}`: only the amounts differ between currencies", end(own))),
                );
            } else if steps.len() != tiers.steps.len() {
                let message =
                    format!("{} has {} tiers, the default currency {}", currency.value, steps.len(), tiers.steps.len());
                found.push(
                    Diagnostic::error("tiers-of-currencies-differ", currency.span, message)
                        .also(tiers.span, "the tiers in the default currency")
                        .help("write the same tiers; only the amounts differ between currencies"),
                );
            }
        }
    }
}

fn end(step: &StepDecl) -> String {
    step.up_to.value.map_or_else(|| "unlimited".to_owned(), |end| end.to_string())
}

/// Some quantity of a product that is not free costs something.
pub(super) fn tiers_cost_something(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let sold = context.products.iter().filter(|product| !product.body.free.as_ref().is_some_and(|free| free.value));
    for product in sold {
        // Where the last tier is missing, it may be what costs something.
        let ends = |tiers: &&TiersDecl| tiers.steps.last().is_some_and(|step| step.up_to.value.is_none());
        for tiers in product.body.prices.iter().filter_map(|price| price.amounts.tiers.as_ref()).filter(ends) {
            let mut amounts = tiers.steps.iter().flat_map(|step| step.unit_amount.iter().chain(&step.flat_amount));
            if amounts.all(|amount| amount.value.is_zero()) {
                let message = format!("no quantity of `{}` costs anything", product.item.id.value);
                found.push(
                    Diagnostic::error("zero-amount", tiers.span, message)
                        .help("write an amount, or add `free: true` to the product"),
                );
            }
        }
    }
}
