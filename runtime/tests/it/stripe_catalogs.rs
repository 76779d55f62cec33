//! Desired states by chance: a few products, prices, features, a meter, a coupon, each in one of several ways.

use std::hash::{DefaultHasher, Hash, Hasher};

use pricebook::stripe::product_sync::desired;
use pricebook_types::stripe::Desired;
use serde_json::{Map, Value, json};

/// Draws from bytes, which a failing test makes fewer and smaller.
pub(crate) struct Dice<'b>(pub(crate) std::slice::Iter<'b, u8>);

impl Dice<'_> {
    /// Less than `sides`; 0 where nothing is left to draw from.
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        usize::from(*self.0.next().unwrap_or(&0)) % sides
    }

    fn one<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.roll(all.len())]
    }

    fn chance(&mut self, of: usize) -> bool {
        self.roll(of) == 1
    }

    fn some<'t>(&mut self, all: &[&'t str]) -> Vec<&'t str> {
        all.iter().copied().filter(|_| self.roll(3) > 0).collect()
    }
}

const PRODUCTS: [&str; 3] = ["green", "black", "white"];
const FEATURES: [&str; 3] = ["support", "storage", "export"];
const PRICES: [&str; 3] = ["monthly", "yearly", "once"];
const CODES: [&str; 2] = ["SPRING", "AUTUMN"];

/// A desired state.
pub(crate) fn by_chance(dice: &mut Dice<'_>) -> Desired<'static> {
    let mut retired = Vec::new();
    let meter = (dice.roll(3) > 0).then(|| dice.one(&["sum", "count", "last"]));
    let features = dice.some(&FEATURES);
    retired
        .extend(FEATURES.iter().filter(|id| !features.contains(id)).map(|id| json!({ "what": "feature", "id": id })));
    let chosen = dice.some(&PRODUCTS);
    retired.extend(PRODUCTS.iter().filter(|id| !chosen.contains(id)).map(|id| json!({ "what": "tea", "id": id })));
    let (mut products, mut prices) = (Vec::new(), Vec::new());
    for id in &chosen {
        let active = dice.roll(6) > 0;
        let mut keys = dice.some(&PRICES);
        if meter.is_some() && dice.chance(3) {
            keys.push("usage");
        }
        let gone = PRICES.iter().chain(&["usage"]).filter(|key| !keys.contains(key));
        retired.extend(gone.map(|key| json!({ "what": "price", "id": format!("tea_{id}_{key}") })));
        let default = keys.first().filter(|_| active).map(|key| format!("tea_{id}_{key}"));
        let granted = dice.some(&features);
        products.push(product(dice, id, active, default, &granted));
        prices.extend(keys.iter().map(|key| price(dice, id, key, active, meter)));
    }
    let has_coupon = dice.roll(3) > 0;
    let (coupons, codes) = if has_coupon { coupon(dice, &chosen) } else { (Vec::new(), Vec::new()) };
    if !has_coupon {
        retired.push(json!({ "what": "coupon", "id": "friends" }));
    }
    let state = json!({
        "_meta": { "generated": "", "catalog": "tea", "catalog_hash": "" },
        "environments": [],
        "meters": meter.map(|formula| meter_of(dice, formula)).into_iter().collect::<Vec<_>>(),
        "features": features.iter().map(|id| feature(dice, id)).collect::<Vec<_>>(),
        "products": products, "prices": prices, "coupons": coupons, "promotion_codes": codes, "retired": retired,
    });
    desired(state.to_string().leak(), "2026-11-22").expect("a desired state")
}

fn meter_of(dice: &mut Dice<'_>, formula: &str) -> Value {
    json!({ "id": "cups", "params": {
        "display_name": dice.one(&["Cups", "Cups of tea"]), "event_name": "cup",
        "default_aggregation": { "formula": formula },
        "customer_mapping": { "event_payload_key": "stripe_customer_id", "type": "by_id" },
        "value_settings": { "event_payload_key": "value" },
    } })
}

fn feature(dice: &mut Dice<'_>, id: &str) -> Value {
    let params = json!({ "lookup_key": id, "name": dice.one(&["A feature", "Another name"]) });
    json!({ "params": owned(params, id, &[]) })
}

fn product(dice: &mut Dice<'_>, id: &str, active: bool, default: Option<String>, features: &[&str]) -> Value {
    let mut params = json!({ "name": dice.one(&["Tea", "Fine tea"]), "active": active });
    if dice.chance(2) {
        params["description"] = json!("Leaves & “more”\nin two lines");
    }
    if dice.chance(2) {
        params["marketing_features"] = json!([{ "name": "Fresh" }, { "name": "Loose" }]);
        params["unit_label"] = json!("cup");
    }
    if dice.chance(2) {
        params["images"] = json!(["https://tea.example/a.png"]);
        params["url"] = json!("https://tea.example/a?b=c&d");
        params["shippable"] = json!(true);
        params["package_dimensions"] =
            json!({ "height": 2.5, "length": 10.0, "weight": dice.one(&[16.25, 16.0]), "width": 8.0 });
    }
    let local_id = format!("tea_{id}");
    // What is hashed is more than what is sent.
    let marks = [("pricebook_product", format!("tea/{id}")), ("grants", features.join(" "))];
    json!({ "local_id": local_id, "default_price": default, "features": features, "params": owned(params, &local_id, &marks) })
}

fn price(dice: &mut Dice<'_>, id: &str, key: &str, active: bool, meter: Option<&str>) -> Value {
    let mut params = json!({
        "currency": "usd", "billing_scheme": "per_unit", "tax_behavior": "exclusive", "active": active,
        "lookup_key": format!("tea_{id}_{key}"), "nickname": dice.one(&["Price", "Our price"]),
    });
    if key != "once" {
        let interval = if key == "yearly" { "year" } else { "month" };
        let usage = if key == "usage" { "metered" } else { "licensed" };
        params["recurring"] = json!({ "interval": interval, "interval_count": 1, "usage_type": usage });
        if key == "monthly" && dice.chance(3) {
            params["recurring"]["trial_period_days"] = json!(14);
        }
    }
    match dice.roll(5) {
        0 => params["unit_amount"] = json!(1900),
        1 => params["unit_amount"] = json!(2900),
        2 => params["unit_amount_decimal"] = json!("12.5"),
        3 if key != "once" => {
            params["billing_scheme"] = json!("tiered");
            params["tiers_mode"] = json!("graduated");
            let flat = dice.one(&[500, 600]);
            params["tiers"] = json!([{ "up_to": 10, "unit_amount": 0, "flat_amount": flat }, { "up_to": "inf", "unit_amount_decimal": "0.25" }]);
        }
        _ => {
            params["unit_amount"] = json!(3900);
            params["currency_options"] =
                json!({ "eur": { "unit_amount": dice.one(&[3500, 3600]), "tax_behavior": "inclusive" } });
        }
    }
    let marks = [("pricebook_product", format!("tea/{id}")), ("pricebook_price", key.to_owned())];
    let local_id = format!("tea_{id}");
    let mut price = json!({ "local_id": local_id, "product": local_id, "params": owned(params, &local_id, &marks) });
    if key == "usage" && meter.is_some() {
        price["meter"] = json!("cups");
    }
    price
}

fn coupon(dice: &mut Dice<'_>, products: &[&str]) -> (Vec<Value>, Vec<Value>) {
    let mut params = json!({ "id": "friends", "name": dice.one(&["Friends", "Good friends"]), "duration": "once" });
    match dice.chance(2) {
        true => params["percent_off"] = json!(12.5),
        false => {
            params["amount_off"] = json!(dice.one(&[500, 700]));
            params["currency"] = json!("usd");
        }
    }
    let applies_to: Vec<_> = dice.some(products).into_iter().map(|id| format!("tea_{id}")).collect();
    let coupon = json!({ "applies_to": applies_to, "params": owned(params, "friends", &[]) });
    let codes = dice.some(&CODES).into_iter().map(|code| {
        let mut params = json!({ "promotion": { "type": "coupon", "coupon": "friends" }, "code": code });
        if dice.chance(2) {
            params["restrictions"] = json!({ "first_time_transaction": true });
        }
        json!({ "params": owned(params, code, &[]) })
    });
    (vec![coupon], codes.collect())
}

/// The parameters with the metadata of what is ours.
fn owned(mut params: Value, id: &str, marks: &[(&str, String)]) -> Value {
    let mut hasher = DefaultHasher::new();
    (params.to_string(), marks).hash(&mut hasher);
    let mut metadata = Map::from_iter([
        ("pricebook_catalog".to_owned(), json!("tea")),
        ("pricebook_id".to_owned(), json!(id)),
        ("pricebook_hash".to_owned(), json!(format!("{:x}", hasher.finish()))),
    ]);
    let marks = marks.iter().filter(|(key, _)| key.starts_with("pricebook_"));
    metadata.extend(marks.map(|(key, value)| ((*key).to_owned(), json!(value))));
    params["metadata"] = Value::Object(metadata);
    params
}
