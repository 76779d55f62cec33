//! Products and kinds as YAML.

use std::collections::BTreeMap;

use pricebook_types::Currency;
use pricebook_types::stripe::PackageDimensions;

use super::families::{Family, Member};
use super::patterns::Patterns;
use super::prices::{self, Context};
use super::products::is_free;
use crate::import::draft::{Entry, said_plural};
use crate::import::yaml::Yaml;

/// What all products of a kind share.
pub(super) struct Of<'a> {
    pub(super) kind: &'a str,
    /// Where the section's name is that of another table already.
    pub(super) table: Option<String>,
    pub(super) currency: Currency,
    pub(super) patterns: &'a Patterns,
}

/// What `kinds:` says of the kind.
pub(super) fn kind(plural: &str, of: &Of<'_>, families: &[Family<'_>]) -> Yaml {
    let Patterns { per_price, local_id, lookup_key, name_has_label } = of.patterns;
    let is_bare = |family: &Family<'_>| family.prices.is_empty() && family.members.iter().any(|one| one.params.active);
    let without_price = families.iter().any(|family| family.kind.is_some() && is_bare(family));
    let local_ids = Yaml::map([
        ("type", Some(Yaml::plain("text"))),
        ("max", Some(Yaml::plain(255))),
        ("required", Some(Yaml::plain(true))),
        ("description", Some(Yaml::text("What the product is called in stripe_product_mappings."))),
    ]);
    let own = if *per_price { "{attribute.local_id}_{price}" } else { "{attribute.local_id}" };
    Yaml::map([
        ("plural", said_plural(of.kind, plural)),
        ("prices", without_price.then(|| Yaml::map([("min", Some(Yaml::plain(0)))]))),
        ("attributes", local_id.is_none().then(|| Yaml::Map(vec![("local_id".to_owned(), local_ids)]))),
        ("local_id", Some(Yaml::text(local_id.as_deref().unwrap_or(own)))),
        ("lookup_key", Some(Yaml::text(lookup_key))),
        (
            "stripe",
            per_price.then(|| {
                Yaml::map([
                    ("product_per", Some(Yaml::plain("price"))),
                    ("name", (!name_has_label).then(|| Yaml::text("{name}"))),
                ])
            }),
        ),
        ("table", of.table.as_ref().map(|name| Yaml::map([("name", Some(Yaml::text(name)))]))),
    ])
}

/// A product with its prices.
pub(super) fn entry(family: &Family<'_>, of: &Of<'_>, grants: &BTreeMap<String, Vec<String>>) -> Entry {
    let first = &family.members[0];
    let params = &first.params;
    let context = Context {
        currency: of.currency,
        kind: of.kind,
        product: &family.id,
        unit: params.unit_label.as_deref().unwrap_or("unit"),
        lookup_key: &of.patterns.lookup_key,
    };
    let prices = family.sold().map(|price| {
        let formers: Vec<_> =
            family.prices.iter().filter(|former| former.replaced_by.as_ref() == Some(&price.key)).collect();
        (price.key.clone(), prices::yaml(price, &formers, &context))
    });
    let free = !family.prices.is_empty() && family.prices.iter().all(is_free);
    let optional = |text: &Option<std::borrow::Cow<'static, str>>| text.as_deref().map(Yaml::text);
    let lines = params.marketing_features.iter().map(|line| Yaml::text(&*line.name)).collect();
    let granted = grants.get(&first.object.id).into_iter().flatten();
    let granted = granted.map(|feature| (feature.clone(), Yaml::plain(true)));
    let name = family.name_without_label().filter(|_| of.patterns.name_has_label).unwrap_or(&params.name);
    let own_local_id = of.patterns.local_id.is_none().then(|| local_id(family, first, of.patterns.per_price));
    let body = Yaml::map([
        ("name", Some(Yaml::text(name))),
        ("description", optional(&params.description)),
        ("active", inactive(family)),
        ("free", free.then(|| Yaml::plain(true))),
        ("tax_code", optional(&params.tax_code)),
        ("statement_descriptor", optional(&params.statement_descriptor)),
        ("unit_label", optional(&params.unit_label)),
        ("images", Yaml::List(params.images.iter().map(|image| Yaml::text(&**image)).collect()).unless_empty()),
        ("url", optional(&params.url)),
        ("shippable", params.shippable.map(Yaml::plain)),
        ("package_dimensions", params.package_dimensions.map(package)),
        ("attributes", own_local_id.map(|id| Yaml::map([("local_id", Some(Yaml::text(id)))]))),
        ("metadata", prices::metadata(&params.metadata)),
        ("marketing_features", Yaml::List(lines).unless_empty()),
        ("features", Yaml::Map(granted.collect()).unless_empty()),
        ("prices", Yaml::Map(prices.collect()).unless_empty()),
    ]);
    let places = family.prices.iter().map(|price| (price.key.clone(), price.place.clone()));
    Entry { id: family.id.clone(), place: first.object.id.clone(), body, prices: Some(places.collect()) }
}

/// What of the local id no pattern gives.
fn local_id(family: &Family<'_>, member: &Member<'_>, per_price: bool) -> String {
    let end = family.price_of(member).filter(|_| per_price).map(|price| format!("_{}", price.key));
    let own = member.local_id();
    end.and_then(|end| own.strip_suffix(end.as_str())).unwrap_or(own).to_owned()
}

fn package(package: PackageDimensions) -> Yaml {
    let PackageDimensions { height, length, weight, width } = package;
    let sides = [("height", height), ("length", length), ("weight", weight), ("width", width)];
    Yaml::map(sides.map(|(side, number)| (side, Some(Yaml::plain(number)))))
}

/// With a comment where it can only be inactive.
fn inactive(family: &Family<'_>) -> Option<Yaml> {
    let prices = &family.prices;
    let is_archived = !prices.is_empty() && prices.iter().all(|price| !price.params.active);
    let said = if is_archived { "false # its prices are all archived" } else { "false" };
    (!family.members[0].params.active).then(|| Yaml::plain(said))
}
