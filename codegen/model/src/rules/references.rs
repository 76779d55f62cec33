//! References by id: features, meters, kinds and products.

use std::collections::{BTreeMap, HashMap};

use super::context::Context;
use super::history::{SORTS, is_sort};
use super::successors;
use crate::diagnostic::Diagnostic;
use crate::nearest;
use crate::source::Span;

/// Places that name one unknown id, beyond which the rest is only counted.
const MAX_PLACES: usize = 4;

/// Products grant features that are declared.
pub(super) fn granted_features_exist(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let granted = context.products.iter().flat_map(|product| &product.body.features).map(|(id, _)| id);
    report(context, "feature", granted.map(|id| (&*id.value, id.span)), found);
}

/// Metered prices name meters that are declared.
pub(super) fn named_meters_exist(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let meters = context.prices().filter(|price| price.is_metered()).filter_map(|price| price.meter.as_ref());
    report(context, "meter", meters.map(|meter| (&*meter.value, meter.span)), found);
}

/// Meters count different events.
pub(super) fn meter_events_are_unique(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, Span> = HashMap::new();
    for event in context.declared.meters.iter().filter_map(|meter| Some(&meter.body.as_ref()?.event_name)) {
        if let Some(earlier) = first.insert(&event.value, event.span) {
            found.push(
                Diagnostic::error(
                    "duplicate-meter-event",
                    event.span,
                    format!("another meter counts `{}`", event.value),
                )
                .also(earlier, "this one")
                .help("let prices share the meter, or count another event"),
            );
        }
    }
}

/// Groups hold products of a kind, and coupons are limited to products, that are declared.
pub(super) fn named_products_exist(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    let groups = context.declared.groups.iter().filter_map(|group| group.body.as_ref());
    let grouped = groups
        .clone()
        .flat_map(|group| group.products.iter().map(|product| (&*group.kind.value, &*product.value, product.span)));
    let coupons = context.declared.coupons.iter().filter_map(|coupon| coupon.body.as_ref());
    let discounted = coupons
        .flat_map(|coupon| &coupon.applies_to)
        .map(|product| (&*product.value.what, &*product.value.id, product.span));
    let kinds = groups.map(|group| (&*group.kind.value, group.kind.span));
    report(context, "kind", kinds.chain(discounted.clone().map(|(kind, _, span)| (kind, span))), found);

    let mut by_kind: BTreeMap<&str, Vec<(&str, Span)>> = BTreeMap::new();
    for (kind, id, span) in grouped.chain(discounted) {
        by_kind.entry(kind).or_default().push((id, span));
    }
    for (kind, products) in by_kind.into_iter().filter(|(kind, _)| context.place_of("kind", kind).is_some()) {
        report(context, kind, products.into_iter(), found);
    }
}

/// `retired:` says of what sort an id is: a kind may be gone with its products, for the lock remembers them.
pub(super) fn retired_sorts_exist(context: &Context<'_>, found: &mut Vec<Diagnostic>) {
    for line in &context.declared.retired {
        let what = line.value.what.as_str();
        if !is_sort(context, what) {
            let sorts: Vec<&str> = context.ids_of("kind").iter().chain(SORTS).copied().collect();
            let diagnostic = Diagnostic::error("unknown-kind", line.span, format!("there is no kind `{what}`"));
            found.push(nearest::help(diagnostic, what, sorts.into_iter()));
        }
    }
}

/// Reports each id that is not declared once, wherever it is named.
fn report<'a>(
    context: &Context<'_>,
    what: &str,
    named: impl Iterator<Item = (&'a str, Span)>,
    found: &mut Vec<Diagnostic>,
) {
    let mut places: BTreeMap<&str, Vec<Span>> = BTreeMap::new();
    // What is missing may be what was written under an id that another one has, which was reported.
    if context.declared.doubled.contains(what) {
        return;
    }
    // Under this id something stands elsewhere of which a problem was reported: that it is not here is that problem.
    for (id, span) in named.filter(|(id, _)| context.place_of(what, id).is_none() && !context.is_unsound(id)) {
        places.entry(id).or_default().push(span);
    }
    let mut reports: Vec<Diagnostic> =
        places.into_iter().map(|(id, spans)| unknown(context, what, id, &spans)).collect();
    // Where nothing of the sort is declared, all that is named is unknown for one reason.
    if context.ids_of(what).is_empty() && reports.len() > 1 {
        let more = reports.len() - 1;
        reports.truncate(1);
        let section = if more == 1 { "another one is".to_owned() } else { format!("{more} others are") };
        reports[0].help.push(format!("no {what} is declared at all, though {section} named too"));
    }
    found.extend(reports);
}

fn unknown(context: &Context<'_>, what: &str, id: &str, places: &[Span]) -> Diagnostic {
    let code = match what {
        "feature" => "unknown-feature",
        "meter" => "unknown-meter",
        "kind" => "unknown-kind",
        _ => "unknown-product",
    };
    let mut diagnostic = Diagnostic::error(code, places[0], format!("there is no {what} `{id}`"));
    for place in places.iter().skip(1).take(MAX_PLACES) {
        diagnostic = diagnostic.also(*place, "and here");
    }
    let more = places.len().saturating_sub(1 + MAX_PLACES);
    if more > 0 {
        let places = if more == 1 { "place" } else { "places" };
        diagnostic = diagnostic.help(format!("it is named in {more} more {places}"));
    }
    if let Some(now) = context.catalog().renamed.iter().find(|one| one.what == what && one.from == id) {
        let there = context.place_of(what, &now.to).map(|span| (span, "renamed here"));
        let diagnostic = there.into_iter().fold(diagnostic, |diagnostic, (span, label)| diagnostic.also(span, label));
        return diagnostic.help(format!("write `{}`", now.to));
    }
    if context.catalog().retired.iter().any(|one| one.what == what && one.id == id) {
        return diagnostic.help("it is retired: take it out here, or name another");
    }
    if let Some((new, span)) = successors::of(context, what, id) {
        return diagnostic.also(span, "its new id?").help(format!(
            "it was sold as `{id}`: if `{new}` is its new id, write that here, and `was: {id}` at the {what}"
        ));
    }
    let was_sold = context.lock.is_some_and(|lock| lock.items.iter().any(|item| item.what == what && item.id == id));
    let valid = || context.ids_of(what).iter().copied();
    if was_sold && nearest::nearest(id, valid()).is_none() {
        return diagnostic.help(format!(
            "it was sold as `{id}`: if it has a new id, write that here, and `was: {id}` at the {what}"
        ));
    }
    nearest::help(diagnostic, id, valid())
}
