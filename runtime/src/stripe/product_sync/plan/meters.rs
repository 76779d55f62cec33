//! Meters, which are known by their event names, and entitlement features, by their lookup keys.

use pricebook_types::stripe;

use super::fields::{Field, Update, set_only};
use super::form::{form, with};
use super::step::{Action, Request, Sort, Step};
use super::{Chain, Planning, Problem};
use crate::stripe::product_sync::actual::{Feature, Meter, Owned};

const METERS: &str = "/v1/billing/meters";
const FEATURES: &str = "/v1/entitlements/features";

/// What a meter counts, which never changes.
const COUNTED: &[Field] = &[set_only("default_aggregation"), set_only("customer_mapping"), set_only("value_settings")];

/// The meter of Stripe that counts what the catalog's does: the active one, else one that can be brought back.
pub(super) fn find<'a>(meters: &'a [Meter], wanted: &stripe::Meter<'_>) -> Option<&'a Meter> {
    let counts_the_same = |meter: &&Meter| {
        let mut update = Update::default();
        update.fields(COUNTED, &wanted.params, &meter.fields, false);
        meter.event_name == wanted.params.event_name && update.is_empty()
    };
    meters.iter().filter(counts_the_same).max_by_key(|meter| (meter.status == "active", meter.id.as_str()))
}

/// The chain of a meter.
pub(super) fn meter(planning: &Planning<'_>, wanted: &stripe::Meter<'_>) -> Chain {
    let found = find(&planning.actual.meters, wanted);
    let mut chain = Chain::new(Sort::Meter, &wanted.id, &wanted.params.display_name, found.map(|meter| &meter.id));
    let event = &wanted.params.event_name;
    let is_other = |meter: &&Meter| meter.event_name == *event && found.is_none_or(|found| found.id != meter.id);
    for other in planning.actual.meters.iter().filter(is_other).filter(|meter| meter.status == "active") {
        let reason = format!("it counts {event} in another way, which never changes; another one takes its place");
        chain.steps.push(switch(&wanted.id, &other.id, "/deactivate", Action::Archive).because(reason));
    }
    let Some(found) = found else {
        let create = Step::create(Sort::Meter, &wanted.id, METERS, form(&wanted.params));
        chain.steps.push(create.because("it is not in Stripe yet"));
        return chain;
    };
    if found.status != "active" {
        let back = switch(&wanted.id, &found.id, "/reactivate", Action::Reactivate);
        chain.steps.push(back.because("it was deactivated in Stripe"));
    }
    let mut update = Update::default();
    update.fields(&[set_only("display_name")], &wanted.params, &found.fields, planning.options.force);
    if !update.is_empty() {
        let step = Step::update(Sort::Meter, &wanted.id, (METERS, &found.id), update.form);
        chain.steps.push(step.because("it is not as the catalog says").changing(update.changes));
    }
    chain
}

fn switch(subject: &str, id: &str, below: &str, action: Action) -> Step {
    let step = Step::update(Sort::Meter, subject, (METERS, id), Vec::new()).doing(action);
    let request = Request { below: below.to_owned(), ..step.request };
    Step { request, ..step }
}

/// The chain of a feature.
pub(super) fn feature(planning: &Planning<'_>, wanted: &stripe::Feature<'_>) -> Chain {
    let params = &wanted.params;
    let key = &params.lookup_key;
    let found = planning.actual.features.iter().find(|feature| feature.lookup_key == *key);
    let mut chain = Chain::new(Sort::Feature, key, &params.name, found.map(|feature| &feature.id));
    let Some(found) = found else {
        let create = Step::create(Sort::Feature, key, FEATURES, form(params));
        chain.steps.push(create.because("it is not in Stripe yet"));
        return chain;
    };
    if !found.is_of(&planning.desired.meta.catalog) && !planning.adopts(&found.id) {
        chain.problem = Some(Problem::new(
            format!("the feature {} with the lookup key {key} was not made by pricebook", found.id),
            format!("take it over with `pricebook stripe adopt {key} {}`", found.id),
        ));
        return chain;
    }
    let force = planning.options.force;
    let mut update = Update::default();
    if !found.active {
        update.text("active", "true", Some("false"), false);
    }
    update.text("name", &params.name, Some(&found.name), force);
    update.metadata(&params.metadata, &found.metadata, force);
    if !update.is_empty() {
        let action = if found.active { Action::Update } else { Action::Reactivate };
        let step = Step::update(Sort::Feature, key, (FEATURES, &found.id), update.form).doing(action);
        let reason = if update.changes.is_empty() && force { "forced" } else { "it is not as the catalog says" };
        chain.steps.push(step.because(reason).changing(update.changes));
    }
    chain
}

/// Meters that the catalog has retired. They are known by the names of their events, for Stripe keeps no metadata on them.
pub(super) fn retired(planning: &Planning<'_>) -> Vec<Chain> {
    let desired = planning.desired;
    let is_wanted = |event: &str| desired.meters.iter().any(|meter| meter.params.event_name == event);
    let retired = desired.retired.iter().filter(|gone| gone.what == "meter");
    let events = retired.filter_map(|gone| Some((&*gone.id, gone.event_name.as_deref()?)));
    let events = events.filter(|(_, event)| !is_wanted(event));
    let leaving = events.flat_map(|(id, event)| {
        let of_event = move |meter: &&Meter| meter.event_name == event && meter.status == "active";
        planning.actual.meters.iter().filter(of_event).map(move |meter| {
            let name = meter.fields.get("display_name").and_then(serde_json::Value::as_str).unwrap_or_default();
            let mut chain = Chain::new(Sort::Meter, id, name, Some(&meter.id));
            let reason = format!(
                "the catalog has retired it; Stripe then takes no {event} any more, also of subscriptions that keep its prices"
            );
            chain.steps.push(switch(id, &meter.id, "/deactivate", Action::Archive).because(reason));
            chain
        })
    });
    leaving.collect()
}

/// Features of ours that are archived, after no product grants them any more: retired ones, and former names.
pub(super) fn leaving(planning: &Planning<'_>) -> Vec<Chain> {
    let desired = planning.desired;
    let is_wanted =
        |feature: &Feature| desired.features.iter().any(|known| known.params.lookup_key == feature.lookup_key);
    let was =
        |feature: &Feature| desired.features.iter().any(|known| known.was.iter().any(|was| *was == feature.lookup_key));
    let ours = planning.actual.features.iter().filter(|feature| feature.is_of(&desired.meta.catalog) && feature.active);
    let leaving = ours
        .filter(|feature| !is_wanted(feature) && (was(feature) || planning.is_retired("feature", &feature.lookup_key)));
    leaving
        .map(|feature| {
            let mut chain = Chain::new(Sort::Feature, &feature.lookup_key, &feature.name, Some(&feature.id));
            let form = with(Vec::new(), "active", "false");
            let step = Step::update(Sort::Feature, &feature.lookup_key, (FEATURES, &feature.id), form);
            let reason = if was(feature) { "it has another name now" } else { "the catalog has retired it" };
            chain.steps.push(step.doing(Action::Archive).because(reason));
            chain
        })
        .collect()
}
