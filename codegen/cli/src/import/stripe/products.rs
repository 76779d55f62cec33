//! Stripe's products, each with its prices, as products of one kind.

use std::collections::{BTreeMap, BTreeSet};

use pricebook_types::Currency;
use pricebook_types::stripe::{AggregationFormula, PackageDimensions, PriceParams, ProductParams};

use super::gather::Objects;
use super::objects::ProductObject;
use super::price_object::PriceObject;
use super::prices::{self, Context, KeyedPrice};
use super::{discounts, entitlements};
use crate::import::Options;
use crate::import::draft::{Draft, Entry, PRICES_LOST, is_product_id, slug, unique};
use crate::import::note::Note;
use crate::import::yaml::Yaml;

/// A product as it was taken over, to be compared with what the catalog makes of it.
pub(super) struct Taken {
    pub(super) place: String,
    pub(super) id: String,
    pub(super) params: ProductParams<'static>,
    pub(super) prices: Vec<KeyedPrice>,
}

/// The draft, what was taken over, and what was not.
pub(super) fn take(mut objects: Objects, options: &Options, origin: String) -> (Draft, Vec<Taken>, Vec<Note>) {
    let mut notes = std::mem::take(&mut objects.notes);
    objects.products.sort_by_key(|product| product.created);
    objects.prices.sort_by_key(|price| price.created);
    let (meters, meter_ids) = meters(&objects);
    let currency = options.currency.or_else(|| most_common(&objects.prices)).unwrap_or(Currency::Usd);
    let mut prices: BTreeMap<&str, Vec<&PriceObject>> = BTreeMap::new();
    for price in &objects.prices {
        prices.entry(price.product.id()).or_default().push(price);
    }
    let mut names = named(&objects.products, &mut notes);
    let mut taken = Vec::new();
    for product in &objects.products {
        let Some((id, params)) = names.remove(product.id.as_str()) else { continue };
        let prices = prices.remove(product.id.as_str()).unwrap_or_default();
        let had_prices = !prices.is_empty() || objects.lost_prices_of.contains(&product.id);
        let prices = keyed(product, prices, &meter_ids, &mut notes);
        if had_prices && prices.is_empty() {
            notes.push(Note::left_out(&product.id, format!("product {id}"), PRICES_LOST));
            continue;
        }
        let params = inactive_without_active_prices(product, params, &prices, &mut notes);
        taken.push(Taken { place: product.id.clone(), id, params, prices });
    }
    for price in prices.into_values().flatten() {
        let why = format!("its product `{}` is not among the products", price.product.id());
        notes.push(Note::left_out(&price.id, "price", why));
    }
    let entitlements = entitlements::take(&objects, &mut notes);
    let kind = options.kind.clone().unwrap_or_else(|| "product".to_owned());
    let name = options
        .name
        .clone()
        .or_else(|| objects.products.iter().find_map(|product| product.catalog().map(str::to_owned)));
    let references: BTreeMap<String, String> =
        taken.iter().map(|product| (product.place.clone(), format!("{kind}/{}", product.id))).collect();
    let draft = Draft {
        origin,
        name: name.unwrap_or_else(|| "imported".to_owned()),
        currency,
        plural: format!("{kind}s"),
        kind,
        kind_body: Yaml::map([
            ("local_id", Some(Yaml::text("{id}"))),
            ("lookup_key", Some(Yaml::text("{id}_{price}"))),
        ]),
        meters,
        products: taken
            .iter()
            .map(|product| draft(product, currency, entitlements.grants.get(&product.place)))
            .collect(),
        features: entitlements.features,
        coupons: discounts::take(&objects, &references, &mut notes),
    };
    (draft, taken, notes)
}

/// An active product of a catalog can be bought; one whose prices are all archived cannot.
fn inactive_without_active_prices(
    product: &ProductObject,
    params: ProductParams<'static>,
    prices: &[KeyedPrice],
    notes: &mut Vec<Note>,
) -> ProductParams<'static> {
    if !params.active || prices.is_empty() || prices.iter().any(|price| price.params.active) {
        return params;
    }
    let why = "its prices are all archived, so that nobody can buy it: it is inactive in the catalog";
    notes.push(Note::new(&product.id, "active", why));
    ProductParams { active: false, ..params }
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

/// What each product becomes, by its Stripe id: its id in the catalog and what makes it again. Those that are sold are named
/// first, so that none of them has to stand back behind an archived one.
fn named<'a>(
    products: &'a [ProductObject],
    notes: &mut Vec<Note>,
) -> BTreeMap<&'a str, (String, ProductParams<'static>)> {
    let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
    let (sold, archived): (Vec<_>, Vec<_>) = products.iter().partition(|product| product.params().active);
    let named = sold
        .into_iter()
        .chain(archived)
        .map(|product| (product.id.as_str(), (id(product, &mut ids), named_apart(product, &mut names, notes))));
    named.collect()
}

/// What makes the product again, under a name that no product before it has: people tell products apart by their names.
fn named_apart(product: &ProductObject, names: &mut BTreeSet<String>, notes: &mut Vec<Note>) -> ProductParams<'static> {
    let mut params = product.params();
    let mut number = 1;
    while !names.insert(params.name.to_string()) {
        number += 1;
        params.name = format!("{} ({number})", product.params().name).into();
    }
    if number > 1 {
        let why =
            format!("another product is called `{}` too; this one becomes `{}`", product.params().name, params.name);
        notes.push(Note::new(&product.id, "name", why));
    }
    params
}

fn id(product: &ProductObject, taken: &mut BTreeSet<String>) -> String {
    let own = product.own_id().filter(|id| is_product_id(id)).map(str::to_owned);
    let name = product.params().name;
    unique(own.or_else(|| slug(&name)).or_else(|| slug(&product.id)).unwrap_or_else(|| "product".to_owned()), taken)
}

/// The prices that a catalog can hold: the default first, each with its key, the former ones with their successors.
fn keyed(
    product: &ProductObject,
    mut objects: Vec<&PriceObject>,
    meters: &BTreeMap<String, String>,
    notes: &mut Vec<Note>,
) -> Vec<KeyedPrice> {
    let default = product.default_price.as_ref().map(|price| price.id());
    objects.sort_by_key(|price| (Some(price.id.as_str()) != default, !price.active));
    let mut keys = BTreeSet::new();
    let mut keyed: Vec<KeyedPrice> = Vec::new();
    for object in objects {
        for unknown in object.unknown_fields() {
            notes.push(Note::left_out(&object.id, unknown, "this import does not know the field"));
        }
        for (code, why) in object.lost_currencies() {
            notes.push(Note::left_out(&object.id, format!("currency_options.{code}"), why));
        }
        match object.params().and_then(|params| Ok((meter(&params, meters)?, params))) {
            Ok((meter, params)) => keyed.push(KeyedPrice {
                place: object.id.clone(),
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
fn is_free(price: &KeyedPrice) -> bool {
    let others = &price.params.currency_options;
    price.params.unit_amount == Some(0) && others.iter().all(|(_, option)| option.unit_amount == Some(0))
}

fn package(package: PackageDimensions) -> Yaml {
    let PackageDimensions { height, length, weight, width } = package;
    let sides = [("height", height), ("length", length), ("weight", weight), ("width", width)];
    Yaml::map(sides.map(|(side, number)| (side, Some(Yaml::plain(number)))))
}

/// With a comment where it can only be inactive.
fn inactive(product: &Taken) -> Option<Yaml> {
    let prices = &product.prices;
    let is_archived = !prices.is_empty() && prices.iter().all(|price| !price.params.active);
    let said = if is_archived { "false # its prices are all archived" } else { "false" };
    (!product.params.active).then(|| Yaml::plain(said))
}

fn draft(product: &Taken, currency: Currency, grants: Option<&Vec<String>>) -> Entry {
    let params = &product.params;
    let context = Context { currency, product: &product.id, unit: params.unit_label.as_deref().unwrap_or("unit") };
    let sold = product.prices.iter().filter(|price| price.replaced_by.is_none());
    let prices = sold
        .map(|price| {
            let formers: Vec<_> =
                product.prices.iter().filter(|former| former.replaced_by.as_ref() == Some(&price.key)).collect();
            (price.key.clone(), prices::yaml(price, &formers, &context))
        })
        .collect();
    let free = !product.prices.is_empty() && product.prices.iter().all(is_free);
    let optional = |text: &Option<std::borrow::Cow<'static, str>>| text.as_deref().map(Yaml::text);
    let lines = params.marketing_features.iter().map(|line| Yaml::text(&*line.name)).collect();
    let granted = grants.into_iter().flatten().map(|feature| (feature.clone(), Yaml::plain(true)));
    let body = Yaml::map([
        ("name", Some(Yaml::text(&*params.name))),
        ("description", optional(&params.description)),
        ("active", inactive(product)),
        ("free", free.then(|| Yaml::plain(true))),
        ("tax_code", optional(&params.tax_code)),
        ("statement_descriptor", optional(&params.statement_descriptor)),
        ("unit_label", optional(&params.unit_label)),
        ("images", Yaml::List(params.images.iter().map(|image| Yaml::text(&**image)).collect()).unless_empty()),
        ("url", optional(&params.url)),
        ("shippable", params.shippable.map(Yaml::plain)),
        ("package_dimensions", params.package_dimensions.map(package)),
        ("metadata", prices::metadata(&params.metadata)),
        ("marketing_features", Yaml::List(lines).unless_empty()),
        ("features", Yaml::Map(granted.collect()).unless_empty()),
        ("prices", Yaml::Map(prices).unless_empty()),
    ]);
    let places = product.prices.iter().map(|price| (price.key.clone(), price.place.clone()));
    Entry { id: product.id.clone(), place: product.place.clone(), body, prices: Some(places.collect()) }
}
