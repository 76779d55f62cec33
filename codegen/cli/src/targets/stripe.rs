//! The steps by which a Stripe account follows a change of the catalog.

use std::collections::{HashMap, HashSet};

use pricebook_emit::stripe;
use pricebook_model::Catalog;
use pricebook_model::catalog::StripeProductPer;
use serde::Serialize;
use serde_json::Value;

use super::Owner;

/// From one catalog's objects to another's, in words.
pub(super) fn steps(old: &Catalog, new: &Catalog) -> Vec<(Owner, &'static str)> {
    let mut steps = Vec::new();
    let after = Objects::of(new);
    Objects::of(old).renamed_as_in(&after).steps_to(&after, &mut steps);
    steps
}

/// The objects of a Stripe account by what they stand for, without what marks them as ours.
struct Objects {
    products: Vec<Object>,
    prices: Vec<Object>,
    entries: Vec<Object>,
}

/// What it stands for, whose it is, and its parameters.
type Object = (String, Owner, Value);

/// Objects by what they were called before, which the first one is that says so.
fn successors(objects: &[Object]) -> HashMap<&str, &Object> {
    let mut successors = HashMap::new();
    for object in objects {
        for was in object.2["was"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            successors.entry(was).or_insert(object);
        }
    }
    successors
}

impl Objects {
    fn of(catalog: &Catalog) -> Self {
        let desired = stripe::desired(catalog);
        let owner = |metadata: &pricebook_types::stripe::Metadata<'_>| {
            let product = metadata.get(pricebook_types::stripe::owned::PRODUCT);
            let (kind, id) = product.and_then(|product| product.split_once('/')).unwrap_or_default();
            Owner::Product(kind.to_owned(), id.to_owned())
        };
        // Where a Stripe product stands for each price, it is that price's.
        let sold = desired.prices.iter().filter(|price| price.replaced_by.is_none());
        let sold: HashMap<&str, &str> = sold.map(|price| (&*price.product, &*price.params.lookup_key)).collect();
        let of_product = |product: &pricebook_types::stripe::Product<'_>| match owner(&product.params.metadata) {
            Owner::Product(kind, _)
                if catalog.kind(&kind).is_some_and(|kind| kind.stripe_product_per == StripeProductPer::Price) =>
            {
                sold.get(&*product.local_id).map(|key| Owner::Price((*key).to_owned()))
            }
            owner => Some(owner),
        };
        let products = desired.products.iter().map(|product| {
            let owner = of_product(product).unwrap_or_else(|| owner(&product.params.metadata));
            (product.local_id.to_string(), owner, unmarked(product))
        });
        let prices = desired.prices.iter().map(|price| {
            let key = price.params.lookup_key.to_string();
            let mut value = unmarked(price);
            // A price stays on its meter, and that counts what it counted.
            if let Some(meter) = desired.meters.iter().find(|meter| price.meter.as_ref() == Some(&meter.id)) {
                value["meter"] = without(&unmarked(meter), METER_CHANGEABLE)["params"].take();
            }
            (key.clone(), Owner::Price(key), value)
        });
        Self { products: products.collect(), prices: prices.collect(), entries: entries(catalog, &desired) }
    }

    /// The same with the ids that `after` gives them: what was renamed stays the same object.
    fn renamed_as_in(mut self, after: &Self) -> Self {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut products: HashMap<String, String> = HashMap::new();
        let prices = successors(&after.prices);
        for (id, owner, value) in &mut self.prices {
            let Some((key, owned, now)) = prices.get(id.as_str()) else { continue };
            products.insert(text(&value["product"]), text(&now["product"]));
            (*id, *owner) = (key.clone(), owned.clone());
        }
        let renamed = successors(&after.products);
        let by_id: HashMap<&str, &Object> = after.products.iter().map(|object| (object.0.as_str(), object)).collect();
        for (id, owner, _) in &mut self.products {
            let one = || match &*owner {
                Owner::Product(kind, product) => renamed.get(format!("{kind}/{product}").as_str()),
                _ => None,
            };
            let of_its_price = products.get(id).and_then(|now| by_id.get(now.as_str()));
            if let Some((now, owned, _)) = of_its_price.or_else(one) {
                products.insert(id.clone(), now.clone());
                (*id, *owner) = (now.clone(), owned.clone());
            }
        }
        for (_, _, value) in &mut self.prices {
            if let Some(now) = products.get(&text(&value["product"])) {
                value["product"] = now.as_str().into();
            }
        }
        self.rename_meters(after);
        for (_, _, value) in &mut self.entries {
            for list in ["/applies_to", "/coupon/applies_to"] {
                for id in value.pointer_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
                    if let Some(now) = id.as_str().and_then(|id| products.get(id)) {
                        *id = now.as_str().into();
                    }
                }
            }
        }
        self
    }

    /// A meter that listens to another event takes the place of the one that had its id.
    fn rename_meters(&mut self, after: &Self) {
        let events = |objects: &Self| -> HashSet<String> {
            objects
                .entries
                .iter()
                .map(|(event, ..)| event.clone())
                .filter(|event| event.starts_with("meter/"))
                .collect()
        };
        let (before, now) = (events(self), events(after));
        let new = || after.entries.iter().filter(|(event, ..)| event.starts_with("meter/") && !before.contains(event));
        for (event, owner, _) in self.entries.iter_mut().filter(|(event, ..)| event.starts_with("meter/")) {
            let successor = new().find(|(_, owned, _)| !now.contains(event) && *owned == *owner);
            if let Some((successor, ..)) = successor {
                *event = successor.clone();
            }
        }
    }

    fn steps_to(&self, after: &Self, steps: &mut Vec<(Owner, &'static str)>) {
        let fixed = |before: &Value, now: &Value| if before == now { None } else { Some("Stripe product updated") };
        compared(&self.products, &after.products, ["new Stripe product", "Stripe product archived"], fixed, steps);
        compared(&self.prices, &after.prices, ["new Stripe price", "Stripe price archived"], price_step, steps);
        for kind in ENTRIES {
            let of = |objects: &Self| -> Vec<_> {
                let ours = objects.entries.iter().filter(|(id, ..)| id.split('/').next() == Some(kind.name));
                ours.cloned().collect()
            };
            let changed = |before: &Value, now: &Value| kind.step(before, now);
            compared(&of(self), &of(after), [kind.added, kind.removed], changed, steps);
        }
    }
}

/// Features, coupons, their codes and meters.
fn entries(catalog: &Catalog, desired: &stripe::Desired<'_>) -> Vec<Object> {
    let features = desired.features.iter().map(|feature| {
        let key = feature.params.lookup_key.to_string();
        (format!("feature/{key}"), Owner::entry("feature", &key), unmarked(feature))
    });
    let coupons = catalog.coupons.iter().zip(&desired.coupons).map(|(coupon, desired)| {
        (format!("coupon/{}", coupon.id), Owner::entry("coupon", &coupon.id), unmarked(desired))
    });
    let meters = desired.meters.iter().map(|meter| {
        let mut value = unmarked(meter);
        // Stripe knows a meter by its event's name.
        value.as_object_mut().and_then(|fields| fields.remove("id"));
        (format!("meter/{}", meter.params.event_name), Owner::entry("meter", &meter.id), value)
    });
    let codes = catalog
        .coupons
        .iter()
        .zip(&desired.coupons)
        .flat_map(|coupon| coupon.0.promotion_codes.iter().map(move |_| coupon));
    let codes = codes.zip(&desired.promotion_codes).map(|((coupon, desired), code)| {
        let mut value = unmarked(code);
        // A code dies with its coupon.
        value["coupon"] = without(&unmarked(desired), COUPON_CHANGEABLE);
        (format!("promotion code/{}", code.params.code), Owner::entry("coupon", &coupon.id), value)
    });
    features.chain(coupons).chain(codes).chain(meters).collect()
}

/// Objects of which Stripe can change no more than a few fields.
struct EntryKind {
    /// As ids of entries begin.
    name: &'static str,
    /// What an update may change. <https://docs.stripe.com/api>
    changeable: &'static [&'static str],
    added: &'static str,
    removed: &'static str,
    updated: &'static str,
    /// What must happen where any other field differs.
    replaced: &'static str,
}

const COUPON_CHANGEABLE: &[&str] = &["name", "metadata"];
const METER_CHANGEABLE: &[&str] = &["display_name"];

const ENTRIES: [EntryKind; 4] = [
    EntryKind {
        name: "feature",
        changeable: &["name", "metadata"],
        added: "new Stripe feature",
        removed: "Stripe feature archived",
        updated: "Stripe feature updated",
        replaced: "Stripe feature replaced by a new one",
    },
    EntryKind {
        name: "coupon",
        changeable: COUPON_CHANGEABLE,
        added: "new Stripe coupon",
        removed: "Stripe coupon deleted",
        updated: "Stripe coupon updated",
        replaced: "Stripe coupon deleted and made anew, its redemptions counted from zero",
    },
    EntryKind {
        name: "promotion code",
        changeable: &["active", "metadata"],
        added: "new Stripe promotion code",
        removed: "Stripe promotion code deactivated",
        updated: "Stripe promotion code updated",
        replaced: "Stripe promotion code replaced by a new one",
    },
    EntryKind {
        name: "meter",
        changeable: METER_CHANGEABLE,
        added: "new Stripe meter",
        removed: "Stripe meter deactivated",
        updated: "Stripe meter updated",
        replaced: "Stripe meter replaced by a new one",
    },
];

impl EntryKind {
    fn step(&self, before: &Value, now: &Value) -> Option<&'static str> {
        let fixed = |object: &Value| without(object, self.changeable);
        match before == now {
            true => None,
            false if fixed(before) == fixed(now) => Some(self.updated),
            false => Some(self.replaced),
        }
    }
}

/// An object without some of its parameters.
fn without(object: &Value, names: &[&str]) -> Value {
    let mut object = object.clone();
    if let Some(Value::Object(params)) = object.get_mut("params") {
        params.retain(|name, _| !names.contains(&name.as_str()));
    }
    object
}

/// Stripe's prices cannot change what they cost, nor what product they are of: that takes a new one.
fn price_step(before: &Value, now: &Value) -> Option<&'static str> {
    const CHANGEABLE: [&str; 4] = ["active", "nickname", "metadata", "lookup_key"];
    let cost = |price: &Value| {
        (without(price, &CHANGEABLE)["params"].take(), price["meter"].clone(), price["product"].clone())
    };
    if before == now {
        None
    } else if cost(before) != cost(now) {
        Some("new Stripe price")
    } else if before["params"] == now["params"] && before["changes"] != now["changes"] {
        Some(announced_step(&before["changes"], &now["changes"]))
    } else if now["params"]["active"] == false && before["params"]["active"] == true {
        Some("Stripe price archived")
    } else {
        Some("Stripe price updated")
    }
}

/// What becomes of the prices that take a price's place on announced days.
fn announced_step(before: &Value, now: &Value) -> &'static str {
    let list = |changes: &Value, what: fn(&Value) -> Value| -> Vec<Value> {
        changes.as_array().into_iter().flatten().map(what).collect()
    };
    let day = |change: &Value| change["on"].clone();
    let amounts = |change: &Value| without_day(change);
    match (list(before, day), list(now, day)) {
        (before, now) if !before.is_empty() && now.is_empty() => "Stripe price not replaced any more",
        (days, new_days) if days != new_days && list(before, amounts) == list(now, amounts) => {
            "Stripe price replaced on another day"
        }
        _ => "Stripe price replaced on its day",
    }
}

fn without_day(change: &Value) -> Value {
    let mut change = change.clone();
    change.as_object_mut().and_then(|fields| fields.remove("on"));
    change
}

fn compared(
    old: &[Object],
    new: &[Object],
    [added, removed]: [&'static str; 2],
    changed: impl Fn(&Value, &Value) -> Option<&'static str>,
    steps: &mut Vec<(Owner, &'static str)>,
) {
    let before: HashMap<&str, &Value> = old.iter().map(|(id, _, value)| (id.as_str(), value)).collect();
    for (id, owner, now) in new {
        let step = before.get(id.as_str()).map_or(Some(added), |before| changed(before, now));
        steps.extend(step.map(|words| (owner.clone(), words)));
    }
    let kept: HashSet<&str> = new.iter().map(|(id, ..)| id.as_str()).collect();
    let gone = old.iter().filter(|(id, ..)| !kept.contains(id.as_str()));
    steps.extend(gone.map(|(_, owner, _)| (owner.clone(), removed)));
}

/// As JSON, without the metadata that follows from all the rest.
fn unmarked(object: &impl Serialize) -> Value {
    let mut value = serde_json::to_value(object).expect("Stripe's parameters are JSON");
    if let Some(metadata) = value.pointer_mut("/params/metadata").and_then(Value::as_object_mut) {
        metadata.remove(pricebook_types::stripe::owned::HASH);
    }
    value
}
