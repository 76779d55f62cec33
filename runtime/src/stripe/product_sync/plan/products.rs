//! One product with its prices and what it grants: the steps in the order in which Stripe takes them.

use std::collections::HashSet;

use pricebook_types::stripe::{self, owned};

use super::fields::{Field, Update, clearable, set_only};
use super::form::{form, with, with_id};
use super::prices::{self, PriceSteps};
use super::step::{Action, Change, Name, Param, Request, Sort, Step};
use super::{Chain, Planning, Problem};
use crate::stripe::product_sync::actual::{Owned, Product};
use crate::stripe::product_sync::desired::text;

const COLLECTION: &str = "/v1/products";

/// What is compared; metadata, default price and being sold come beside it.
const FIELDS: &[Field] = &[
    set_only("name"),
    clearable("description"),
    clearable("tax_code"),
    set_only("statement_descriptor"),
    clearable("unit_label"),
    clearable("marketing_features"),
    clearable("images"),
    clearable("url"),
    set_only("shippable"),
    clearable("package_dimensions"),
];

/// The chain of a product.
pub(super) fn chain<'a>(planning: &Planning<'a>, product: &'a stripe::Product<'a>) -> Chain {
    let actual = planning.matching.product(&product.local_id);
    let mut chain = Chain::new(Sort::Product, &product.local_id, &product.params.name, actual.map(|found| &found.id));
    let steps = match actual {
        Some(actual) => keep(planning, product, actual),
        None => make(planning, product),
    };
    let stays = actual.map(|actual| Update::stays(FIELDS, &product.params, &actual.fields)).unwrap_or_default();
    let stays: Vec<_> = stays.into_iter().map(|(name, value)| format!("{name} \"{value}\"")).collect();
    if !stays.is_empty() {
        let (id, stays) = (&product.local_id, stays.join(", "));
        chain.note = Some(format!("{id} keeps {stays}: the catalog has none, and Stripe never clears it"));
    }
    match steps {
        Ok(steps) => chain.steps = steps,
        Err(problem) => chain.problem = Some(problem),
    }
    chain
}

/// The Stripe products whose features must be read: those that are not as they were written last.
pub(super) fn to_be_read<'a>(planning: &Planning<'a>, deep: bool) -> Vec<String> {
    let desired = planning.desired;
    let grants = !desired.features.is_empty() || desired.retired.iter().any(|retired| retired.what == "feature");
    let products =
        desired.products.iter().filter_map(|product| Some((product, planning.matching.product(&product.local_id)?)));
    let differs = |product: &stripe::Product<'_>, actual: &Product| {
        actual.mark(owned::HASH) != text(&product.params.metadata, owned::HASH)
    };
    let wanted = products.filter(|(product, actual)| grants && (deep || differs(product, actual)));
    wanted.map(|(_, actual)| actual.id.clone()).collect()
}

fn make<'a>(planning: &Planning<'a>, product: &'a stripe::Product<'a>) -> Result<Vec<Step>, Problem> {
    if let Some(known) = planning.known.get(&*product.local_id).filter(|_| !planning.options.force) {
        return Err(not_found(planning, &product.local_id, known));
    }
    let PriceSteps { before, after, .. } = prices::plan(planning, product, None)?;
    let name = Name::new(Sort::Product, &product.local_id);
    let follows = product.default_price.is_some() || !product.features.is_empty();
    let mut sent = form(&product.params);
    let hash = format!("metadata[{}]", owned::HASH);
    if follows {
        // The hash says that all is done; it comes with the last request.
        sent.retain(|(field, _)| *field != hash);
    }
    let mut steps =
        vec![Step::create(Sort::Product, &product.local_id, COLLECTION, sent).because("it is not in Stripe yet")];
    steps.extend(before);
    steps.extend(product.features.iter().map(|feature| grant(&name, &product.local_id, feature)));
    if follows {
        let mut last = with(Vec::new(), &hash, text(&product.params.metadata, owned::HASH));
        if let Some(price) = &product.default_price {
            last = with_id(last, "default_price", Name::new(Sort::Price, price));
        }
        let step = Step::create(Sort::Product, &product.local_id, COLLECTION, last).doing(Action::Update);
        let request = Request { object: Some(Param::IdOf(name)), ..step.request };
        steps.push(Step { request, makes: None, ..step }.because("it takes its default price, and is complete"));
    }
    steps.extend(after);
    Ok(steps)
}

fn not_found(planning: &Planning<'_>, local_id: &str, known: &str) -> Problem {
    match planning.actual.products.iter().any(|product| product.id == known) {
        true => Problem::new(
            format!("{known}, which was {local_id}, has lost the metadata that say so"),
            format!("take it over again: pricebook stripe adopt {local_id} {known}"),
        ),
        false => Problem::new(
            format!("Product not found in Stripe: {known}, which was {local_id}, was deleted there"),
            "run pricebook stripe sync --force-update, which makes it again",
        ),
    }
}

fn keep<'a>(
    planning: &Planning<'a>,
    product: &'a stripe::Product<'a>,
    actual: &'a Product,
) -> Result<Vec<Step>, Problem> {
    let force = planning.options.force;
    let prices = prices::plan(planning, product, Some(actual))?;
    let mut update = Update::default();
    let is_back = product.params.active && !actual.active;
    let leaves = !product.params.active && actual.active;
    if is_back || leaves {
        update.text("active", &product.params.active.to_string(), Some(&actual.active.to_string()), false);
    }
    update.fields(FIELDS, &product.params, &actual.fields, force);
    update.metadata(&product.params.metadata, &actual.metadata, force);
    default_price(&mut update, product, actual, &prices);
    let PriceSteps { before, after, .. } = prices;
    let mut steps = before;
    steps.extend(grants(planning, product, actual));
    if !update.is_empty() {
        let (action, reason) = match (is_back, leaves) {
            (true, _) => (Action::Reactivate, "it was archived in Stripe"),
            (_, true) => (Action::Archive, "the catalog sells it no more"),
            _ if update.changes.is_empty() && force => (Action::Update, "forced"),
            _ => (Action::Update, "it is not as the catalog says"),
        };
        let Update { form, changes } = update;
        let step = Step::update(Sort::Product, &product.local_id, (COLLECTION, &actual.id), form);
        steps.push(step.doing(action).because(reason).changing(changes));
    }
    steps.extend(after);
    Ok(steps)
}

fn default_price(update: &mut Update, product: &stripe::Product<'_>, actual: &Product, prices: &PriceSteps<'_>) {
    let there = actual.default_price.as_deref();
    match product.default_price.as_deref() {
        Some(key) => match prices.chosen.get(key) {
            Some(price) => update.text("default_price", &price.id, there, false),
            None => {
                update.form.push(("default_price".to_owned(), Param::IdOf(Name::new(Sort::Price, key))));
                let change = Change::new("default_price", there.map(str::to_owned), Some(format!("the new {key}")));
                update.changes.push(change);
            }
        },
        None if there.is_some_and(|there| prices.leaving.contains(there)) => {
            update.form = with(std::mem::take(&mut update.form), "default_price", "");
            update.changes.push(Change::new("default_price", there.map(str::to_owned), None));
        }
        None => {}
    }
}

fn grant(product: &Name, local_id: &str, feature: &str) -> Step {
    let sent = with_id(Vec::new(), "entitlement_feature", Name::new(Sort::Feature, feature));
    let step = Step::create(Sort::Grant, &format!("{local_id}: {feature}"), COLLECTION, sent);
    let request = Request { object: Some(Param::IdOf(product.clone())), below: "/features".to_owned(), ..step.request };
    Step { request, makes: None, ..step }.because("the product grants it")
}

/// Grants that are missing, and those of our features that the catalog does not have. Features of others stay.
fn grants(planning: &Planning<'_>, product: &stripe::Product<'_>, actual: &Product) -> Vec<Step> {
    let Some(there) = planning.actual.granted.get(&actual.id) else { return Vec::new() };
    let wanted: HashSet<&str> = product.features.iter().map(|feature| &**feature).collect();
    let has = |feature: &str| there.iter().any(|granted| granted.entitlement_feature.lookup_key == feature);
    let name = Name::new(Sort::Product, &product.local_id);
    let missing = product.features.iter().filter(|feature| !has(feature));
    let mut steps: Vec<_> = missing.map(|feature| grant(&name, &product.local_id, feature)).collect();
    for granted in there {
        let feature = &granted.entitlement_feature;
        if wanted.contains(feature.lookup_key.as_str()) || !feature.is_of(&planning.desired.meta.catalog) {
            continue;
        }
        let subject = format!("{}: {}", product.local_id, feature.lookup_key);
        let step = Step::create(Sort::Grant, &subject, COLLECTION, Vec::new()).doing(Action::Delete);
        let request = Request {
            object: Some(Param::Text(actual.id.clone())),
            below: format!("/features/{}", granted.id),
            form: None,
            ..step.request
        };
        let step = Step { request, makes: None, id: Some(granted.id.clone()), ..step };
        steps.push(step.because("the catalog grants it no more with this product"));
    }
    steps
}

/// Products of ours that are archived: those of retired products, of retired prices, and second ones.
pub(super) fn leaving<'a>(planning: &Planning<'a>) -> Vec<Chain> {
    let matched: HashSet<&str> = planning.matching.products().map(|(_, product)| product.id.as_str()).collect();
    let spare: HashSet<&str> = planning.matching.spare.iter().map(|(_, product)| product.id.as_str()).collect();
    let ours = planning.actual.products.iter().filter(|product| product.is_of(&planning.desired.meta.catalog));
    let unmatched = ours.filter(|product| product.active && !matched.contains(product.id.as_str()));
    let leaving = unmatched.filter_map(|product| {
        let reason = match () {
            () if spare.contains(product.id.as_str()) => "it is a second one for the same product",
            () if is_retired(planning, product) => "the catalog has retired it",
            () => return None,
        };
        Some(archive(product, reason))
    });
    leaving.collect()
}

fn is_retired(planning: &Planning<'_>, product: &Product) -> bool {
    let by_reference = || {
        let (kind, id) = product.mark(owned::PRODUCT).split_once('/')?;
        Some(planning.is_retired(kind, id))
    };
    let prices = || planning.matching.of(&product.id).iter().filter_map(|price| price.lookup_key.as_deref());
    by_reference().unwrap_or_default() || prices().any(|key| planning.is_retired("price", key))
}

fn archive(product: &Product, reason: &str) -> Chain {
    let local_id = product.mark(owned::ID);
    let name = product.fields.get("name").and_then(serde_json::Value::as_str).unwrap_or_default();
    let mut chain = Chain::new(Sort::Product, local_id, name, Some(&product.id));
    let form = with(Vec::new(), "active", "false");
    let step = Step::update(Sort::Product, local_id, (COLLECTION, &product.id), form).doing(Action::Archive);
    let active = Change::new("active", Some("true".to_owned()), Some("false".to_owned()));
    chain.steps = vec![step.because(reason).changing(vec![active])];
    chain
}
