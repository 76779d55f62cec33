//! Stripe's products, each with its prices, as products of the kinds that their marks name, or of one kind.

use std::collections::{BTreeMap, BTreeSet};

use pricebook_types::Currency;
use pricebook_types::stripe::{AggregationFormula, PriceParams, ProductParams};

use super::entries::{self, Of};
use super::families::{Family, Prices, families};
use super::gather::Objects;
use super::patterns::Patterns;
use super::price_object::PriceObject;
use super::prices::{self, KeyedPrice};
use super::{discounts, entitlements};
use crate::import::Options;
use crate::import::draft::{Draft, DraftKind, PRICES_LOST, plural_of, slug, unique};
use crate::import::names::tables_of_base;
use crate::import::note::Note;
use crate::import::yaml::Yaml;

/// A Stripe product as it was taken over, to be compared with what the catalog makes of it.
pub(super) struct Taken {
    pub(super) place: String,
    pub(super) local_id: String,
    /// Whether its marks are ours, and stay.
    pub(super) is_ours: bool,
    pub(super) params: ProductParams<'static>,
    pub(super) prices: Vec<KeyedPrice>,
}

/// The sections of a catalog that hold no products of kinds.
const SECTIONS: [&str; 9] =
    ["catalog", "kinds", "features", "meters", "groups", "coupons", "retired", "enums", "records"];

/// The draft, what was taken over, and what was not. Prices that are `gone` are left out.
pub(super) fn take(
    objects: &Objects,
    options: &Options,
    origin: &str,
    gone: &BTreeSet<String>,
) -> (Draft, Vec<Taken>, Vec<Note>) {
    let mut notes = objects.notes.clone();
    let (meters, meter_ids) = meters(objects);
    let currency = options.currency.or_else(|| most_common(&objects.prices)).unwrap_or(Currency::Usd);
    let catalog = objects.products.iter().find_map(|product| product.catalog());
    let mut prices: Prices<'_> = BTreeMap::new();
    for price in &objects.prices {
        prices.entry(price.product.id()).or_default().push(price);
    }
    let mut families = families(&objects.products, catalog, &mut prices, &mut notes);
    families.retain_mut(|family| {
        let of_members = family.members.iter().flat_map(|member| prices.remove(&*member.object.id).unwrap_or_default());
        let of_members: Vec<_> = of_members.collect();
        let is_lost = |id: &String| objects.lost_prices_of.contains(id);
        let had_prices = !of_members.is_empty() || family.members.iter().any(|member| is_lost(&member.object.id));
        family.prices = keyed(family, of_members, &meter_ids, gone, &mut notes);
        if had_prices && family.prices.is_empty() && family.kind.is_none() {
            let product = &family.members[0].object.id;
            notes.push(Note::left_out(product, format!("product {}", family.id), PRICES_LOST));
            return false;
        }
        inactive_without_active_prices(family, &mut notes);
        true
    });
    for price in prices.into_values().flatten() {
        let why = format!("its product `{}` is not among the products", price.product.id());
        notes.push(Note::left_out(&price.id, "price", why));
    }
    let entitlements = entitlements::take(objects, &mut notes);
    let (mut kinds, mut taken, mut references) = (Vec::new(), Vec::new(), BTreeMap::new());
    let mut plurals: BTreeSet<String> = SECTIONS.iter().map(|section| (*section).to_owned()).collect();
    let tables = tables_of_base();
    for (id, families) in by_kind(families, options) {
        let plural = unique(plural_of(&id), &mut plurals);
        let patterns = match families.first().and_then(|family| family.kind) {
            Some(kind) => Patterns::of(kind, &families),
            None => Patterns::by_hand(),
        };
        let table = tables.contains(&plural).then(|| format!("{id}_products"));
        let of = Of { kind: &id, table, currency, patterns: &patterns };
        references.extend(families.iter().flat_map(|family| {
            let reference = format!("{id}/{}", family.id);
            family.members.iter().map(move |member| (member.object.id.clone(), reference.clone()))
        }));
        let products = families.iter().map(|family| entries::entry(family, &of, &entitlements.grants)).collect();
        let body = entries::kind(&plural, &of, &families);
        kinds.push(DraftKind { id: id.clone(), plural, body, products });
        taken.extend(families.into_iter().flat_map(takings));
    }
    let name = options.name.clone().or_else(|| catalog.map(str::to_owned));
    let draft = Draft {
        origin: origin.to_owned(),
        name: name.unwrap_or_else(|| "imported".to_owned()),
        currency,
        kinds,
        meters,
        features: entitlements.features,
        coupons: discounts::take(objects, &references, &mut notes),
    };
    (draft, taken, notes)
}

/// The kinds that marks name, in their order, and the one of everything else behind them.
fn by_kind<'a>(families: Vec<Family<'a>>, options: &Options) -> Vec<(String, Vec<Family<'a>>)> {
    let mut ids: BTreeSet<String> = families.iter().filter_map(|family| family.kind).map(str::to_owned).collect();
    let of_rest = unique(options.kind.clone().unwrap_or_else(|| "product".to_owned()), &mut ids);
    let mut kinds: Vec<(String, Vec<Family<'_>>)> = Vec::new();
    for family in families {
        let id = family.kind.unwrap_or(&of_rest);
        match kinds.iter_mut().find(|(known, _)| known == id) {
            Some((_, families)) => families.push(family),
            None => kinds.push((id.to_owned(), vec![family])),
        }
    }
    kinds
}

fn takings(family: Family<'_>) -> Vec<Taken> {
    let Family { kind, id, members, prices } = family;
    let taken = members.into_iter().map(|member| Taken {
        place: member.object.id.clone(),
        local_id: if kind.is_some() { member.local_id().to_owned() } else { id.clone() },
        is_ours: kind.is_some(),
        prices: prices.iter().filter(|price| price.product == member.object.id).cloned().collect(),
        params: member.params,
    });
    taken.collect()
}

/// An active product of a catalog can be bought; one whose prices are all archived cannot.
fn inactive_without_active_prices(family: &mut Family<'_>, notes: &mut Vec<Note>) {
    if family.prices.is_empty() || family.prices.iter().any(|price| price.params.active) {
        return;
    }
    for member in family.members.iter_mut().filter(|member| member.params.active) {
        let why = "its prices are all archived, so that nobody can buy it: it is inactive in the catalog";
        notes.push(Note::new(&member.object.id, "active", why));
        member.params.active = false;
    }
}

/// The catalog's meters, and their ids by Stripe's.
fn meters(objects: &Objects) -> (Vec<(String, Yaml)>, BTreeMap<String, String>) {
    let mut taken = BTreeSet::new();
    let mut meters = Vec::new();
    let mut ids = BTreeMap::new();
    for meter in &objects.meters {
        let id = unique(slug(&meter.event_name).unwrap_or_else(|| "meter".to_owned()), &mut taken);
        let aggregation = match meter.default_aggregation.formula {
            AggregationFormula::Sum => None,
            AggregationFormula::Count => Some(Yaml::plain("count")),
            AggregationFormula::Last => Some(Yaml::plain("last")),
        };
        let body = Yaml::map([
            ("name", Some(Yaml::text(&*meter.display_name))),
            ("event_name", Some(Yaml::text(&*meter.event_name))),
            ("aggregation", aggregation),
        ]);
        meters.push((id.clone(), body));
        ids.insert(meter.id.clone(), id);
    }
    (meters, ids)
}

fn most_common(prices: &[PriceObject]) -> Option<Currency> {
    let mut counts: BTreeMap<Currency, usize> = BTreeMap::new();
    for params in prices.iter().filter_map(|price| price.params().ok()) {
        *counts.entry(params.currency).or_default() += 1;
    }
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map(|(currency, _)| currency)
}

/// The prices that a catalog can hold: the default first, each with its key, the former ones with their successors.
fn keyed(
    family: &Family<'_>,
    mut objects: Vec<&PriceObject>,
    meters: &BTreeMap<String, String>,
    gone: &BTreeSet<String>,
    notes: &mut Vec<Note>,
) -> Vec<KeyedPrice> {
    let defaults = family.members.iter().filter_map(|member| Some(member.object.default_price.as_ref()?.id()));
    let defaults: BTreeSet<&str> = defaults.collect();
    objects.sort_by_key(|price| (!defaults.contains(price.id.as_str()), !price.active));
    let mut keys = BTreeSet::new();
    let mut keyed: Vec<KeyedPrice> = Vec::new();
    for object in objects {
        // Another price has taken the lookup key of such a one, as no price of a catalog is without.
        let is_replaced = !object.active && !object.has_lookup_key() && object.own_key().is_some();
        if family.kind.is_some() && is_replaced || gone.contains(&object.id) {
            notes.push(Note::new(&object.id, "price", "the catalog sells it no more; old subscriptions keep it"));
            continue;
        }
        for unknown in object.unknown_fields() {
            notes.push(Note::left_out(&object.id, unknown, "this import does not know the field"));
        }
        for (code, why) in object.lost_currencies() {
            notes.push(Note::left_out(&object.id, format!("currency_options.{code}"), why));
        }
        match object.params().and_then(|params| Ok((meter(&params, meters)?, params))) {
            Ok((meter, params)) => keyed.push(KeyedPrice {
                place: object.id.clone(),
                product: object.product.id().to_owned(),
                hash: object.hash().map(str::to_owned),
                key: prices::key(object.own_key(), &params, &mut keys),
                params,
                meter,
                replaced_by: None,
            }),
            Err(why) => notes.push(Note::left_out(&object.id, "price", why)),
        }
    }
    without_free_beside_paid(&mut keyed, notes);
    for index in 0..keyed.len() {
        let former = &keyed[index];
        let successor = keyed.iter().find(|sold| prices::is_former_of(former, sold)).map(|sold| sold.key.clone());
        keyed[index].replaced_by = successor;
    }
    if family.members.len() > 1 {
        // Each is the default price of its own Stripe product.
        keyed.sort_by_key(|price| prices::rank(&price.key));
    }
    keyed
}

fn meter(params: &PriceParams<'_>, meters: &BTreeMap<String, String>) -> Result<Option<String>, String> {
    use pricebook_types::UsageType;
    let Some(recurring) = params.recurring.as_ref().filter(|recurring| recurring.usage_type == UsageType::Metered)
    else {
        return Ok(None);
    };
    let Some(meter) = &recurring.meter else {
        return Err("it is metered without a meter, which Stripe no longer creates".to_owned());
    };
    let known = meters.get(&**meter).cloned().map(Some);
    known.ok_or_else(|| format!("its meter `{meter}` is missing; give the account's meters as well"))
}

/// A product of a catalog is free as a whole or not at all.
fn without_free_beside_paid(prices: &mut Vec<KeyedPrice>, notes: &mut Vec<Note>) {
    if prices.iter().all(is_free) {
        return;
    }
    prices.retain(|price| {
        let free = is_free(price);
        if free {
            let why = "it is free, but other prices of its product are not";
            notes.push(Note::left_out(&price.place, "price", why));
        }
        !free
    });
}

/// Whether it costs nothing in any currency.
pub(super) fn is_free(price: &KeyedPrice) -> bool {
    let others = &price.params.currency_options;
    price.params.unit_amount == Some(0) && others.iter().all(|(_, option)| option.unit_amount == Some(0))
}
