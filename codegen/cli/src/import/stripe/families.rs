//! Which product of the catalog each Stripe product becomes: what its marks say, else one of its own.

use std::collections::{BTreeMap, BTreeSet};

use pricebook_types::stripe::ProductParams;

use super::objects::ProductObject;
use super::price_object::PriceObject;
use super::prices::KeyedPrice;
use crate::import::draft::{is_key, is_product_id, slug, unique};
use crate::import::note::Note;

/// A product of the catalog, with the Stripe products that stand for it.
pub(super) struct Family<'a> {
    /// The id of the kind that its marks name; `None` for what was made by hand.
    pub(super) kind: Option<&'a str>,
    pub(super) id: String,
    pub(super) members: Vec<Member<'a>>,
    /// Of all members, the first one first, the former ones with their successors.
    pub(super) prices: Vec<KeyedPrice>,
}

/// A Stripe product, with what makes it again.
pub(super) struct Member<'a> {
    pub(super) object: &'a ProductObject,
    pub(super) params: ProductParams<'static>,
}

impl Member<'_> {
    /// As its marks say.
    pub(super) fn local_id(&self) -> &str {
        self.object.own_id().unwrap_or_default()
    }
}

impl Family<'_> {
    /// The prices that are not former amounts of others.
    pub(super) fn sold(&self) -> impl Iterator<Item = &KeyedPrice> {
        self.prices.iter().filter(|price| price.replaced_by.is_none())
    }

    /// The first price of one of its Stripe products.
    pub(super) fn price_of(&self, member: &Member<'_>) -> Option<&KeyedPrice> {
        self.sold().find(|price| price.product == member.object.id)
    }
}

/// The prices of products, by the Stripe ids of these.
pub(super) type Prices<'a> = BTreeMap<&'a str, Vec<&'a PriceObject>>;

/// Every product of the catalog without its prices: those that pricebook made first, of the rest those that are sold, so that
/// none of them has to stand back behind an archived one.
pub(super) fn families<'a>(
    products: &'a [ProductObject],
    catalog: Option<&str>,
    prices: &mut Prices<'a>,
    notes: &mut Vec<Note>,
) -> Vec<Family<'a>> {
    let (ours, by_hand): (Vec<_>, Vec<_>) =
        products.iter().partition(|product| marks(product).is_some() && product.catalog() == catalog);
    let mut families: Vec<Family<'_>> = Vec::new();
    let mut names = BTreeSet::new();
    let mut local_ids = BTreeSet::new();
    let (sold, archived): (Vec<_>, Vec<_>) = ours.into_iter().partition(|product| product.params().active);
    for object in sold.into_iter().chain(archived) {
        let Some((kind, id)) = marks(object) else { continue };
        if let Some(why) = is_over(object, prices, &mut local_ids) {
            prices.remove(object.id.as_str());
            notes.push(Note::new(&object.id, format!("product {kind}/{id}"), why));
            continue;
        }
        let member = Member { object, params: object.params() };
        names.insert(member.params.name.to_string());
        match families.iter_mut().find(|family| family.kind == Some(kind) && family.id == id) {
            Some(family) => family.members.push(member),
            None => {
                families.push(Family { kind: Some(kind), id: id.to_owned(), members: vec![member], prices: Vec::new() })
            }
        }
    }
    let (sold, archived): (Vec<_>, Vec<_>) = by_hand.into_iter().partition(|product| product.params().active);
    let mut ids = BTreeSet::new();
    families.extend(sold.into_iter().chain(archived).map(|object| Family {
        kind: None,
        id: id(object, &mut ids),
        members: vec![Member { object, params: named_apart(object, &mut names, notes) }],
        prices: Vec::new(),
    }));
    // In the order in which they were made.
    let place = |family: &Family<'_>| {
        let first = family.members.first().map(|member| member.object.id.as_str());
        products.iter().position(|product| Some(product.id.as_str()) == first)
    };
    families.sort_by_cached_key(|family| (family.kind.is_none(), place(family)));
    families
}

/// Kind and id, where a catalog can have them.
fn marks(product: &ProductObject) -> Option<(&str, &str)> {
    product.reference().filter(|(kind, id)| is_key(kind) && is_product_id(id) && product.own_id().is_some())
}

/// Why a product of ours is none of the catalog any more.
fn is_over(object: &ProductObject, prices: &Prices<'_>, local_ids: &mut BTreeSet<String>) -> Option<&'static str> {
    if !local_ids.insert(object.own_id().unwrap_or_default().to_owned()) {
        return Some("another product stands for the same one of the catalog");
    }
    // What a catalog takes from sale for a while has no price that is sold; what it retires keeps them.
    let mut of_it = prices.get(object.id.as_str()).into_iter().flatten();
    let is_retired = !object.params().active && of_it.any(|price| price.active);
    is_retired.then_some("it was retired; old subscriptions keep it, and its id is not free again")
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
