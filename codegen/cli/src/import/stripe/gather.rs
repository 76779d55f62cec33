//! Finds what a catalog holds in whatever JSON a Stripe account was saved as.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use pricebook_types::stripe::PackageDimensions;
use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::discounts::{CouponObject, PromotionCodeObject};
use super::entitlements::{FeatureObject, GrantObject};
use super::objects::{MeterObject, ProductObject};
use super::price_object::{OptionObject, PriceObject};
use super::read::{At, read};
use crate::import::note::Note;

/// What a catalog holds, as Stripe calls it.
const KINDS: [&str; 7] =
    ["product", "price", "billing.meter", "entitlements.feature", "product_feature", "coupon", "promotion_code"];

/// What was found.
#[derive(Default)]
pub(super) struct Objects {
    pub(super) products: Vec<ProductObject>,
    pub(super) prices: Vec<PriceObject>,
    pub(super) meters: Vec<MeterObject>,
    pub(super) features: Vec<FeatureObject>,
    pub(super) grants: Vec<GrantObject>,
    pub(super) coupons: Vec<CouponObject>,
    pub(super) codes: Vec<PromotionCodeObject>,
    /// How many there were of what no catalog holds.
    others: BTreeMap<String, usize>,
    /// Every object by its type, its id and the product whose list it stands in, to know it again: pages overlap.
    seen: BTreeMap<(String, String, Option<String>), Value>,
    /// The prices with a lookup key, by it.
    by_key: BTreeMap<String, Value>,
    /// Prices that two objects give two amounts: what customers pay is not to be guessed.
    pub(super) contradictions: Vec<Note>,
    /// What is no object of Stripe's, so that its file is another one than was meant.
    pub(super) foreign: Vec<Note>,
    /// How many objects, lists and answers of Stripe's were met.
    met: usize,
    /// The products of prices that could not be read, by their Stripe ids.
    pub(super) lost_prices_of: BTreeSet<String>,
    /// Whether one of the files is Stripe's refusal.
    pub(super) refused: bool,
    pub(super) notes: Vec<Note>,
}

impl Objects {
    /// Takes lists, arrays of them, objects, and mappings such as `{"products": …, "prices": …}`.
    pub(super) fn gather(&mut self, file: &str, value: Value) {
        let met = std::mem::take(&mut self.met);
        self.within(&At::whole(file), value, Named::default());
        if self.met == 0 && self.foreign.is_empty() {
            self.foreign.push(Note::new(file, "JSON", "nothing in it is an object of Stripe's"));
        }
        self.met += met;
    }

    /// What is left to be said when all was gathered.
    pub(super) fn finish(&mut self, files: &str) {
        for (kind, count) in std::mem::take(&mut self.others) {
            self.notes.push(Note::new(
                files,
                kind,
                format!("a catalog does not hold such objects; {count} were found"),
            ));
        }
    }

    fn within(&mut self, at: &At<'_>, value: Value, named: Named<'_>) {
        match value {
            Value::Array(values) => {
                self.met += usize::from(values.is_empty());
                for (index, value) in values.into_iter().enumerate() {
                    self.within(&at.below(index), value, Named { is_element: true, ..named });
                }
            }
            Value::Object(mut object) => match object.get("object").and_then(Value::as_str) {
                Some("list") => self.list(at, object, named),
                Some(kind) => {
                    let kind = kind.to_owned();
                    self.object(at, &kind, Value::Object(object), named.product);
                }
                None if object.contains_key("id") => match named.kind {
                    Some(kind) => self.object(at, kind, Value::Object(object), named.product),
                    None => self.nameless(at, &object, named),
                },
                None => match object.remove("error") {
                    Some(Value::Object(error)) => self.refusal(at, &error),
                    _ => {
                        for (name, value) in object {
                            let kind = Named { kind: kind_of_section(&name), is_element: false, ..named };
                            self.within(&at.below(&name), value, kind);
                        }
                    }
                },
            },
            other if named.is_element => {
                let why = format!("`{other}` is none of Stripe's objects");
                match named.is_in_list {
                    true => self.notes.push(Note::left_out(at.to_string(), "object", why)),
                    false => self.foreign.push(Note::new(at.to_string(), "object", why)),
                }
            }
            _ => {}
        }
    }

    fn list(&mut self, at: &At<'_>, mut list: Map<String, Value>, named: Named<'_>) {
        self.met += 1;
        if list.get("has_more").and_then(Value::as_bool) == Some(true) {
            let why = "this is one page of a longer list; give all pages";
            self.notes.push(Note::left_out(at.file, "has_more", why));
        }
        let url = list.remove("url");
        let product = url.as_ref().and_then(Value::as_str).and_then(product_of_url).or(named.product);
        if let Some(data) = list.remove("data") {
            self.within(&at.below("data"), data, Named { product, is_element: false, is_in_list: true, ..named });
        }
    }

    /// What has an id and does not say what it is. In a list of Stripe's it is an object of Stripe's that somebody cut.
    fn nameless(&mut self, at: &At<'_>, object: &Map<String, Value>, named: Named<'_>) {
        let text = |name: &str| object.get(name).and_then(Value::as_str);
        if named.is_in_list {
            self.lost_prices_of.extend(text("product").map(str::to_owned));
            let why = format!("nothing says what it is; Stripe writes that as its `object` ({at})");
            self.notes.push(Note::left_out(text("id").unwrap_or(at.file), "object", why));
            return;
        }
        let why = "it has an `id` and no `object`, so it is none of Stripe's; give what Stripe's API answered";
        self.foreign.push(Note::new(at.to_string(), "object", why));
    }

    /// What Stripe answers instead of objects.
    fn refusal(&mut self, at: &At<'_>, error: &Map<String, Value>) {
        let said = error.get("message").or_else(|| error.get("code")).or_else(|| error.get("type"));
        let said = said.and_then(Value::as_str).unwrap_or("an error without a message");
        self.notes.push(Note::left_out(at.file, "error", format!("Stripe refused to answer: {said}")));
        self.refused = true;
        self.met += 1;
    }

    fn object(&mut self, at: &At<'_>, kind: &str, mut value: Value, product: Option<&str>) {
        self.met += 1;
        let id = value.get("id").and_then(Value::as_str).unwrap_or(at.file).to_owned();
        if value.get("deleted").and_then(Value::as_bool) == Some(true) {
            self.notes.push(Note::new(id, kind, "Stripe says that it was deleted"));
            return;
        }
        if value.get("id").is_some() && self.is_known(&id, kind, &value, product) {
            return;
        }
        if kind == "price" {
            self.hold_against_its_key(&id, &value);
            self.without_broken_currencies(&id, &mut value, at);
        }
        if kind == "product" {
            self.without_broken_package(&id, &mut value);
        }
        let of_product = value.get("product").and_then(Value::as_str).map(str::to_owned);
        let read = match kind {
            "product" => read(&value, at).map(|product| self.products.push(product)),
            "price" => read(&value, at).map(|price| self.prices.push(price)),
            "billing.meter" => read(&value, at).map(|meter| self.meters.push(meter)),
            "entitlements.feature" => read(&value, at).map(|feature| self.features.push(feature)),
            "product_feature" => read(&value, at).map(|grant: GrantObject| self.grants.push(grant.of(product))),
            "coupon" => read(&value, at).map(|coupon| self.coupons.push(coupon)),
            "promotion_code" => read(&value, at).map(|code| self.codes.push(code)),
            _ if KINDS.iter().any(|known| known.eq_ignore_ascii_case(kind)) => {
                Err(format!("Stripe calls no object `{kind}`, but `{}`", kind.to_ascii_lowercase()))
            }
            _ => {
                *self.others.entry(kind.to_owned()).or_default() += 1;
                Ok(())
            }
        };
        if let Err(why) = read {
            self.lost_prices_of.extend(of_product);
            self.notes.push(Note::left_out(id, kind, why));
        }
    }

    /// An account has a lookup key once, so two prices with it are of two accounts, or of two days.
    fn hold_against_its_key(&mut self, id: &str, price: &Value) {
        let key = price.get("lookup_key").and_then(Value::as_str).unwrap_or_default();
        if key.is_empty() {
            return;
        }
        match self.by_key.entry(key.to_owned()) {
            Entry::Vacant(place) => drop(place.insert(price.clone())),
            Entry::Occupied(first) if !costs_the_same(first.get(), price) => {
                let other = first.get().get("id").and_then(Value::as_str).unwrap_or_default();
                let why = format!(
                    "`{other}` has the lookup key `{key}` too, with another amount; save the account's prices again, in one go"
                );
                self.contradictions.push(Note::new(id, "price", why));
            }
            Entry::Occupied(_) => {}
        }
    }

    /// A price is sold also where its amount in another currency cannot be read.
    fn without_broken_currencies(&mut self, id: &str, price: &mut Value, at: &At<'_>) {
        let own = price.get("currency").and_then(Value::as_str).unwrap_or_default().to_owned();
        let Some(options) = price.get_mut("currency_options").and_then(Value::as_object_mut) else { return };
        let at = at.below("currency_options");
        options.retain(|code, option| match read::<OptionObject>(option, &at.below(code)) {
            Err(why) if *code != own => {
                self.notes.push(Note::left_out(id, format!("currency_options.{code}"), why));
                false
            }
            _ => true,
        });
    }

    /// A product is sold also where not all is known of its package.
    fn without_broken_package(&mut self, id: &str, product: &mut Value) {
        let Some(package) = product.get_mut("package_dimensions") else { return };
        if PackageDimensions::deserialize(&*package).is_err() && !package.is_null() {
            *package = Value::Null;
            let why = "its height, length, weight and width are not all numbers";
            self.notes.push(Note::left_out(id, "package_dimensions", why));
        }
    }

    /// Whether the object was given before; where it was another one then, that is said.
    fn is_known(&mut self, id: &str, kind: &str, value: &Value, product: Option<&str>) -> bool {
        match self.seen.entry((kind.to_owned(), id.to_owned(), product.map(str::to_owned))) {
            Entry::Vacant(place) => {
                place.insert(value.clone());
                false
            }
            Entry::Occupied(first) => {
                let first = first.get();
                if kind == "price" && !costs_the_same(first, value) {
                    let why = "it was given twice, with two amounts; save the account's prices again, in one go";
                    self.contradictions.push(Note::new(id, kind, why));
                } else if first != value {
                    self.notes.push(Note::new(id, kind, "it was given twice, and not alike; the first was kept"));
                }
                true
            }
        }
    }
}

/// Whether two prices have the same amounts, as far as both tell them.
fn costs_the_same(one: &Value, other: &Value) -> bool {
    let amounts = ["currency", "unit_amount", "unit_amount_decimal", "custom_unit_amount", "tiers", "currency_options"];
    // Tiers and currencies are there only where somebody asked for them.
    amounts.iter().all(|name| match (one.get(name), other.get(name)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    })
}

/// What the keys and lists around an object say of it.
#[derive(Clone, Copy, Default)]
struct Named<'a> {
    kind: Option<&'a str>,
    /// A Stripe id.
    product: Option<&'a str>,
    /// Whether it stands in a list itself.
    is_element: bool,
    /// Whether it stands in one of Stripe's lists.
    is_in_list: bool,
}

/// `/v1/products/prod_1/features` lists what `prod_1` grants.
fn product_of_url(url: &str) -> Option<&str> {
    url.strip_prefix("/v1/products/")?.strip_suffix("/features")
}

/// The type of what a key of a mapping lists.
fn kind_of_section(key: &str) -> Option<&'static str> {
    match key {
        "products" => Some("product"),
        "prices" => Some("price"),
        "meters" => Some("billing.meter"),
        "features" => Some("entitlements.feature"),
        "coupons" => Some("coupon"),
        "promotion_codes" => Some("promotion_code"),
        _ => None,
    }
}
